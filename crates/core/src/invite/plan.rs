//! What inviting would do, found out by reading only.

use std::collections::HashSet;

use serde::{Serialize, Serializer};

use super::look::{Look, Presence};
use super::round::in_the_way;
use crate::adapter::{Adapter, Draft};
use crate::email::Email;
use crate::error::{Error, ErrorKind};
use crate::id::OrganizationId;
use crate::invitation::{Invitation, InviteRecord, NewInvitation, Via};
use crate::member::Member;

/// What [`invite`](crate::Invitations::invite) would do for one person.
///
/// serde writes it as an [`InviteRecord`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Plan {
    /// Send this invitation, with the role that the vendor would be asked for.
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

/// Says for each person what inviting would do.
pub(crate) async fn plan(
    adapter: &dyn Adapter,
    organization: &OrganizationId,
    drafts: Vec<Result<Draft, Error>>,
) -> Result<Vec<Plan>, Error> {
    let wanted: HashSet<_> = drafts.iter().flatten().map(|draft| draft.email.key()).collect();
    let look = if wanted.is_empty() {
        Look::default()
    } else {
        Look::take(adapter, organization, &adapter.look_filter(), &wanted).await?
    };
    let plan = |draft: Draft| match (look.find(&draft.email), &look.incomplete) {
        (Some(Presence::Invited(there)), _) => Plan::AlreadyInvited(there),
        (Some(Presence::Member(there)), _) => Plan::AlreadyMember(there),
        (None, None) => match look.find_unclear(&draft.email) {
            None => {
                let mut invitation = NewInvitation::to(draft.email);
                invitation.role = draft.role;
                Plan::WouldInvite(invitation)
            }
            Some(unclear) => Plan::Refused(in_the_way(unclear)),
        },
        (None, Some(why)) => Plan::Refused(why.clone().with_kind(ErrorKind::Ambiguous)),
    };
    Ok(drafts.into_iter().map(|draft| draft.map_or_else(Plan::Refused, plan)).collect())
}
