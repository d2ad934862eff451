//! Invitations: what is asked for, what there is, and how inviting ended.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::email::Email;
use crate::error::{Error, ErrorKind, Reach};
use crate::id::{InvitationId, OrganizationId};
use crate::member::Member;
use crate::native::Native;
use crate::role::Role;
use crate::secret::Secret;
use crate::time::Timestamp;

/// Where an invitation stands.
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
    /// A vendor's word with no neutral meaning.
    Unknown(String),
}

impl InvitationStatus {
    /// Every status that can be asked for by name.
    pub const KNOWN: [Self; 4] = [Self::Pending, Self::Accepted, Self::Declined, Self::Expired];

    fn word(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Unknown(word) => word,
        }
    }
}

/// The status's word; a vendor's own word stands behind `unknown:`.
impl fmt::Display for InvitationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if matches!(self, Self::Unknown(_)) {
            f.write_str("unknown:")?;
        }
        f.write_str(self.word())
    }
}

impl FromStr for InvitationStatus {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let word = text.trim().to_lowercase();
        Self::KNOWN.into_iter().find(|status| status.word() == word).ok_or_else(|| {
            let known: Vec<_> = Self::KNOWN.iter().map(Self::word).collect();
            Error::new(
                ErrorKind::InvalidInput,
                format!("{text:?} is not an invitation status; the statuses are {}", known.join(", ")),
            )
        })
    }
}

impl Serialize for InvitationStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An invitation at a vendor.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Invitation {
    /// What the vendor knows it by. On some vendors it is also the secret of the mailed link.
    pub id: InvitationId,
    /// The organization it leads to, where the vendor says it.
    pub organization_id: Option<OrganizationId>,
    /// The address it was sent to, where the vendor says it.
    pub email: Option<Email>,
    /// What the person may do after accepting.
    pub role: Option<Role>,
    /// The vendor's word for it.
    pub native_role: Option<String>,
    /// Where it stands.
    pub status: InvitationStatus,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Until when it can be answered; computed where the vendor gives a life time instead.
    pub expires_at: Option<Timestamp>,
    /// The vendor's own JSON.
    pub native: Option<Native>,
}

impl Invitation {
    /// An invitation of which nothing else is known.
    pub fn new(id: InvitationId, status: InvitationStatus) -> Self {
        Self {
            id,
            organization_id: None,
            email: None,
            role: None,
            native_role: None,
            status,
            created_at: None,
            expires_at: None,
            native: None,
        }
    }

    /// Says whether it is addressed to this person.
    pub fn is_for(&self, email: &Email) -> bool {
        self.email.as_ref() == Some(email)
    }

    /// Says whether it waits for an answer.
    pub fn is_pending(&self) -> bool {
        self.status == InvitationStatus::Pending
    }
}

/// Which invitations a list is to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvitationFilter {
    /// Only these statuses; empty for all.
    pub statuses: Vec<InvitationStatus>,
    /// Only those to this address.
    pub email: Option<Email>,
}

impl InvitationFilter {
    /// Every invitation that the vendor shows.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only those that wait for an answer.
    pub fn pending() -> Self {
        Self::all().status(InvitationStatus::Pending)
    }

    /// This status too.
    #[must_use]
    pub fn status(mut self, status: InvitationStatus) -> Self {
        self.statuses.push(status);
        self
    }

    /// Only those to this address.
    #[must_use]
    pub fn email(mut self, email: Email) -> Self {
        self.email = Some(email);
        self
    }

    /// Says whether an invitation passes.
    pub fn accepts(&self, invitation: &Invitation) -> bool {
        (self.statuses.is_empty() || self.statuses.contains(&invitation.status))
            && self.email.as_ref().is_none_or(|email| invitation.is_for(email))
    }

    /// Keeps what passes, and every row that could not be decoded: hiding one could hide a person.
    pub fn apply(&self, items: &mut Vec<Result<Invitation, Error>>) {
        items.retain(|item| item.as_ref().map_or(true, |invitation| self.accepts(invitation)));
    }

    /// Refuses a filter that can only ever answer nothing, because the vendor never shows any of
    /// its statuses.
    ///
    /// # Errors
    ///
    /// `Unsupported` that names the statuses which the vendor does show.
    pub fn check(&self, visible: &[InvitationStatus]) -> Result<(), Error> {
        if self.statuses.is_empty() || self.statuses.iter().any(|status| visible.contains(status)) {
            return Ok(());
        }
        let words = |statuses: &[InvitationStatus]| {
            statuses.iter().map(InvitationStatus::to_string).collect::<Vec<_>>().join(", ")
        };
        Err(Error::new(
            ErrorKind::Unsupported,
            format!(
                "this vendor never shows invitations that are {}; it shows {}",
                words(&self.statuses),
                words(visible)
            ),
        ))
    }
}

/// A person to invite.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewInvitation {
    /// Where the mail goes.
    pub email: Email,
    /// What the person is to be allowed; `None` for the configured default, or the vendor's own
    /// choice where it takes no role.
    pub role: Option<Role>,
}

impl NewInvitation {
    /// Invites this address, naming no role.
    pub fn to(email: Email) -> Self {
        Self { email, role: None }
    }

    /// With this role.
    #[must_use]
    pub fn with_role(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }
}

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
#[derive(Debug, Clone)]
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
    pub fn word(&self) -> &'static str {
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

/// Which invitation is answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum InvitationRef {
    /// One addressed to the configured credential's own person.
    Id {
        /// The organization it leads to; some vendors need it, others ignore it.
        organization: Option<OrganizationId>,
        /// The invitation.
        id: InvitationId,
    },
    /// One known by the token in its mail; needs no credential.
    Token {
        /// The address it was sent to.
        email: Email,
        /// The token from the mail.
        token: Secret,
    },
}

impl InvitationRef {
    /// An invitation to this organization.
    pub fn new(organization: OrganizationId, id: InvitationId) -> Self {
        Self::Id { organization: Some(organization), id }
    }

    /// An invitation on a vendor that knows invitations without their organization.
    pub fn by_id(id: InvitationId) -> Self {
        Self::Id { organization: None, id }
    }

    /// An invitation known by the token in its mail.
    pub fn by_token(email: Email, token: Secret) -> Self {
        Self::Token { email, token }
    }
}

/// What the invited person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third answer")]
pub enum Answer {
    /// Yes: the person becomes a member.
    Accept,
    /// No.
    Decline,
}

impl Answer {
    /// The status that an invitation has after this answer.
    pub fn status(self) -> InvitationStatus {
        match self {
            Self::Accept => InvitationStatus::Accepted,
            Self::Decline => InvitationStatus::Declined,
        }
    }
}

/// A vendor's confirmation of an answer.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Answered {
    /// What was answered, as the vendor confirmed it.
    pub status: InvitationStatus,
    /// The organization, where the vendor says it.
    pub organization_id: Option<OrganizationId>,
    /// The invitation as it stands now, where the vendor shows it.
    pub invitation: Option<Invitation>,
}

impl Answered {
    /// A confirmation, after checking that it is of the answer that was given.
    ///
    /// # Errors
    ///
    /// `Protocol` if the vendor confirms anything but `answer`.
    pub fn checked(answer: Answer, confirmed: InvitationStatus) -> Result<Self, Error> {
        if confirmed != answer.status() {
            return Err(Error::new(
                ErrorKind::Protocol,
                format!(
                    "the answer sent was {}, but the vendor confirms {confirmed}; look at the invitation",
                    answer.status()
                ),
            )
            .with_reach(Reach::Answered));
        }
        Ok(Self { status: confirmed, organization_id: None, invitation: None })
    }
}
