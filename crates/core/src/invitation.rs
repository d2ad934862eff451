//! Invitations: what is asked for, what there is, and how inviting ended.

mod answer;
mod filter;
mod outcome;
mod status;

use serde::{Deserialize, Serialize};

pub use self::answer::{Answer, Answered, InvitationRef};
pub use self::filter::InvitationFilter;
pub use self::outcome::{InviteOutcome, InviteRecord, Via};
pub use self::status::InvitationStatus;
use crate::email::{Email, deserialize_verbatim};
use crate::error::{Error, ErrorKind, Reach};
use crate::id::{InvitationId, OrganizationId};
use crate::invitee::{AccountName, Invitee, invitees};
use crate::native::Native;
use crate::organization::another;
use crate::role::Role;
use crate::time::Timestamp;

/// An invitation at a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Invitation {
    /// What the vendor knows it by. On some vendors it is also the secret of the mailed link.
    pub id: InvitationId,
    /// The organization it leads to, where the vendor says it.
    pub organization_id: Option<OrganizationId>,
    /// That organization's name, where the vendor says it: the invited person cannot ask for it.
    pub organization_name: Option<String>,
    /// The address it was sent to, where the vendor says it.
    #[serde(default, deserialize_with = "deserialize_verbatim")]
    pub email: Option<Email>,
    /// The account it was sent to, where the vendor says it.
    #[serde(default)]
    pub account: Option<AccountName>,
    /// What the person may do after accepting.
    pub role: Option<Role>,
    /// The vendor's word for it.
    pub native_role: Option<String>,
    /// Where it stands.
    pub status: InvitationStatus,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Until when it can be answered; computed where the vendor gives a lifetime instead.
    pub expires_at: Option<Timestamp>,
    /// Who invited, where the vendor says it: an address, else a name, else the id of an account.
    pub invited_by: Option<String>,
    /// The vendor's own JSON.
    pub native: Option<Native>,
}

impl Invitation {
    /// An invitation of which nothing else is known.
    pub fn new(id: InvitationId, status: InvitationStatus) -> Self {
        Self {
            id,
            organization_id: None,
            organization_name: None,
            email: None,
            account: None,
            role: None,
            native_role: None,
            status,
            created_at: None,
            expires_at: None,
            invited_by: None,
            native: None,
        }
    }

    /// Says whether it is addressed to this person.
    pub fn is_for(&self, person: &Invitee) -> bool {
        person.is_one_of(self.email.as_ref(), self.account.as_ref())
    }

    /// Whom it names, the address before the account where the vendor shows both.
    pub fn invitee(&self) -> Option<Invitee> {
        self.invitees().next()
    }

    pub(crate) fn invitees(&self) -> impl Iterator<Item = Invitee> {
        invitees(self.email.as_ref(), self.account.as_ref())
    }

    /// Refuses one that the vendor says leads to another organization than was asked for.
    pub(crate) fn belonging(self, organization: &OrganizationId) -> Result<Self, Error> {
        self.straying(organization).map_or(Ok(self), Err)
    }

    /// The error of one that leads elsewhere.
    pub(crate) fn straying(&self, organization: &OrganizationId) -> Option<Error> {
        let found = self.organization_id.as_ref().filter(|found| !found.is(organization))?;
        Some(self.native.clone().into_iter().fold(another(organization, found), Error::with_row))
    }

    /// Says whether it waits for an answer.
    pub fn is_pending(&self) -> bool {
        self.status == InvitationStatus::Pending
    }

    /// Refuses what revoking can no longer undo. For adapters of vendors that show accepted invitations
    /// and would delete such a record with a success, while the person stays a member.
    ///
    /// # Errors
    ///
    /// `NotFound` for an accepted invitation.
    pub fn check_revocable(&self) -> Result<(), Error> {
        if self.status == InvitationStatus::Accepted {
            let message = "the invitation is accepted: remove the member instead";
            return Err(Error::new(ErrorKind::NotFound, message).with_reach(Reach::Answered));
        }
        Ok(())
    }
}

/// A person to invite.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NewInvitation {
    /// Who it is: an address everywhere, an account where [`Capability::invitees`] says so.
    ///
    /// [`Capability::invitees`]: crate::Capability::invitees
    // What was written when people were addresses alone is still read.
    #[serde(alias = "email")]
    pub invitee: Invitee,
    /// What the person is to be allowed; `None` for the configured default, or the vendor's own
    /// choice where it takes no role.
    pub role: Option<Role>,
}

impl NewInvitation {
    /// Invites this address or account, naming no role.
    pub fn to(invitee: impl Into<Invitee>) -> Self {
        Self { invitee: invitee.into(), role: None }
    }

    /// With this role.
    #[must_use]
    pub fn with_role(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }
}
