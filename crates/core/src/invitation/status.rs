//! Where invitations stand.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use crate::error::{Error, ErrorKind};
use crate::text::text_conversions;

/// Where an invitation stands. serde writes and reads the words of `Display`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvitationStatus {
    /// It waits for an answer.
    Pending,
    /// The person said yes. No proof that the person is still a member.
    Accepted,
    /// The person said no.
    Declined,
    /// It waited too long.
    Expired,
    /// The vendor gave up on it, as when its mail came back. Nobody can answer it.
    Failed,
    /// A vendor's word with no neutral meaning.
    Unknown(String),
}

/// Stands before a vendor's own word, so that it cannot pass for a neutral one.
const UNKNOWN: &str = "unknown:";

impl InvitationStatus {
    /// Every status that can be asked for by name.
    pub const KNOWN: &[Self] = &[Self::Pending, Self::Accepted, Self::Declined, Self::Expired, Self::Failed];

    /// The status's word; for [`Unknown`](InvitationStatus::Unknown) the vendor's own.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Failed => "failed",
            Self::Unknown(word) => word,
        }
    }
}

/// The status's word; a vendor's own word stands behind `unknown:`.
impl fmt::Display for InvitationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if matches!(self, Self::Unknown(_)) {
            f.write_str(UNKNOWN)?;
        }
        f.write_str(self.as_str())
    }
}

impl FromStr for InvitationStatus {
    type Err = Error;

    /// Reads a status that can be asked for: never [`Unknown`](InvitationStatus::Unknown).
    fn from_str(text: &str) -> Result<Self, Error> {
        let word = text.trim().to_lowercase();
        Self::KNOWN.iter().find(|status| status.as_str() == word).cloned().ok_or_else(|| {
            let known: Vec<_> = Self::KNOWN.iter().map(Self::as_str).collect();
            Error::new(
                ErrorKind::InvalidInput,
                format!("{text:?} is not an invitation status; the statuses are {}", known.join(", ")),
            )
        })
    }
}

text_conversions!(InvitationStatus);

impl<'de> Deserialize<'de> for InvitationStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.strip_prefix(UNKNOWN) {
            Some(word) => Ok(Self::Unknown(word.to_owned())),
            None => text.parse().map_err(serde::de::Error::custom),
        }
    }
}
