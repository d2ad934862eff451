//! What inviting would do, found out by reading only.

use serde::{Serialize, Serializer};

use super::differing;
use super::look::{Look, Presence};
use crate::adapter::{Adapter, Draft};
use crate::email::Email;
use crate::error::Error;
use crate::id::OrganizationId;
use crate::invitation::{Invitation, InviteRecord, NewInvitation, Via};
use crate::member::Member;
use crate::role::Role;

/// What [`invite`](crate::Invitations::invite) would do for one person.
///
/// serde writes it as an [`InviteRecord`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Plan {
    /// Send this invitation, with the role that the vendor would be asked for.
    WouldInvite(NewInvitation),
    /// Send nothing: this one waits. With the role that was asked for, if it has another one.
    AlreadyInvited(Invitation, Option<Role>),
    /// Send nothing: the person is in. With the role that was asked for, if it is another one.
    AlreadyMember(Member, Option<Role>),
    /// Refuse, as the call itself would.
    Refused(Error),
}

impl<'a> From<&'a Plan> for InviteRecord<'a> {
    fn from(plan: &'a Plan) -> Self {
        let email = match plan {
            Plan::WouldInvite(invitation) => Some(&invitation.email),
            Plan::AlreadyInvited(invitation, _) => invitation.email.as_ref(),
            Plan::AlreadyMember(member, _) => member.email.as_ref(),
            Plan::Refused(_) => None,
        };
        let existing = |outcome, asked: &'a Option<Role>| Self {
            via: Some(Via::Look),
            asked_role: asked.as_ref(),
            role_differs: asked.is_some(),
            ..Self::new(outcome)
        };
        let record = match plan {
            Plan::WouldInvite(invitation) => {
                Self { asked_role: invitation.role.as_ref(), ..Self::new("would_invite") }
            }
            Plan::AlreadyInvited(there, asked) => {
                Self { invitation: Some(there), ..existing("already_invited", asked) }
            }
            Plan::AlreadyMember(there, asked) => {
                Self { member: Some(there), ..existing("already_member", asked) }
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
    let wanted: Vec<_> = drafts.iter().flatten().map(|draft| &draft.email).collect();
    let look = if wanted.is_empty() {
        Look::default()
    } else {
        Look::take(adapter, organization, &adapter.look_filter(), &wanted).await?
    };
    let plan = |draft: Draft| match look.find(&draft.email) {
        Some(Presence::Invited(there)) => {
            let differs = differing(draft.role.as_ref(), there.role.as_ref());
            Plan::AlreadyInvited(there, differs)
        }
        Some(Presence::Member(there)) => {
            let differs = differing(draft.role.as_ref(), there.role.as_ref());
            Plan::AlreadyMember(there, differs)
        }
        None => look.obstacle(&draft.email).map_or_else(
            || {
                let mut invitation = NewInvitation::to(draft.email.clone());
                invitation.role.clone_from(&draft.role);
                Plan::WouldInvite(invitation)
            },
            Plan::Refused,
        ),
    };
    Ok(drafts.into_iter().map(|draft| draft.map_or_else(Plan::Refused, plan)).collect())
}
