//! Members.

use serde::{Deserialize, Serialize};

use crate::email::{Email, deserialize_verbatim};
use crate::error::Error;
use crate::id::{MemberId, UserId};
use crate::invitee::{AccountName, Invitee, invitees};
use crate::native::Native;
use crate::role::Role;
use crate::time::Timestamp;

/// A person's name from its parts; `None` where no part says anything.
pub fn full_name<const N: usize>(parts: [Option<&str>; N]) -> Option<String> {
    let parts: Vec<_> = parts.into_iter().flatten().filter(|part| !part.trim().is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// A person in an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Member {
    /// What [`remove_member`](crate::Members::remove_member) and
    /// [`set_member_role`](crate::Members::set_member_role) want.
    pub id: MemberId,
    /// The person's account.
    pub user_id: Option<UserId>,
    /// The person's address, where the vendor shows it.
    #[serde(default, deserialize_with = "deserialize_verbatim")]
    pub email: Option<Email>,
    /// The name of the person's account, where the vendor shows it.
    #[serde(default)]
    pub account: Option<AccountName>,
    /// The person's name.
    pub name: Option<String>,
    /// What the person may do.
    pub role: Option<Role>,
    /// The vendor's word for it.
    pub native_role: Option<String>,
    /// When the person came in.
    pub joined_at: Option<Timestamp>,
    /// Whether the account has a second factor, where the vendor says it.
    pub two_factor: Option<bool>,
    /// Whether the account logs in by single sign-on, where the vendor says it.
    pub sso: Option<bool>,
    /// The vendor's own JSON.
    pub native: Option<Native>,
}

impl Member {
    /// A member of whom nothing else is known.
    pub fn new(id: MemberId) -> Self {
        Self {
            id,
            user_id: None,
            email: None,
            account: None,
            name: None,
            role: None,
            native_role: None,
            joined_at: None,
            two_factor: None,
            sso: None,
            native: None,
        }
    }

    /// Says whether this person has this address or account.
    pub fn is(&self, person: &Invitee) -> bool {
        person.is_one_of(self.email.as_ref(), self.account.as_ref())
    }

    /// By what people know this person: the address, else `@` and the account's name, else the id.
    pub fn known_as(&self) -> String {
        self.invitees().next().map_or_else(|| self.id.to_string(), |person| person.to_string())
    }

    pub(crate) fn invitees(&self) -> impl Iterator<Item = Invitee> {
        invitees(self.email.as_ref(), self.account.as_ref())
    }

    /// A member whom the vendor knows by the account's id alone.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if the id is empty.
    pub fn of_user(id: impl Into<String>) -> Result<Self, Error> {
        let id = id.into();
        let user_id = Some(UserId::new(&id)?);
        Ok(Self { user_id, ..Self::new(MemberId::new(id)?) })
    }
}
