//! The one error type.

mod kind;
mod left_behind;
mod shown;

use std::error::Error as StdError;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

pub use self::kind::ErrorKind;
pub use self::left_behind::LeftBehind;
use crate::native::Native;
use crate::operation::Operation;

/// How far a request got before it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reach {
    /// It never left, or the vendor says that it did not look at it: nothing has happened.
    NotSent,
    /// It left, and no finished response in the vendor's own form came back.
    Unanswered,
    /// The vendor itself responded.
    Answered,
}

/// Why an operation failed. Callers branch on [`kind`](Error::kind), people read the text, retry
/// loops ask [`is_retryable`](Error::is_retryable).
///
/// `Display` is one line of bounded length without control characters, says what to do next, and
/// never holds a secret; the cause is behind `source()`. Errors are equal if all that they say is,
/// and their causes say the same.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<Details>);

#[derive(Clone, PartialEq, Eq, thiserror::Error)]
struct Details {
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
    /// The row of a list that could not be decoded.
    row: Option<Native>,
    /// Trying again does not help, whatever the kind.
    is_final: bool,
    /// A write that is harmless to repeat may have been carried out.
    may_be_done: bool,
    reach: Reach,
    source: Option<Cause>,
}

type BoxedError = Box<dyn StdError + Send + Sync>;

/// What led to an error. Shared, so that one failure can be told to several callers.
#[derive(Clone)]
struct Cause(Arc<dyn StdError + Send + Sync>);

impl Deref for Cause {
    type Target = dyn StdError + Send + Sync;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Cause {}

impl Error {
    /// An error of this kind, found before anything was sent; the text says what to do.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
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
            row: None,
            is_final: false,
            may_be_done: false,
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

    /// The HTTP status of the vendor's response.
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

    /// The row of a list that could not be decoded, as the vendor sent it.
    pub fn row(&self) -> Option<&Native> {
        self.0.row.as_ref()
    }

    /// How far the request got.
    pub fn reach(&self) -> Reach {
        self.0.reach
    }

    /// Says whether a write may or may not have been carried out: [`ErrorKind::Ambiguous`], or one that
    /// is harmless to repeat and keeps the kind of its last failure.
    pub fn may_be_done(&self) -> bool {
        self.0.may_be_done || self.0.kind == ErrorKind::Ambiguous
    }

    /// Says whether the same call can be made again, later and unchanged, with hope and without
    /// harm.
    pub fn is_retryable(&self) -> bool {
        if self.0.is_final {
            return false;
        }
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

    /// Says how far the request got; what is settled by that is no longer in doubt.
    #[must_use]
    pub fn with_reach(mut self, reach: Reach) -> Self {
        self.0.reach = reach;
        self.0.may_be_done &= reach == Reach::Unanswered;
        self
    }

    /// Says that a write may have been carried out, and is harmless to repeat.
    #[must_use]
    pub fn perhaps_done(mut self) -> Self {
        self.0.may_be_done = true;
        self
    }

    /// Keeps the row of a list that could not be decoded.
    #[must_use]
    pub fn with_row(mut self, row: Native) -> Self {
        self.0.row.get_or_insert(row);
        self
    }

    /// Says that trying again does not help, whatever the kind.
    #[must_use]
    pub fn not_retryable(mut self) -> Self {
        self.0.is_final = true;
        self
    }

    /// Keeps the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxedError>) -> Self {
        self.0.source = Some(Cause(Arc::from(source.into())));
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
