//! However a list is written, everybody in it is read, or it is refused.

use std::collections::HashSet;

use orgport::{Email, Role};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{List, Place, known, read};
use crate::formula::guarded;

const ROLES: &[&str] = &["owner", "admin", "editor", "collaborator", "member", "viewer", "none"];

/// How a table is written.
#[derive(Debug, Clone)]
struct Dialect {
    line_end: &'static str,
    separator: char,
    names_separator: bool,
    encoding: Encoding,
    email: &'static str,
    role: &'static str,
    /// Columns that say nothing, before and behind.
    further: (usize, usize),
    quotes: bool,
    named: bool,
    blanks: Vec<Index>,
    trailing: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Encoding {
    Utf8,
    Utf8Marked,
    Utf16Little,
    Utf16Big,
    Windows,
}

use Encoding::{Utf8, Utf8Marked, Utf16Big, Utf16Little, Windows};

prop_compose! {
    fn dialects()(
        line_end in select(vec!["\n", "\r\n", "\r"]),
        separator in select(vec![',', ';', '\t']),
        names_separator: bool,
        encoding in select(vec![Utf8, Utf8Marked, Utf16Little, Utf16Big, Windows]),
        email in select(vec!["email", "E-mail", "Email Address", "MAIL", "E-Mail-Adresse"]),
        role in select(vec!["role", "Role", "ROLE "]),
        further in (0..3_usize, 0..3_usize),
        quotes: bool,
        named: bool,
        blanks in prop::collection::vec(any::<Index>(), 0..4),
        trailing in 0..3_usize,
    ) -> Dialect {
        Dialect {
            line_end, separator, names_separator, encoding, email, role, further, quotes, named, blanks, trailing,
        }
    }
}

/// An apostrophe at the beginning is that of a guard.
fn addresses() -> impl Strategy<Value = String> {
    "[a-z0-9+=_-][a-z0-9+=_'-]{0,8}(\\.[a-z0-9]{1,4})?@[a-z]{1,6}\\.(io|example)"
}

/// Different people with their roles.
fn people() -> impl Strategy<Value = Vec<(String, Option<&'static str>)>> {
    let role = prop::option::of(select(ROLES));
    prop::collection::vec((addresses(), role), 1..8).prop_map(|people| {
        let mut seen = HashSet::new();
        people.into_iter().filter(|(email, _)| seen.insert(email.clone())).collect()
    })
}

impl Dialect {
    fn write(&self, people: &[(String, Option<&str>)]) -> Vec<u8> {
        let Self { line_end, separator, further: (before, behind), .. } = self;
        let row = |email: &str, role: &str, name: &str| {
            let named = (0..*before).map(|index| format!("{name}{index}"));
            let behind = (0..*behind).map(|index| format!("{name} {index}"));
            let cells = named.chain([email.to_owned(), role.to_owned()]).chain(behind);
            let cells: Vec<_> = cells.map(|cell| self.cell(&cell)).collect();
            cells.join(&separator.to_string()) + &separator.to_string().repeat(self.trailing)
        };
        let mut lines = vec![row(self.email, self.role, "Naïve")];
        lines.extend(people.iter().map(|(email, role)| {
            let email = if self.named { format!("Zoë Zett <{email}>") } else { guarded(email) };
            row(&email, role.unwrap_or_default(), "Jürgen")
        }));
        for blank in &self.blanks {
            let line = match blank.index(4) {
                0 => String::new(),
                1 => " ".to_owned(),
                2 => separator.to_string().repeat(3),
                _ => "# nobody".to_owned(),
            };
            lines.insert(blank.index(lines.len() + 1), line);
        }
        if self.names_separator {
            lines.insert(0, format!("sep={separator}"));
        }
        self.encode(&lines.join(line_end))
    }

    fn cell(&self, text: &str) -> String {
        if self.quotes { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
    }

    fn encode(&self, text: &str) -> Vec<u8> {
        let units = || text.encode_utf16();
        match self.encoding {
            Utf8 => text.as_bytes().to_vec(),
            Utf8Marked => format!("\u{feff}{text}").into_bytes(),
            Utf16Little => [0xff, 0xfe].into_iter().chain(units().flat_map(u16::to_le_bytes)).collect(),
            Utf16Big => [0xfe, 0xff].into_iter().chain(units().flat_map(u16::to_be_bytes)).collect(),
            // All letters of the test stand at their own numbers there.
            Windows => {
                text.chars().map(|c| u8::try_from(u32::from(c)).expect("a letter of Latin-1")).collect()
            }
        }
    }
}

fn shown(list: List) -> Vec<(String, Option<String>)> {
    let people = list.people.into_iter();
    people.map(|one| (one.invitee.to_string(), one.role.map(|role| role.to_string()))).collect()
}

proptest! {
    #[test]
    fn a_table_is_read_however_it_is_written(people in people(), dialect in dialects()) {
        let expected: Vec<_> =
            people.iter().map(|(email, role)| (email.clone(), role.map(str::to_owned))).collect();
        let list = read(&dialect.write(&people), &known).map_err(|faults| TestCaseError::fail(format!("{faults:?}")))?;
        prop_assert_eq!(list.unread.len(), dialect.further.0 + dialect.further.1);
        prop_assert_eq!(shown(list), expected);
    }

    #[test]
    fn lines_of_addresses_lose_nobody(
        pieces in prop::collection::vec(
            prop_oneof![
                4 => addresses(),
                1 => "@[a-z0-9-]{1,9}",
                1 => addresses().prop_map(|address| format!("Ada Lovelace <{address}>")),
                1 => addresses().prop_map(|address| format!("\"Lovelace, Ada\" <{address}>")),
                1 => select(ROLES).prop_map(str::to_owned),
                3 => select(vec![",", ";", "\t", "\n", "\r\n", "\r", " ", ", ", "; "]).prop_map(str::to_owned),
                1 => select(vec!["\"", "<", ">", "Ada", "x.io", "'", "\u{feff}", "sep=;\n"]).prop_map(str::to_owned),
            ],
            0..12,
        ),
    ) {
        let text = pieces.concat();
        if let Ok(list) = read(text.as_bytes(), &known) {
            prop_assert!(list.unread.is_empty());
            // Everything with an address in it is somebody.
            prop_assert_eq!(list.people.len(), text.matches('@').count(), "{:?}", text);
            let lines = text.replace("\r\n", "\n").replace('\r', "\n");
            let lines: Vec<_> = lines.split('\n').collect();
            for person in &list.people {
                let Place::Line(number) = person.place else { unreachable!("from a list") };
                prop_assert!(lines[number - 1].contains(&person.invitee.to_string()));
            }
        }
    }

    #[test]
    fn wrong_quotes_hide_nobody(
        people in prop::collection::vec(addresses(), 1..5),
        email_first: bool,
        quotes in prop::collection::vec(any::<Index>(), 0..5),
    ) {
        let row = |name: &str, email: &str| {
            if email_first { format!("{email},{name}\n") } else { format!("{name},{email}\n") }
        };
        let mut text = row("name", "email") + &people.iter().map(|email| row("Ada", email)).collect::<String>();
        for quote in quotes {
            text.insert(quote.index(text.len() + 1), '"');
        }
        if let Ok(list) = read(text.as_bytes(), &known) {
            let read: Vec<_> = list.people.iter().map(|one| one.invitee.to_string()).collect();
            prop_assert_eq!(read, people, "{:?}", text);
        }
    }

    #[test]
    fn any_bytes_are_a_list_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, &known);
    }

    #[test]
    fn roles_are_those_that_were_written(role in select(ROLES), email in addresses()) {
        let list = read(format!("{email}, {role}").as_bytes(), &known);
        let people = list.map_err(|faults| TestCaseError::fail(format!("{faults:?}")))?.people;
        let expected: Role = role.parse().expect("known");
        prop_assert_eq!(people.len(), 1);
        prop_assert_eq!(&people[0].role, &Some(expected));
        prop_assert_eq!(&people[0].invitee, &Email::verbatim(&email).into());
    }
}
