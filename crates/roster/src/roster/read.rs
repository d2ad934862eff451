//! From the text of a roster and the files that it includes to a [`Roster`].

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use orgport_core::{Error, ErrorKind};
use orgport_document::{Node, Table, parse as parse_toml, read_bounded, suggestion};

use super::access::Access;
use super::person::Person;
use super::rails::Rails;
use super::reader::{Reader, located};
use super::{Faults, Line, PlaceName, Roster};
use crate::fingerprint::Fingerprint;

/// No roster is longer, in bytes.
const LONGEST: usize = 16 << 20;
const KEYS: &[&str] = &["include", "people", "groups", "access", "rails"];
/// An included file holds no rails, so that all of them are seen in one place, and includes nothing.
const INCLUDED_KEYS: &[&str] = &["people", "groups", "access"];

pub(super) fn load(file: PathBuf) -> Result<Roster, Faults> {
    let text = text_of(&file).map_err(|error| Faults::new(vec![error]))?;
    parse(&text, file)
}

fn text_of(file: &Path) -> Result<String, Error> {
    read_bounded(file, LONGEST).map_err(|source| {
        let message = format!("{} cannot be read: {source}", file.display());
        Error::new(ErrorKind::Config, message).with_source(source)
    })
}

pub(super) fn parse(text: &str, file: PathBuf) -> Result<Roster, Faults> {
    let main = parse_toml(text, &file).map_err(|error| Faults::new(vec![error]))?;
    let mut reader = Reader::new(&file);
    let mut digest = Fingerprint::default();
    digest.add(text);
    let included = included(&mut reader, &main, &file, &mut digest);
    let trees: Vec<_> = std::iter::once(&main).chain(included.iter().map(|(_, tree)| tree)).collect();
    let people = people(&mut reader, &trees);
    let groups = groups(&mut reader, &trees);
    check_addresses(&mut reader, &people);
    let names = Names { people: &people, groups: &groups };
    names.check_groups(&mut reader);
    let access = access(&mut reader, &trees, &names);
    let rails = main.get("rails").map(|node| Rails::read(&mut reader, node, &names)).unwrap_or_default();
    reader.end(())?;
    let files = included.into_iter().map(|(file, _)| file).collect();
    Ok(Roster { file, included: files, digest: digest.end(), people, access, rails })
}

/// The included files with their trees.
fn included(
    reader: &mut Reader<'_>,
    main: &Table,
    file: &Path,
    digest: &mut Fingerprint,
) -> Vec<(PathBuf, Table)> {
    reader.check_keys(main, "", KEYS);
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut trees = Vec::new();
    let list = main.get("include").and_then(|node| reader.check(node, node.list("include")));
    for node in list.unwrap_or_default() {
        let Some(name) = reader.check(node, node.text("include")) else { continue };
        let path = folder.join(name);
        let read = text_of(&path).and_then(|text| {
            digest.add(&text);
            parse_toml(&text, Path::new(name))
        });
        let read = located(node, "include", read);
        let Some(tree) = reader.check(node, read) else { continue };
        reader.check_keys(&tree, "", INCLUDED_KEYS);
        trees.push((path, tree));
    }
    trees
}

/// The entries of a table that several files can have, each name once.
fn entries<'a>(reader: &mut Reader<'_>, files: &[&'a Table], key: &str) -> BTreeMap<&'a str, &'a Node> {
    let mut entries: BTreeMap<&str, &Node> = BTreeMap::new();
    for file in files {
        let table = file.get(key).and_then(|node| reader.check(node, node.table(key)));
        for (name, node) in table.into_iter().flatten() {
            let path = format!("{key}.{name}");
            if name.is_empty() || name.starts_with('@') {
                reader.fault(node, &path, "has a name that is empty or begins with @");
            } else if let Some(first) = entries.get(name.as_str()) {
                reader.fault(node, &path, format_args!("is there already: {}", first.origin));
            } else {
                entries.insert(name, node);
            }
        }
    }
    entries
}

fn people(reader: &mut Reader<'_>, files: &[&Table]) -> BTreeMap<String, Person> {
    let entries = entries(reader, files, "people");
    let person = |(name, node): (&str, &Node)| Some((name.to_owned(), Person::read(reader, name, node)?));
    entries.into_iter().filter_map(person).collect()
}

/// Refuses what two people share.
fn check_addresses(reader: &mut Reader<'_>, people: &BTreeMap<String, Person>) {
    let mut owners: HashMap<(Option<&PlaceName>, &str), &str> = HashMap::new();
    for (name, person) in people {
        let addresses = person.addresses().map(|email| (None, email.key(), email.as_str()));
        let ids = person.ids.iter().map(|(place, id)| (Some(place), id.as_str(), id.as_str()));
        let accounts = person.accounts.iter();
        let accounts = accounts.map(|(place, account)| (Some(place), account.key(), account.as_str()));
        for (place, key, shown) in addresses.chain(ids).chain(accounts) {
            let owner = *owners.entry((place, key)).or_insert(name);
            if owner != name {
                let what = format_args!("has {shown}, which is {owner}'s already");
                reader.fault_at(&person.line, &format!("people.{name}"), what);
            }
        }
    }
}

/// A group's entries and where the group is written.
type Groups<'a> = BTreeMap<&'a str, &'a Node>;

fn groups<'a>(reader: &mut Reader<'_>, files: &[&'a Table]) -> Groups<'a> {
    let mut groups = entries(reader, files, "groups");
    groups.retain(|name, node| reader.check(node, node.list(&format!("groups.{name}"))).is_some());
    groups
}

fn access(reader: &mut Reader<'_>, files: &[&Table], names: &Names<'_>) -> BTreeMap<PlaceName, Access> {
    let mut by_place: BTreeMap<PlaceName, Access> = BTreeMap::new();
    for file in files {
        let list = file.get("access").and_then(|node| reader.check(node, node.list("access")));
        for node in list.unwrap_or_default() {
            let Some((place, access)) = Access::read(reader, node, names) else { continue };
            match by_place.get(&place) {
                Some(first) => {
                    let what = format_args!("is for {place}, which is there already: {}", first.line);
                    reader.fault(node, "access", what);
                }
                None => drop(by_place.insert(place, access)),
            }
        }
    }
    by_place
}

/// The people and groups that lists can name.
pub(super) struct Names<'a> {
    pub(super) people: &'a BTreeMap<String, Person>,
    groups: &'a Groups<'a>,
}

/// A person in a list, by the entry that names the person or a group.
pub(super) struct Listed {
    pub(super) person: String,
    pub(super) entry: String,
    pub(super) line: Line,
}

impl Names<'_> {
    /// Everybody whom a list names.
    pub(super) fn people(&self, reader: &mut Reader<'_>, node: &Node, path: &str) -> Vec<Listed> {
        let mut listed = Vec::new();
        for node in reader.check(node, node.list(path)).unwrap_or_default() {
            let Some(entry) = reader.check(node, node.text(path)) else { continue };
            let mut people = Vec::new();
            if let Some(unknown) = self.unknown(entry) {
                reader.fault(node, path, unknown);
            }
            self.expand(entry, &mut Vec::new(), &mut people);
            let line = reader.line(node);
            listed.extend(people.into_iter().map(|person| Listed {
                person,
                entry: entry.to_owned(),
                line: line.clone(),
            }));
        }
        listed
    }

    /// What is wrong with an entry that is nobody's name.
    fn unknown(&self, entry: &str) -> Option<String> {
        // All the names are collected only where one is missing.
        match entry.strip_prefix('@') {
            None if !self.people.contains_key(entry) => {
                let known: Vec<_> = self.people.keys().map(String::as_str).collect();
                let meant = suggestion(entry, &known);
                Some(format!("names {entry:?}, who is not among the people{meant}"))
            }
            Some(group) if !self.groups.contains_key(group) => {
                let known: Vec<_> = self.groups.keys().copied().collect();
                let meant = suggestion(group, &known);
                Some(format!("names {entry:?}, which is not a group{meant}"))
            }
            _ => None,
        }
    }

    /// Refuses groups with unknown people, and those that lead back to themselves.
    fn check_groups(&self, reader: &mut Reader<'_>) {
        for (name, node) in self.groups {
            let path = format!("groups.{name}");
            for node in node.list(&path).unwrap_or_default() {
                let Some(entry) = reader.check(node, node.text(&path)) else { continue };
                if let Some(unknown) = self.unknown(entry) {
                    reader.fault(node, &path, unknown);
                }
            }
            if self.leads_back(name) {
                reader.fault(node, &path, "leads back to itself");
            }
        }
    }

    fn entries(&self, group: &str) -> impl Iterator<Item = &str> {
        let list = self.groups.get(group).and_then(|node| node.list("").ok()).unwrap_or_default();
        list.iter().filter_map(|node| node.text("").ok())
    }

    fn leads_back(&self, group: &str) -> bool {
        let mut seen = Vec::new();
        let mut open = vec![group];
        while let Some(next) = open.pop() {
            for inner in self.entries(next).filter_map(|entry| entry.strip_prefix('@')) {
                if inner == group {
                    return true;
                }
                if !seen.contains(&inner) {
                    seen.push(inner);
                    open.push(inner);
                }
            }
        }
        false
    }

    /// The people behind an entry; a group that leads back to itself is gone through once.
    fn expand<'a>(&'a self, entry: &'a str, seen: &mut Vec<&'a str>, people: &mut Vec<String>) {
        match entry.strip_prefix('@') {
            Some(group) if !seen.contains(&group) => {
                seen.push(group);
                for entry in self.entries(group) {
                    self.expand(entry, seen, people);
                }
            }
            None if self.people.contains_key(entry) => people.push(entry.to_owned()),
            _ => {}
        }
    }
}

pub(super) fn check_providers(roster: &Roster, providers: &[&str]) -> Result<(), Faults> {
    let mut reader = Reader::new(&roster.file);
    let mut check = |line: &Line, path: &str, place: &PlaceName| {
        let provider = place.provider();
        if !providers.contains(&provider) {
            let meant = suggestion(provider, providers);
            let what = format_args!("names {place}, whose provider is not configured{meant}");
            reader.fault_at(line, path, what);
        }
    };
    for (place, access) in &roster.access {
        check(&access.line, "access.place", place);
    }
    for (name, person) in &roster.people {
        person.at.keys().for_each(|place| check(&person.line, &format!("people.{name}.at"), place));
        person
            .accounts
            .keys()
            .for_each(|place| check(&person.line, &format!("people.{name}.account"), place));
        person.ids.keys().for_each(|place| check(&person.line, &format!("people.{name}.id"), place));
    }
    reader.end(())
}
