//! Inviting those who are planned to be invited, all together.

use std::sync::Arc;

use futures_util::future::{Either, select};
use futures_util::stream::StreamExt;
use orgport_core::{Error, ErrorKind, InviteOutcome, NewInvitation};

use super::Ended;
use super::place::{AtPlace, Invited};
use super::still::is_already;
use crate::plan::{Action, Change, Everybody};

impl<'a> AtPlace<'_, 'a> {
    /// Invites people who have no invitation.
    pub(super) async fn invite(&mut self, group: &'a [Action]) -> Result<(), Error> {
        let mut ready = Vec::new();
        for planned in group {
            ready.extend(self.ready(planned).await.map(|action| (planned, action)));
        }
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
        let mut open: Vec<_> = invited.into_iter().map(Some).collect();
        let mut stop = self.run.stop.clone();
        loop {
            let next = if stops {
                match select(outcomes.next(), &mut stop).await {
                    Either::Left((next, _)) => next,
                    Either::Right(_) => break,
                }
            } else {
                outcomes.next().await
            };
            let Some((index, outcome)) = next else { break };
            let Some(one) = open.get_mut(index).and_then(Option::take) else { continue };
            self.settle(one.planned, one.intent, ended(outcome))?;
        }
        // Nothing new is sent.
        drop(outcomes);
        let open: Vec<_> = open.into_iter().flatten().collect();
        if open.is_empty() { Ok(()) } else { self.interrupted(open).await }
    }

    /// Settles by a look whom it shows. Of the others nobody knows, and the journal leaves them in doubt.
    async fn interrupted(&mut self, open: Vec<Invited<'a>>) -> Result<(), Error> {
        self.look().await;
        let snapshot = self.site.snapshot.clone();
        let everybody =
            Everybody::of(self.run.roster, self.access(), &self.plan.name, &snapshot, &self.run.addresses);
        for one in open {
            let presence = one.planned.person.as_deref().and_then(|person| everybody.known.get(person));
            if is_already(&one.planned.change, &snapshot, presence) {
                self.settle(one.planned, one.intent, Ended::Done)?;
            } else {
                let message = "interrupted while people were invited, and not there when looked for at once; the next \
                               run looks again before it invites";
                self.tell(one.planned, Ended::Failed(Error::new(ErrorKind::Ambiguous, message)));
            }
        }
        Ok(())
    }
}

fn invitation(change: &Change) -> Option<NewInvitation> {
    let (email, role) = change.invitee()?;
    let invitation = NewInvitation::to(email.clone());
    Some(match role {
        Some(role) => invitation.with_role(role.clone()),
        None => invitation,
    })
}

fn ended(outcome: Result<InviteOutcome, Error>) -> Ended {
    match outcome {
        Ok(InviteOutcome::AlreadyInvited(..) | InviteOutcome::AlreadyMember(..)) => Ended::Already,
        Ok(_) => Ended::Done,
        Err(error) => Ended::Failed(error),
    }
}
