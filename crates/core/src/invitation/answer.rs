//! What an invited person says to an invitation.

use serde::{Deserialize, Serialize};

use crate::email::Email;
use crate::error::{Error, ErrorKind, Reach};
use crate::id::{InvitationId, OrganizationId};
use crate::invitation::{Invitation, InvitationStatus};
use crate::secret::Secret;

/// Which invitation is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
