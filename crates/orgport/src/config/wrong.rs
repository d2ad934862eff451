//! What is wrong with a value, before and after its place is known.

use std::fmt;

use orgport_core::{Error, ErrorKind};
use orgport_document::{Node, Value, suggestion};
use serde::de::{self, Expected, Unexpected};

/// Why a value cannot be read.
#[derive(Debug)]
pub(crate) enum Wrong {
    /// With the place where it was written.
    Placed(Error),
    /// Of the entry with this key in a table.
    Entry { key: String, message: String },
    /// Of the value itself.
    Value(String),
}

impl Wrong {
    pub(super) fn unplaced(message: impl Into<String>) -> Self {
        Self::Value(message.into())
    }

    /// Names the place, unless it is known better already.
    pub(super) fn at(self, node: &Node, path: &str) -> Self {
        Self::Placed(match self {
            Self::Placed(error) => error,
            Self::Value(message) => node.error(path, message),
            Self::Entry { key, message } => match &node.value {
                Value::Table(table) if table.contains_key(&key) => {
                    table[&key].error(&format!("{path}.{key}"), message)
                }
                _ => node.error(path, message),
            },
        })
    }

    pub(super) fn into_error(self) -> Error {
        match self {
            Self::Placed(error) => error,
            Self::Entry { message, .. } | Self::Value(message) => Error::new(ErrorKind::Config, message),
        }
    }
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self::Placed(error)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Placed(error) => error.fmt(f),
            Self::Entry { message, .. } | Self::Value(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Value(format!("- {message}"))
    }

    /// Without the value, which may be a secret.
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Value(format!("must be {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Value(format!("must be {expected}"))
    }

    fn unknown_field(key: &str, expected: &'static [&'static str]) -> Self {
        let message = format!("is not a setting{}", suggestion(key, expected));
        Self::Entry { key: key.to_owned(), message }
    }

    fn unknown_variant(word: &str, expected: &'static [&'static str]) -> Self {
        Self::Value(format!("cannot be {word:?}{}", suggestion(word, expected)))
    }

    fn missing_field(key: &'static str) -> Self {
        Self::Value(format!("has no {key}"))
    }
}
