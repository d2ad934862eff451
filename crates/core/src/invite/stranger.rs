//! Rows that nobody can be matched with: they could not be decoded, or show no address.

use std::collections::HashSet;

use serde_json::Value;

use crate::email::{Email, addresses};
use crate::error::{Error, ErrorKind};
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
    /// It can be read, and shows no address: not somebody whom the vendor shows.
    WithoutAddress,
    /// It cannot be decoded; the address keys that stand anywhere in it, if its JSON can be read.
    Unreadable { error: Error, keys: Option<HashSet<String>> },
}

impl Stranger {
    pub(super) fn without_address(id: &str) -> Self {
        Self { mark: id.to_owned(), kind: Kind::WithoutAddress }
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

    /// Whether the row may be about this person: the address stands among its strings, or its
    /// strings cannot be read.
    pub(super) fn may_be(&self, email: &Email) -> bool {
        match &self.kind {
            Kind::WithoutAddress => false,
            Kind::Unreadable { keys, .. } => keys.as_ref().is_none_or(|keys| keys.contains(email.key())),
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

/// Collects the keys of all addresses among the strings at any depth, names of members too.
fn collect(value: &Value, keys: &mut HashSet<String>) {
    match value {
        Value::String(text) => keys.extend(addresses(text)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, keys)),
        Value::Object(members) => {
            for (name, member) in members {
                keys.extend(addresses(name));
                collect(member, keys);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
