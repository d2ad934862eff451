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
    /// Only these statuses, and those that are unknown; empty for all.
    pub statuses: Vec<InvitationStatus>,
    /// Only those to this address.
    pub email: Option<Email>,
}

impl InvitationFilter {
    /// Every invitation that the vendor shows.
    pub const fn all() -> Self {
        Self { statuses: Vec::new(), email: None }
    }

    /// Only those that wait for an answer, and those of which nobody can tell.
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

    /// Says whether an invitation passes. One in a status that is [`Unknown`] passes whatever
    /// statuses are asked for: to hide it would be to guess, and could hide a person.
    ///
    /// [`Unknown`]: InvitationStatus::Unknown
    pub fn accepts(&self, invitation: &Invitation) -> bool {
        let status = &invitation.status;
        let is_unknown = matches!(status, InvitationStatus::Unknown(_));
        (self.statuses.is_empty() || is_unknown || self.statuses.contains(status))
            && self.email.as_ref().is_none_or(|email| invitation.email.as_ref() == Some(email))
    }

    /// Keeps what passes, and every row that could not be decoded: hiding one could hide a person.
    pub fn apply(&self, items: &mut Vec<Result<Invitation, Error>>) {
        items.retain(|item| item.as_ref().map_or(true, |invitation| self.accepts(invitation)));
    }

    /// Refuses a filter that can only ever match nothing, because the vendor never shows any of
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::InvitationId;

    #[test]
    fn an_unknown_status_passes_every_filter_but_that_of_another_address() {
        let row = |status: InvitationStatus| {
            let mut row = Invitation::new(InvitationId::new("1").expect("an id"), status);
            row.email = Some(Email::verbatim("ada@x.example"));
            row
        };
        let (ada, bob) = (Email::verbatim("Ada@x.example"), Email::verbatim("bob@x.example"));
        let pending = InvitationFilter::pending();
        let strange = row(InvitationStatus::Unknown("SENT".to_owned()));
        assert!(pending.accepts(&strange) && pending.accepts(&row(InvitationStatus::Pending)));
        for known in &InvitationStatus::KNOWN[1..] {
            assert!(!pending.accepts(&row(known.clone())), "{known}");
            assert!(InvitationFilter::all().with_status(known.clone()).accepts(&strange), "{known}");
        }
        assert!(pending.clone().with_email(ada).accepts(&strange));
        assert!(!pending.with_email(bob).accepts(&strange));
    }
}
