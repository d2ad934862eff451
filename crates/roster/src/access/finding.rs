//! What stands out.

use std::fmt;
use std::time::Duration;

use orgport_core::Email;
use serde::{Serialize, Serializer};

use super::Row;
use crate::snapshot::Snapshot;

/// How long before its end an invitation is said to expire soon.
pub const EXPIRES_SOON: Duration = Duration::from_hours(48);

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        /// What kind of thing stands out. The words are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum FindingKind { $($(#[$doc])* $variant,)* }

        impl FindingKind {
            /// Every kind, in the order in which findings are told.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its stable word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

kinds! {
    /// A place, or one of its lists, could not be read: nobody there can be told.
    Unreachable = "unreachable",
    /// A row of a list could not be read: somebody may be missing.
    UnreadableRow = "unreadable_row",
    /// No owner is among the members.
    NoOwnerSeen = "no_owner_seen",
    /// Only one member is an owner.
    SoleOwner = "sole_owner",
    /// One person has several accounts at one provider.
    SamePersonTwice = "same_person_twice",
    /// A member is asked in once more.
    MemberAndInvited = "member_and_invited",
    /// Several invitations of one person wait.
    SeveralInvitations = "several_invitations",
    /// An invitation was not answered in time.
    ExpiredInvitation = "expired_invitation",
    /// An invitation ends within [`EXPIRES_SOON`].
    ExpiresSoon = "expires_soon",
    /// The vendor's role has no neutral word.
    RoleUnknown = "role_unknown",
    /// A row shows no address, so that nobody can be matched with it.
    NoAddress = "no_address",
    /// Somebody is there whom the roster does not name there.
    NotInRoster = "not_in_roster",
    /// Somebody is not there whom the roster names there.
    Missing = "missing",
    /// Somebody has another role than the roster says.
    RoleDiffers = "role_differs",
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for FindingKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Something that stands out.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What kind of thing.
    #[serde(rename = "finding")]
    pub kind: FindingKind,
    /// The place as it is written.
    pub place: String,
    /// The provider's name in the configuration.
    pub provider: String,
    /// The organization's id.
    pub organization: Option<String>,
    /// What the person is called, where it is about one.
    pub person: Option<String>,
    /// The person's address.
    pub address: Option<Email>,
    /// What was found, in a sentence.
    pub sentence: String,
    /// The person's key among the rows.
    #[serde(skip)]
    pub key: Option<String>,
}

impl Finding {
    /// Something about one row, which is marked with it.
    pub(super) fn of_row(kind: FindingKind, row: &mut Row, sentence: String) -> Self {
        row.findings.push(kind);
        Self {
            kind,
            place: row.place.clone(),
            provider: row.provider.clone(),
            organization: row.organization.clone(),
            person: row.state.is_person().then(|| row.person.clone()),
            address: row.address.clone(),
            sentence,
            key: row.state.is_person().then(|| row.key.clone()),
        }
    }

    /// Something about a place, or about somebody who is not there.
    pub(super) fn of_place(kind: FindingKind, snapshot: &Snapshot, sentence: String) -> Self {
        Self {
            kind,
            place: snapshot.place.to_string(),
            provider: snapshot.place.provider.clone(),
            organization: Some(snapshot.place.organization.to_string()),
            person: None,
            address: None,
            sentence,
            key: None,
        }
    }
}
