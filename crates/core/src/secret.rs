//! Texts that must not be seen.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::de::Visitor;
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
        // A configuration knows by the name that the text may stand elsewhere.
        deserializer.deserialize_newtype_struct("$orgport::Secret", SecretVisitor)
    }
}

/// Takes a text and refuses other types without showing them, which errors of serde would do.
struct SecretVisitor;

/// Refuses a value of this type.
macro_rules! not_a_text {
    ($($visit:ident, $type:ty;)*) => {
        $(fn $visit<E: serde::de::Error>(self, _: $type) -> Result<Secret, E> {
            Err(E::custom("a secret must be a text in quotes"))
        })*
    };
}

impl<'de> Visitor<'de> for SecretVisitor {
    type Value = Secret;

    not_a_text! { visit_bool, bool; visit_i64, i64; visit_u64, u64; visit_f64, f64; }

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text in quotes")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Secret, E> {
        Ok(Secret::new(text))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Secret, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
