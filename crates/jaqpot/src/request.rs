//! What the calls of [`JaqpotClient`](crate::JaqpotClient) take beside ids, in Jaqpot's names.

#![expect(clippy::exhaustive_structs, reason = "a new parameter is a new version")]
#![expect(missing_docs, reason = "the vendor's own names")]

use serde::Serialize;

use crate::model::{OrganizationInvitationStatus, Visibility};

/// The body of an answer to an invitation. The server looks at `status` alone, and wants the
/// other required ones all the same.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateInvitation {
    pub id: Option<String>,
    pub user_id: Option<String>,
    pub user_email: String,
    pub status: OrganizationInvitationStatus,
    pub expiration_date: String,
}

/// The body that makes an organization.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateOrganization {
    /// 3 to 200 ASCII letters, digits, `_` and `-`; unique.
    pub name: String,
    pub visibility: Visibility,
    pub contact_email: String,
    /// 3 to 50 000 characters.
    pub description: Option<String>,
    /// No later call changes it, nor the two below.
    pub contact_phone: Option<String>,
    pub website: Option<String>,
    pub address: Option<String>,
}

impl CreateOrganization {
    /// What the vendor requires.
    pub fn new(name: impl Into<String>, visibility: Visibility, contact_email: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            visibility,
            contact_email: contact_email.into(),
            description: None,
            contact_phone: None,
            website: None,
            address: None,
        }
    }
}

/// The body that changes an organization. In spite of the endpoint's name the first three are
/// required, so send what was read where nothing is to change.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PartialUpdateOrganization {
    pub name: String,
    pub contact_email: String,
    pub visibility: Visibility,
    /// 3 to 50 000 characters; left as it is where absent, so it cannot be cleared.
    pub description: Option<String>,
}

/// How long an API key lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(clippy::exhaustive_enums, reason = "a third word would be refused by the vendor")]
pub enum ExpirationTime {
    ThreeMonths,
    SixMonths,
}

/// What changes in an API key; what is `None` stays.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UpdateApiKey {
    pub note: Option<String>,
    pub enabled: Option<bool>,
}

/// Which page of all accounts to read.
#[derive(Debug, Clone, Default)]
pub struct UsersQuery {
    /// From 0.
    pub page: Option<u32>,
    /// How many on a page.
    pub size: Option<u32>,
    /// `property` or `property,desc`, the first one first.
    pub sort: Vec<String>,
}
