//! What a composed resend deletes, kept until its successor stands.

use serde::{Deserialize, Serialize};

use super::differing;
use crate::adapter::{Adapter, Draft};
use crate::coordination::Note;
use crate::error::{Error, ErrorKind, LeftBehind, Reach};
use crate::role::Role;

/// What an invitation had: no id of it, and not whose it was.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Replaced {
    role: Option<Role>,
    /// What only the vendor knows, in its own words.
    extras: Option<String>,
}

impl Replaced {
    pub(super) fn of(adapter: &dyn Adapter, draft: &Draft) -> Self {
        Self { role: draft.role.clone(), extras: adapter.carried_over(draft) }
    }

    /// What is noted before the invitation is deleted.
    ///
    /// # Errors
    ///
    /// `Protocol` for what cannot be written.
    pub(super) fn note(&self) -> Result<Note, Error> {
        let memo = serde_json::to_string(self).map_err(|source| {
            Error::new(ErrorKind::Protocol, "what the invitation has cannot be noted").with_source(source)
        })?;
        Ok(Note { memo: Some(memo), ..Note::default() })
    }

    /// What a resend has noted that did not come to its end.
    pub(super) fn read(memo: &str) -> Option<Self> {
        serde_json::from_str(memo).ok()
    }

    /// Says what would be lost if the person were invited so.
    pub(super) fn lost_by(&self, draft: &Draft) -> Option<Error> {
        let is_other = differing(self.role.as_ref(), draft.role.as_ref()).is_some();
        if !is_other && self.extras.is_none() {
            return None;
        }
        let role = self.role.as_ref().map_or_else(String::new, |role| format!(" with the role {role}"));
        let extras = self.extras.as_ref().map_or_else(String::new, |extras| format!(" and {extras}"));
        let what = format!(
            "nothing was sent: a resend has deleted this person's invitation{role}{extras} and was cut off before \
             it made the next one; invite again, if need be with what it had"
        );
        let left_behind = LeftBehind::new(&what).with_person(Some(draft.invitee.clone()), self.role.clone());
        let error = Error::new(ErrorKind::Incomplete, what).with_reach(Reach::NotSent);
        Some(error.with_left_behind(left_behind))
    }
}
