//! Names for people who have none yet.

use std::collections::{BTreeMap, HashMap, HashSet};

use orgport_core::{AccountName, Email, Invitation, Member, UserId};

use crate::plan::{ByAddress, Site, by_address};
use crate::roster::{PlaceName, Roster};

/// Somebody who is not in the roster yet.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct NewPerson {
    pub(super) email: Option<Email>,
    /// The accounts, by provider.
    pub(super) accounts: BTreeMap<String, AccountName>,
    /// The provider, and the vendor's user id there, of somebody of whom nothing else is shown.
    pub(super) id: Option<(String, UserId)>,
    /// How many places were entered before.
    pub(super) since: usize,
}

/// By what somebody is known who is not in the roster: everywhere, or at one provider.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Known {
    Email(String),
    Account(String, AccountName),
    Id(String, UserId),
}

/// The people of a roster and those who come to it.
pub(super) struct Names<'a> {
    roster: Option<&'a Roster>,
    addresses: ByAddress<'a>,
    /// The place that is gone through, and the people of the roster by their ids there.
    place: Option<&'a PlaceName>,
    ids: HashMap<&'a str, &'a str>,
    accounts: HashMap<&'a AccountName, &'a str>,
    taken: HashSet<String>,
    known: HashMap<Known, String>,
    entered: usize,
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
            accounts: HashMap::new(),
            known: HashMap::new(),
            entered: 0,
            new: BTreeMap::new(),
        }
    }

    /// The people who came, by the place at which they did.
    pub(super) fn into_new(self) -> Vec<(String, NewPerson)> {
        let mut new: Vec<_> = self.new.into_iter().collect();
        new.sort_by_key(|(_, person)| person.since);
        new
    }

    /// Goes on with the people of this place.
    pub(super) fn enter(&mut self, place: &'a PlaceName) {
        self.place = Some(place);
        self.entered += 1;
        let people = || self.roster.into_iter().flat_map(Roster::people);
        self.ids =
            people().filter_map(|(name, person)| Some((person.id_at(place)?.as_str(), name))).collect();
        self.accounts =
            people().filter_map(|(name, person)| Some((person.account_at(place)?, name))).collect();
    }

    fn is_exempt(&self, ids: &[&str], email: Option<&Email>, account: Option<&AccountName>) -> bool {
        let access = self.roster.zip(self.place).and_then(|(roster, place)| roster.access_at(place));
        access.is_some_and(|access| {
            ids.iter().any(|id| access.is_exempt_id(id)) || access.exempts(email, account)
        })
    }

    /// The name of a member; none for one who is exempt or cannot be told from others.
    pub(super) fn member(&mut self, member: &Member) -> Option<String> {
        let ids: Vec<_> = member.user_id.iter().map(AsRef::as_ref).chain([member.id.as_str()]).collect();
        if self.is_exempt(&ids, member.email.as_ref(), member.account.as_ref()) {
            return None;
        }
        if let Some(name) = ids.iter().find_map(|id| self.ids.get(id)) {
            return Some((*name).to_owned());
        }
        let provider = self.place?.provider();
        let shown = || self.shown.get(&(provider, member.user_id.as_ref()?)).copied();
        let email = member.email.as_ref().or_else(shown);
        self.person(email, member.account.as_ref(), member.user_id.as_ref(), member.name.as_deref())
    }

    /// The name of somebody who is invited; none for one who is exempt, and without an account or an
    /// address that can be mailed.
    pub(super) fn invitee(&mut self, invitation: &Invitation) -> Option<String> {
        let (email, account) = (invitation.email.as_ref(), invitation.account.as_ref());
        if self.is_exempt(&[], email, account) { None } else { self.person(email, account, None, None) }
    }

    /// The name of whoever is known by any of these; a new one where nobody is.
    fn person(
        &mut self,
        email: Option<&Email>,
        account: Option<&AccountName>,
        id: Option<&UserId>,
        shown: Option<&str>,
    ) -> Option<String> {
        let email = email.filter(|email| email.check().is_ok());
        let in_roster = account.and_then(|account| self.accounts.get(account));
        if let Some(name) = in_roster.or_else(|| self.addresses.get(email?.key())) {
            return Some((*name).to_owned());
        }
        let provider = self.place?.provider();
        let known = [
            email.map(|email| Known::Email(email.key().to_owned())),
            account.map(|account| Known::Account(provider.to_owned(), account.clone())),
            id.map(|id| Known::Id(provider.to_owned(), id.clone())),
        ];
        let known: Vec<_> = known.into_iter().flatten().collect();
        let local =
            email.map(|email| email.as_str().rsplit_once('@').map_or(email.as_str(), |(local, _)| local));
        let words = local.or(shown).or(account.map(AccountName::as_str)).or(id.map(UserId::as_str))?;
        let name = known.iter().find_map(|known| self.known.get(known)).cloned();
        let name = name.unwrap_or_else(|| self.unused(words));
        let mut own = Vec::new();
        for known in known {
            // What was somebody else's before stays theirs.
            if self.known.entry(known.clone()).or_insert_with(|| name.clone()) == &name {
                own.push(known);
            }
        }
        let since = self.entered;
        let person =
            self.new.entry(name.clone()).or_insert_with(|| NewPerson { since, ..NewPerson::default() });
        for known in own {
            match known {
                Known::Email(_) => person.email = person.email.take().or_else(|| email.cloned()),
                Known::Account(provider, account) => drop(person.accounts.entry(provider).or_insert(account)),
                Known::Id(provider, id) if email.is_none() && account.is_none() => {
                    person.id = Some((provider, id));
                }
                Known::Id(..) => {}
            }
        }
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
