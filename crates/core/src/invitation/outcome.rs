//! How inviting ended.

use serde::Serialize;

use crate::invitation::Invitation;
use crate::member::Member;

/// How an outcome of inviting was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Via {
    /// The vendor's reply said it.
    Reply,
    /// A look at the vendor's lists showed it.
    Look,
}

/// How inviting one person ended well.
///
/// An existing invitation or membership is returned as it is, whatever role was asked for:
/// inviting never changes a role.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InviteOutcome {
    /// The invitation exists now at the vendor. No vendor tells of the mail's delivery.
    Invited(Invitation, Via),
    /// The person already had an invitation that waits; nothing was sent.
    AlreadyInvited(Invitation, Via),
    /// The vendor made an existing account a member at once.
    Joined(Member, Via),
    /// The person was a member before; nothing was sent.
    AlreadyMember(Member, Via),
}

impl InviteOutcome {
    /// `invited`, `already_invited`, `joined` or `already_member`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Invited(..) => "invited",
            Self::AlreadyInvited(..) => "already_invited",
            Self::Joined(..) => "joined",
            Self::AlreadyMember(..) => "already_member",
        }
    }

    /// How it was found out.
    pub fn via(&self) -> Via {
        match self {
            Self::Invited(_, via)
            | Self::AlreadyInvited(_, via)
            | Self::Joined(_, via)
            | Self::AlreadyMember(_, via) => *via,
        }
    }

    /// The invitation, unless the person is a member.
    pub fn invitation(&self) -> Option<&Invitation> {
        match self {
            Self::Invited(invitation, _) | Self::AlreadyInvited(invitation, _) => Some(invitation),
            Self::Joined(..) | Self::AlreadyMember(..) => None,
        }
    }

    /// The member, unless the person is only invited.
    pub fn member(&self) -> Option<&Member> {
        match self {
            Self::Joined(member, _) | Self::AlreadyMember(member, _) => Some(member),
            Self::Invited(..) | Self::AlreadyInvited(..) => None,
        }
    }
}
