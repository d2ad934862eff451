//! `NuExtract`'s JSON in its own names.
//!
//! Resources come as [`Doc`](orgport_core::http::Doc)s, which keep what these types leave out.
//! What the vendor's schema does not guarantee, and what nothing depends on, may be missing or null.

use orgport_core::Secret;
use serde::Deserialize;

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OrganizationResponse {
    /// Its id.
    pub id: String,
    /// Its name; not unique.
    pub name: String,
}

/// A member of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MemberResponse {
    /// The *user's* id; there is no separate id of the membership.
    pub id: String,
    /// The user's name.
    pub display_name: Option<String>,
    /// The user's address. A member without one is refused: whether that person still has to be
    /// invited could not be told.
    pub email: String,
    /// The names of the user's roles, of which the vendor documents none.
    pub roles: Option<Vec<String>>,
}

/// An invitation that waits: others are not shown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct InvitationResponse {
    /// Its id.
    pub id: String,
    /// Where it was sent.
    pub email: String,
    /// The names of the roles that come with it.
    pub roles: Option<Vec<String>>,
}

/// The body of an error.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ErrorBody {
    /// A word of a vocabulary that the vendor does not document.
    pub code: String,
    /// What went wrong, for people.
    pub message: String,
}

/// The account that the credential belongs to. The vendor does not tell its id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// Its address.
    pub email: String,
    /// Whether it administers the whole platform.
    pub is_admin: Option<bool>,
    /// Its organizations.
    pub organizations: Option<Vec<OrganizationResponse>>,
}

/// A token. The vendor does not name the unit of its times; seconds are likely.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TokenResponse {
    /// The access token.
    pub token: Secret,
    /// How long it lives.
    pub expires_in: Option<i64>,
    /// What gets the next one.
    pub refresh_token: Option<Secret>,
    /// How long that lives.
    pub refresh_expires_in: Option<i64>,
}

/// A platform API key, which opens projects and no organization.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ApiKeyResponse {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The key itself.
    pub token: Option<Secret>,
    /// Whose it is.
    pub user_id: Option<String>,
    /// The organization that it is bound to.
    pub organization: Option<String>,
    /// When it was made, in RFC 3339.
    pub created_at: Option<String>,
    /// When it ends, in RFC 3339.
    pub expires_at: Option<String>,
}

/// What the platform runs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VersionResponse {
    /// The product.
    pub name: Option<String>,
    /// Its version.
    pub build_version: Option<String>,
    /// The branch that it was built from.
    pub build_branch: Option<String>,
    /// When it was built.
    pub build_time: Option<String>,
}

/// How the platform is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct HealthResponse {
    /// Its parts.
    pub services: Option<Vec<ServiceHealth>>,
}

/// How one part of the platform is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ServiceHealth {
    /// Its name.
    pub name: Option<String>,
    /// How it is, in the vendor's word.
    pub status: Option<String>,
    /// How many of it there are.
    pub count: Option<i64>,
}
