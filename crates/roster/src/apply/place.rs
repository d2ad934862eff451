//! Carrying out what is planned at one place.

use std::sync::Arc;

use orgport_core::{Error, ErrorKind, InvitationId, NewInvitation, OrganizationId, Provider};

use super::still::{Verdict, judge};
use super::{Ended, Run};
use crate::journal::Intent;
use crate::located::Located;
use crate::place::Place;
use crate::plan::{Action, Change, Everybody, PlacePlan, Site, place_plan};
use crate::rails::{Standing, is_loss};
use crate::roster::Access;
use crate::snapshot::observe_one;

pub(super) const INTERRUPTED: &str = "interrupted before it was begun";

/// A run at one place.
pub(super) struct AtPlace<'r, 'a> {
    pub(super) run: &'r Run<'a>,
    pub(super) plan: &'a PlacePlan,
    access: &'a Access,
    place: Place,
    pub(super) site: Site,
    now: PlacePlan,
    /// How many people were removed or lowered here, by this run and by what it goes on from.
    losses: usize,
    /// How many members there were before.
    members: usize,
    /// Why nothing more is tried.
    over: Option<String>,
}

/// Somebody who is about to be invited.
pub(super) struct Invited<'a> {
    pub(super) planned: &'a Action,
    pub(super) intent: Intent,
    pub(super) invitation: NewInvitation,
}

impl<'r, 'a> AtPlace<'r, 'a> {
    /// Reads the place and judges what was planned there by what is there now.
    pub(super) async fn arrive(run: &'r Run<'a>, plan: &'a PlacePlan, located: &Located) -> Option<Self> {
        let access = run.roster.access_at(&plan.name)?;
        let snapshot = observe_one(&located.place, run.clock).await;
        // It need not be read again.
        let place = match &snapshot.organization {
            Ok(found) => Place::found(Arc::clone(located.place.provider()), found.clone()),
            Err(_) => located.place.clone(),
        };
        let site = located.site(snapshot);
        let seen = site.snapshot.members.rows.len();
        let (losses, members) = run.carried.removals.get(&plan.name).copied().unwrap_or((0, seen));
        let now = replan(run, &site, losses, members)?;
        Some(Self { run, plan, access, place, site, now, losses, members, over: None })
    }

    pub(super) fn organization(&self) -> &OrganizationId {
        self.place.organization()
    }

    pub(super) fn provider(&self) -> &Arc<dyn Provider> {
        self.place.provider()
    }

    pub(super) async fn go(mut self) -> Result<(), Error> {
        self.run.journal.members(&self.plan.name, self.members)?;
        for group in self.plan.actions.chunk_by(|one, other| one.change.rank() == other.change.rank()) {
            match group[0].change {
                Change::Invite { .. } => self.invite(group).await?,
                Change::Replace { .. } => self.replace(group).await?,
                Change::Raise(_) | Change::Lower(_) | Change::Revoke { .. } | Change::Remove { .. } => {
                    for planned in group {
                        self.one(planned).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads the place again.
    pub(super) async fn look(&mut self) {
        self.site.snapshot = observe_one(&self.place, self.run.clock).await;
        if let Some(now) = replan(self.run, &self.site, self.losses, self.members) {
            self.now = now;
        }
    }

    /// Why nothing new is begun, if so.
    fn is_over(&self) -> Option<String> {
        self.over.clone().or_else(|| self.run.is_stopped().then(|| INTERRUPTED.to_owned()))
    }

    pub(super) fn is_loss(&self, action: &Action) -> bool {
        is_loss(&action.change, &self.site.snapshot.top_role)
    }

    pub(super) fn tell(&self, planned: &Action, ended: Ended) {
        self.run.tell(self.plan, planned, ended);
    }

    /// Who is there, as the place was read last.
    pub(super) fn everybody(&self) -> Everybody<'_> {
        let Run { roster, addresses, .. } = self.run;
        Everybody::of(roster, self.access, &self.plan.name, &self.site.snapshot, addresses)
    }

    /// The action as it is to be done now, behind another look if somebody loses by it; what becomes of
    /// any other is told.
    pub(super) async fn ready(&mut self, planned: &Action) -> Option<Action> {
        if self.is_over().is_none() && self.is_loss(planned) {
            self.look().await;
        }
        self.go_ahead(planned, &self.everybody())
    }

    /// The action as it is to be done now; what becomes of any other is told.
    pub(super) fn go_ahead(&self, planned: &Action, everybody: &Everybody<'_>) -> Option<Action> {
        if let Some(why) = self.is_over() {
            self.tell(planned, Ended::Left(why));
            return None;
        }
        let presence = planned.person.as_deref().and_then(|person| everybody.known.get(person));
        let ended = match judge(planned, self.was_begun(planned), &self.now, &self.site.snapshot, presence) {
            Verdict::Go(action) => return Some(action.clone()),
            Verdict::Already => Ended::Already,
            Verdict::Stale(why) => Ended::Stale(why),
            Verdict::Blocked(refusal) => Ended::Blocked(refusal),
        };
        self.tell(planned, ended);
        None
    }

    /// Whether an unfinished run has begun it, and nobody noted how it ended.
    fn was_begun(&self, planned: &Action) -> bool {
        let in_doubt = self.run.journal.unfinished().map_or(&[][..], |run| &run.in_doubt);
        in_doubt.iter().any(|doubt| {
            doubt.place == self.plan.name
                && doubt.person == planned.person
                && doubt.change.as_str() == planned.change.as_str()
        })
    }

    pub(super) fn intend(&self, action: &Action) -> Result<Intent, Error> {
        let intents = self.run.journal.intend(&self.plan.name, &[(action, self.is_loss(action))])?;
        Ok(intents[0])
    }

    pub(super) fn settle(&mut self, planned: &Action, intent: Intent, ended: Ended) -> Result<(), Error> {
        self.run.journal.settle(intent, &ended)?;
        if let Ended::Failed(error) = &ended
            && error.kind() == ErrorKind::Unauthenticated
        {
            self.over = Some(format!("not tried, because the credential was refused before: {error}"));
        }
        if self.is_loss(planned) && matches!(ended, Ended::Done | Ended::Failed(_)) {
            self.losses += 1;
        }
        self.tell(planned, ended);
        Ok(())
    }

    async fn one(&mut self, planned: &Action) -> Result<(), Error> {
        let Some(action) = self.ready(planned).await else { return Ok(()) };
        let intent = self.intend(&action)?;
        let ended = match self.act(&action.change).await {
            Ok(()) => Ended::Done,
            // It went while it was looked at.
            Err(error) if error.kind() == ErrorKind::NotFound && action.change.gives().is_none() => {
                Ended::Already
            }
            Err(error) => Ended::Failed(error),
        };
        self.settle(planned, intent, ended)
    }

    async fn act(&self, change: &Change) -> Result<(), Error> {
        let (provider, organization) = (self.provider(), self.organization());
        match change {
            Change::Raise(change) | Change::Lower(change) => {
                provider.set_member_role(organization, &change.member.id, &change.role).await
            }
            Change::Remove { member } => provider.remove_member(organization, &member.id).await,
            Change::Revoke { .. } => self.revoke(change).await,
            Change::Invite { .. } | Change::Replace { .. } => Ok(()),
        }
    }

    /// Takes the waiting invitations back that a change ends. One that is gone already is none.
    pub(super) async fn revoke(&self, change: &Change) -> Result<(), Error> {
        for id in self.waiting(change) {
            match self.provider().revoke_invitation(self.organization(), id).await {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn waiting(&self, change: &Change) -> impl Iterator<Item = &InvitationId> {
        let rows = self.site.snapshot.invitations.rows.iter();
        rows.filter(|row| row.is_pending() && change.old().iter().any(|seen| seen.is(row))).map(|row| &row.id)
    }
}

fn replan(run: &Run<'_>, site: &Site, losses: usize, members: usize) -> Option<PlacePlan> {
    let standing = Standing { done: losses, members, expects_raises: false };
    place_plan(run.roster, site, &run.addresses, standing)
}
