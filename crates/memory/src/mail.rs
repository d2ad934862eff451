//! The ledger of mails.

use orgport_core::{Email, InvitationId, OrganizationId, Secret, Timestamp};

/// A mail that a real service would have sent.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Mail {
    /// The organization it invites to.
    pub organization: OrganizationId,
    /// To whom it went, as the caller wrote it.
    pub email: Email,
    /// Why it went.
    pub kind: MailKind,
    /// The invitation it is about.
    pub invitation: InvitationId,
    /// What stands in its link, for
    /// [`InvitationRef::by_token`](orgport_core::InvitationRef::by_token).
    pub token: Secret,
    /// When it went.
    pub at: Timestamp,
}

/// Why a mail was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MailKind {
    /// Somebody was invited.
    Invite,
    /// An invitation was sent once more.
    Resend,
}
