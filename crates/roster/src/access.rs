//! Who can get in where: a row per person and place, and what stands out.

mod compare;
mod examine;
mod finding;
mod rows;
mod who;

use std::fmt;

use orgport_core::{
    AccountName, Email, Error, InvitationStatus, MemberId, OrganizationId, Role, Timestamp, UserId,
};
use serde::{Serialize, Serializer};

pub use self::finding::{EXPIRES_SOON, Finding, FindingKind};
use self::who::Who;
use crate::place::Missed;
use crate::roster::Roster;
use crate::snapshot::Snapshot;
use crate::subject::Subject;

/// Who has access where, and what stands out, as snapshots show it.
///
/// ```
/// use std::sync::Arc;
///
/// use orgport_core::{Email, Invitations as _, NewInvitation, Role, SystemClock};
/// use orgport_memory::Memory;
/// use orgport_roster::access::{FindingKind, Report};
/// use orgport_roster::{Scope, Target, locate, observe};
///
/// # futures_util::FutureExt::now_or_never(async {
/// let memory = Memory::new();
/// let ada = Email::parse("ada@x.example")?;
/// let lab = memory.add_organization("Lab", &ada)?;
/// let provider = memory.provider(&ada);
/// let bob = NewInvitation::to(Email::parse("bob@x.example")?).with_role(Role::Member);
/// provider.invite(&lab, bob).await?;
///
/// let (places, missed) = locate(&[Target::new(Arc::new(provider), Scope::All)]).await;
/// let report = Report::of(&observe(&places, &SystemClock::new()).await, &missed);
/// assert!(report.is_whole());
/// let states: Vec<_> = report.rows.iter().map(|row| format!("{} {}", row.person, row.state)).collect();
/// assert_eq!(states, ["ada@x.example member", "bob@x.example pending"]);
/// assert_eq!(report.findings[0].kind, FindingKind::SoleOwner);
/// # Ok::<(), orgport_core::Error>(())
/// # }).expect("nothing waits")?;
/// # Ok::<(), orgport_core::Error>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    /// By person, addresses first in the order of their keys; then what could not be read.
    pub rows: Vec<Row>,
    /// By kind, then in the order of the rows.
    pub findings: Vec<Finding>,
    /// The places that were read, in the order of the snapshots.
    pub places: Vec<Column>,
    /// When reading began at the first place and ended at the last; none where there is no place.
    pub read_at: Option<(Timestamp, Timestamp)>,
}

impl Report {
    /// What these snapshots show; `missed` are the places that were asked for and not found.
    pub fn of(snapshots: &[Snapshot], missed: &[Missed]) -> Self {
        Self::new(snapshots, missed, None)
    }

    /// The same, with the people of a roster under its names, and what differs from it: who is not in
    /// it, who is missing, whose role is another. Places that it does not name are not compared.
    pub fn against(roster: &Roster, snapshots: &[Snapshot], missed: &[Missed]) -> Self {
        Self::new(snapshots, missed, Some(roster))
    }

    fn new(snapshots: &[Snapshot], missed: &[Missed], roster: Option<&Roster>) -> Self {
        let who = Who::new(roster);
        let mut rows: Vec<_> = snapshots
            .iter()
            .enumerate()
            .flat_map(|(column, one)| rows::of_place(column, one, &who))
            .collect();
        rows.extend(missed.iter().map(Row::missed));
        rows::name_people(&mut rows, &who);
        rows.sort_by(|a, b| a.order().cmp(&b.order()));
        let findings = examine::all(snapshots, &mut rows, &who);
        let began = snapshots.iter().map(|snapshot| snapshot.began_at).min();
        let ended = snapshots.iter().map(|snapshot| snapshot.ended_at).max();
        Self { rows, findings, places: snapshots.iter().map(Column::of).collect(), read_at: began.zip(ended) }
    }

    /// Only what concerns these people, and what could not be read. Nobody named is everybody.
    #[must_use]
    pub fn only(mut self, subjects: &[Subject]) -> Self {
        if !subjects.is_empty() {
            let concerns = |row: &Row| subjects.iter().any(|subject| subject.is_at(row));
            let keys: Vec<_> =
                self.rows.iter().filter(|row| concerns(row)).map(|row| row.key.clone()).collect();
            self.rows.retain(|row| !row.state.is_person() || concerns(row));
            self.findings.retain(|finding| match &finding.key {
                Some(key) => keys.contains(key),
                None => finding.kind == FindingKind::UnreadableRow,
            });
        }
        self
    }

    /// The people named whom no row shows.
    pub fn absent<'a>(&self, subjects: &'a [Subject]) -> Vec<&'a Subject> {
        let is_there = |subject: &&Subject| !self.rows.iter().any(|row| subject.is_at(row));
        subjects.iter().filter(is_there).collect()
    }

    /// Whether everything could be read.
    pub fn is_whole(&self) -> bool {
        self.rows.iter().all(|row| row.state.is_person())
    }
}

/// A place that was read.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Column {
    /// The place as it is written.
    pub place: String,
    /// The provider's name in the configuration.
    pub provider: String,
    /// The provider's kind.
    pub kind: String,
    /// The organization's id.
    pub organization: OrganizationId,
    /// The organization's name, where it could be read.
    pub organization_name: Option<String>,
}

impl Column {
    /// What the organization is called: its name, else its id.
    pub fn name(&self) -> &str {
        self.organization_name.as_deref().unwrap_or(self.organization.as_str())
    }

    /// The organization's name, and the place as it is written.
    pub(crate) fn title(&self) -> String {
        format!("{} ({})", self.name(), self.place)
    }

    fn of(snapshot: &Snapshot) -> Self {
        let place = &snapshot.place;
        Self {
            place: place.to_string(),
            provider: place.provider.clone(),
            kind: place.kind.clone(),
            organization: place.organization.clone(),
            organization_name: snapshot.organization.as_ref().ok().map(|found| found.name.clone()),
        }
    }
}

/// A person at a place; or that a place, or a row of its lists, could not be read.
///
/// A member's row stands for the member's invitations too. Somebody who is only invited has one row
/// with the invitation that matters most: one that waits, else the one that was the last to.
/// Invitations have no id here, since on some vendors it opens the door.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Row {
    /// What tells people apart: the address key, else the provider and the id.
    #[serde(skip)]
    pub key: String,
    /// What the person is called: by the name that a vendor shows, else by address, account or id.
    pub person: String,
    /// The address.
    pub address: Option<Email>,
    /// The account's name.
    pub account: Option<AccountName>,
    /// The place as it is written.
    pub place: String,
    /// The provider's name in the configuration.
    pub provider: String,
    /// The provider's kind.
    pub kind: String,
    /// The organization's id; as it was asked for where it was not found.
    pub organization: Option<String>,
    /// The organization's name.
    pub organization_name: Option<String>,
    /// What the person is there.
    pub state: State,
    /// The role.
    pub role: Option<Role>,
    /// The vendor's word for it.
    pub native_role: Option<String>,
    /// When the person came in or was invited.
    pub since: Option<Timestamp>,
    /// Until when the invitation can be answered.
    pub expires: Option<Timestamp>,
    /// The membership.
    pub member_id: Option<MemberId>,
    /// The account.
    pub user_id: Option<UserId>,
    /// What stands out about it.
    pub findings: Vec<FindingKind>,
    /// Why it could not be read.
    pub error: Option<Error>,
    /// The place among the snapshots.
    #[serde(skip)]
    pub(crate) column: Option<usize>,
}

/// What a person is at a place, or that this could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// In.
    Member,
    /// Asked in.
    Invited(InvitationStatus),
    /// A row of a list could not be read.
    Unreadable,
    /// A list of the place, or the place, could not be read at all.
    Unreachable,
}

impl State {
    /// Whether it is about a person at all.
    pub fn is_person(&self) -> bool {
        matches!(self, Self::Member | Self::Invited(_))
    }
}

/// `member`, the status of the invitation, `unreadable` or `unreachable`.
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member => f.write_str("member"),
            Self::Invited(status) => status.fmt(f),
            Self::Unreadable => f.write_str("unreadable"),
            Self::Unreachable => f.write_str("unreachable"),
        }
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
