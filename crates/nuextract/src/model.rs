//! `NuExtract`'s JSON in its own names.
//!
//! Resources come as [`Doc`](orgport_core::http::Doc)s, which keep what these types leave out.
//! What the vendor's schema does not guarantee, and what nothing depends on, may be missing or null.

use orgport_core::Secret;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

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

/// What to get a token with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenRequest {
    /// The code that a login came back with.
    Code {
        /// The code.
        code: Secret,
        /// The address that the login came back to.
        redirect_uri: String,
    },
    /// The refresh token of the token before.
    Refresh {
        /// The refresh token.
        token: Secret,
    },
}

impl TokenRequest {
    /// The body to send. It holds the secret, so it is made only where it is sent.
    pub(crate) fn body(&self) -> Value {
        match self {
            Self::Code { code, redirect_uri } => json!({
                "type": "ai.numind.extract.shared.TokenCodeRequest",
                "code": code.expose(),
                "redirectUri": redirect_uri,
            }),
            Self::Refresh { token } => json!({
                "type": "ai.numind.extract.shared.TokenRefreshRequest",
                "token": token.expose(),
            }),
        }
    }
}

/// A token. The vendor does not name the unit of its times; seconds are likely.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TokenResponse {
    /// The access token.
    #[serde(deserialize_with = "secret")]
    pub token: Secret,
    /// How long it lives.
    pub expires_in: Option<i64>,
    /// What gets the next one.
    #[serde(default, deserialize_with = "optional_secret")]
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
    #[serde(default, deserialize_with = "optional_secret")]
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

/// A platform API key to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_structs, reason = "a new parameter is a new version")]
pub struct CreateApiKeyRequest {
    /// Its name.
    pub name: String,
    /// The organization to bind it to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maybe_orga: Option<String>,
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

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    String::deserialize(deserializer).map(Secret::from)
}

fn optional_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(Secret::from))
}
