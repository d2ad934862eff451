//! What inviting would do, found out by reading only.

use std::collections::HashSet;

use serde::{Serialize, Serializer};

use super::differing;
use super::look::{Look, Presence, Search};
use crate::adapter::{Adapter, Draft};
use crate::error::Error;
use crate::id::OrganizationId;
use crate::invitation::{Invitation, InviteRecord, NewInvitation, Via};
use crate::invitee::Invitee;
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
    /// Send nothing more: this person stands before in the list, and would be invited by that.
    Repeated(Invitee),
    /// Send nothing: this one waits. With the role that was asked for, if it has another one.
    AlreadyInvited(Invitation, Option<Role>),
    /// Send nothing: the person is in. With the role that was asked for, if it is another one.
    AlreadyMember(Member, Option<Role>),
    /// Refuse, as the call itself would.
    Refused(Error),
}

impl<'a> From<&'a Plan> for InviteRecord<'a> {
    fn from(plan: &'a Plan) -> Self {
        let existing = |outcome, asked: &'a Option<Role>| Self {
            via: Some(Via::Look),
            asked_role: asked.as_ref(),
            role_differs: asked.is_some(),
            ..Self::new(outcome)
        };
        match plan {
            Plan::WouldInvite(invitation) => {
                let planned = Self { asked_role: invitation.role.as_ref(), ..Self::new("would_invite") };
                planned.with_invitee(&invitation.invitee)
            }
            Plan::Repeated(invitee) => Self::new("repeated").with_invitee(invitee),
            Plan::AlreadyInvited(there, asked) => existing("already_invited", asked).about_invitation(there),
            Plan::AlreadyMember(there, asked) => existing("already_member", asked).about_member(there),
            Plan::Refused(error) => Self::from(error),
        }
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
    let wanted: Vec<_> = drafts.iter().flatten().map(|draft| &draft.invitee).collect();
    let look = if wanted.is_empty() {
        Look::default()
    } else {
        let filter = &adapter.look_filter();
        Search { adapter, organization, filter, wanted: &wanted }.look().await?
    };
    let mut invited = HashSet::new();
    let mut plan = |draft: Draft| match look.find(&draft.invitee) {
        Some(Presence::Invited(there)) => {
            let differs = differing(draft.role.as_ref(), there.role.as_ref());
            Plan::AlreadyInvited(there, differs)
        }
        Some(Presence::Member(there)) => {
            let differs = differing(draft.role.as_ref(), there.role.as_ref());
            Plan::AlreadyMember(there, differs)
        }
        None => match look.obstacle(&draft.invitee) {
            Some(obstacle) => Plan::Refused(obstacle),
            None if !invited.insert(draft.invitee.clone()) => Plan::Repeated(draft.invitee),
            None => Plan::WouldInvite(NewInvitation { invitee: draft.invitee, role: draft.role }),
        },
    };
    Ok(drafts.into_iter().map(|draft| draft.map_or_else(Plan::Refused, &mut plan)).collect())
}
