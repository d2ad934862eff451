//! Rosters of every kind.

use std::fmt::Write;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::roster::Roster;

/// Two places of one provider, and two of others.
pub(super) const PLACES: [&str; 4] = ["one", "one/b", "two", "three"];
pub(super) const PEOPLE: usize = 6;

/// A person's place in a generated roster: the list, and whether by name or by group.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    person: usize,
    list: &'static str,
    by_group: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) access: Vec<(Vec<Entry>, &'static str)>,
    pub(super) max_removals: String,
    pub(super) max_mails: usize,
    pub(super) min_owners: usize,
    pub(super) protect: Vec<usize>,
    pub(super) exempt: Vec<usize>,
}

const LISTS: [&str; 5] = ["owner", "admin", "member", "viewer", "any_role"];

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let people = subsequence((0..PEOPLE).collect::<Vec<_>>(), 0..=PEOPLE);
    let lists = vec((select(&LISTS[..]), any::<bool>()), PEOPLE);
    (people, lists).prop_map(|(people, lists)| {
        let entry = |(person, (list, by_group))| Entry { person, list, by_group };
        people.into_iter().zip(lists).map(entry).collect()
    })
}

pub(super) fn drafts() -> impl Strategy<Value = Draft> {
    let access = vec((entries(), select(&["keep", "report", "remove"][..])), PLACES.len());
    let max_removals = prop_oneof![
        (0..9_u8).prop_map(|count| count.to_string()),
        (0..=100_u8).prop_map(|share| format!("\"{share}%\""))
    ];
    let some = || subsequence((0..PEOPLE).collect::<Vec<_>>(), 0..=2);
    (access, max_removals, 0..12_usize, 0..3_usize, some(), some()).prop_map(
        |(access, max_removals, max_mails, min_owners, protect, exempt)| Draft {
            access,
            max_removals,
            max_mails,
            min_owners,
            protect,
            exempt,
        },
    )
}

impl Draft {
    /// The roster's text; with `mirrored`, every list and the order of the places turned round. A place
    /// and its rails stand on the same lines either way.
    fn text(&self, mirrored: bool) -> String {
        let mut text = String::new();
        for person in 0..PEOPLE {
            // Every second one is known by an id, too.
            let id = if person % 2 == 0 { format!("\nid.three = \"u-{person}\"") } else { "\n".to_owned() };
            writeln!(
                text,
                "[people.p{person}]\nemail = \"p{person}@x.example\"\nalso = [\"q{person}@x.example\"]{id}"
            )
            .expect("text");
        }
        text += "[groups]\n";
        for person in 0..PEOPLE {
            writeln!(text, "g{person} = [\"p{person}\"]").expect("text");
        }
        for (place, (entries, unmanaged)) in PLACES.iter().zip(&self.access) {
            writeln!(text, "[[access]]\nplace = \"{place}\"\nunmanaged = \"{unmanaged}\"").expect("text");
            let exempt =
                self.exempt.iter().filter(|person| entries.iter().all(|entry| entry.person != **person));
            let exempt = list(exempt.map(|person| format!("p{person}@x.example")), mirrored);
            writeln!(text, "exempt = {exempt}").expect("text");
            for list_name in LISTS {
                let names = entries
                    .iter()
                    .filter(|entry| entry.list == list_name)
                    .map(|entry| format!("{}{}", if entry.by_group { "@g" } else { "p" }, entry.person));
                writeln!(text, "{list_name} = {}", list(names, mirrored)).expect("text");
            }
        }
        let Self { max_removals, max_mails, min_owners, protect, .. } = self;
        let protect = list(protect.iter().map(|person| format!("p{person}")), mirrored);
        writeln!(
            text,
            "[rails]\nmax_removals = {max_removals}\nmax_mails = {max_mails}\nmin_owners = {min_owners}\nprotect = {protect}"
        )
        .expect("text");
        text
    }

    pub(super) fn roster(&self, mirrored: bool) -> Roster {
        Roster::parse(&self.text(mirrored)).expect("it is right")
    }
}

fn list(items: impl Iterator<Item = String>, mirrored: bool) -> String {
    let mut items: Vec<_> = items.map(|item| format!("{item:?}")).collect();
    if mirrored {
        items.reverse();
    }
    format!("[{}]", items.join(", "))
}
