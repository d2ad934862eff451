//! `orgport roster explain`

use std::path::Path;

use orgport::Role;
use orgport::roster::{Person, PlaceName, Wanted};
use serde::Serialize;

use super::file::load;
use crate::context::Context;
use crate::failure::Failure;
use crate::options::Format;
use crate::output::{Column, Record};

/// What a roster says of one person at one place.
#[derive(Serialize)]
struct Told<'a> {
    person: &'a str,
    place: &'a PlaceName,
    role: Option<&'a Role>,
    address: Option<&'a str>,
    account: Option<&'a str>,
    user_id: Option<&'a str>,
    protected: bool,
    why: String,
}

impl Record for Told<'_> {
    const COLUMNS: &'static [Column] = &[
        Column::text("person").unlisted(),
        Column::text("place"),
        Column::word("role"),
        Column::address("address"),
        Column::account("account"),
        Column::id("user_id"),
        Column::word("protected").unlisted(),
        Column::prose("why"),
    ];
}

impl<'a> Told<'a> {
    fn new(
        name: &'a str,
        person: &'a Person,
        place: &'a PlaceName,
        wanted: &'a Wanted,
        protected: bool,
    ) -> Self {
        Self {
            person: name,
            place,
            role: wanted.role.as_ref(),
            address: person.email_at(place).map(orgport::Email::as_str),
            account: person.account_at(place).map(orgport::AccountName::as_str),
            user_id: person.id_at(place).map(AsRef::as_ref),
            protected,
            why: wanted.to_string(),
        }
    }
}

pub(super) fn run(context: &Context, file: &Path, person: &str) -> Result<(), Failure> {
    let roster = load(context, file)?;
    let (name, person) = roster.find(person)?;
    let protected = roster.rails().protect.contains(name);
    if context.format() == Format::Table {
        let addresses = person.addresses().map(ToString::to_string);
        let accounts = person.accounts.iter().map(|(place, account)| format!("@{account} at {place}"));
        let known_by: Vec<_> = addresses.chain(accounts).collect();
        let protected = if protected { "; protected: no plan removes or lowers them" } else { "" };
        context.console.note(&format!("{name} ({}): {}{protected}", person.line, known_by.join(", ")));
    }
    let mut list = context.printer().list::<Told<'_>>()?;
    for (place, access) in roster.access() {
        if let Some(wanted) = access.wanted.get(name) {
            list.push(&Told::new(name, person, place, wanted, protected))?;
        }
    }
    if list.count() == 0 && context.format() == Format::Table {
        context.console.note("No place has them in a list.");
        return Ok(());
    }
    list.end()
}
