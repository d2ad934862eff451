//! The one error type.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::email::Email;
use crate::native::Native;
use crate::operation::Operation;
use crate::role::Role;

/// What went wrong, as far as a caller would act differently on it. Each kind says what to do.
///
/// Kinds may be added: a `match` needs a last branch, and [`Error::is_retryable`] is a good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
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
    /// is answered; a refresh token that is refused needs a new login.
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
    /// **What to do:** wait for [`Error::retry_after`], then call again. Waits up to `http.max_wait`
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
    /// The vendor's service is not well.
    ///
    /// **What to do:** try again later; what may be repeated was repeated already.
    Unavailable,
    /// No answer within the configured time.
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
    /// **What to do:** look before doing it again. Where [`Error::is_retryable`] says so, as for
    /// inviting, the same call looks by itself; an organization is first to be found in the list.
    Ambiguous,
    /// A part was done and another was not.
    ///
    /// **What to do:** what [`Error::left_behind`] says: it tells what is there now and has what is
    /// needed for the next step.
    Incomplete,
    /// The vendor's answer is not what it documents.
    ///
    /// **What to do:** look at the vendor's own pages for what happened, and report it with
    /// [`Error::call`] and [`Error::request_id`]. A proxy or a log-in page on the way shows so too.
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
            408 => Self::Timeout,
            409 => Self::Conflict,
            410 => Self::Expired,
            429 => Self::RateLimited,
            400..=499 => Self::InvalidInput,
            500..=599 => Self::Unavailable,
            _ => Self::Protocol,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_str().replace('_', " "))
    }
}

/// How far a request got before it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reach {
    /// It never left, or the vendor says that it did not look at it: nothing has happened.
    NotSent,
    /// It left, and no finished answer in the vendor's own form came back.
    Unanswered,
    /// The vendor itself answered.
    Answered,
}

/// What an operation that was done in part has left at the vendor, and what is needed to finish.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct LeftBehind {
    /// What is there, or is gone, and the next step, in words.
    pub description: String,
    /// The person concerned.
    pub email: Option<Email>,
    /// The role to invite the person with again.
    pub role: Option<Role>,
    /// The vendor's own JSON of what was there.
    pub native: Option<Native>,
}

impl LeftBehind {
    /// Says it in words.
    pub fn new(description: impl Into<String>) -> Self {
        Self { description: description.into(), email: None, role: None, native: None }
    }

    /// Names the person, and the role to invite with again.
    #[must_use]
    pub fn person(mut self, email: Option<Email>, role: Option<Role>) -> Self {
        self.email = email;
        self.role = role;
        self
    }

    /// Keeps the vendor's JSON.
    #[must_use]
    pub fn native(mut self, native: Option<Native>) -> Self {
        self.native = native;
        self
    }
}

type Source = Box<dyn StdError + Send + Sync>;

/// Why an operation failed. Callers branch on [`kind`](Error::kind), people read the text, retry
/// loops ask [`is_retryable`](Error::is_retryable).
///
/// `Display` is one line, says what to do next, and never holds a secret; the cause is behind
/// `source()`.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    setting: Option<&'static str>,
    provider: Option<String>,
    operation: Option<Operation>,
    call: Option<String>,
    status: Option<u16>,
    vendor_code: Option<String>,
    vendor_message: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    left_behind: Option<LeftBehind>,
    reach: Reach,
    /// Shared, so that one failure can be told to several callers.
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of this kind, found before anything was sent; the text says what to do.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            setting: None,
            provider: None,
            operation: None,
            call: None,
            status: None,
            vendor_code: None,
            vendor_message: None,
            request_id: None,
            retry_after: None,
            left_behind: None,
            reach: Reach::NotSent,
            source: None,
        }))
    }

    /// A setting of a provider that cannot be used: `key` is its place in the provider's table, such
    /// as `auth.token_url`, and `message` says what was found and what is valid.
    pub fn wrong_setting(key: &'static str, message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::Config, message);
        error.0.setting = Some(key);
        error
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Our own words on it; may be empty where the vendor's say all.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The setting that is wrong, by its place in the provider's table.
    pub fn setting(&self) -> Option<&'static str> {
        self.0.setting
    }

    /// The configured name of the provider.
    pub fn provider(&self) -> Option<&str> {
        self.0.provider.as_deref()
    }

    /// The neutral operation that was asked for.
    pub fn operation(&self) -> Option<Operation> {
        self.0.operation
    }

    /// The method and route template of the request that failed, for example
    /// `DELETE /orgs/{orgId}`.
    pub fn call(&self) -> Option<&str> {
        self.0.call.as_deref()
    }

    /// The HTTP status of the vendor's answer.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The vendor's own code, as sent.
    pub fn vendor_code(&self) -> Option<&str> {
        self.0.vendor_code.as_deref()
    }

    /// The vendor's own words, as sent.
    pub fn vendor_message(&self) -> Option<&str> {
        self.0.vendor_message.as_deref()
    }

    /// The vendor's id for the request, for its support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What was done of an operation that could not be finished.
    pub fn left_behind(&self) -> Option<&LeftBehind> {
        self.0.left_behind.as_ref()
    }

    /// How far the request got.
    pub fn reach(&self) -> Reach {
        self.0.reach
    }

    /// Says whether the same call can be made again, later and unchanged, with hope and without
    /// harm.
    pub fn is_retryable(&self) -> bool {
        let harmless =
            self.0.reach == Reach::NotSent || self.0.operation.is_none_or(Operation::is_repeatable);
        match self.0.kind {
            ErrorKind::RateLimited => true,
            ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Connection => harmless,
            ErrorKind::Ambiguous => self.0.operation.is_some_and(Operation::is_repeatable),
            _ => false,
        }
    }

    /// Changes the kind.
    #[must_use]
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Says it in other words of ours.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Names the request.
    #[must_use]
    pub fn with_call(mut self, call: impl Into<String>) -> Self {
        self.0.call = Some(call.into());
        self
    }

    /// Keeps the HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Keeps the vendor's code and words.
    #[must_use]
    pub fn with_vendor(mut self, code: Option<String>, message: Option<String>) -> Self {
        self.0.vendor_code = code;
        self.0.vendor_message = message;
        self
    }

    /// Keeps the vendor's id for the request.
    #[must_use]
    pub fn with_request_id(mut self, id: Option<String>) -> Self {
        self.0.request_id = id;
        self
    }

    /// Says how long to wait.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    /// Says what was done in part.
    #[must_use]
    pub fn with_left_behind(mut self, left_behind: LeftBehind) -> Self {
        self.0.left_behind = Some(left_behind);
        self
    }

    /// Says how far the request got.
    #[must_use]
    pub fn with_reach(mut self, reach: Reach) -> Self {
        self.0.reach = reach;
        self
    }

    /// Keeps the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// Adds where it happened, unless that is known already.
    #[must_use]
    pub fn during(mut self, provider: &str, operation: Operation) -> Self {
        self.0.provider.get_or_insert_with(|| provider.to_owned());
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Says that it happened as a step of this operation, whatever operation the step is by itself.
    #[must_use]
    pub fn within(mut self, operation: Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Adds which provider it was, unless that is known already.
    #[must_use]
    pub fn from_provider(mut self, provider: &str) -> Self {
        self.0.provider.get_or_insert_with(|| provider.to_owned());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, message, setting, provider, operation, call, status, vendor_message, .. } =
            &*self.0;
        let step = operation.map(Operation::as_str).or(call.as_deref());
        match (provider, step) {
            (Some(provider), Some(step)) => write!(f, "{provider} {step}: ")?,
            (Some(place), None) => write!(f, "{place}: ")?,
            (None, Some(step)) => write!(f, "{step}: ")?,
            (None, None) => {}
        }
        write!(f, "{kind}")?;
        if let Some(status) = status {
            write!(f, " ({status})")?;
        }
        if let Some(words) = vendor_message.as_deref().filter(|words| !words.is_empty()) {
            write!(f, ": {words:?}")?;
        }
        if let Some(setting) = setting {
            write!(f, ": {setting}")?;
        }
        if !message.is_empty() {
            write!(f, ": {message}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            message,
            setting,
            provider,
            operation,
            call,
            status,
            vendor_code,
            vendor_message,
            request_id,
            retry_after,
            left_behind,
            reach,
            source,
        } = &*self.0;
        let mut shown = f.debug_struct("Error");
        shown.field("kind", kind).field("message", message);
        if let Some(setting) = setting {
            shown.field("setting", setting);
        }
        shown
            .field("provider", provider)
            .field("operation", operation)
            .field("call", call)
            .field("status", status)
            .field("vendor_code", vendor_code)
            .field("vendor_message", vendor_message)
            .field("request_id", request_id)
            .field("retry_after", retry_after)
            .field("left_behind", left_behind)
            .field("reach", reach)
            .field("source", source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

/// Says where a failure happened, once, where a call enters an adapter.
pub trait Context<T> {
    /// Adds the provider's name and the operation to an error.
    ///
    /// # Errors
    ///
    /// The error it was called on.
    fn during(self, provider: &str, operation: Operation) -> Result<T, Error>;
}

impl<T> Context<T> for Result<T, Error> {
    fn during(self, provider: &str, operation: Operation) -> Result<T, Error> {
        self.map_err(|error| error.during(provider, operation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_with_the_vendors_words() {
        let error = Error::new(ErrorKind::PermissionDenied, "")
            .with_status(400)
            .with_vendor(None, Some("cannot grant a role above your own".into()))
            .during("search", Operation::Invite);
        assert_eq!(
            error.to_string(),
            r#"search invite: permission denied (400): "cannot grant a role above your own""#
        );
    }

    #[test]
    fn context_is_added_once() {
        let error = Error::new(ErrorKind::NotFound, "no such member")
            .during("prod", Operation::ListMembers)
            .during("other", Operation::Invite);
        assert_eq!(error.to_string(), "prod list_members: not found: no such member");
    }

    #[test]
    fn what_may_have_happened_is_retried_only_where_twice_is_once() {
        let failed = |operation, kind, reach| {
            Error::new(kind, "").with_reach(reach).during("p", operation).is_retryable()
        };
        let reset = |operation| failed(operation, ErrorKind::Connection, Reach::Unanswered);
        assert!(reset(Operation::ListMembers) && reset(Operation::RemoveMember));
        assert!(!reset(Operation::CreateOrganization));
        assert!(failed(Operation::CreateOrganization, ErrorKind::Connection, Reach::NotSent));
        assert!(failed(Operation::Invite, ErrorKind::Ambiguous, Reach::Unanswered));
        assert!(!failed(Operation::ResendInvitation, ErrorKind::Ambiguous, Reach::Unanswered));
        assert!(!failed(Operation::Invite, ErrorKind::InvalidInput, Reach::Answered));
    }
}
