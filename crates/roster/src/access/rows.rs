//! From the lists of a place to a row per person.

use std::collections::{BTreeMap, HashMap};

use orgport_core::{Email, Error, Invitation, InvitationStatus, Member};

use super::who::Who;
use super::{Row, State};
use crate::place::Missed;
use crate::snapshot::{Listing, Snapshot};

/// Where a row stands: what could not be read is last; a person's rows stand together, by place.
pub(super) type Order<'a> = (bool, &'a str, usize, bool, Option<&'a str>);

impl Row {
    /// A row about the place at this column, of which nothing else is known.
    fn at(column: usize, snapshot: &Snapshot, state: State) -> Self {
        let place = &snapshot.place;
        Self {
            organization: Some(place.organization.to_string()),
            organization_name: snapshot.organization.as_ref().ok().map(|found| found.name.clone()),
            state,
            column: Some(column),
            ..Self::nowhere(place.to_string(), &place.provider, &place.kind)
        }
    }

    fn nowhere(place: String, provider: &str, kind: &str) -> Self {
        Self {
            key: String::new(),
            person: String::new(),
            address: None,
            account: None,
            place,
            provider: provider.to_owned(),
            kind: kind.to_owned(),
            organization: None,
            organization_name: None,
            state: State::Unreachable,
            role: None,
            native_role: None,
            since: None,
            expires: None,
            member_id: None,
            user_id: None,
            findings: Vec::new(),
            error: None,
            column: None,
        }
    }

    fn member(mut self, member: &Member, who: &Who<'_>, snapshot: &Snapshot) -> Self {
        self.key = who.key_of_member(snapshot, member);
        self.person = member.name.clone().unwrap_or_default();
        self.address.clone_from(&member.email);
        self.account.clone_from(&member.account);
        self.role.clone_from(&member.role);
        self.native_role.clone_from(&member.native_role);
        self.since = member.joined_at;
        self.member_id = Some(member.id.clone());
        self.user_id.clone_from(&member.user_id);
        self
    }

    fn invited(mut self, key: String, invitation: &Invitation) -> Self {
        self.key = key;
        self.address.clone_from(&invitation.email);
        self.account.clone_from(&invitation.account);
        self.role.clone_from(&invitation.role);
        self.native_role.clone_from(&invitation.native_role);
        self.since = invitation.created_at;
        self.expires = invitation.expires_at;
        self
    }

    fn failed(mut self, error: &Error) -> Self {
        self.error = Some(error.clone());
        self
    }

    /// A place that was asked for and not found.
    pub(super) fn missed(missed: &Missed) -> Self {
        Self {
            organization: missed.organization.clone(),
            error: Some(missed.error.clone()),
            ..Self::nowhere(missed.to_string(), &missed.provider, &missed.kind)
        }
    }

    pub(super) fn order(&self) -> Order<'_> {
        let id = self.member_id.as_ref().map(AsRef::as_ref);
        (
            !self.state.is_person(),
            &self.key,
            self.column.unwrap_or(usize::MAX),
            self.state != State::Member,
            id,
        )
    }
}

/// The rows of one place.
pub(super) fn of_place(column: usize, snapshot: &Snapshot, who: &Who<'_>) -> Vec<Row> {
    let row = |state| Row::at(column, snapshot, state);
    let members = snapshot.members.rows.iter();
    let mut rows: Vec<_> = members.map(|member| row(State::Member).member(member, who, snapshot)).collect();
    let invited = invitations_by_person(snapshot, who);
    for (key, invitations) in invited {
        if rows.iter().any(|row| row.key == key) {
            continue;
        }
        if let Some(one) = invitations.into_iter().max_by_key(|one| weight(one)) {
            rows.push(row(State::Invited(one.status.clone())).invited(key, one));
        }
    }
    rows.extend(faults(snapshot).map(|(state, error)| row(state).failed(error)));
    rows
}

/// Every invitation of each person; one without an address is a person of its own.
pub(super) fn invitations_by_person<'a>(
    snapshot: &'a Snapshot,
    who: &Who<'_>,
) -> BTreeMap<String, Vec<&'a Invitation>> {
    let mut by_person: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (index, invitation) in snapshot.invitations.rows.iter().enumerate() {
        let key = who.key_of_invitation(snapshot, invitation, index);
        by_person.entry(key).or_default().push(invitation);
    }
    by_person
}

/// Which of a person's invitations says most: one that may wait, then the one that was last made.
fn weight(invitation: &Invitation) -> impl Ord + use<> {
    let rank = match invitation.status {
        InvitationStatus::Pending => 4,
        InvitationStatus::Unknown(_) => 3,
        InvitationStatus::Expired => 2,
        InvitationStatus::Accepted => 1,
        _ => 0,
    };
    (rank, invitation.created_at, invitation.expires_at)
}

/// What could not be read of a place: it as a whole, a list, or rows.
fn faults(snapshot: &Snapshot) -> impl Iterator<Item = (State, &Error)> {
    let (members, invitations) = (&snapshot.members, &snapshot.invitations);
    let whole = snapshot.failure().map(|error| (State::Unreachable, error));
    let lists = of_list(members).chain(of_list(invitations));
    let lists = lists.filter(|_| snapshot.failure().is_none());
    whole.into_iter().chain(lists.collect::<Vec<_>>())
}

fn of_list<T>(list: &Listing<T>) -> impl Iterator<Item = (State, &Error)> {
    let state = if list.failure().is_some() { State::Unreachable } else { State::Unreadable };
    list.errors.iter().map(move |error| (state.clone(), error))
}

/// Calls each person by one name in all rows: the roster's, else the first that a vendor shows, else
/// the address, the account or the id.
pub(super) fn name_people(rows: &mut [Row], who: &Who<'_>) {
    let mut names: HashMap<String, String> = HashMap::new();
    for row in rows.iter().filter(|row| !row.person.trim().is_empty()) {
        let name = names.entry(row.key.clone()).or_insert_with(|| row.person.clone());
        // The same in whatever order the places are read.
        if row.person < *name {
            name.clone_from(&row.person);
        }
    }
    for row in rows.iter_mut().filter(|row| row.state.is_person()) {
        let known = who.name_of(&row.key).map(str::to_owned).or_else(|| names.get(&row.key).cloned());
        let address = row.address.as_ref().map(Email::to_string);
        let id = row.user_id.as_ref().map(ToString::to_string);
        let id = id.or_else(|| row.member_id.as_ref().map(ToString::to_string));
        let account = row.account.as_ref().map(|name| format!("@{name}"));
        row.person = known
            .or(address)
            .or(account)
            .or(id)
            .unwrap_or_else(|| "an invitation without address".to_owned());
    }
}
