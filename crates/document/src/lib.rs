//! A TOML text as a tree in which every value knows where it was written, so that an error can
//! point there and say what was meant.
//!
//! ```
//! use std::path::Path;
//!
//! let tree = orgport_document::parse("[rails]\nmax_mail = 5\n", Path::new("team.toml"))?;
//! let rails = tree["rails"].table("rails")?;
//! let error = orgport_document::check_keys(rails, "rails", &["max_mails"]).unwrap_err();
//! assert_eq!(
//!     error.message(),
//!     "team.toml, line 2: rails.max_mail is not a setting; did you mean \"max_mails\"? (there is max_mails)"
//! );
//! # Ok::<(), orgport_core::Error>(())
//! ```

#![forbid(unsafe_code)]

mod bounded;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use orgport_core::{Error, ErrorKind};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use crate::bounded::read_bounded;
pub use crate::words::{check_keys, suggestion};

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a value is written in a text, a variable or a program")]
pub enum Origin {
    /// In a file, or a text of the program's, on this line.
    Line(Arc<PathBuf>, usize),
    /// In this environment variable.
    Variable(String),
    /// In what the program says itself.
    Program,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(file, line) => write!(f, "{}, line {line}", file.display()),
            Self::Variable(name) => write!(f, "the variable {name}"),
            Self::Program => f.write_str("the program's configuration"),
        }
    }
}

/// What was written.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_enums, reason = "TOML has no other types")]
pub enum Value {
    /// A text in quotes.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A list, or several tables of one name.
    List(Vec<Node>),
    /// A table.
    Table(Table),
    /// A type that no setting has, by its name.
    Other(&'static str),
}

/// A table's entries by key.
pub type Table = BTreeMap<String, Node>;

/// A value and where it was written.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_structs, reason = "a value and its place are all there is")]
pub struct Node {
    /// What was written.
    pub value: Value,
    /// Where: a table's entry counts from its key.
    pub origin: Origin,
}

impl Node {
    /// A wrong value, and where it stands.
    pub fn error(&self, path: &str, message: impl fmt::Display) -> Error {
        Error::new(ErrorKind::Config, format!("{}: {path} {message}", self.origin))
    }

    /// The value as a text.
    ///
    /// # Errors
    ///
    /// `Config` that names the place and the type that stands there; so for the other types too.
    pub fn text(&self, path: &str) -> Result<&str, Error> {
        match &self.value {
            Value::Text(text) => Ok(text),
            _ => Err(self.error(path, format_args!("must be a text in quotes, not {}", self.type_name()))),
        }
    }

    /// The value as `true` or `false`, which a variable spells as text.
    ///
    /// # Errors
    ///
    /// Those of [`text`](Node::text).
    pub fn boolean(&self, path: &str) -> Result<bool, Error> {
        match (&self.value, &self.origin) {
            (Value::Boolean(boolean), _) => Ok(*boolean),
            (Value::Text(text), Origin::Variable(_)) if text == "true" => Ok(true),
            (Value::Text(text), Origin::Variable(_)) if text == "false" => Ok(false),
            _ => Err(self.error(path, format_args!("must be true or false, not {}", self.type_name()))),
        }
    }

    /// The value as a list.
    ///
    /// # Errors
    ///
    /// Those of [`text`](Node::text).
    pub fn list(&self, path: &str) -> Result<&[Node], Error> {
        match &self.value {
            Value::List(items) => Ok(items),
            _ => Err(self.error(path, format_args!("must be a list, not {}", self.type_name()))),
        }
    }

    /// The value as a table.
    ///
    /// # Errors
    ///
    /// Those of [`text`](Node::text).
    pub fn table(&self, path: &str) -> Result<&Table, Error> {
        match &self.value {
            Value::Table(table) => Ok(table),
            _ => Err(self.error(path, format_args!("must be a table, not {}", self.type_name()))),
        }
    }

    /// A JSON value, all of it written in one place. `null` stands for what is not there: entries
    /// of a table that are `null` are left out.
    pub fn from_json(json: serde_json::Value, origin: &Origin) -> Self {
        let node = |json| Self::from_json(json, origin);
        let value = match json {
            serde_json::Value::Null => Value::Other("nothing"),
            serde_json::Value::Bool(boolean) => Value::Boolean(boolean),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(integer) => Value::Integer(integer),
                None if number.is_f64() => Value::Other("a fraction"),
                None => Value::Other("a number that is too large"),
            },
            serde_json::Value::String(text) => Value::Text(text),
            serde_json::Value::Array(items) => Value::List(items.into_iter().map(node).collect()),
            serde_json::Value::Object(map) => {
                let entries = map.into_iter().filter(|(_, value)| !value.is_null());
                Value::Table(entries.map(|(key, value)| (key, node(value))).collect())
            }
        };
        Self { value, origin: origin.clone() }
    }

    /// The value's type in words.
    pub fn type_name(&self) -> &'static str {
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

/// Reads a TOML text.
///
/// # Errors
///
/// `Config` that names the line and never shows it: it may hold a secret.
pub fn parse(text: &str, file: &Path) -> Result<Table, Error> {
    let file = Arc::new(file.to_owned());
    let ends: Vec<_> = text.match_indices('\n').map(|(offset, _)| offset).collect();
    let line = |offset: usize| ends.partition_point(|end| *end < offset) + 1;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_line() {
        let text =
            "top = [\n  \"a\",\n  2,\n]\n\n[table]\r\ninner = { deep = true }\n[[many]]\n[[many]]\nx = 1.5\n";
        let tree = parse(text, Path::new("f.toml")).expect("TOML");
        let line = |node: &Node| match &node.origin {
            Origin::Line(_, line) => *line,
            other => panic!("{other} is no file"),
        };
        let top = tree["top"].list("top").expect("a list");
        assert_eq!(top.iter().map(line).collect::<Vec<_>>(), [2, 3]);
        let table = tree["table"].table("table").expect("a table");
        assert_eq!((line(&tree["table"]), line(&table["inner"])), (6, 7));
        let many = tree["many"].list("many").expect("a list");
        assert_eq!(many.iter().map(line).collect::<Vec<_>>(), [8, 9]);
        let last = many[1].table("many").expect("a table");
        let error = last["x"].text("many.x").expect_err("a fraction");
        assert_eq!(error.message(), "f.toml, line 10: many.x must be a text in quotes, not a fraction");
        let error = top[1].list("top").expect_err("a number");
        assert_eq!(error.message(), "f.toml, line 3: top must be a list, not a number");
    }

    #[test]
    fn a_text_that_is_no_toml_is_refused_with_its_line_and_not_shown() {
        let error = parse("a = 1\nb = secret\n", Path::new("f.toml")).expect_err("no value");
        assert!(error.message().starts_with("f.toml, line 2: "), "{error}");
        assert!(!error.message().contains("secret"), "{error}");
    }
}
