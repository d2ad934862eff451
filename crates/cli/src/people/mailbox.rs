//! Addresses as mail programs write them, and accounts.

use orgport::{Email, Invitee, Role};

use super::cells::visible;
use super::{Roles, person};
use crate::formula::unguarded;

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Person(Invitee),
    Role(Role),
    Unknown(String),
}

/// The parts of a line or of a table's cell, which `;`, tabs and commas separate. `Doe, Jane <jane@x.io>`
/// is one person in a cell, and in a line in which `;` separates people.
pub(super) fn items(text: &str, is_cell: bool, roles: Roles<'_>) -> Vec<Item> {
    let outer = parts(text, |c| matches!(c, ';' | '\t' | '\n'));
    let names_have_commas = is_cell || outer.len() > 1 || visible(text).ends_with(';');
    let part = |part: &str| match named(part, names_have_commas, roles) {
        Some(email) => vec![Item::Person(email.into())],
        None => parts(part, |c| c == ',').into_iter().flat_map(|part| single(part, roles)).collect(),
    };
    outer.into_iter().flat_map(part).collect()
}

/// What stands between separators, outside quotes and `<>`, and is not blank.
fn parts(text: &str, is_separator: impl Fn(char) -> bool) -> Vec<&str> {
    let (mut is_quoted, mut is_enclosed) = (false, false);
    let parts = text.split(|c| {
        match c {
            '"' => is_quoted = !is_quoted,
            '<' if !is_quoted => is_enclosed = true,
            '>' if !is_quoted => is_enclosed = false,
            _ => {}
        }
        !is_quoted && !is_enclosed && is_separator(c)
    });
    parts.map(visible).filter(|part| !part.is_empty()).collect()
}

/// A part without commas that separate anything.
fn single(part: &str, roles: Roles<'_>) -> Vec<Item> {
    let bare = unquoted(part);
    if let Some(email) = named(part, false, roles).or_else(|| named(bare, true, roles)) {
        return vec![Item::Person(email.into())];
    }
    let bare = unguarded(bare);
    if let Ok(person) = person(bare) {
        return vec![Item::Person(person)];
    }
    if let Ok(role) = roles(bare) {
        return vec![Item::Role(role)];
    }
    let words: Result<Vec<_>, _> = bare.split_whitespace().map(person).collect();
    match words {
        Ok(people) => people.into_iter().map(Item::Person).collect(),
        Err(_) => vec![Item::Unknown(bare.to_owned())],
    }
}

/// The address of `Name <address>`.
fn named(part: &str, name_has_commas: bool, roles: Roles<'_>) -> Option<Email> {
    let (name, address) = part.strip_suffix('>')?.rsplit_once('<')?;
    let email = Email::parse(visible(address)).ok()?;
    let name = visible(name);
    let is_address = Email::parse(name.trim_matches(['"', '\''])).is_ok_and(|named| named == email);
    (is_address || is_name(name, name_has_commas, roles)).then_some(email)
}

/// Says whether nobody else can be meant by a name.
fn is_name(name: &str, has_commas: bool, roles: Roles<'_>) -> bool {
    if name.contains(['@', '<', '>']) {
        return false;
    }
    let pieces = parts(name, |c| c == ',');
    // `ada.x.io, Bea <bea@x.io>` is a mistyped address and a person, not a long name.
    let is_piece = |piece: &&str| roles(piece).is_err() && !piece.split_whitespace().any(is_host);
    pieces.len() < 2 || (has_commas && pieces.iter().all(is_piece))
}

/// `x.io`, and not `J.R.`
fn is_host(word: &str) -> bool {
    word.split('.').skip(1).any(|label| label.chars().filter(|c| c.is_alphanumeric()).count() > 1)
}

fn unquoted(text: &str) -> &str {
    visible(text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, is_cell: bool) -> Vec<String> {
        let shown = |item| match item {
            Item::Person(person) => person.to_string(),
            Item::Role(role) => format!("={role}"),
            Item::Unknown(text) => format!("?{text}"),
        };
        items(text, is_cell, &super::super::known).into_iter().map(shown).collect()
    }

    #[test]
    fn mail_programs_lists_are_read() {
        for text in [
            "ada@x.io; bea@x.io;",
            "ada@x.io,bea@x.io,",
            " \u{202a}ada@x.io\u{202c}\tbea@x.io ",
            "ada@x.io bea@x.io",
            "Ada Lovelace <ada@x.io>, \"Bea, the second\" <bea@x.io>",
            "Lovelace, Ada <ada@x.io>; Bea <bea@x.io>",
            "'ada@x.io' <ada@x.io>; \"bea@x.io\" <bea@x.io>",
            "<ada@x.io>,J.R. Bea <bea@x.io>",
            "\"ada@x.io\",\"Second, Bea <bea@x.io>\"",
        ] {
            assert_eq!(read(text, false), ["ada@x.io", "bea@x.io"], "{text:?}");
        }
        assert_eq!(read("Lovelace, Ada <ada@x.io>", true), ["ada@x.io"]);
        assert_eq!(read("\"ada@x.io\", Admin", false), ["ada@x.io", "=admin"]);
        assert_eq!(read("'+ada@x.io", true), ["+ada@x.io"]);
    }

    #[test]
    fn nobody_vanishes_into_a_name() {
        for text in [
            "bea@x.io, Ada <ada@x.io>;",
            "bea.x.io, Ada <ada@x.io>;",
            "viewer, Ada <ada@x.io>;",
            "Lovelace, Ada <ada@x.io>",
            "\"bea@x.io\" <ada@x.io>",
            "bea@x.io <ada@x.io>",
            "\"bea@x.io, Ada <ada@x.io>",
            "Ada <ada@x.io> bea@x.io",
        ] {
            let read = read(text, false);
            assert!(read.len() > 1 || read[0].starts_with('?'), "{text:?}: {read:?}");
        }
    }
}
