//! What a plan and a run may not do, whatever the roster says. Asked when a plan is made, and again
//! before each removal on what was read just then.

use std::collections::HashMap;

use orgport_core::{Identity, InvitationStatus, Member, Role};
use serde::{Deserialize, Serialize};

use crate::plan::{Blocked, Change, PlacePlan, SeenInvitation};
use crate::roster::Rails;
use crate::snapshot::Snapshot;

/// That a rail refuses something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refusal {
    /// The rail.
    pub rail: Rail,
    /// Why, with the numbers.
    pub why: String,
}

/// A rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rail {
    /// The person is protected.
    Protect,
    /// The credential is the person's own.
    Caller,
    /// Too few owners would be left.
    MinOwners,
    /// No member would be left.
    Everyone,
    /// More people would be removed or lowered than may be.
    MaxRemovals,
    /// More mails would go out than may.
    MaxMails,
}

/// What the rails judge by at one place.
pub(crate) struct Ground<'a> {
    pub(crate) rails: &'a Rails,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) caller: Option<&'a Identity>,
    pub(crate) standing: Standing,
}

/// How far a run is at one place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    /// How many people it has removed or lowered already.
    pub(crate) done: usize,
    /// How many members there were before it.
    pub(crate) members: usize,
    /// Whether those count as owners who are still to be raised. In a plan they do, because they come
    /// first; when it comes to others who go, they have come by then or they do not count.
    pub(crate) expects_raises: bool,
}

/// What somebody loses by a change.
struct Loss<'a> {
    member: Option<&'a Member>,
    /// There is one owner fewer behind it.
    is_owner: bool,
    /// There is one member fewer behind it.
    is_removal: bool,
    refusal: Option<Refusal>,
}

impl Ground<'_> {
    /// Says of each change, in order, whether a rail refuses it. People are named as the roster has
    /// them.
    pub(crate) fn judge(&self, changes: &[(&Change, Option<&str>)]) -> Vec<Option<Refusal>> {
        let rows: HashMap<_, _> = self.snapshot.members.rows.iter().map(|row| (&row.id, row)).collect();
        let row = |change: &Change| rows.get(&change.member()?.id).copied();
        let mut losses: Vec<_> = changes.iter().map(|(change, _)| self.loss(change, row(change))).collect();
        for (loss, (_, person)) in losses.iter_mut().zip(changes) {
            if let Some(loss) = loss {
                loss.refusal = self.spare(loss, *person);
            }
        }
        let gained = changes.iter().filter(|(change, _)| self.makes_owner(change)).count();
        let gained = if self.standing.expects_raises { gained } else { 0 };
        self.keep_owners(&mut losses, gained);
        self.keep_somebody(&mut losses);
        self.limit(&mut losses);
        losses.into_iter().map(|loss| loss.and_then(|loss| loss.refusal)).collect()
    }

    fn loss<'a>(&self, change: &Change, member: Option<&'a Member>) -> Option<Loss<'a>> {
        let top = Some(&self.snapshot.top_role);
        let is_owner = change.member().is_some_and(|seen| seen.role.as_ref() == top);
        let is_removal = matches!(change, Change::Remove { .. });
        let is_loss = is_loss(change, &self.snapshot.top_role);
        is_loss.then_some(Loss { member, is_owner, is_removal, refusal: None })
    }

    /// Whether there is one owner more behind it. Somebody who is invited is none yet.
    fn makes_owner(&self, change: &Change) -> bool {
        matches!(change, Change::Raise(_)) && change.gives() == Some(&self.snapshot.top_role)
    }

    fn spare(&self, loss: &Loss<'_>, person: Option<&str>) -> Option<Refusal> {
        if let Some(person) = person.filter(|person| self.rails.protect.contains(*person)) {
            return Some(Refusal::new(Rail::Protect, format!("{person} is protected")));
        }
        let (member, caller) = (loss.member?, self.caller?);
        caller.is_member(member).then(|| Refusal::new(Rail::Caller, "the credential is this person's own"))
    }

    fn keep_owners(&self, losses: &mut [Option<Loss<'_>>], gained: usize) {
        let lost = open(losses, |loss| loss.is_owner).count();
        let (now, min) = (self.snapshot.owners().count() + gained, self.rails.min_owners);
        if now < min + lost {
            let why = format!(
                "of {now} with the role {} {lost} would go, and at least {min} must stay",
                self.snapshot.top_role
            );
            refuse(losses, |loss| loss.is_owner, &Refusal::new(Rail::MinOwners, why));
        }
    }

    fn keep_somebody(&self, losses: &mut [Option<Loss<'_>>]) {
        let lost = open(losses, |loss| loss.is_removal).count();
        if lost > 0 && lost >= self.snapshot.members.rows.len() {
            let why = format!("all {lost} members would be removed");
            refuse(losses, |loss| loss.is_removal, &Refusal::new(Rail::Everyone, why));
        }
    }

    fn limit(&self, losses: &mut [Option<Loss<'_>>]) {
        let Standing { done, members, .. } = self.standing;
        let lost = open(losses, |_| true).count();
        let max = self.rails.max_removals.of(members);
        if done + lost > max {
            let before = if done > 0 { format!(", after {done} before") } else { String::new() };
            let why = format!(
                "{lost} of {members} members would be removed, lowered or no longer asked to be owners{before}, \
                 and at most {max} may (max_removals = {})",
                self.rails.max_removals
            );
            refuse(losses, |_| true, &Refusal::new(Rail::MaxRemovals, why));
        }
    }
}

/// The losses of this kind that nothing refuses so far.
fn open<'a, 'b>(
    losses: &'a mut [Option<Loss<'b>>],
    is_meant: impl Fn(&Loss<'b>) -> bool,
) -> impl Iterator<Item = &'a mut Loss<'b>> {
    losses.iter_mut().flatten().filter(move |loss| loss.refusal.is_none() && is_meant(loss))
}

/// Whether somebody is removed, lowered, or no longer asked to be an owner.
pub(crate) fn is_loss(change: &Change, top: &Role) -> bool {
    match change {
        Change::Lower(_) | Change::Remove { .. } => true,
        Change::Revoke { old } | Change::Replace { old, .. } => {
            let is_asked = |seen: &SeenInvitation| {
                seen.role.as_ref() == Some(top) && seen.status == InvitationStatus::Pending
            };
            old.iter().any(is_asked) && change.gives() != Some(top)
        }
        Change::Invite { .. } | Change::Raise(_) => false,
    }
}

/// Refuses all of a kind, so that what is done does not depend on who comes first.
fn refuse<'b>(losses: &mut [Option<Loss<'b>>], is_meant: impl Fn(&Loss<'b>) -> bool, refusal: &Refusal) {
    open(losses, is_meant).for_each(|loss| loss.refusal = Some(refusal.clone()));
}

impl Refusal {
    fn new(rail: Rail, why: impl Into<String>) -> Self {
        Self { rail, why: why.into() }
    }
}

/// Refuses every mail of the run where there are too many.
pub(crate) fn limit_mails(rails: &Rails, sent: usize, places: &mut [PlacePlan]) {
    let mails: usize =
        places.iter().flat_map(|place| &place.actions).map(|action| action.change.mails()).sum();
    let max = rails.max_mails;
    if sent + mails <= max {
        return;
    }
    let refusal = too_many_mails(mails, sent, max);
    for place in places {
        let (mails, others) = place.actions.drain(..).partition(|action| action.change.mails() > 0);
        place.actions = others;
        let blocked = |action| Blocked { action, refusal: refusal.clone() };
        let mails: Vec<_> = mails;
        place.blocked.extend(mails.into_iter().map(blocked));
    }
}

pub(crate) fn too_many_mails(mails: usize, sent: usize, max: usize) -> Refusal {
    let before = if sent > 0 { format!(", after {sent} before") } else { String::new() };
    let why = format!("{mails} mails would go out{before}, and at most {max} may (max_mails = {max})");
    Refusal::new(Rail::MaxMails, why)
}
