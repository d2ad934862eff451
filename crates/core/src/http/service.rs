//! The seam between requests and an HTTP client: one request in, one response out.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};

use super::retry::Retry;
use crate::error::{Error, ErrorKind, Reach};

/// Exchanges one request for one response.
///
/// Everything else stands above it: credentials, retries, limits on time and size. `reqwest`
/// implements it where the feature `reqwest` is on, [`CannedService`](super::CannedService) serves
/// tests without a network, and a program can bring a stack of its own.
///
/// An implementation
///
/// - sends the request to the letter and at most once: it follows no redirect and repeats nothing.
///   It may add `host`, `user-agent`, `accept-encoding` and what frames the body;
/// - sends nothing once `deadline` [is past](Deadline::is_past), which it asks as late as it can;
/// - responds as soon as the head is there, with a body that is decompressed as it is read.
#[async_trait]
pub trait HttpService: fmt::Debug + Send + Sync {
    /// Sends `request` and waits for the head of the response.
    ///
    /// # Errors
    ///
    /// An [`ExchangeError`] that says whether the request may have been carried out.
    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        deadline: Deadline,
    ) -> Result<http::Response<Body>, ExchangeError>;
}

/// The HTTP client of a provider: any [`HttpService`]. Clones share it.
#[derive(Clone)]
pub struct HttpClient(Arc<dyn HttpService>);

impl HttpClient {
    /// Sends by this service.
    pub fn new(service: impl HttpService + 'static) -> Self {
        Self(Arc::new(service))
    }

    /// No client is built in: a program brings its own.
    #[cfg(not(feature = "reqwest"))]
    pub(super) fn from_settings(_: &super::HttpSettings, _: bool) -> Result<Self, Error> {
        let what = "this build has no HTTP client: turn on the feature reqwest, or bring a client";
        Err(Error::new(ErrorKind::Config, what))
    }

    pub(super) fn service(&self) -> &dyn HttpService {
        &*self.0
    }
}

/// So that a service can stand around any client.
#[async_trait]
impl HttpService for HttpClient {
    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        deadline: Deadline,
    ) -> Result<http::Response<Body>, ExchangeError> {
        self.0.exchange(request, deadline).await
    }
}

/// Says nothing of it: it may hold headers of its own.
impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpClient")
    }
}

/// The body of a response, piece by piece.
pub struct Body(Pin<Box<dyn Stream<Item = Result<Bytes, ExchangeError>> + Send>>);

impl Body {
    /// A body that comes in pieces; an error says how it broke off.
    pub fn from_stream(pieces: impl Stream<Item = Result<Bytes, ExchangeError>> + Send + 'static) -> Self {
        Self(Box::pin(pieces))
    }

    /// The next piece, or `None` at the end: for a service that stands around another one.
    ///
    /// # Errors
    ///
    /// How it broke off.
    pub async fn next(&mut self) -> Option<Result<Bytes, ExchangeError>> {
        self.0.next().await
    }
}

/// A body that is there as a whole.
impl From<Bytes> for Body {
    fn from(whole: Bytes) -> Self {
        Self::from_stream(stream::iter([Ok(whole)]))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body")
    }
}

/// Why an exchange has no response, and whether the request may have been carried out.
#[derive(Debug)]
pub struct ExchangeError {
    pub(super) error: Error,
    pub(super) retry: Retry,
}

impl ExchangeError {
    /// Nothing of the request has left, and another attempt may succeed. The kind is
    /// [`Connection`](ErrorKind::Connection) or [`Timeout`](ErrorKind::Timeout).
    pub fn not_sent(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { error: Error::new(kind, message).with_reach(Reach::NotSent), retry: Retry::NotSent }
    }

    /// The request may have left, and no whole response came back.
    pub fn lost(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { error: Error::new(kind, message).with_reach(Reach::Unanswered), retry: Retry::IfRepeatable }
    }

    /// Another attempt would end the same.
    #[must_use]
    pub fn permanent(self) -> Self {
        Self { retry: Retry::Never, ..self }
    }

    /// Keeps the cause, which must not show the URL or a header.
    #[must_use]
    pub fn caused_by(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { error: self.error.with_source(source), ..self }
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl StdError for ExchangeError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}

/// The moment after which nothing of an attempt may leave any more.
///
/// It is kept on two clocks, and past when either says so: the one that never goes back stands still
/// while the machine sleeps, and the one that does not can be set back.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    monotonic: Instant,
    wall: SystemTime,
}

impl Deadline {
    /// This long from now.
    pub fn after(limit: Duration) -> Self {
        // What no clock can count is as good as never.
        let limit = limit.min(Duration::from_hours(24 * 365));
        Self { monotonic: Instant::now() + limit, wall: SystemTime::now() + limit }
    }

    /// What is left of it.
    pub fn remaining(&self) -> Duration {
        let wall = self.wall.duration_since(SystemTime::now()).unwrap_or_default();
        self.monotonic.saturating_duration_since(Instant::now()).min(wall)
    }

    /// Says whether it is past.
    pub fn is_past(&self) -> bool {
        self.remaining().is_zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_past_when_either_clock_says_so() {
        let hour = Duration::from_hours(1);
        let later = Deadline::after(hour);
        assert!(!later.is_past() && later.remaining() <= hour);
        assert!(Deadline::after(Duration::ZERO).is_past());
        // The machine slept for two hours, which only the wall clock noticed.
        assert!(Deadline { wall: later.wall - 2 * hour, ..later }.is_past());
        assert!(Deadline { monotonic: Instant::now(), ..later }.is_past());
        assert!(!Deadline::after(Duration::MAX).is_past());
    }
}
