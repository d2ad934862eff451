//! By what the rows of a list are told apart.

use crate::email::Email;
use crate::invitation::Invitation;
use crate::invitee::AccountName;
use crate::member::Member;
use crate::organization::Organization;

/// A row of a list. Vendors have shown two people under one id, so that an id alone does not tell
/// rows apart: merged by it, one of the two would be overlooked or take the other's place.
pub trait Marked {
    /// Two rows are one only if their marks are equal.
    fn mark(&self) -> String;
}

impl Marked for Organization {
    fn mark(&self) -> String {
        self.id.to_string()
    }
}

impl Marked for Member {
    fn mark(&self) -> String {
        of_person(self.id.as_str(), self.email.as_ref(), self.account.as_ref())
    }
}

impl Marked for Invitation {
    fn mark(&self) -> String {
        of_person(self.id.as_str(), self.email.as_ref(), self.account.as_ref())
    }
}

fn of_person(id: &str, email: Option<&Email>, account: Option<&AccountName>) -> String {
    let mut mark = format!("{id} {}", email.map_or("", Email::key));
    mark.extend(account.into_iter().flat_map(|account| [" ", account.key()]));
    mark
}
