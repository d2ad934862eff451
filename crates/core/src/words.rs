//! Words of a vendor's, in lists that it may lengthen.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::Visitor;

/// An enum of a vendor's words for one thing, open for those that it adds later: as such a word stands in
/// the vendor's JSON it is read, shown and sent, and one that is not listed is `Other`.
///
/// ```
/// orgport_core::words! {
///     /// Where an invitation stands.
///     Status {
///         Pending = "PENDING",
///         Accepted = "ACCEPTED",
///     }
/// }
///
/// assert_eq!(Status::from("PENDING"), Status::Pending);
/// assert_eq!(Status::from("PAUSED").as_str(), "PAUSED");
/// ```
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $word, "`")] $(#[$variant_doc])* $variant,)*
            /// A word that was not documented, as it was sent.
            Other(String),
        }

        impl $name {
            /// The vendor's word.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)*
                    _ => Self::Other(word.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                Self::from(word.as_str())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::__private::word(deserializer)
            }
        }
    };
}

/// Reads a word where it stands, without a copy of it: what [`words!`](crate::words) reads by.
///
/// # Errors
///
/// The format's own, for what is no text.
pub fn word<'de, D: Deserializer<'de>, T: for<'a> From<&'a str>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(Word(PhantomData))
}

struct Word<T>(PhantomData<T>);

impl<T: for<'a> From<&'a str>> Visitor<'_> for Word<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<T, E> {
        Ok(T::from(word))
    }
}
