//! What inviting would do, found out by reading only.

use std::collections::HashSet;

use serde::{Serialize, Serializer};

use super::check;
use super::look::{Look, Presence};
use super::round::in_the_way;
use crate::email::Email;
use crate::error::{Error, ErrorKind};
use crate::id::OrganizationId;
use crate::invitation::{Invitation, InvitationFilter, InviteRecord, NewInvitation, Via};
use crate::member::Member;
use crate::operation::Operation;
use crate::provider::Provider;

/// What [`invite`](crate::Invitations::invite) would do for one person.
///
/// serde writes it as an [`InviteRecord`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Plan {
    /// Send an invitation.
    WouldInvite(NewInvitation),
    /// Send nothing: this one waits.
    AlreadyInvited(Invitation),
    /// Send nothing: the person is in.
    AlreadyMember(Member),
    /// Refuse, as the call itself would.
    Refused(Error),
}

impl<'a> From<&'a Plan> for InviteRecord<'a> {
    fn from(plan: &'a Plan) -> Self {
        let email = match plan {
            Plan::WouldInvite(invitation) => Some(&invitation.email),
            Plan::AlreadyInvited(invitation) => invitation.email.as_ref(),
            Plan::AlreadyMember(member) => member.email.as_ref(),
            Plan::Refused(_) => None,
        };
        let record = match plan {
            Plan::WouldInvite(_) => Self::new("would_invite"),
            Plan::AlreadyInvited(there) => {
                Self { via: Some(Via::Look), invitation: Some(there), ..Self::new("already_invited") }
            }
            Plan::AlreadyMember(there) => {
                Self { via: Some(Via::Look), member: Some(there), ..Self::new("already_member") }
            }
            Plan::Refused(error) => Self::from(error),
        };
        Self { email: email.map(Email::as_str), ..record }
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        InviteRecord::from(self).serialize(serializer)
    }
}

/// Says for each person what inviting would do. Only reads.
///
/// An address that stands in the list again is planned like the first one, which is what the call
/// would make of it.
///
/// # Errors
///
/// Those of listing invitations and members.
pub async fn plan_invites(
    provider: &dyn Provider,
    organization: &OrganizationId,
    invitations: Vec<NewInvitation>,
) -> Result<Vec<Plan>, Error> {
    let checked: Vec<_> = invitations
        .into_iter()
        .map(|invitation| check::invitee(provider, invitation.clone()).map(|_| invitation))
        .collect();
    let wanted: HashSet<_> = checked.iter().flatten().map(|invitation| invitation.email.key()).collect();
    let look = if wanted.is_empty() {
        Look::default()
    } else {
        let look = Look::take(provider, organization, &InvitationFilter::pending(), &wanted).await;
        look.map_err(|error| error.from_provider(provider.name()).within(Operation::Invite))?
    };
    let plan = |checked: Result<NewInvitation, Error>| match checked {
        Err(error) => Plan::Refused(error),
        Ok(invitation) => match (look.find(&invitation.email), &look.incomplete) {
            (Some(Presence::Invited(there)), _) => Plan::AlreadyInvited(there),
            (Some(Presence::Member(there)), _) => Plan::AlreadyMember(there),
            (None, None) => match look.find_unclear(&invitation.email) {
                None => Plan::WouldInvite(invitation),
                Some(unclear) => Plan::Refused(in_the_way(unclear)),
            },
            (None, Some(why)) => Plan::Refused(why.clone().with_kind(ErrorKind::Ambiguous)),
        },
    };
    let refused = |plan| match plan {
        Plan::Refused(error) => Plan::Refused(error.during(provider.name(), Operation::Invite)),
        plan => plan,
    };
    Ok(checked.into_iter().map(plan).map(refused).collect())
}
