//! Inviting those who are planned to be invited, all together.

use std::future::pending;
use std::sync::Arc;

use futures_util::future::{Either, FutureExt, select};
use futures_util::stream::StreamExt;
use orgport_core::{Error, ErrorKind, InviteOutcome, NewInvitation};

use super::Ended;
use super::place::{AtPlace, INTERRUPTED, Invited};
use crate::plan::{Action, Change};

impl<'a> AtPlace<'_, 'a> {
    /// Invites people who have no invitation.
    pub(super) async fn invite(&mut self, group: &'a [Action]) -> Result<(), Error> {
        let everybody = self.everybody();
        let ready: Vec<_> =
            group.iter().filter_map(|planned| Some((planned, self.go_ahead(planned, &everybody)?))).collect();
        if let Err(refusal) = self.run.may_mail(ready.len()) {
            for (planned, _) in ready {
                self.tell(planned, Ended::Blocked(refusal.clone()));
            }
            return Ok(());
        }
        let actions: Vec<_> = ready.iter().map(|(_, action)| (action, false)).collect();
        let intents = self.run.journal.intend(&self.plan.name, &actions)?;
        let invited = ready.iter().zip(intents).filter_map(|((planned, action), intent)| {
            Some(Invited { planned, intent, invitation: invitation(&action.change)? })
        });
        self.send(invited.collect(), true).await
    }

    /// Revokes invitations and makes others in their place. Whose invitation was revoked is invited, even
    /// if the run is to stop.
    pub(super) async fn replace(&mut self, group: &'a [Action]) -> Result<(), Error> {
        let mut revoked = Vec::new();
        for planned in group {
            let Some(action) = self.ready(planned).await else { continue };
            if let Err(refusal) = self.run.may_mail(1) {
                self.tell(planned, Ended::Blocked(refusal));
                continue;
            }
            let intent = self.intend(&action)?;
            match (self.revoke(&action.change).await, invitation(&action.change)) {
                (Ok(()), Some(invitation)) => revoked.push(Invited { planned, intent, invitation }),
                (Err(error), _) => self.settle(planned, intent, Ended::Failed(error))?,
                (Ok(()), None) => {}
            }
        }
        self.send(revoked, false).await
    }

    async fn send(&mut self, invited: Vec<Invited<'a>>, stops: bool) -> Result<(), Error> {
        let people: Vec<NewInvitation> = invited.iter().map(|one| one.invitation.clone()).collect();
        if people.is_empty() {
            return Ok(());
        }
        let provider = Arc::clone(self.provider());
        let organization = self.organization().clone();
        let mut outcomes = provider.invite_many(&organization, people);
        let handle = outcomes.handle();
        let mut open: Vec<_> = invited.into_iter().map(Some).collect();
        // Nothing new is sent then; what has left is settled.
        let stop = self.run.stop.clone().map(|()| handle.stop());
        let mut stop = if stops { stop.left_future() } else { pending().right_future() };
        loop {
            let next = match select(outcomes.next(), &mut stop).await {
                Either::Left((next, _)) => next,
                Either::Right(_) => {
                    stop = pending().right_future();
                    continue;
                }
            };
            let Some((index, outcome)) = next else { break };
            let Some(one) = open.get_mut(index).and_then(Option::take) else { continue };
            let is_stopped = stops && self.run.is_stopped();
            self.settle(one.planned, one.intent, ended(outcome, is_stopped))?;
        }
        Ok(())
    }
}

fn invitation(change: &Change) -> Option<NewInvitation> {
    let (invitee, role) = change.invitee()?;
    let invitation = NewInvitation::to(invitee.clone());
    Some(match role {
        Some(role) => invitation.with_role(role.clone()),
        None => invitation,
    })
}

fn ended(outcome: Result<InviteOutcome, Error>, is_stopped: bool) -> Ended {
    match outcome {
        Ok(InviteOutcome::AlreadyInvited(..) | InviteOutcome::AlreadyMember(..)) => Ended::Already,
        Ok(_) => Ended::Done,
        Err(error) if is_stopped && error.kind() == ErrorKind::Cancelled => {
            Ended::Left(INTERRUPTED.to_owned())
        }
        Err(error) => Ended::Failed(error),
    }
}
