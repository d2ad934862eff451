//! The things that are done.

use std::fmt;

use orgport_core::{
    AccountName, Email, Invitation, InvitationStatus, Invitee, Member, MemberId, Role, Timestamp,
};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Cost, named};
use crate::roster::role_word;

/// One thing to do at a place, with why and what it costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Action {
    /// What is done, and what was seen that makes it right: if that is no longer so, it is not done.
    #[serde(flatten)]
    pub change: Change,
    /// The person's name in the roster; none for somebody who is not there.
    pub person: Option<String>,
    /// Why: the line of the roster that wants it.
    pub reason: String,
    /// The price.
    pub cost: Cost,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// Invites somebody who is not in and has no invitation.
    Invite {
        /// Who is mailed.
        #[serde(flatten, with = "named")]
        invitee: Invitee,
        /// The role; none for what is configured or what the vendor chooses.
        role: Option<Role>,
    },
    /// Gives a member a role with more rights.
    Raise(RoleChange),
    /// Invites somebody anew whose invitations have expired or give another role. Those that wait
    /// are revoked first.
    Replace {
        /// Who is mailed.
        #[serde(flatten, with = "named")]
        invitee: Invitee,
        /// The role; none for what is configured or what the vendor chooses.
        role: Option<Role>,
        /// The invitations that it replaces.
        old: Vec<SeenInvitation>,
    },
    /// Gives a member a role with fewer rights, or one in the place of a role that is not known.
    Lower(RoleChange),
    /// Takes waiting invitations back.
    Revoke {
        /// The invitations, all of one person.
        old: Vec<SeenInvitation>,
    },
    /// Ends a membership.
    Remove {
        /// The membership as it was seen.
        member: SeenMember,
    },
}

/// Another role for a member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RoleChange {
    /// The membership as it was seen.
    pub member: SeenMember,
    /// The new role.
    pub role: Role,
}

/// A membership as it was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SeenMember {
    /// The membership's id.
    pub id: MemberId,
    /// The address, where the vendor shows it.
    #[serde(deserialize_with = "verbatim_if_any")]
    pub email: Option<Email>,
    /// The account's name, where the vendor shows it.
    #[serde(default)]
    pub account: Option<AccountName>,
    /// The role.
    pub role: Option<Role>,
}

/// An invitation as it was seen. Without its id, which opens the organization at some vendors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SeenInvitation {
    /// Who was invited.
    #[serde(flatten, with = "named")]
    pub invitee: Invitee,
    /// The role that it gives.
    pub role: Option<Role>,
    /// Where it stood.
    pub status: InvitationStatus,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Until when it can be answered.
    pub expires_at: Option<Timestamp>,
}

/// What a vendor shows need not be an address that can be mailed.
fn verbatim_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Email>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(Email::verbatim))
}

impl SeenMember {
    /// The address, else the account, else the id.
    pub(crate) fn subject(&self) -> String {
        let account = || self.account.as_ref().map(|name| format!("@{name}"));
        let email = self.email.as_ref().map(Email::to_string);
        email.or_else(account).unwrap_or_else(|| self.id.to_string())
    }

    pub(crate) fn of(member: &Member) -> Self {
        let Member { id, email, account, role, .. } = member.clone();
        Self { id, email, account, role }
    }
}

impl SeenInvitation {
    /// None for an invitation that shows neither an address nor an account: it invites nobody who can be
    /// told.
    pub(crate) fn of(invitation: &Invitation) -> Option<Self> {
        let invitee = invitation.invitee()?;
        let Invitation { role, status, created_at, expires_at, .. } = invitation.clone();
        Some(Self { invitee, role, status, created_at, expires_at })
    }

    /// Whether this is the invitation that was seen, as it was.
    pub(crate) fn is(&self, invitation: &Invitation) -> bool {
        Self::of(invitation).as_ref() == Some(self)
    }
}

impl Change {
    /// The word of what is done: `invite`, `raise`, `replace`, `lower`, `revoke` or `remove`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Invite { .. } => "invite",
            Self::Raise(_) => "raise",
            Self::Replace { .. } => "replace",
            Self::Lower(_) => "lower",
            Self::Revoke { .. } => "revoke",
            Self::Remove { .. } => "remove",
        }
    }

    /// How many mails go out.
    pub fn mails(&self) -> usize {
        usize::from(self.invitee().is_some())
    }

    /// Who is mailed, and with which role.
    pub(crate) fn invitee(&self) -> Option<(&Invitee, Option<&Role>)> {
        match self {
            Self::Invite { invitee, role } | Self::Replace { invitee, role, .. } => {
                Some((invitee, role.as_ref()))
            }
            Self::Raise(_) | Self::Lower(_) | Self::Revoke { .. } | Self::Remove { .. } => None,
        }
    }

    /// The membership that is changed.
    pub(crate) fn member(&self) -> Option<&SeenMember> {
        match self {
            Self::Raise(change) | Self::Lower(change) => Some(&change.member),
            Self::Remove { member } => Some(member),
            Self::Invite { .. } | Self::Replace { .. } | Self::Revoke { .. } => None,
        }
    }

    /// The role that somebody has or can have behind it and not before.
    pub(crate) fn gives(&self) -> Option<&Role> {
        match self {
            Self::Raise(change) => Some(&change.role),
            Self::Invite { role, .. } | Self::Replace { role, .. } => role.as_ref(),
            Self::Lower(_) | Self::Revoke { .. } | Self::Remove { .. } => None,
        }
    }

    /// The invitations that end with it.
    pub(crate) fn old(&self) -> &[SeenInvitation] {
        match self {
            Self::Replace { old, .. } | Self::Revoke { old } => old,
            Self::Invite { .. } | Self::Raise(_) | Self::Lower(_) | Self::Remove { .. } => &[],
        }
    }

    /// The address or account that it is about, else the member's id.
    pub(crate) fn subject(&self) -> String {
        let invitee = match self {
            Self::Invite { invitee, .. } | Self::Replace { invitee, .. } => Some(invitee),
            Self::Revoke { old } => old.first().map(|seen| &seen.invitee),
            Self::Raise(_) | Self::Lower(_) | Self::Remove { .. } => None,
        };
        let member = || self.member().map(SeenMember::subject);
        invitee.map(Invitee::to_string).or_else(member).unwrap_or_default()
    }

    /// The place of its kind in the order of a plan.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::Invite { .. } => 0,
            Self::Raise(_) => 1,
            Self::Replace { .. } => 2,
            Self::Lower(_) => 3,
            Self::Revoke { .. } => 4,
            Self::Remove { .. } => 5,
        }
    }
}

/// `invite bob@acme.example as member`
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.as_str(), self.subject())?;
        match self {
            Self::Invite { role, .. } => write!(f, " as {}", role_word(role.as_ref())),
            Self::Raise(change) | Self::Lower(change) => {
                write!(f, " from {} to {}", had(change.member.role.as_ref()), change.role)
            }
            Self::Replace { role, old, .. } => {
                write!(f, " as {} instead of {}", role_word(role.as_ref()), kinds(old))
            }
            Self::Revoke { old } => write!(f, " ({})", kinds(old)),
            Self::Remove { member } => write!(f, " ({})", had(member.role.as_ref())),
        }
    }
}

/// The role's word, as a vendor shows it.
pub(super) fn had(role: Option<&Role>) -> String {
    role.map_or_else(|| "no role shown".to_owned(), Role::to_string)
}

/// `pending member, expired owner`
fn kinds(old: &[SeenInvitation]) -> String {
    let kind = |seen: &SeenInvitation| format!("{} {}", seen.status, had(seen.role.as_ref()));
    let mut kinds: Vec<_> = old.iter().map(kind).collect();
    kinds.sort();
    kinds.dedup();
    kinds.join(", ")
}
