//! Whether what was planned is still right, on what was read just now.

use orgport_core::Role;

use crate::plan::{Action, Change, PlacePlan, Presence, SeenInvitation};
use crate::rails::Refusal;
use crate::snapshot::Snapshot;

/// What is to become of a planned action.
pub(super) enum Verdict<'a> {
    /// It is done, as it would be planned now.
    Go(&'a Action),
    Already,
    Stale(String),
    Blocked(Refusal),
}

/// Judges a planned action by the plan that would be made now, and by who is there now. One that an
/// unfinished run has begun may be ended.
pub(super) fn judge<'a>(
    planned: &Action,
    was_begun: bool,
    now: &'a PlacePlan,
    snapshot: &Snapshot,
    presence: Option<&Presence<'_>>,
) -> Verdict<'a> {
    let goes = |action: &&Action| is_still(planned, action) || (was_begun && is_rest(planned, action));
    if let Some(action) = now.actions.iter().find(goes) {
        return Verdict::Go(action);
    }
    if let Some(blocked) = now.blocked.iter().find(|blocked| is_still(planned, &blocked.action)) {
        return Verdict::Blocked(blocked.refusal.clone());
    }
    if is_already(&planned.change, snapshot, presence) {
        return Verdict::Already;
    }
    let who = planned.person.clone().unwrap_or_else(|| planned.change.subject());
    let said = |who: &str| now.unknown.iter().chain(&now.cannot).find(|finding| finding.who == who);
    // What is the matter with the person, else with the place.
    let why = said(&who).or_else(|| said(now.name.as_str()));
    Verdict::Stale(why.map_or("it is no longer as it was when this was planned", |why| &why.what).to_owned())
}

/// Whether the action of now is the planned one: the same thing for the same person, on what was seen
/// then or what is left of it.
fn is_still(planned: &Action, now: &Action) -> bool {
    let is_left = |old: &[SeenInvitation], of: &[SeenInvitation]| old.iter().all(|one| of.contains(one));
    let is_same = match (&planned.change, &now.change) {
        (Change::Invite { .. }, Change::Invite { .. }) => planned.change.invitee() == now.change.invitee(),
        (Change::Replace { old, .. }, Change::Replace { old: old_now, .. }) => {
            planned.change.invitee() == now.change.invitee() && is_left(old_now, old)
        }
        (Change::Revoke { old }, Change::Revoke { old: old_now }) => is_left(old_now, old),
        (planned, now) => planned == now,
    };
    is_same && planned.person == now.person
}

/// Whether the action of now is what is left of the planned one behind a part of it: the invitation,
/// once those that it replaces are revoked.
fn is_rest(planned: &Action, now: &Action) -> bool {
    matches!(now.change, Change::Invite { .. })
        && now.change.invitee() == planned.change.invitee()
        && now.person == planned.person
}

/// Whether what the action is to bring about is so.
pub(crate) fn is_already(change: &Change, snapshot: &Snapshot, presence: Option<&Presence<'_>>) -> bool {
    let row = |change: &Change| {
        let id = &change.member()?.id;
        snapshot.members.rows.iter().find(|row| row.id == *id)
    };
    match change {
        Change::Invite { role, .. } | Change::Replace { role, .. } => presence.is_some_and(|presence| {
            let fits = |other: &Option<Role>| role.is_none() || other == role;
            presence.members.iter().any(|row| fits(&row.role))
                || presence.live.iter().any(|row| fits(&row.role))
        }),
        Change::Raise(wanted) | Change::Lower(wanted) => {
            row(change).is_some_and(|row| row.role.as_ref() == Some(&wanted.role))
        }
        Change::Remove { .. } => snapshot.members.is_whole() && row(change).is_none(),
        Change::Revoke { old } => {
            let waits = |seen: &SeenInvitation| {
                snapshot
                    .invitations
                    .rows
                    .iter()
                    .any(|row| row.is_pending() && row.is_for(&seen.invitee) && row.role == seen.role)
            };
            snapshot.invitations.is_whole() && !old.iter().any(waits)
        }
    }
}
