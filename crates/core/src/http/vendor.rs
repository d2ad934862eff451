//! What a vendor client tells the transport about its vendor.

use std::fmt;
use std::time::Duration;

use http::HeaderMap;

use crate::error::ErrorKind;

/// What the transport must know of a vendor: fixed headers, limits, and how to read its errors.
#[derive(Clone)]
pub struct Vendor {
    pub(crate) kind: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) explain: fn(&Failure<'_>) -> Refusal,
    pub(crate) limits: &'static [Bucket],
    pub(crate) remaining: Option<Remaining>,
    pub(crate) reset_header: Option<&'static str>,
}

/// Reads from a response's headers how many more calls this bucket will pass. `None` is the bucket
/// that counts every request.
pub type Remaining = fn(headers: &HeaderMap, bucket: Option<&str>) -> Option<u32>;

impl Vendor {
    /// A vendor without fixed headers and known limits. `explain` turns each refusal into what it
    /// means.
    pub fn new(kind: &'static str, explain: fn(&Failure<'_>) -> Refusal) -> Self {
        Self { kind, headers: Vec::new(), explain, limits: &[], remaining: None, reset_header: None }
    }

    /// Sends this header with every request, credential or not.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Paces requests by these limits.
    #[must_use]
    pub fn limits(mut self, limits: &'static [Bucket]) -> Self {
        self.limits = limits;
        self
    }

    /// Learns from the responses how much of a limit is left, since other programs may use it too.
    #[must_use]
    pub fn remaining(mut self, remaining: Remaining) -> Self {
        self.remaining = Some(remaining);
        self
    }

    /// The header that says in how many seconds a used-up limit is fresh again, honoured where
    /// nothing remains and on a 429 without `Retry-After`.
    #[must_use]
    pub fn reset_header(mut self, name: &'static str) -> Self {
        self.reset_header = Some(name);
        self
    }
}

impl fmt::Debug for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vendor")
            .field("kind", &self.kind)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// A limit as the vendor counts it: `burst` calls at once, and one more for every `every` that
/// passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    pub(crate) name: Option<&'static str>,
    pub(crate) burst: u32,
    pub(crate) every: Duration,
    pub(crate) penalty: u32,
}

impl Bucket {
    /// A limit on the requests that are [`limited_by`](super::Request::limited_by) this name.
    pub const fn named(name: &'static str, burst: u32, every: Duration) -> Self {
        Self { name: Some(name), burst, every, penalty: 0 }
    }

    /// A limit on all requests together.
    pub const fn for_all(burst: u32, every: Duration) -> Self {
        Self { name: None, burst, every, penalty: 0 }
    }

    /// A refused call costs this many calls more before the next one passes.
    #[must_use]
    pub const fn penalty(mut self, calls: u32) -> Self {
        self.penalty = calls;
        self
    }
}

/// A response that is no success, for a vendor's `explain` to judge.
pub struct Failure<'a> {
    /// The HTTP status.
    pub status: u16,
    /// Method and route template: `POST /v1/orgs/{id}`.
    pub call: &'a str,
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The body as text, cut at 16 KiB; what the request's credential shows in it is blanked out.
    pub body: &'a str,
    pub(crate) headers: &'a HeaderMap,
}

impl<'a> Failure<'a> {
    /// A failure without headers other than its content type; for tests of `explain`.
    pub fn new(status: u16, call: &'a str, content_type: Option<&'a str>, body: &'a str) -> Self {
        static NONE: std::sync::LazyLock<HeaderMap> = std::sync::LazyLock::new(HeaderMap::new);
        Self { status, call, content_type, body, headers: &NONE }
    }

    /// A header's value, if it is text.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// What a refusal means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What went wrong.
    pub kind: ErrorKind,
    /// The vendor's code, as sent.
    pub code: Option<String>,
    /// The vendor's words, as sent.
    pub message: Option<String>,
    /// Our words: what to do about it.
    pub hint: Option<String>,
    /// The response has the form that the vendor's own servers give to such a one, so that the
    /// vendor has decided and a write has not happened. `false` for a gateway's page: then nothing
    /// is known of a write.
    pub own_form: bool,
}

impl Refusal {
    /// A refusal in the vendor's own form, of the kind that its status has in general.
    pub fn new(status: u16) -> Self {
        Self { own_form: true, ..Self::from_status(status) }
    }

    /// What can be said of a response whose body is not the vendor's: the status alone.
    pub fn from_status(status: u16) -> Self {
        Self { kind: ErrorKind::from_status(status), code: None, message: None, hint: None, own_form: false }
    }

    /// Sharpens the kind.
    #[must_use]
    pub fn kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// Keeps the vendor's code.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Keeps the vendor's words.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
