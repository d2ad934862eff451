//! Rows that somebody cannot be matched with: they could not be decoded, or do not show what the person is
//! known by.

use std::collections::HashSet;

use serde_json::Value;

use crate::email::addresses;
use crate::error::{Error, ErrorKind};
use crate::invitee::{Invitee, account_keys};
use crate::native::Native;

/// Such a row of the vendor's lists.
#[derive(Debug)]
pub(super) struct Stranger {
    /// By what it is known again in another look.
    mark: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// It can be read, and shows no address, or no account: not somebody whom the vendor shows by it.
    Unnamed(Sorts),
    /// It cannot be decoded; the keys of whoever may stand anywhere in it, if its JSON can be read.
    Unreadable { error: Error, keys: Option<HashSet<String>> },
}

/// The sorts of names that people have.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sorts {
    email: bool,
    account: bool,
}

impl<'a> FromIterator<&'a Invitee> for Sorts {
    fn from_iter<I: IntoIterator<Item = &'a Invitee>>(people: I) -> Self {
        people.into_iter().fold(Self::default(), |sorts, person| match person {
            Invitee::Email(_) => Self { email: true, ..sorts },
            Invitee::Account(_) => Self { account: true, ..sorts },
        })
    }
}

impl Stranger {
    /// A row of this id that shows some sorts of names, unless those are all that the wanted have.
    pub(super) fn unnamed(id: &str, shown: Sorts, wanted: Sorts) -> Option<Self> {
        let hides = (wanted.email && !shown.email) || (wanted.account && !shown.account);
        hides.then(|| Self { mark: id.to_owned(), kind: Kind::Unnamed(shown) })
    }

    pub(super) fn unreadable(error: Error) -> Self {
        let keys = error.row().and_then(|row| row.read::<Value>().ok()).map(|row| {
            let mut keys = HashSet::new();
            collect(&row, &mut keys);
            keys
        });
        let mark = error.row().map_or_else(|| error.to_string(), |row| Native::text(row).to_owned());
        Self { mark, kind: Kind::Unreadable { error, keys } }
    }

    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// Whether the row may be about this person: the address or account stands among its strings, or its
    /// strings cannot be read.
    pub(super) fn may_be(&self, person: &Invitee) -> bool {
        match &self.kind {
            Kind::Unnamed(_) => false,
            Kind::Unreadable { keys, .. } => keys.as_ref().is_none_or(|keys| keys.contains(person.key())),
        }
    }

    /// Whether the row, if it has come up behind a send to this person, may be what that has made.
    pub(super) fn may_be_new(&self, person: &Invitee) -> bool {
        match (&self.kind, person) {
            (Kind::Unnamed(shown), Invitee::Email(_)) => !shown.email,
            (Kind::Unnamed(shown), Invitee::Account(_)) => !shown.account,
            (Kind::Unreadable { .. }, _) => true,
        }
    }

    /// What stands against inviting whom it may be about.
    pub(super) fn in_the_way(&self) -> Option<Error> {
        let Kind::Unreadable { error, .. } = &self.kind else { return None };
        let message = format!(
            "nothing was sent: a row of the vendor's lists that may be about this person cannot be read ({}); it \
             cannot be told whether the person is in or invited already, and trying again does not help: look \
             at the vendor's own page, or invite there",
            error.message()
        );
        // The vendor's answer will be the same.
        let refused = Error::new(ErrorKind::Ambiguous, message).with_source(error.clone());
        Some(refused.not_retryable())
    }
}

/// Collects the keys of all addresses, and of all that may be accounts, among the strings at any depth, names
/// of members too.
fn collect(value: &Value, keys: &mut HashSet<String>) {
    match value {
        Value::String(text) => collect_text(text, keys),
        Value::Array(items) => items.iter().for_each(|item| collect(item, keys)),
        Value::Object(members) => {
            for (name, member) in members {
                collect_text(name, keys);
                collect(member, keys);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn collect_text(text: &str, keys: &mut HashSet<String>) {
    keys.extend(addresses(text));
    keys.extend(account_keys(text));
}
