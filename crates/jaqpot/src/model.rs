//! Jaqpot's JSON in Jaqpot's names.
//!
//! Required is what addresses a resource, and what tells whether a person is invited: without that
//! a second mail could go out. Dates stay text, so that what was read can be sent back letter by
//! letter. Words that this version does not know are kept as they came.

#![expect(missing_docs, reason = "the vendor's own names")]

use std::str::FromStr;

use orgport_core::http::{Doc, Rows};
use orgport_core::{Error, ErrorKind, Secret, Timestamp, words};
use serde::Deserialize;

/// A value with the vendor's own time of telling it, which decides whether an invitation has
/// expired: Jaqpot has no status for that.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Dated<T> {
    /// What was told.
    pub value: T,
    /// When, by the server's clock.
    pub told_at: Timestamp,
}

words! {
    /// Who may see an organization.
    Visibility {
        /// Everybody, its members' addresses included.
        Public = "PUBLIC",
        /// Its creator, its members and realm administrators.
        Private = "PRIVATE",
    }
}

impl FromStr for Visibility {
    type Err = Error;

    /// Reads a visibility that is to be set, in any case of the letters.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text.trim().to_lowercase().as_str() {
            "public" => Ok(Self::Public),
            "private" => Ok(Self::Private),
            _ => Err(Error::new(
                ErrorKind::InvalidInput,
                format!("{text:?} is not a visibility; it can be public or private"),
            )),
        }
    }
}

/// An organization as lists show it: without its people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Organization {
    /// The number that updating and resending want; everything else wants the name.
    pub id: i64,
    pub name: String,
    pub visibility: Option<Visibility>,
    pub contact_email: Option<String>,
    pub description: Option<String>,
    pub contact_phone: Option<String>,
    pub website: Option<String>,
    pub address: Option<String>,
    /// In the caller's own list: whether the caller created it.
    pub can_edit: Option<bool>,
    /// `false` for the creator, and in every list.
    pub is_member: Option<bool>,
    #[serde(rename = "created_at")]
    pub created_at: Option<String>,
    #[serde(rename = "updated_at")]
    pub updated_at: Option<String>,
}

/// An organization with its people, as reading one and updating it show it.
#[derive(Debug)]
#[non_exhaustive]
pub struct OrganizationWithPeople {
    /// The organization; its JSON holds the people too.
    pub organization: Doc<Organization>,
    /// Who made it. Not among the members, unless the creator accepted an invitation.
    pub creator: Option<Result<Doc<User>, Error>>,
    /// The members. A person who accepted two invitations is there twice.
    pub members: Rows<OrganizationUser>,
}

/// A person in an organization.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrganizationUser {
    pub user_id: String,
    pub association_type: Option<AssociationType>,
    pub username: Option<String>,
    pub email: Option<String>,
    pub avatar_url: Option<String>,
}

words! {
    /// What a member is. The server gives everybody `MEMBER` and never looks at it.
    AssociationType {
        Admin = "ADMIN",
        Member = "MEMBER",
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    pub id: String,
    pub username: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub email_verified: Option<bool>,
    pub avatar_url: Option<String>,
    pub can_edit: Option<bool>,
    pub created_at: Option<String>,
}

/// An invitation. It does not say to which organization.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrganizationInvitation {
    pub id: String,
    /// Never filled by the server.
    pub user_id: Option<String>,
    /// The address as it was posted.
    pub user_email: String,
    pub status: OrganizationInvitationStatus,
    pub expiration_date: String,
}

words! {
    /// Where an invitation stands. One that waited too long stays `PENDING`.
    OrganizationInvitationStatus {
        Pending = "PENDING",
        Rejected = "REJECTED",
        Accepted = "ACCEPTED",
    }
}

/// A new API key. The secret is shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreatedApiKey {
    pub client_key: String,
    pub client_secret: Secret,
}

/// An API key in the caller's list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ApiKey {
    /// The public part, which addresses the key.
    pub client_key: String,
    pub note: Option<String>,
    pub created_at: Option<String>,
    pub expires_at: Option<String>,
    pub enabled: Option<bool>,
}

/// An API key after a change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct UpdatedApiKey {
    pub key: String,
    pub note: Option<String>,
    pub enabled: Option<bool>,
}

/// A page of all accounts.
#[derive(Debug)]
#[non_exhaustive]
pub struct UsersPage {
    pub content: Rows<User>,
    pub number: Option<u32>,
    pub total_pages: Option<u32>,
    pub total_elements: Option<u64>,
    pub last: Option<bool>,
}
