//! What differs from a roster.

use std::collections::BTreeSet;

use orgport_core::InvitationStatus;

use super::examine::{called, organization};
use super::who::Who;
use super::{Finding, FindingKind, Row, State};
use crate::roster::{Access, Unmanaged, role_word};
use crate::snapshot::Snapshot;

/// What differs from the roster at a place that it names.
pub(super) fn with_roster(snapshot: &Snapshot, rows: &mut [&mut Row], who: &Who<'_>) -> Vec<Finding> {
    let Some(access) = who.access_at(snapshot) else { return Vec::new() };
    let mut findings = Vec::new();
    for (name, wanted) in &access.wanted {
        let key = who.key_of(name);
        let is_in = |row: &Row| {
            matches!(
                row.state,
                State::Member | State::Invited(InvitationStatus::Pending | InvitationStatus::Unknown(_))
            )
        };
        match rows.iter_mut().find(|row| row.key == key && is_in(row)) {
            None if snapshot.is_whole() => {
                let what = format!("{name} is not at {}, and should be: {wanted}", snapshot.title());
                let finding = Finding::of_place(FindingKind::Missing, snapshot, what);
                findings.push(Finding { person: Some(name.clone()), key: Some(key), ..finding });
            }
            Some(row) if wanted.role.is_some() && wanted.role != row.role => {
                let what =
                    format!("{name} is {} at {}: {wanted}", role_word(row.role.as_ref()), organization(row));
                findings.push(Finding::of_row(FindingKind::RoleDiffers, row, what));
            }
            _ => {}
        }
    }
    let wanted: BTreeSet<_> = access.wanted.keys().map(|name| who.key_of(name)).collect();
    for row in rows.iter_mut().filter(|row| is_unmanaged(access, row) && !wanted.contains(&row.key)) {
        let what =
            format!("{} is {} at {} and not in the roster there", called(row), row.state, organization(row));
        findings.push(Finding::of_row(FindingKind::NotInRoster, row, what));
    }
    findings
}

/// Whether a row is for the roster to speak of.
fn is_unmanaged(access: &Access, row: &Row) -> bool {
    let ids = [row.member_id.as_ref().map(AsRef::<str>::as_ref), row.user_id.as_ref().map(AsRef::as_ref)];
    access.unmanaged != Unmanaged::Keep
        && matches!(row.state, State::Member | State::Invited(InvitationStatus::Pending))
        && !access.exempts(row.address.as_ref(), row.account.as_ref())
        && !ids.into_iter().flatten().any(|id| access.is_exempt_id(id))
}
