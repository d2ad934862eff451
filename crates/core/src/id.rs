//! Identifiers as types, so that a user id cannot stand where a membership id is wanted.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use crate::error::{Error, ErrorKind};

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident($text:ty), $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name($text);

        impl $name {
            #[doc = concat!("Takes the vendor's text for ", $what, " as it is.")]
            ///
            /// # Errors
            ///
            /// `InvalidInput` if the text is empty or only white space.
            pub fn new(text: impl Into<String>) -> Result<Self, Error> {
                let text = text.into();
                if text.chars().all(char::is_whitespace) {
                    return Err(Error::new(ErrorKind::InvalidInput, concat!($what, " is empty")));
                }
                Ok(Self(text.into()))
            }

            /// The vendor's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                Self::new(text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = Error;

            fn try_from(text: &str) -> Result<Self, Error> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self, Error> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.as_str().to_owned()
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

identifier!(
    /// Names an organization in the vendor's own form: an id, or on some the organization's name.
    ///
    /// Clones share one text: every row of a list has its own.
    OrganizationId(Arc<str>),
    "the organization id"
);
impl OrganizationId {
    /// Says whether both name one organization: the case of the letters decides nothing.
    pub fn is(&self, other: &Self) -> bool {
        self == other || self.0.eq_ignore_ascii_case(&other.0)
    }
}

identifier!(
    /// Names a membership for [`set_member_role`](crate::Members::set_member_role) and
    /// [`remove_member`](crate::Members::remove_member): on some vendors the user's id, on others
    /// an id of the membership itself.
    MemberId(Box<str>),
    "the member id"
);
identifier!(
    /// Names a person's account at the vendor.
    UserId(Box<str>),
    "the user id"
);
identifier!(
    /// Names an invitation.
    InvitationId(Box<str>),
    "the invitation id"
);
