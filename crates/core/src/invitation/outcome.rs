//! How inviting ended.

use serde::{Deserialize, Serialize, Serializer};

use crate::email::Email;
use crate::error::Error;
use crate::invitation::Invitation;
use crate::invitee::{AccountName, Invitee};
use crate::member::Member;
use crate::role::Role;

/// How an outcome of inviting was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Via {
    /// The vendor's reply said it.
    Reply,
    /// A look at the vendor's lists showed it.
    Look,
}

impl Via {
    /// `reply` or `look`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Look => "look",
        }
    }
}

/// How inviting one person ended well.
///
/// serde writes it as an [`InviteRecord`].
///
/// An existing invitation or membership is returned as it is, whatever role was asked for:
/// inviting never changes a role. Where it has another one, the role that was asked for is told
/// beside it: [`role_differs`](InviteOutcome::role_differs).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InviteOutcome {
    /// The invitation exists now at the vendor. No vendor tells of the mail's delivery.
    Invited(Invitation, Via),
    /// The person already had an invitation that waits; nothing was sent. With the role that was
    /// asked for, if the invitation has another one.
    AlreadyInvited(Invitation, Via, Option<Role>),
    /// The vendor made an existing account a member at once.
    Joined(Member, Via),
    /// The person was a member before; nothing was sent. Without the member where the vendor says so
    /// and not which one it is. With the role that was asked for, if the member has another one.
    AlreadyMember(Option<Member>, Via, Option<Role>),
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
            | Self::AlreadyInvited(_, via, _)
            | Self::Joined(_, via)
            | Self::AlreadyMember(_, via, _) => *via,
        }
    }

    /// The role that was asked for, where the present one is another.
    pub fn role_differs(&self) -> Option<&Role> {
        match self {
            Self::AlreadyInvited(_, _, asked) | Self::AlreadyMember(_, _, asked) => asked.as_ref(),
            Self::Invited(..) | Self::Joined(..) => None,
        }
    }

    /// The invitation, unless the person is a member.
    pub fn invitation(&self) -> Option<&Invitation> {
        match self {
            Self::Invited(invitation, _) | Self::AlreadyInvited(invitation, ..) => Some(invitation),
            Self::Joined(..) | Self::AlreadyMember(..) => None,
        }
    }

    /// The member, unless the person is only invited or the vendor does not say which member it is.
    pub fn member(&self) -> Option<&Member> {
        match self {
            Self::Joined(member, _) => Some(member),
            Self::AlreadyMember(member, ..) => member.as_ref(),
            Self::Invited(..) | Self::AlreadyInvited(..) => None,
        }
    }
}

impl Serialize for InviteOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        InviteRecord::from(self).serialize(serializer)
    }
}

/// How inviting one person ended, or would end, as programs read it: the object of the command's
/// JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct InviteRecord<'a> {
    /// The address of whom it is about, as far as that is known.
    pub email: Option<&'a str>,
    /// The account of whom it is about, as far as that is known.
    pub account: Option<&'a str>,
    /// `invited`, `already_invited`, `joined`, `already_member`, `would_invite`,
    /// `repeated` (in a plan: by an earlier row of the same list) or `failed`.
    pub outcome: &'static str,
    /// How it was found out.
    pub via: Option<Via>,
    /// The invitation, unless the person is a member.
    pub invitation: Option<&'a Invitation>,
    /// The member, unless the person is only invited.
    pub member: Option<&'a Member>,
    /// The role that is or would be asked for: of a planned invitation, and where the present role is
    /// another.
    pub asked_role: Option<&'a Role>,
    /// Whether who is there already has another role than was asked for.
    pub role_differs: bool,
    /// Why it failed.
    pub error: Option<&'a Error>,
}

impl<'a> InviteRecord<'a> {
    /// An outcome of which nothing else is known.
    pub(crate) fn new(outcome: &'static str) -> Self {
        Self {
            email: None,
            account: None,
            outcome,
            via: None,
            invitation: None,
            member: None,
            asked_role: None,
            role_differs: false,
            error: None,
        }
    }

    /// About the person as it was passed, whatever the vendor made of it.
    #[must_use]
    pub fn with_invitee(mut self, person: &'a Invitee) -> Self {
        match person {
            Invitee::Email(email) => self.email = Some(email.as_str()),
            Invitee::Account(name) => self.account = Some(name.as_str()),
        }
        self
    }

    pub(crate) fn about_invitation(mut self, there: &'a Invitation) -> Self {
        self.email = there.email.as_ref().map(Email::as_str);
        self.account = there.account.as_ref().map(AccountName::as_str);
        Self { invitation: Some(there), ..self }
    }

    pub(crate) fn about_member(mut self, there: &'a Member) -> Self {
        self.email = there.email.as_ref().map(Email::as_str);
        self.account = there.account.as_ref().map(AccountName::as_str);
        Self { member: Some(there), ..self }
    }
}

impl<'a> From<&'a InviteOutcome> for InviteRecord<'a> {
    fn from(outcome: &'a InviteOutcome) -> Self {
        let record = Self {
            via: Some(outcome.via()),
            asked_role: outcome.role_differs(),
            role_differs: outcome.role_differs().is_some(),
            ..Self::new(outcome.as_str())
        };
        match (outcome.invitation(), outcome.member()) {
            (Some(there), _) => record.about_invitation(there),
            (None, Some(there)) => record.about_member(there),
            (None, None) => record,
        }
    }
}

impl<'a> From<&'a Error> for InviteRecord<'a> {
    fn from(error: &'a Error) -> Self {
        Self { error: Some(error), ..Self::new("failed") }
    }
}

impl<'a> From<&'a Result<InviteOutcome, Error>> for InviteRecord<'a> {
    fn from(outcome: &'a Result<InviteOutcome, Error>) -> Self {
        outcome.as_ref().map_or_else(Self::from, Self::from)
    }
}
