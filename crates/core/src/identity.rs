//! Whom a credential stands for.

use serde::{Deserialize, Serialize};

use crate::email::{Email, deserialize_verbatim};
use crate::id::{OrganizationId, UserId};
use crate::member::Member;
use crate::native::Native;

/// Whom or what the configured credential stands for, as far as the vendor tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Identity {
    /// Whether it is a person's own credential, and not an organization's or a service's.
    pub is_person: bool,
    /// The account.
    pub user_id: Option<UserId>,
    /// The account's address.
    #[serde(default, deserialize_with = "deserialize_verbatim")]
    pub email: Option<Email>,
    /// The account's name, or the credential's.
    pub name: Option<String>,
    /// The organization in which the credential acts, where it acts in one only.
    pub organization_id: Option<OrganizationId>,
    /// The vendor's own JSON.
    pub native: Option<Native>,
}

impl Identity {
    /// A person of whom nothing else is known.
    pub fn person() -> Self {
        Self { is_person: true, user_id: None, email: None, name: None, organization_id: None, native: None }
    }

    /// A credential that belongs to this organization and stands for no person.
    pub fn organization(id: OrganizationId) -> Self {
        Self { is_person: false, organization_id: Some(id), ..Self::person() }
    }

    /// Whether a member is this person, by account or address.
    pub fn is_member(&self, member: &Member) -> bool {
        let same_account = self.user_id.is_some() && self.user_id == member.user_id;
        let same_address = self.email.is_some() && self.email == member.email;
        self.is_person && (same_account || same_address)
    }
}
