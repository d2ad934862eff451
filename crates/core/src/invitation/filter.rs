//! Which invitations a list is to hold.

use serde::{Deserialize, Serialize};

use crate::email::Email;
use crate::error::{Error, ErrorKind};
use crate::invitation::{Invitation, InvitationStatus};

/// Which invitations a list is to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct InvitationFilter {
    /// Only these statuses; empty for all.
    pub statuses: Vec<InvitationStatus>,
    /// Only those to this address.
    pub email: Option<Email>,
}

impl InvitationFilter {
    /// Every invitation that the vendor shows.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only those that wait for an answer.
    pub fn pending() -> Self {
        Self::all().with_status(InvitationStatus::Pending)
    }

    /// This status too.
    #[must_use]
    pub fn with_status(mut self, status: InvitationStatus) -> Self {
        self.statuses.push(status);
        self
    }

    /// Only those to this address.
    #[must_use]
    pub fn with_email(mut self, email: Email) -> Self {
        self.email = Some(email);
        self
    }

    /// Says whether an invitation passes.
    pub fn accepts(&self, invitation: &Invitation) -> bool {
        (self.statuses.is_empty() || self.statuses.contains(&invitation.status))
            && self.email.as_ref().is_none_or(|email| invitation.is_for(email))
    }

    /// Keeps what passes, and every row that could not be decoded: hiding one could hide a person.
    pub fn apply(&self, items: &mut Vec<Result<Invitation, Error>>) {
        items.retain(|item| item.as_ref().map_or(true, |invitation| self.accepts(invitation)));
    }

    /// Refuses a filter that can only ever answer nothing, because the vendor never shows any of
    /// its statuses.
    ///
    /// # Errors
    ///
    /// `Unsupported` that names the statuses which the vendor does show.
    pub fn check(&self, visible: &[InvitationStatus]) -> Result<(), Error> {
        if self.statuses.is_empty() || self.statuses.iter().any(|status| visible.contains(status)) {
            return Ok(());
        }
        let words = |statuses: &[InvitationStatus]| {
            statuses.iter().map(InvitationStatus::to_string).collect::<Vec<_>>().join(", ")
        };
        Err(Error::new(
            ErrorKind::Unsupported,
            format!(
                "this vendor never shows invitations that are {}; it shows {}",
                words(&self.statuses),
                words(visible)
            ),
        ))
    }
}
