//! What went wrong, in one word.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What went wrong, as far as a caller would act differently on it. Each kind says what to do.
///
/// Kinds may be added: a `match` needs a last branch, and [`Error::is_retryable`](crate::Error::is_retryable) is a good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no such thing, or the credential may not know of it.
    ///
    /// **What to do:** check the id with the list it comes from. Ids change: resending makes a new
    /// invitation on some vendors, renaming a new organization on others. An invitation that was
    /// there a moment ago has been answered or revoked, where the vendor shows only waiting ones.
    /// If the thing is surely there, the credential is another account's or lacks a right.
    NotFound,
    /// The name or the person is there already.
    ///
    /// **What to do:** take what is there, or choose another name. Inviting does not end so: a person
    /// who is there is an outcome, [`AlreadyInvited`](crate::InviteOutcome::AlreadyInvited) or
    /// [`AlreadyMember`](crate::InviteOutcome::AlreadyMember).
    AlreadyExists,
    /// The vendor does not accept the credential.
    ///
    /// **What to do:** renew or replace it. OAuth 2 tokens have been renewed once already when this
    /// is returned; a refresh token that is refused needs a new login.
    Unauthenticated,
    /// The credential is good, but this is not allowed with it.
    ///
    /// **What to do:** have somebody with more rights do it or grant them, or configure another
    /// kind of credential; the text says which, where that is the reason. Retrying does not help.
    PermissionDenied,
    /// The request is wrong, and was refused here or by the vendor.
    ///
    /// **What to do:** change it. The text names the part and what would be taken.
    InvalidInput,
    /// The invitation can no longer be answered.
    ///
    /// **What to do:** ask for another one: [`invite`](crate::Invitations::invite) sends anew to a
    /// person whose invitation has expired.
    Expired,
    /// What is there stands against it: the last owner, an invitation that is answered already, a
    /// list that kept changing while it was read, several things of one name.
    ///
    /// **What to do:** look at it, then decide. The text lists what was found.
    Conflict,
    /// Too many calls.
    ///
    /// **What to do:** wait for [`Error::retry_after`](crate::Error::retry_after), then call again. Waits up to `http.max_wait`
    /// are waited within the call already; [`invite_many`](crate::Invitations::invite_many) waits as
    /// long as it must.
    RateLimited,
    /// This vendor, or this kind of credential, cannot do it. Nothing was sent.
    ///
    /// **What to do:** ask [`Capability`](crate::Capability) before, and do without; the text has
    /// the reason.
    Unsupported,
    /// The provider was made read-only. Nothing was sent.
    ///
    /// **What to do:** use a provider that is not, if the change is meant.
    ReadOnly,
    /// The vendor's service is unavailable.
    ///
    /// **What to do:** try again later; what may be repeated was repeated already.
    Unavailable,
    /// No response within the configured time.
    ///
    /// **What to do:** try again later, or raise `http.attempt_timeout`.
    Timeout,
    /// The vendor could not be reached: its name, the network, a proxy or TLS stand against it.
    ///
    /// **What to do:** look at the [`source`](std::error::Error::source), which says which; check
    /// `base_url` and the proxy settings; else try again later.
    Connection,
    /// A write may or may not have happened.
    ///
    /// **What to do:** look before doing it again. Where [`Error::is_retryable`](crate::Error::is_retryable) says so, as for
    /// inviting, the same call looks by itself; an organization is first to be found in the list.
    Ambiguous,
    /// A part was done and another was not.
    ///
    /// **What to do:** what [`Error::left_behind`](crate::Error::left_behind) says: it tells what is there now and has what is
    /// needed for the next step.
    Incomplete,
    /// The vendor's response is not what it documents.
    ///
    /// **What to do:** look at the vendor's own pages for what happened, and report it with
    /// [`Error::call`](crate::Error::call) and [`Error::request_id`](crate::Error::request_id). A proxy or a log-in page on the way shows so too.
    Protocol,
    /// The configuration is wrong.
    ///
    /// **What to do:** repair it; the text says where and what would be taken.
    Config,
    /// Not attempted, because something before it failed.
    ///
    /// **What to do:** see to the error that the text names, then call again for these.
    Cancelled,
}

impl ErrorKind {
    /// The kind in `snake_case`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::Unauthenticated => "unauthenticated",
            Self::PermissionDenied => "permission_denied",
            Self::InvalidInput => "invalid_input",
            Self::Expired => "expired",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::Unsupported => "unsupported",
            Self::ReadOnly => "read_only",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::Ambiguous => "ambiguous",
            Self::Incomplete => "incomplete",
            Self::Protocol => "protocol",
            Self::Config => "config",
            Self::Cancelled => "cancelled",
        }
    }

    /// The kind that a status means before the vendor's body is looked at: the one such table.
    pub fn from_status(status: u16) -> Self {
        match status {
            401 => Self::Unauthenticated,
            402 | 403 => Self::PermissionDenied,
            404 => Self::NotFound,
            407 => Self::Connection,
            408 | 499 => Self::Timeout,
            409 => Self::Conflict,
            410 => Self::Expired,
            429 => Self::RateLimited,
            425 | 500..=599 => Self::Unavailable,
            400..=499 => Self::InvalidInput,
            _ => Self::Protocol,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_str().replace('_', " "))
    }
}
