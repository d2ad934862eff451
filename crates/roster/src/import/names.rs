//! Names for people who have none yet.

use std::collections::{BTreeMap, HashMap, HashSet};

use orgport_core::{AccountName, Email, Invitation, Member, UserId};

use crate::plan::{ByAddress, Site, by_address};
use crate::roster::{PlaceName, Roster};

/// Somebody who is not in the roster yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NewPerson {
    pub(super) email: Option<Email>,
    /// The provider, and the vendor's user id there.
    pub(super) id: Option<(String, UserId)>,
}

/// The people of a roster and those who come to it.
pub(super) struct Names<'a> {
    roster: Option<&'a Roster>,
    addresses: ByAddress<'a>,
    /// The place that is gone through, and the people of the roster by their ids there.
    place: Option<&'a PlaceName>,
    ids: HashMap<&'a str, &'a str>,
    taken: HashSet<String>,
    by_address: HashMap<String, String>,
    by_id: HashMap<(String, UserId), String>,
    /// The address of whoever shows it at one of a provider's organizations, by the user id there.
    shown: HashMap<(&'a str, &'a UserId), &'a Email>,
    new: BTreeMap<String, NewPerson>,
}

impl<'a> Names<'a> {
    pub(super) fn of(roster: Option<&'a Roster>, sites: &'a [Site]) -> Self {
        let members = sites
            .iter()
            .flat_map(|site| site.snapshot.members.rows.iter().map(|member| (site.name.provider(), member)));
        let shown = members.filter_map(|(provider, member)| {
            Some(((provider, member.user_id.as_ref()?), member.email.as_ref()?))
        });
        Self {
            shown: shown.collect(),
            roster,
            addresses: roster.map(by_address).unwrap_or_default(),
            taken: roster
                .iter()
                .flat_map(|roster| roster.people())
                .map(|(name, _)| name.to_owned())
                .collect(),
            place: None,
            ids: HashMap::new(),
            by_address: HashMap::new(),
            by_id: HashMap::new(),
            new: BTreeMap::new(),
        }
    }

    /// The people who came since this was asked last.
    pub(super) fn take_new(&mut self) -> BTreeMap<String, NewPerson> {
        std::mem::take(&mut self.new)
    }

    /// Goes on with the people of this place.
    pub(super) fn enter(&mut self, place: &'a PlaceName) {
        self.place = Some(place);
        let people = self.roster.into_iter().flat_map(Roster::people);
        self.ids = people.filter_map(|(name, person)| Some((person.id_at(place)?.as_str(), name))).collect();
    }

    fn is_exempt(&self, ids: &[&str], email: Option<&Email>) -> bool {
        let access = self.roster.zip(self.place).and_then(|(roster, place)| roster.access_at(place));
        access.is_some_and(|access| {
            ids.iter().any(|id| access.is_exempt_id(id)) || email.is_some_and(|email| access.is_exempt(email))
        })
    }

    /// The name of a member; none for one who is exempt or cannot be told from others.
    pub(super) fn member(&mut self, member: &Member) -> Option<String> {
        let ids: Vec<_> = member.user_id.iter().map(AsRef::as_ref).chain([member.id.as_str()]).collect();
        if self.is_exempt(&ids, member.email.as_ref()) {
            return None;
        }
        if let Some(name) = ids.iter().find_map(|id| self.ids.get(id)) {
            return Some((*name).to_owned());
        }
        let provider = self.place?.provider();
        let shown = || self.shown.get(&(provider, member.user_id.as_ref()?)).copied();
        let email = member.email.as_ref().or_else(shown);
        match (email.filter(|email| email.check().is_ok()), &member.user_id) {
            (Some(email), _) => Some(self.by_email(email)),
            (None, Some(id)) => {
                let account = member.account.as_ref().map(AccountName::as_str);
                self.by_id(id, member.name.as_deref().or(account))
            }
            (None, None) => None,
        }
    }

    /// The name of somebody who is invited; none for one who is exempt or whose address cannot be
    /// mailed.
    pub(super) fn invitee(&mut self, invitation: &Invitation) -> Option<String> {
        let email = invitation.email.as_ref().filter(|email| email.check().is_ok())?;
        (!self.is_exempt(&[], Some(email))).then(|| self.by_email(email))
    }

    fn by_email(&mut self, email: &Email) -> String {
        if let Some(name) = self.addresses.get(email.key()) {
            return (*name).to_owned();
        }
        if let Some(name) = self.by_address.get(email.key()) {
            return name.clone();
        }
        let local = email.as_str().rsplit_once('@').map_or(email.as_str(), |(local, _)| local);
        let name = self.unused(local);
        self.by_address.insert(email.key().to_owned(), name.clone());
        self.new.insert(name.clone(), NewPerson { email: Some(email.clone()), id: None });
        name
    }

    fn by_id(&mut self, id: &UserId, shown: Option<&str>) -> Option<String> {
        let key = (self.place?.provider().to_owned(), id.clone());
        if let Some(name) = self.by_id.get(&key) {
            return Some(name.clone());
        }
        let name = self.unused(shown.unwrap_or(id.as_str()));
        self.by_id.insert(key.clone(), name.clone());
        self.new.insert(name.clone(), NewPerson { email: None, id: Some(key) });
        Some(name)
    }

    /// A name made of these words that nobody has.
    fn unused(&mut self, words: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let words: String = words.chars().map(plain).collect();
        let parts: Vec<_> = words.split('-').filter(|part| !part.is_empty()).collect();
        let base = if parts.is_empty() { "person".to_owned() } else { parts.join("-") };
        let mut name = base.clone();
        let mut count = 1;
        while !self.taken.insert(name.clone()) {
            count += 1;
            name = format!("{base}-{count}");
        }
        name
    }
}
