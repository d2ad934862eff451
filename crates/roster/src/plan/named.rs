//! How a person stands in JSON: by `email` or by `account`.

use orgport_core::{AccountName, Email, Invitee};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Written<'a> {
    Email(&'a Email),
    Account(&'a AccountName),
}

/// What a vendor shows need not be an address that can be mailed; inviting checks it.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Read {
    Email(String),
    Account(AccountName),
}

pub(super) fn serialize<S: Serializer>(person: &Invitee, serializer: S) -> Result<S::Ok, S::Error> {
    match (person.email(), person.account()) {
        (Some(email), _) => Written::Email(email).serialize(serializer),
        (None, Some(name)) => Written::Account(name).serialize(serializer),
        (None, None) => Err(S::Error::custom("a person has neither an address nor an account")),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Invitee, D::Error> {
    Ok(match Read::deserialize(deserializer)? {
        Read::Email(text) => Email::verbatim(text).into(),
        Read::Account(name) => name.into(),
    })
}
