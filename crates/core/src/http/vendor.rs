//! What a vendor client tells the transport about its vendor.

use std::fmt;
use std::time::Duration;

use http::HeaderMap;

use super::wait::Wait;
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
    pub(crate) request_id_headers: &'static [&'static str],
    pub(crate) wants_user_agent: bool,
}

const REQUEST_IDS: &[&str] = &["x-request-id", "x-amzn-requestid", "cf-ray"];

/// Reads from a response's headers how many more calls this bucket will pass. `None` is the bucket
/// that counts every request.
pub type Remaining = fn(headers: &HeaderMap, bucket: Option<&str>) -> Option<u32>;

impl Vendor {
    /// A vendor without fixed headers and known limits. `explain` turns each refusal into what it
    /// means.
    pub fn new(kind: &'static str, explain: fn(&Failure<'_>) -> Refusal) -> Self {
        Self {
            kind,
            headers: Vec::new(),
            explain,
            limits: &[],
            remaining: None,
            reset_header: None,
            request_id_headers: REQUEST_IDS,
            wants_user_agent: false,
        }
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

    /// The header that says when a used-up limit is fresh again, as any [`Wait`], honoured where
    /// nothing remains and on a refusal by a limit without `Retry-After`.
    #[must_use]
    pub fn reset_header(mut self, name: &'static str) -> Self {
        self.reset_header = Some(name);
        self
    }

    /// Names the program to the vendor by `http.user_agent`, which refuses requests without a
    /// `User-Agent`, also where a client of the program's own sends them.
    #[must_use]
    pub fn wants_user_agent(mut self) -> Self {
        self.wants_user_agent = true;
        self
    }

    /// The headers in which the vendor tells its id of a request, for its support: the first that is
    /// there counts. By default those of many gateways: `x-request-id`, `x-amzn-requestid`, `cf-ray`.
    #[must_use]
    pub fn request_id_headers(mut self, names: &'static [&'static str]) -> Self {
        self.request_id_headers = names;
        self
    }

    /// The vendor's id of a request, as its response tells it.
    pub(super) fn request_id<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        self.request_id_headers.iter().find_map(|name| headers.get(*name)?.to_str().ok())
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
    /// A limit on the requests that are [`limited_by`](super::Request::limited_by) this name. Several can
    /// have one name, for limits in a minute and in an hour.
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

/// A response that is not a success, for a vendor's `explain` to judge.
pub struct Failure<'a> {
    /// The HTTP status.
    pub status: u16,
    /// Method and route template: `POST /v1/orgs/{id}`.
    pub call: &'a str,
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The body as text, cut at 16 KiB. What is taken from it is shown without the request's
    /// credential.
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
#[non_exhaustive]
pub struct Refusal {
    /// What went wrong.
    pub kind: ErrorKind,
    /// The vendor's code, as sent.
    pub code: Option<String>,
    /// The vendor's words, as sent. Where `explain` has none, the transport looks for them in the
    /// body, whatever its form.
    pub message: Option<String>,
    /// Our words: what to do about it.
    pub hint: Option<String>,
    /// The response has the form that the vendor's own servers give to such a one, so that the
    /// vendor has decided and a write has not happened. `false` for a gateway's page: then nothing
    /// is known of a write. It counts where the status is 500 or more: a finished 4xx is a refusal
    /// in any form.
    pub own_form: bool,
    /// How long the vendor asks to wait, where it says so elsewhere than in `Retry-After` and the
    /// [reset header](Vendor::reset_header).
    pub wait: Option<Wait>,
    /// It is a limit that no call waits for, since the vendor does not say when it is fresh again.
    pub(crate) is_quota: bool,
}

impl Refusal {
    /// A refusal in the vendor's own form, of the kind that its status has in general.
    pub fn new(status: u16) -> Self {
        Self { own_form: true, ..Self::from_status(status) }
    }

    /// What can be said of a response whose body is not the vendor's: the status alone.
    pub fn from_status(status: u16) -> Self {
        let kind = ErrorKind::from_status(status);
        Self { kind, code: None, message: None, hint: None, own_form: false, wait: None, is_quota: false }
    }

    /// A limit of the vendor's, whatever the status: the request was not carried out, and can be sent
    /// again after the wait.
    #[must_use]
    pub fn limit(mut self, wait: Option<Wait>) -> Self {
        self.wait = wait;
        self.kind(ErrorKind::RateLimited)
    }

    /// A limit of the vendor's over hours or days, such as one a day, that does not say when it is fresh
    /// again: the request was not carried out, is not sent again by itself, and a job of many ends here.
    #[must_use]
    pub fn quota(mut self) -> Self {
        self.is_quota = true;
        self.kind(ErrorKind::RateLimited)
    }

    /// Sharpens the kind. `Unavailable` is a fault of the vendor's that passes, whatever the status:
    /// what may be repeated is repeated.
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
