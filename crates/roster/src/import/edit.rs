//! Adding to the files of a roster without touching what is written there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use orgport_core::{Error, ErrorKind, Role};
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, Value};

use super::names::NewPerson;
use crate::roster::{ANY_ROLE, PlaceName, Roster};

/// A list of more names than this has a line for each.
const ON_ONE_LINE: usize = 6;

const NEW_LINE: &str = "\n    ";

/// The files of a roster, itself first.
pub(super) struct Files(Vec<File>);

struct File {
    path: PathBuf,
    document: DocumentMut,
    has_changed: bool,
}

impl Files {
    pub(super) fn one(path: PathBuf, document: DocumentMut) -> Self {
        Self(vec![File { path, document, has_changed: false }])
    }

    pub(super) fn read(roster: &Roster) -> Result<Self, Error> {
        roster.files().iter().map(|path| File::read(path)).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn into_texts(self) -> Vec<(PathBuf, String)> {
        self.0.into_iter().map(|file| (file.path, file.document.to_string())).collect()
    }

    pub(super) fn into_changed(mut self) -> Vec<(PathBuf, String)> {
        self.0.retain(|file| file.has_changed);
        self.into_texts()
    }

    /// Adds a person to the roster itself.
    pub(super) fn add_person(&mut self, name: &str, person: &NewPerson) {
        let main = &mut self.0[0];
        let people = main.document.entry("people").or_insert_with(|| {
            let mut people = Table::new();
            people.set_implicit(true);
            Item::Table(people)
        });
        let Some(people) = people.as_table_like_mut() else { return };
        let mut table = Table::new();
        if let Some(email) = &person.email {
            table.insert("email", email.as_str().into());
        }
        let ids = person.id.iter().map(|(provider, id)| (provider, id.as_str()));
        let accounts = person.accounts.iter().map(|(provider, account)| (provider, account.as_str()));
        for (key, values) in [("account", accounts.collect()), ("id", ids.collect::<Vec<_>>())] {
            let mut by_provider = Table::new();
            by_provider.set_dotted(true);
            for (provider, value) in values {
                by_provider.insert(provider, value.into());
            }
            if !by_provider.is_empty() {
                table.insert(key, Item::Table(by_provider));
            }
        }
        people.insert(name, Item::Table(table));
        main.has_changed = true;
    }

    /// Adds people to the lists of a place, which is made if it is not there.
    pub(super) fn add_access(&mut self, place: &PlaceName, lists: &BTreeMap<String, Vec<String>>) {
        for file in &mut self.0 {
            for access in file.places() {
                if access.get("place").and_then(Item::as_str).map(str::trim) == Some(place.as_str()) {
                    for (list, people) in lists {
                        append(access, list, people);
                    }
                    file.has_changed |= !lists.is_empty();
                    return;
                }
            }
        }
        let mut access = Table::new();
        access.insert("place", place.as_str().into());
        for list in Role::KNOWN.iter().map(Role::as_str).chain([ANY_ROLE]) {
            if let Some(people) = lists.get(list) {
                append(&mut access, list, people);
            }
        }
        access.insert("unmanaged", "report".into());
        let main = &mut self.0[0];
        let all = main.document.entry("access").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
        match all {
            Item::ArrayOfTables(all) => all.push(access),
            Item::Value(Value::Array(all)) => all.push(access.into_inline_table()),
            _ => return,
        }
        main.has_changed = true;
    }
}

impl File {
    fn read(path: &Path) -> Result<Self, Error> {
        let failed = |why: String| Error::new(ErrorKind::Config, format!("{} {why}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| failed(format!("cannot be read: {error}")))?;
        let document = text.parse().map_err(|error| failed(format!("is no TOML: {error}")))?;
        Ok(Self { path: path.to_owned(), document, has_changed: false })
    }

    fn places(&mut self) -> Vec<&mut dyn TableLike> {
        match self.document.get_mut("access") {
            Some(Item::ArrayOfTables(tables)) => {
                tables.iter_mut().map(|table| table as &mut dyn TableLike).collect()
            }
            Some(Item::Value(Value::Array(tables))) => {
                let tables = tables.iter_mut().filter_map(Value::as_inline_table_mut);
                tables.map(|table| table as &mut dyn TableLike).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Adds names to a list as its last ones are written.
fn append(access: &mut dyn TableLike, list: &str, people: &[String]) {
    let item = access.entry(list).or_insert_with(|| Item::Value(Value::Array(Array::new())));
    let Some(array) = item.as_array_mut() else { return };
    let has_lines = array.iter().last().and_then(|last| last.decor().prefix()?.as_str().map(str::to_owned));
    let has_lines = has_lines.filter(|prefix| prefix.contains('\n'));
    let new_line = match (has_lines, array.len() + people.len() > ON_ONE_LINE && array.is_empty()) {
        (Some(prefix), _) => Some(prefix.rfind('\n').map_or(prefix.clone(), |at| prefix[at..].to_owned())),
        (None, true) => Some(NEW_LINE.to_owned()),
        (None, false) => None,
    };
    for person in people {
        let mut value = Value::from(person.as_str());
        match &new_line {
            Some(new_line) => value.decor_mut().set_prefix(new_line),
            None if array.is_empty() => {}
            None => value.decor_mut().set_prefix(" "),
        }
        array.push_formatted(value);
    }
    if new_line.is_some() && array.trailing().as_str().is_none_or(|trailing| !trailing.contains('\n')) {
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
}
