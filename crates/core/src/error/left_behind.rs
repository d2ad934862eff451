//! What an operation that was done in part leaves.

use serde::{Deserialize, Serialize};

use crate::email::{Email, deserialize_verbatim};
use crate::invitee::{AccountName, Invitee};
use crate::native::Native;
use crate::printable::printable;
use crate::role::Role;

/// What an operation that was done in part has left at the vendor, and what is needed to finish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LeftBehind {
    /// What is there, or is gone, and the next step, in words.
    pub description: String,
    /// The address of the person concerned.
    #[serde(default, deserialize_with = "deserialize_verbatim")]
    pub email: Option<Email>,
    /// The person's account, if that was invited.
    #[serde(default)]
    pub account: Option<AccountName>,
    /// The role to invite the person with again.
    pub role: Option<Role>,
    /// The vendor's own JSON of what was there.
    pub native: Option<Native>,
}

impl LeftBehind {
    /// Says it in words, which become one printable line of bounded length.
    pub fn new(description: impl Into<String>) -> Self {
        let description = printable(&description.into());
        Self { description, email: None, account: None, role: None, native: None }
    }

    /// Names the person, and the role to invite with again.
    #[must_use]
    pub fn with_person(mut self, person: Option<Invitee>, role: Option<Role>) -> Self {
        (self.email, self.account) = match person {
            Some(Invitee::Email(email)) => (Some(email), None),
            Some(Invitee::Account(name)) => (None, Some(name)),
            None => (None, None),
        };
        self.role = role;
        self
    }

    /// Keeps the vendor's JSON.
    #[must_use]
    pub fn with_native(mut self, native: Option<Native>) -> Self {
        self.native = native;
        self
    }
}
