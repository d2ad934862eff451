//! What stands out in snapshots.

use std::collections::{BTreeMap, BTreeSet};

use orgport_core::{Invitation, InvitationStatus, Role};

use super::compare;
use super::rows::invitations_by_person;
use super::who::Who;
use super::{EXPIRES_SOON, Finding, FindingKind, Row, State};
use crate::snapshot::Snapshot;

/// Everything that stands out; rows are marked with what concerns them.
pub(super) fn all(snapshots: &[Snapshot], rows: &mut [Row], who: &Who<'_>) -> Vec<Finding> {
    let mut findings: Vec<_> = rows.iter_mut().filter_map(fault).collect();
    findings.extend(same_person_twice(rows, who));
    for (column, snapshot) in snapshots.iter().enumerate() {
        let mut here: Vec<_> = rows.iter_mut().filter(|row| row.column == Some(column)).collect();
        findings.extend(owners(snapshot, &mut here));
        findings.extend(each_row(snapshot, &mut here, who));
        findings.extend(compare::with_roster(snapshot, &mut here, who));
    }
    // A stable sort: within a kind by place, and there in the order of the rows.
    findings.sort_by_key(|finding| finding.kind);
    for row in rows {
        row.findings.sort();
        row.findings.dedup();
    }
    findings
}

/// That a place or a row could not be read.
fn fault(row: &mut Row) -> Option<Finding> {
    let (kind, what) = match row.state {
        State::Unreachable => (FindingKind::Unreachable, "could not be read"),
        State::Unreadable => (FindingKind::UnreadableRow, "has a row that could not be read"),
        State::Member | State::Invited(_) => return None,
    };
    let error = row.error.as_ref().map(ToString::to_string).unwrap_or_default();
    let sentence = format!("{} {what}, and somebody may be missing: {error}", organization(row));
    Some(Finding::of_row(kind, row, sentence))
}

/// That several accounts at one provider are one person's.
fn same_person_twice(rows: &mut [Row], who: &Who<'_>) -> Vec<Finding> {
    let mut accounts: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.state == State::Member) {
        if is_known_person(row, who) {
            accounts.entry((row.key.clone(), row.provider.clone())).or_default().push(index);
        }
    }
    let mut findings = Vec::new();
    for group in accounts.into_values() {
        let all = group.iter().map(|index| &rows[*index]);
        let users: BTreeSet<_> = all.clone().filter_map(|row| row.user_id.as_ref()).collect();
        let places: BTreeSet<_> = all.clone().map(|row| row.column).collect();
        // Without user ids, memberships at two places may well be one account's.
        if users.len() < 2 && places.len() == group.len() {
            continue;
        }
        let ids: BTreeSet<_> = all.map(account).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let first = &mut rows[group[0]];
        let what =
            format!("{} is {} accounts at {}: {}", called(first), ids.len(), first.provider, ids.join(", "));
        findings.push(Finding::of_row(FindingKind::SamePersonTwice, first, what));
        for index in group {
            rows[index].findings.push(FindingKind::SamePersonTwice);
        }
    }
    findings
}

/// Whether a row can be matched with others of the same person.
fn is_known_person(row: &Row, who: &Who<'_>) -> bool {
    row.address.is_some() || who.name_of(&row.key).is_some()
}

/// That nobody or one person alone has all rights; said only of members that were all read.
fn owners(snapshot: &Snapshot, rows: &mut [&mut Row]) -> Option<Finding> {
    if !snapshot.members.is_whole() {
        return None;
    }
    let ids: Vec<_> = snapshot.owners().map(|owner| &owner.id).collect();
    let word = &snapshot.top_role;
    match ids[..] {
        [id] => {
            let row = rows.iter_mut().find(|row| row.member_id.as_ref() == Some(id))?;
            let sentence = format!("{} is the only {word} of {}", called(row), organization(row));
            Some(Finding::of_row(FindingKind::SoleOwner, row, sentence))
        }
        // Where the vendor shows no roles that are known, nobody can be seen to be one.
        [] if snapshot.members.rows.iter().any(|member| is_known(member.role.as_ref())) => {
            let sentence = format!("{} has no {word} among its members", snapshot.title());
            Some(Finding::of_place(FindingKind::NoOwnerSeen, snapshot, sentence))
        }
        _ => None,
    }
}

fn is_known(role: Option<&Role>) -> bool {
    role.is_some_and(|role| !matches!(role, Role::Other(_)))
}

/// What stands out about a person's invitations to a place, beside the row.
fn invitations(row: &Row, all: &[&Invitation], snapshot: &Snapshot) -> Vec<(FindingKind, String)> {
    let (person, place) = (called(row), organization(row));
    let waiting: Vec<_> = all.iter().filter(|one| one.is_pending()).collect();
    let mut said = Vec::new();
    if waiting.len() > 1 {
        let what = format!("{person} has {} invitations to {place} that wait", waiting.len());
        said.push((FindingKind::SeveralInvitations, what));
    }
    if row.state == State::Member {
        if let Some(one) = waiting.first() {
            let role = one.role.as_ref().map(|role| format!(" as {role}")).unwrap_or_default();
            let what = format!("{person} is a member of {place}, and an invitation{role} waits as well");
            said.push((FindingKind::MemberAndInvited, what));
        }
    } else if row.state == State::Invited(InvitationStatus::Expired) {
        let when = row.expires.map(|end| format!(" on {end}")).unwrap_or_default();
        let what = format!("the invitation of {person} to {place} expired{when}");
        said.push((FindingKind::ExpiredInvitation, what));
    } else if let Some(end) = waiting.iter().filter_map(|one| expires_soon(one, snapshot)).min() {
        let what = format!("the invitation of {person} to {place} expires on {end}");
        said.push((FindingKind::ExpiresSoon, what));
    }
    said
}

fn expires_soon(invitation: &Invitation, snapshot: &Snapshot) -> Option<orgport_core::Timestamp> {
    invitation.expires_at.filter(|end| end.saturating_since(snapshot.ended_at) <= EXPIRES_SOON)
}

/// That a row cannot be matched with a person, or its role with a neutral one.
fn unclear(row: &Row, shows_roles: bool, who: &Who<'_>) -> Vec<(FindingKind, String)> {
    let (person, place) = (called(row), organization(row));
    let mut said = Vec::new();
    if !is_known_person(row, who) {
        let what = format!("{person} at {place} shows no address and cannot be matched with anybody");
        said.push((FindingKind::NoAddress, what));
    }
    let what = match (&row.role, &row.native_role) {
        (Some(Role::Other(word)), _) => Some(format!("is {word:?}, which has no neutral word")),
        (None, Some(word)) if shows_roles => Some(format!("is {word:?}, which has no neutral word")),
        (None, None) if shows_roles => Some("is not shown".to_owned()),
        _ => None,
    };
    said.extend(
        what.map(|what| (FindingKind::RoleUnknown, format!("the role of {person} at {place} {what}"))),
    );
    said
}

/// What stands out about each row of a place.
fn each_row(snapshot: &Snapshot, rows: &mut [&mut Row], who: &Who<'_>) -> Vec<Finding> {
    let by_person = invitations_by_person(snapshot, who);
    let shows_roles = rows.iter().any(|row| row.role.is_some());
    let mut told = BTreeSet::new();
    let mut findings = Vec::new();
    for row in rows.iter_mut().filter(|row| row.state.is_person()) {
        let mut said = unclear(row, shows_roles, who);
        // A person's invitations are told once, however many accounts the person has.
        if let Some(all) = by_person.get(&row.key).filter(|_| told.insert(row.key.clone())) {
            said.extend(invitations(row, all, snapshot));
        }
        findings.extend(said.into_iter().map(|(kind, what)| Finding::of_row(kind, row, what)));
    }
    findings
}

/// The person in a sentence: name and address.
pub(super) fn called(row: &Row) -> String {
    match &row.address {
        Some(address) if row.person != address.as_str() => format!("{} <{address}>", row.person),
        _ => row.person.clone(),
    }
}

/// The account in a sentence.
fn account(row: &Row) -> String {
    let user = row.user_id.as_ref().map(ToString::to_string);
    user.or_else(|| row.member_id.as_ref().map(ToString::to_string)).unwrap_or_default()
}

/// The organization in a sentence: its name, and the place as it is written.
pub(super) fn organization(row: &Row) -> String {
    match &row.organization_name {
        Some(name) => format!("{name} ({})", row.place),
        None => row.place.clone(),
    }
}
