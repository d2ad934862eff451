//! Roles.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use crate::error::{Error, ErrorKind};
use crate::text::text_conversions;

/// What a person may do in an organization, in neutral words.
///
/// A role is never rounded: what a vendor does not have cannot be granted there, and a vendor's
/// role that is not one of these is read as [`Role::Other`]. Roles have no order: what is more on one
/// vendor is something else on another.
///
/// serde writes and reads the words of `Display`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// Everything, other owners included.
    Owner,
    /// Manages people and settings.
    Admin,
    /// Changes the organization's content.
    Editor,
    /// Works on the organization's content within limits that the vendor sets.
    Collaborator,
    /// Belongs to the organization, with no rights over other people.
    Member,
    /// Reads only.
    Viewer,
    /// Has only rights given resource by resource. Spelled `none`.
    ResourceOnly,
    /// A vendor's word with no neutral meaning. Read, never granted, equal to no known role.
    Other(String),
}

/// Stands before a vendor's own word, so that it cannot pass for a neutral one.
const OTHER: &str = "other:";

impl Role {
    /// Every role that can be asked for by name.
    pub const KNOWN: &[Self] = &[
        Self::Owner,
        Self::Admin,
        Self::Editor,
        Self::Collaborator,
        Self::Member,
        Self::Viewer,
        Self::ResourceOnly,
    ];

    /// The role's word; for [`Other`](Role::Other) the vendor's own.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Editor => "editor",
            Self::Collaborator => "collaborator",
            Self::Member => "member",
            Self::Viewer => "viewer",
            Self::ResourceOnly => "none",
            Self::Other(word) => word,
        }
    }
}

/// The role's word; a vendor's own word stands behind `other:`.
impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if matches!(self, Self::Other(_)) {
            f.write_str(OTHER)?;
        }
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = Error;

    /// Reads a role that is to be granted: never [`Other`](Role::Other).
    fn from_str(text: &str) -> Result<Self, Error> {
        let word = text.trim().to_lowercase();
        Self::KNOWN.iter().find(|role| role.as_str() == word).cloned().ok_or_else(|| {
            let known: Vec<_> = Self::KNOWN.iter().map(Self::as_str).collect();
            Error::new(
                ErrorKind::InvalidInput,
                format!("{text:?} is not a role; the roles are {}", known.join(", ")),
            )
        })
    }
}

text_conversions!(Role);

impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.strip_prefix(OTHER) {
            Some(word) => Ok(Self::Other(word.to_owned())),
            None => text.parse().map_err(serde::de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_role_reads_back_and_no_other_is_granted() {
        for role in Role::KNOWN {
            assert_eq!(role.to_string().parse::<Role>().expect("known"), *role);
        }
        let error = "superuser".parse::<Role>().expect_err("unknown");
        assert!(error.to_string().contains("owner, admin, editor"), "{error}");
        assert_ne!(Role::Other("owner".into()), Role::Owner);
        assert_eq!(Role::Other("owner".into()).to_string(), "other:owner");
        assert!("other:owner".parse::<Role>().is_err());
    }
}
