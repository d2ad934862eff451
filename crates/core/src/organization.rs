//! Organizations.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Reach};
use crate::id::OrganizationId;
use crate::native::Native;
use crate::time::Timestamp;

/// An organization at a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Organization {
    /// What the vendor knows it by.
    pub id: OrganizationId,
    /// Its name; not unique on most vendors.
    pub name: String,
    /// Its description, where the vendor has one.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
    /// The vendor's own JSON.
    pub native: Option<Native>,
}

impl Organization {
    /// An organization of which nothing else is known.
    pub fn new(id: OrganizationId, name: impl Into<String>) -> Self {
        Self { id, name: name.into(), description: None, created_at: None, updated_at: None, native: None }
    }

    /// For adapters whose vendor's ids last: passes on the one that was asked for, whatever the case of
    /// its letters.
    ///
    /// # Errors
    ///
    /// `Protocol` for another one.
    pub fn about(self, asked: &OrganizationId) -> Result<Self, Error> {
        if self.id.is(asked) { Ok(self) } else { Err(another(asked, &self.id)) }
    }
}

/// The error of a response that is about another organization than was asked for.
pub(crate) fn another(asked: &OrganizationId, found: &OrganizationId) -> Error {
    let message =
        format!("organization {asked} was asked for, and the response is about organization {found}");
    Error::new(ErrorKind::Protocol, message).with_reach(Reach::Unanswered)
}

/// An organization to be made.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NewOrganization {
    /// Its name.
    pub name: String,
    /// Its description; refused before sending where the vendor has none.
    pub description: Option<String>,
}

impl NewOrganization {
    /// An organization of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), description: None }
    }

    /// With this description.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

/// Changes to an organization. What is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OrganizationUpdate {
    /// The new name.
    pub name: Option<String>,
    /// The new description; refused before sending where the vendor has none.
    pub description: Option<String>,
}

impl OrganizationUpdate {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// With this name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// With this description.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}
