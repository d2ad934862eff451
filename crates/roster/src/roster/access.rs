//! Who should be at one place.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashSet};
use std::fmt;

use orgport_core::{AccountName, Email, Role};
use orgport_document::{Node, Table, suggestion};
use serde::Serialize;

use super::read::Names;
use super::reader::{Reader, located};
use super::{Line, Person, PlaceName};

/// The list of people who are to be in with whatever role.
pub(crate) const ANY_ROLE: &str = "any_role";
const KEYS: &[&str] = &["place", "unmanaged", "exempt", ANY_ROLE];

/// Who should be at one place.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Access {
    /// The people, by name.
    pub wanted: BTreeMap<String, Wanted>,
    /// What is done about people who are there and not in the list.
    pub unmanaged: Unmanaged,
    /// The keys of addresses that are never touched.
    pub(crate) exempt_addresses: HashSet<String>,
    /// Accounts that are never touched.
    pub(crate) exempt_accounts: HashSet<AccountName>,
    /// User and member ids that are never touched.
    pub(crate) exempt_ids: HashSet<String>,
    /// Where the place is written.
    pub line: Line,
}

impl Access {
    /// Whether people of this address are never touched here.
    pub fn is_exempt(&self, email: &Email) -> bool {
        self.exempt_addresses.contains(email.key())
    }

    /// Whether the people of this account are never touched here.
    pub fn is_exempt_account(&self, account: &AccountName) -> bool {
        self.exempt_accounts.contains(account)
    }

    /// Whether a row that shows these is never touched.
    pub(crate) fn exempts(&self, email: Option<&Email>, account: Option<&AccountName>) -> bool {
        email.is_some_and(|email| self.is_exempt(email))
            || account.is_some_and(|account| self.is_exempt_account(account))
    }

    /// Whether the member or user of this id is never touched here.
    pub fn is_exempt_id(&self, id: &str) -> bool {
        self.exempt_ids.contains(id)
    }
}

/// That a person should be at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wanted {
    /// The role; none for whatever role the person has or gets.
    pub role: Option<Role>,
    /// The entry that says so: a person's name or `@group`.
    pub entry: String,
    /// Where it is written.
    pub line: Line,
}

/// Why: `roster line 12: @platform → member`.
impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} → {}", self.line, self.entry, role_word(self.role.as_ref()))
    }
}

/// The role's word, or that any will do.
pub(crate) fn role_word(role: Option<&Role>) -> String {
    role.map_or_else(|| "any role".to_owned(), Role::to_string)
}

/// What is done about people who are at a place and not in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unmanaged {
    /// Nothing is done or said.
    Keep,
    /// They are named, and left alone.
    #[default]
    Report,
    /// They are removed, and their invitations revoked.
    Remove,
}

impl Unmanaged {
    const ALL: [Self; 3] = [Self::Keep, Self::Report, Self::Remove];

    /// `keep`, `report` or `remove`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Report => "report",
            Self::Remove => "remove",
        }
    }
}

/// The key of the list that gives this role.
pub(crate) fn list_of(role: Option<&Role>) -> String {
    role.map_or_else(|| ANY_ROLE.to_owned(), Role::to_string)
}

impl Access {
    pub(super) fn read(reader: &mut Reader<'_>, node: &Node, names: &Names<'_>) -> Option<(PlaceName, Self)> {
        let table = reader.check(node, node.table("access"))?;
        let roles = Role::KNOWN.iter().map(Role::as_str);
        let keys: Vec<_> = KEYS.iter().copied().chain(roles).collect();
        reader.check_keys(table, "access", &keys);
        let place = match table.get("place") {
            None => {
                reader.fault(node, "access", "has no place");
                return None;
            }
            Some(place) => {
                let text = reader.check(place, place.text("access.place"))?;
                reader.check(place, located(place, "access.place", PlaceName::parse(text)))?
            }
        };
        let mut access = Self {
            wanted: wanted(reader, table, names),
            unmanaged: unmanaged(reader, table),
            exempt_addresses: HashSet::new(),
            exempt_accounts: HashSet::new(),
            exempt_ids: HashSet::new(),
            line: reader.line(node),
        };
        access.read_exempt(reader, table);
        access.check_people(reader, &place, names.people);
        Some((place, access))
    }

    /// Reads who is never touched: addresses, accounts with an `@` in front, and ids.
    fn read_exempt(&mut self, reader: &mut Reader<'_>, table: &Table) {
        let path = "access.exempt";
        let list = table.get("exempt").and_then(|node| reader.check(node, node.list(path)));
        for node in list.unwrap_or_default() {
            match reader.check(node, node.text(path)) {
                Some(text) if text.starts_with('@') => {
                    let account = located(node, path, AccountName::new(&text[1..]));
                    self.exempt_accounts.extend(reader.check(node, account));
                }
                Some(text) if text.contains('@') => {
                    let email = reader.email(node, path);
                    self.exempt_addresses.extend(email.map(|email| email.key().to_owned()));
                }
                Some(text) => drop(self.exempt_ids.insert(text.to_owned())),
                None => {}
            }
        }
    }

    /// Refuses people who cannot be found or invited here, and those who are not to be touched.
    fn check_people(&self, reader: &mut Reader<'_>, place: &PlaceName, people: &BTreeMap<String, Person>) {
        for (name, wanted) in &self.wanted {
            let Some(person) = people.get(name) else { continue };
            let path = format!("access.{}", list_of(wanted.role.as_ref()));
            let is_known = person.email_at(place).is_some()
                || person.account_at(place).is_some()
                || person.id_at(place).is_some();
            if !is_known {
                let what = format!("names {name}, who has no email, account or id for {place}");
                reader.fault_at(&wanted.line, &path, what);
            }
            let is_exempt = person.addresses().any(|email| self.is_exempt(email))
                || person.account_at(place).is_some_and(|account| self.is_exempt_account(account))
                || person.id_at(place).is_some_and(|id| self.is_exempt_id(id.as_str()));
            if is_exempt {
                reader.fault_at(&wanted.line, &path, format_args!("names {name}, who is exempt here"));
            }
        }
    }
}

fn wanted(reader: &mut Reader<'_>, table: &Table, names: &Names<'_>) -> BTreeMap<String, Wanted> {
    let mut wanted: BTreeMap<String, Wanted> = BTreeMap::new();
    for role in Role::KNOWN.iter().map(Some).chain([None]) {
        let list = list_of(role);
        let Some(node) = table.get(&list) else { continue };
        let path = format!("access.{list}");
        for listed in names.people(reader, node, &path) {
            let new = Wanted { role: role.cloned(), entry: listed.entry, line: listed.line };
            match wanted.entry(listed.person) {
                Entry::Vacant(place) => drop(place.insert(new)),
                Entry::Occupied(old) if old.get().role != new.role => {
                    let person = old.key();
                    let what = format_args!("names {person}, who has another role by {}", old.get());
                    reader.fault_at(&new.line, &path, what);
                }
                // Whichever way the lists are ordered, the same entry is the reason.
                Entry::Occupied(mut old) => {
                    if (&new.line, &new.entry) < (&old.get().line, &old.get().entry) {
                        old.insert(new);
                    }
                }
            }
        }
    }
    wanted
}

fn unmanaged(reader: &mut Reader<'_>, table: &Table) -> Unmanaged {
    let Some(node) = table.get("unmanaged") else { return Unmanaged::default() };
    let path = "access.unmanaged";
    let Some(text) = reader.check(node, node.text(path)) else { return Unmanaged::default() };
    Unmanaged::ALL.into_iter().find(|one| one.as_str() == text).unwrap_or_else(|| {
        let words = Unmanaged::ALL.map(Unmanaged::as_str);
        let words: Vec<_> = words.iter().collect();
        let meant = suggestion(text, words.iter().copied());
        reader.fault(node, path, format_args!("is {text:?}, which does not exist{meant}"));
        Unmanaged::default()
    })
}
