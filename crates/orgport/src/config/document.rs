//! A configuration as a tree in which every value knows where it was written, so that an error
//! can point there.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use orgport_core::{Error, ErrorKind};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What all variables that override a setting begin with.
pub(super) const PREFIX: &str = "ORGPORT__";

/// No setting lies deeper, and a name without end must not make a tree without end.
const DEEPEST: usize = 8;

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// In a file, or a text of the program's, on this line.
    Line(Arc<PathBuf>, usize),
    /// In this environment variable.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(file, line) => write!(f, "{}, line {line}", file.display()),
            Self::Variable(name) => write!(f, "the variable {name}"),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<Node>),
    Table(Table),
    /// A type that no setting has, by its name.
    Other(&'static str),
}

pub(super) type Table = BTreeMap<String, Node>;

/// A value and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) origin: Origin,
}

impl Node {
    /// A wrong value, and where it stands.
    pub(super) fn error(&self, path: &str, message: impl fmt::Display) -> Error {
        Error::new(ErrorKind::Config, format!("{}: {path} {message}", self.origin))
    }

    pub(super) fn text(&self, path: &str) -> Result<&str, Error> {
        match &self.value {
            Value::Text(text) => Ok(text),
            _ => Err(self.error(path, format_args!("must be a text in quotes, not {}", self.type_name()))),
        }
    }

    pub(super) fn boolean(&self, path: &str) -> Result<bool, Error> {
        match (&self.value, &self.origin) {
            (Value::Boolean(boolean), _) => Ok(*boolean),
            (Value::Text(text), Origin::Variable(_)) if text == "true" => Ok(true),
            (Value::Text(text), Origin::Variable(_)) if text == "false" => Ok(false),
            _ => Err(self.error(path, format_args!("must be true or false, not {}", self.type_name()))),
        }
    }

    pub(super) fn table(&self, path: &str) -> Result<&Table, Error> {
        match &self.value {
            Value::Table(table) => Ok(table),
            _ => Err(self.error(path, format_args!("must be a table, not {}", self.type_name()))),
        }
    }

    /// The value as a deserializer takes it. Variables hold only texts, so one that reads as a
    /// number or a truth value is offered as that too, by `loosely`.
    pub(super) fn json(&self, loosely: bool) -> serde_json::Value {
        match (&self.value, &self.origin) {
            (Value::Text(text), Origin::Variable(_)) if loosely => {
                serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into())
            }
            (Value::Text(text), _) => text.as_str().into(),
            (Value::Integer(integer), _) => (*integer).into(),
            (Value::Boolean(boolean), _) => (*boolean).into(),
            (Value::List(items), _) => items.iter().map(|item| item.json(loosely)).collect(),
            (Value::Table(table), _) => {
                table.iter().map(|(key, node)| (key.clone(), node.json(loosely))).collect()
            }
            (Value::Other(_), _) => serde_json::Value::Null,
        }
    }

    fn type_name(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "a text",
            Value::Integer(_) => "a number",
            Value::Boolean(_) => "true or false",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::Other(name) => name,
        }
    }
}

/// Reads a TOML text. Errors name the line and never show it: it may hold a secret.
pub(super) fn parse(text: &str, file: &Path) -> Result<Table, Error> {
    let file = Arc::new(file.to_owned());
    let line = |offset: usize| text[..offset].matches('\n').count() + 1;
    let document = DeTable::parse(text).map_err(|error| {
        let line = line(error.span().map_or(0, |span| span.start));
        Error::new(ErrorKind::Config, format!("{}, line {line}: {}", file.display(), error.message()))
    })?;
    Ok(table(document.get_ref(), &|offset| Origin::Line(Arc::clone(&file), line(offset))))
}

type OriginAt<'a> = &'a dyn Fn(usize) -> Origin;

fn table(table: &DeTable<'_>, origin: OriginAt<'_>) -> Table {
    let node = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| Node {
        value: self::value(value.get_ref(), origin),
        origin: origin(Spanned::<Cow<'_, str>>::span(key).start),
    };
    table.iter().map(|entry| (entry.0.get_ref().to_string(), node(entry))).collect()
}

fn value(value: &DeValue<'_>, origin: OriginAt<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(boolean) => Value::Boolean(*boolean),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_or(Value::Other("a number that is too large"), Value::Integer),
        DeValue::Table(inner) => Value::Table(table(inner, origin)),
        DeValue::Array(items) => {
            let node = |item: &Spanned<DeValue<'_>>| Node {
                value: self::value(item.get_ref(), origin),
                origin: origin(item.span().start),
            };
            Value::List(items.iter().map(node).collect())
        }
        DeValue::Float(_) => Value::Other("a fraction"),
        DeValue::Datetime(_) => Value::Other("a date"),
    }
}

/// Puts a variable such as `ORGPORT__PROVIDERS__PROD__BASE_URL` in its place in the tree. A
/// provider's name may have `-` where the variable has `_`.
pub(super) fn put_variable(tree: &mut Table, name: &str, value: &str) {
    let mut path: Vec<_> =
        name[PREFIX.len()..].to_lowercase().splitn(DEEPEST, "__").map(str::to_owned).collect();
    if let [providers, provider, ..] = &mut path[..]
        && providers == "providers"
    {
        // No name has an underscore, so this is what a provider that only variables know is called.
        *provider = provider.replace('_', "-");
    }
    let origin = Origin::Variable(name.to_owned());
    let (last, tables) = path.split_last().expect("a split has a part");
    let mut place = tree;
    for part in tables {
        let key = existing_key(place, part);
        let node = place
            .entry(key)
            .or_insert_with(|| Node { value: Value::Table(Table::new()), origin: origin.clone() });
        if !matches!(node.value, Value::Table(_)) {
            // The wrong type is reported where the tree is read, at the variable that made it one.
            *node = Node { value: Value::Table(Table::new()), origin: origin.clone() };
        }
        let Value::Table(inner) = &mut node.value else { unreachable!("it was just made a table") };
        place = inner;
    }
    let key = existing_key(place, last);
    place.insert(key, Node { value: Value::Text(value.to_owned()), origin });
}

/// The key that `part` of a variable's name means: the one there is, else itself.
fn existing_key(table: &Table, part: &str) -> String {
    let same = |key: &&String| key.replace('-', "_") == part.replace('-', "_");
    table.keys().find(same).map_or_else(|| part.to_owned(), Clone::clone)
}
