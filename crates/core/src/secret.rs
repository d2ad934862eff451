//! Texts that must not be seen.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A token, key or password. `Debug` shows nothing of it, there is no `Display` and no
/// serialization, and the memory is wiped when it is dropped.
///
/// In a configuration it may stand elsewhere, for example in a variable; read from any other
/// format, it is the text as it is.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes the secret without the line break that files and shells put behind one.
    pub fn new(text: &str) -> Self {
        Self(text.trim_end_matches(['\r', '\n']).to_owned().into())
    }

    /// The secret itself, for the place that must send it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Says whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Found { known, reference } = Found::deserialize(deserializer)?;
        known.ok_or_else(|| {
            let reference = reference.unwrap_or_default();
            D::Error::custom(format!(
                "{reference:?}: this setting cannot come from the program's secret source"
            ))
        })
    }
}

/// Reads a text that may stand elsewhere, as secrets may, for a setting that is not secret.
pub(crate) fn sourced<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Secret::deserialize(deserializer)?.expose().to_owned())
}

/// The same, for a setting that need not be there.
pub(crate) fn sourced_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Secret>::deserialize(deserializer)?.map(|text| text.expose().to_owned()))
}

/// What a configuration has for a secret.
pub(crate) struct Found {
    /// The text, if it is known.
    pub(crate) known: Option<Secret>,
    /// What to ask the secret source for, if it may change.
    pub(crate) reference: Option<String>,
}

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A configuration knows by the name that the text may stand elsewhere.
        deserializer.deserialize_newtype_struct("$orgport::Secret", FoundVisitor)
    }
}

/// Takes a text, or a table that only the configuration makes, and refuses other types without
/// showing them, which errors of serde would do.
struct FoundVisitor;

/// Refuses a value of this type.
macro_rules! not_a_text {
    ($($visit:ident, $type:ty;)*) => {
        $(fn $visit<E: serde::de::Error>(self, _: $type) -> Result<Found, E> {
            Err(E::custom("a secret must be a text in quotes"))
        })*
    };
}

impl<'de> Visitor<'de> for FoundVisitor {
    type Value = Found;

    not_a_text! { visit_bool, bool; visit_i64, i64; visit_u64, u64; visit_f64, f64; }

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text in quotes")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Found, E> {
        Ok(Found { known: Some(Secret::new(text)), reference: None })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
        let mut found = Found { known: None, reference: None };
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "$orgport::known" => found.known = Some(Secret::new(&map.next_value::<String>()?)),
                "$orgport::reference" => found.reference = Some(map.next_value()?),
                _ => return Err(A::Error::custom("a secret must be a text in quotes")),
            }
        }
        Ok(found)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
