//! A person of a roster.

use std::collections::BTreeMap;

use orgport_core::{AccountName, Email, Invitee, Invitees, UserId};
use orgport_document::Node;

use super::{Line, PlaceName};
use crate::roster::reader::{Reader, located};

const KEYS: &[&str] = &["email", "also", "at", "account", "id"];

/// A human or a service, with all addresses, accounts and user ids that belong to it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Person {
    /// The address to invite; none for somebody who is known by accounts or user ids only.
    pub email: Option<Email>,
    /// Other addresses.
    pub also: Vec<Email>,
    /// The addresses that are used at single places.
    pub at: BTreeMap<PlaceName, Email>,
    /// The names of the person's accounts, where the vendor shows them.
    pub accounts: BTreeMap<PlaceName, AccountName>,
    /// The vendors' user ids.
    pub ids: BTreeMap<PlaceName, UserId>,
    /// Where the person is written.
    pub line: Line,
}

impl Person {
    /// The address to invite at this place.
    pub fn email_at(&self, place: &PlaceName) -> Option<&Email> {
        at(&self.at, place).or(self.email.as_ref())
    }

    /// The account's name at this place.
    pub fn account_at(&self, place: &PlaceName) -> Option<&AccountName> {
        at(&self.accounts, place)
    }

    /// Whom to invite at this place: the account where there is one and the vendor invites accounts,
    /// else the address.
    pub fn invitee_at(&self, place: &PlaceName, taken: Invitees) -> Option<Invitee> {
        let account = self.account_at(place).cloned().map(Invitee::from).filter(|person| taken.takes(person));
        account.or_else(|| self.email_at(place).map(Invitee::from))
    }

    /// The vendor's user id at this place.
    pub fn id_at(&self, place: &PlaceName) -> Option<&UserId> {
        at(&self.ids, place)
    }

    /// Every address, the one to invite first.
    pub fn addresses(&self) -> impl Iterator<Item = &Email> {
        self.email.iter().chain(&self.also).chain(self.at.values())
    }

    pub(super) fn read(reader: &mut Reader<'_>, name: &str, node: &Node) -> Option<Self> {
        let path = format!("people.{name}");
        let table = reader.check(node, node.table(&path))?;
        reader.check_keys(table, &path, KEYS);
        let email = table.get("email").and_then(|node| reader.email(node, &format!("{path}.email")));
        let also = table.get("also").map(|node| reader.emails(node, &format!("{path}.also")));
        let at = by_place(reader, table.get("at"), &format!("{path}.at"), |reader, node, path| {
            reader.email(node, path)
        });
        let accounts = by_place(reader, table.get("account"), &format!("{path}.account"), account);
        let ids = by_place(reader, table.get("id"), &format!("{path}.id"), |reader, node, path| {
            let id = node.text(path).and_then(|text| located(node, path, UserId::new(text)));
            reader.check(node, id)
        });
        if ["email", "account", "id"].iter().any(|key| table.contains_key(*key)) {
            let line = reader.line(node);
            return Some(Self { email, also: also.unwrap_or_default(), at, accounts, ids, line });
        }
        reader.fault(node, &path, "has no email, and no account or id that would do instead");
        None
    }
}

/// An account's name, which may have the `@` in front by which commands know it.
fn account(reader: &mut Reader<'_>, node: &Node, path: &str) -> Option<AccountName> {
    let name = node
        .text(path)
        .and_then(|text| located(node, path, AccountName::new(text.strip_prefix('@').unwrap_or(text))));
    reader.check(node, name)
}

/// What is said of the place, else of its provider.
fn at<'a, T>(by_place: &'a BTreeMap<PlaceName, T>, place: &PlaceName) -> Option<&'a T> {
    let provider = || by_place.iter().find(|(name, _)| name.as_str() == place.provider());
    by_place.get(place).or_else(|| provider().map(|(_, value)| value))
}

fn by_place<T>(
    reader: &mut Reader<'_>,
    node: Option<&Node>,
    path: &str,
    mut read: impl FnMut(&mut Reader<'_>, &Node, &str) -> Option<T>,
) -> BTreeMap<PlaceName, T> {
    let table = node.and_then(|node| reader.check(node, node.table(path)));
    let mut by_place = BTreeMap::new();
    for (key, node) in table.into_iter().flatten() {
        let path = format!("{path}.{key}");
        let place = located(node, &path, PlaceName::parse(key));
        if let (Some(place), Some(value)) = (reader.check(node, place), read(reader, node, &path)) {
            by_place.insert(place, value);
        }
    }
    by_place
}
