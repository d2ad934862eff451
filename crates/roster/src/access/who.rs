//! Which rows are one person.

use std::collections::HashMap;

use orgport_core::{AccountName, Email, Invitation, Member};

use crate::roster::{Access, Person, Roster};
use crate::snapshot::Snapshot;

/// Tells people apart: without a roster by their address keys, with one by its people first.
pub(super) struct Who<'a> {
    roster: Option<&'a Roster>,
    /// The roster's names, by address key.
    names: HashMap<&'a str, &'a str>,
}

/// Stands before a key that is no address, and sorts behind all that are.
const NO_ADDRESS: char = '\u{10ffff}';

impl<'a> Who<'a> {
    pub(super) fn new(roster: Option<&'a Roster>) -> Self {
        let people = roster.into_iter().flat_map(Roster::people);
        let names =
            people.flat_map(|(name, person)| person.addresses().map(move |email| (email.key(), name)));
        Self { roster, names: names.collect() }
    }

    pub(super) fn key_of_member(&self, snapshot: &Snapshot, member: &Member) -> String {
        let by_account = || self.by_account(snapshot, member.account.as_ref()?);
        let by_id = || {
            let ids = [Some(member.id.as_str()), member.user_id.as_ref().map(AsRef::as_ref)];
            let is_it = |person: &Person| {
                let id = snapshot.place_names().find_map(|name| person.id_at(&name));
                id.is_some_and(|id| ids.contains(&Some(id.as_str())))
            };
            self.roster?.people().find(|(_, person)| is_it(person)).map(|(name, _)| name)
        };
        let email = member.email.as_ref();
        let name =
            email.and_then(|email| self.names.get(email.key()).copied()).or_else(by_account).or_else(by_id);
        let id = || member.user_id.as_ref().map_or(member.id.as_str(), |id| id.as_str());
        self.key(name, email, || format!("{NO_ADDRESS}{}/{}", snapshot.place.provider, id()))
    }

    pub(super) fn key_of_invitation(
        &self,
        snapshot: &Snapshot,
        invitation: &Invitation,
        index: usize,
    ) -> String {
        let email = invitation.email.as_ref();
        let by_account = || self.by_account(snapshot, invitation.account.as_ref()?);
        let name = email.and_then(|email| self.names.get(email.key()).copied()).or_else(by_account);
        // Its id may be the secret of its link.
        self.key(name, email, || format!("{NO_ADDRESS}{}/invitation {index}", snapshot.place))
    }

    fn by_account(&self, snapshot: &Snapshot, account: &AccountName) -> Option<&'a str> {
        let is_it = |person: &Person| {
            snapshot.place_names().find_map(|name| person.account_at(&name)) == Some(account)
        };
        self.roster?.people().find(|(_, person)| is_it(person)).map(|(name, _)| name)
    }

    fn key(&self, name: Option<&str>, email: Option<&Email>, otherwise: impl Fn() -> String) -> String {
        let known = name.and_then(|name| Some((name, self.roster?.person(name)?)));
        match (known, email) {
            (Some((name, person)), _) => person
                .email
                .as_ref()
                .map_or_else(|| format!("{NO_ADDRESS}{name}"), |email| email.key().to_owned()),
            (None, Some(email)) => email.key().to_owned(),
            (None, None) => otherwise(),
        }
    }

    /// The key of a person of the roster.
    pub(super) fn key_of(&self, name: &str) -> String {
        self.key(Some(name), None, String::new)
    }

    /// Who should be at a place, if the roster names it.
    pub(super) fn access_at(&self, snapshot: &Snapshot) -> Option<&'a Access> {
        let roster = self.roster?;
        snapshot.place_names().find_map(|name| roster.access_at(&name))
    }

    /// What the roster calls the person of this key.
    pub(super) fn name_of(&self, key: &str) -> Option<&'a str> {
        self.names.get(key).copied().or_else(|| {
            let name = key.strip_prefix(NO_ADDRESS)?;
            self.roster?.people().map(|(known, _)| known).find(|known| *known == name)
        })
    }
}
