//! Lists of people as programs and people write them: pure, from bytes to whom to invite.
//!
//! A list is a table whose first line names its columns (`email`, `E-mail`, `Email Address`, …; `account`,
//! `role` and any others), or lines of addresses and accounts, each with a role or with further ones. It may come from
//! a spreadsheet, a mail program, a directory or this command's own CSV. What cannot be read for sure is
//! refused as a whole, so that nobody is left out without a word.

mod cells;
mod decode;
mod header;
mod lines;
mod mailbox;
#[cfg(test)]
mod properties;
mod table;

use std::collections::HashMap;
use std::fmt;

use orgport::{AccountName, Email, Error, Invitee, Role};

/// Somebody of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) place: Place,
    pub(crate) invitee: Invitee,
    pub(crate) role: Option<Role>,
}

/// Where somebody is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    CommandLine,
    /// A line of the list, the first being 1.
    Line(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => f.write_str("the command line"),
            Self::Line(number) => write!(f, "line {number}"),
        }
    }
}

/// The account that an argument means: `@octocat`, `@first.last`.
pub(crate) fn account(text: &str) -> Option<AccountName> {
    AccountName::new(text.strip_prefix('@')?).ok()
}

/// Reads an address or an account of a list. What has a full stop in it is rather the end of an address
/// that was torn in two.
///
/// # Errors
///
/// `InvalidInput` that says what is wrong with it as an address.
fn person(text: &str) -> Result<Invitee, Error> {
    let account = account(text).filter(|name| !name.as_str().contains('.'));
    account.map_or_else(|| Email::parse(text).map(Invitee::from), |name| Ok(name.into()))
}

/// What a list says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) people: Vec<Person>,
    /// The names of columns that say nothing here.
    pub(crate) unread: Vec<String>,
}

/// What cannot be read for sure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    place: Place,
    what: String,
}

impl Fault {
    fn new(line: usize, what: impl Into<String>) -> Self {
        Self { place: Place::Line(line), what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Says which role a word means.
pub(crate) type Roles<'a> = &'a dyn Fn(&str) -> Result<Role, Error>;

/// Reads a list of people.
///
/// # Errors
///
/// Every line that cannot be read for sure.
pub(crate) fn read(bytes: &[u8], roles: Roles<'_>) -> Result<List, Vec<Fault>> {
    let text = decode::decode(bytes).map_err(|fault| vec![fault])?;
    let (people, unread) = match header::find(&text.text).map_err(|fault| vec![fault])? {
        Some(header) => {
            let unread = header.unread().map(str::to_owned).collect();
            (table::people(header, roles), unread)
        }
        None => (lines::people(&text.text, roles), Vec::new()),
    };
    let certain = |person: Person| match person.invitee.to_string() {
        name if text.is_guessed && !name.is_ascii() => {
            let what = format!(
                "{name:?} has letters beyond ASCII, which cannot be known where a list is not in UTF-8: save \
                 it as UTF-8"
            );
            Err(Fault { place: person.place, what })
        }
        _ => Ok(person),
    };
    let (mut known, mut faults) = (Vec::new(), Vec::new());
    for person in people {
        match person.and_then(certain) {
            Ok(person) => known.push(person),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(List { people: known, unread }) } else { Err(faults) }
}

/// People who are to have two roles at once, each with the places that say so.
pub(crate) fn contradictions(people: &[Person]) -> Vec<String> {
    let mut first: HashMap<&str, &Person> = HashMap::new();
    let role = |person: &Person| person.role.as_ref().map_or("no role", Role::as_str).to_owned();
    let mut found = Vec::new();
    for person in people {
        let earlier = *first.entry(person.invitee.key()).or_insert(person);
        if earlier.role != person.role {
            found.push(format!(
                "{} is to have two roles: {} by {}, {} by {}",
                person.invitee,
                role(earlier),
                earlier.place,
                role(person),
                person.place
            ));
        }
    }
    found
}

/// The roles that all have.
#[cfg(test)]
fn known(word: &str) -> Result<Role, Error> {
    word.parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<Vec<String>, String> {
        let shown = |one: Person| match one.role {
            Some(role) => format!("{} {role}", one.invitee),
            None => one.invitee.to_string(),
        };
        read(text.as_bytes(), &known)
            .map(|list| list.people.into_iter().map(shown).collect())
            .map_err(|faults| faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("; "))
    }

    fn are(people: &[&str]) -> Vec<String> {
        people.iter().map(|person| (*person).to_owned()).collect()
    }

    #[test]
    fn one_address_per_line_is_enough() {
        let text = "\u{feff}ada@x.io\r\n\r\n# the second\r\n  bea@x.io  \r\n   \r\n  # indented\r\n";
        assert_eq!(shown(text), Ok(are(&["ada@x.io", "bea@x.io"])));
        assert_eq!(
            shown("ada@x.io; Bea <bea@x.io>;\rcem@x.io,none\r"),
            Ok(are(&["ada@x.io", "bea@x.io", "cem@x.io none"]))
        );
    }

    #[test]
    fn a_header_names_the_columns() {
        let both = Ok(are(&["ada@x.io admin", "bea@x.io"]));
        assert_eq!(shown("email,role\nada@x.io,admin\nbea@x.io,\n"), both);
        assert_eq!(shown("Role, Email\nadmin, ada@x.io\n, bea@x.io\n"), both);
        assert_eq!(shown("ada@x.io,admin\nbea@x.io\n"), both);
        assert_eq!(shown("sep=;\r\nemail;role;\r\n\"ada@x.io\";admin;\r\n;;\r\nbea@x.io;;\r\n"), both);
        assert_eq!(shown("email;role\n\"ada@x.io\";admin\nbea@x.io\t\n"), both);
        let two =
            "Name,E-mail,Role\n\"Two, of them\",\"ada@x.io; Bea <bea@x.io>\",viewer\nName,E-mail,Role\n";
        assert_eq!(
            shown(two),
            Ok(are(&["ada@x.io viewer", "bea@x.io viewer"])),
            "and a header again is nothing"
        );
    }

    #[test]
    fn accounts_are_written_with_an_at_in_front() {
        assert_eq!(account("@first.last").expect("an account").as_str(), "first.last");
        assert!(account("first.last").is_none() && account("@a b").is_none() && account("@").is_none());
        let both = Ok(are(&["@octocat admin", "ada@x.io"]));
        assert_eq!(shown("@octocat,admin\nada@x.io\n"), both);
        assert_eq!(shown("email,role\n@octocat,admin\nada@x.io\n"), both);
        assert_eq!(shown("email,account,role\n,'@octocat,admin\nada@x.io,@lovelace,\n"), both);
        assert_eq!(shown("@octocat; ada@x.io @hubot"), Ok(are(&["@octocat", "ada@x.io", "@hubot"])));
        for (text, says) in [
            ("@x.io\n", "line 1: \"@x.io\" is not an e-mail address: the part before @ must have"),
            ("octocat\nada@x.io\n", "line 1: \"octocat\" is not an e-mail address: it has no @"),
            ("ada@x.io\nada @octocat\n", "line 2: \"ada @octocat\" is not an e-mail address"),
            ("email,account\n,Acme Inc\n", "line 2: has nothing in the column \"email\""),
            ("email,account\n,@x.io\n", "line 2: \"@x.io\" is not an e-mail address"),
        ] {
            let faults = shown(text).expect_err(text);
            assert!(faults.contains(says), "{text:?}: {faults}");
        }
    }

    #[test]
    fn every_wrong_line_is_named() {
        let faults =
            shown("# people\nada@x.io\n\nada at x.io\nbea@x.io,boss\ncem@x.io,admin,now\nviewer,dua@x.io\n")
                .expect_err("four are wrong");
        assert!(faults.contains("line 4: \"ada at x.io\" is not an e-mail address"), "{faults}");
        assert!(faults.contains("line 5: \"boss\" is not a role"), "{faults}");
        assert!(faults.contains("line 6: \"now\" is one value too many"), "{faults}");
        assert!(faults.contains("line 7: it is not clear whose role is meant"), "{faults}");
        let faults = shown(
            "name,email,role\nAda,ada@x.io,boss\nBea,,viewer\nCem,cem@x.io,viewer,now\n#1,dua@x.io,\n\
             \"Ela\n,ela@x.io\",fay@x.io,\n",
        )
        .expect_err("all are wrong");
        assert!(faults.contains("line 2: \"boss\" is not a role"), "{faults}");
        assert!(faults.contains("line 3: has nothing in the column \"email\""), "{faults}");
        assert!(faults.contains("line 4: \"now\" is one value too many"), "{faults}");
        assert!(faults.contains("line 5: begins with # like a comment, and names an address"), "{faults}");
        assert!(faults.contains("line 6: the column \"name\" goes over several lines"), "{faults}");
    }

    #[test]
    fn letters_that_are_guessed_are_no_part_of_an_address() {
        let list = read(b"name,email\nJ\xfcrgen,juergen@x.io\n", &known).expect("the name is not read");
        assert_eq!(list.unread, ["name"]);
        let faults = read(b"ada@x.io\n\xff\xfe@x.io\n", &known).expect_err("not UTF-8");
        assert!(
            faults[0].to_string().starts_with("line 2: \"ÿþ@x.io\" has letters beyond ASCII"),
            "{faults:?}"
        );
        assert_eq!(shown("ÿþ@x.io\n"), Ok(are(&["ÿþ@x.io"])));
    }

    #[test]
    fn one_person_has_one_role() {
        let list = read(b"ada@x.io,admin\nbea@x.io\nADA@x.io,viewer\nbea@x.io\nada@x.io,admin\n", &known)
            .expect("read");
        assert_eq!(
            contradictions(&list.people),
            ["ADA@x.io is to have two roles: admin by line 1, viewer by line 3"]
        );
    }
}
