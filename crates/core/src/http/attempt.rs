//! One attempt: out with the request, in with the response, and what a failure means.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::DATE;
use http::{HeaderMap, StatusCode};
use tokio::time::timeout;

use super::body::{read_body, read_refusal};
use super::credential::Credential;
use super::expected::{Expected, is_nothing};
use super::refusal::{is_html, refused};
use super::retry::Retry;
use super::service::{Body, Deadline, ExchangeError};
use super::wait::{retry_after, wait_in};
use super::{Request, Response, Transport};
use crate::error::{Error, ErrorKind, Reach};
use crate::time::Timestamp;

/// Reads a success while the attempt lasts, so that a body that is not whole can be asked for again.
pub(super) type Read<'a> = &'a (dyn Fn(&Request, &Response) -> Result<(), Error> + Send + Sync);

/// Reads nothing but whether the body is whole, and empty where it says nothing.
pub(super) fn read_whole(request: &Request, response: &Response) -> Result<(), Error> {
    if request.expected == Expected::Nothing && !is_nothing(&response.body) {
        return Err(response.unexpected());
    }
    let is_whole = request.expected.allows(&response.body);
    is_whole.then_some(()).ok_or_else(|| response.protocol("the response is not whole"))
}

/// Why an attempt did not succeed.
pub(super) struct AttemptError {
    pub(super) error: Error,
    pub(super) retry: Retry,
    /// How soon the vendor takes the next call.
    pub(super) next_in: Option<Duration>,
    /// The response's headers, if one came.
    pub(super) headers: Box<HeaderMap>,
}

impl AttemptError {
    pub(super) fn new(retry: Retry, reach: Reach, error: Error) -> Self {
        ExchangeError { error: error.with_reach(reach), retry }.into()
    }

    /// It left, and no response came back that counts.
    fn unanswered(kind: ErrorKind, message: impl Into<String>) -> Self {
        ExchangeError::lost(kind, message).into()
    }
}

impl From<Error> for AttemptError {
    /// An error from before anything was sent.
    fn from(error: Error) -> Self {
        Self::new(Retry::Never, Reach::NotSent, error)
    }
}

impl From<ExchangeError> for AttemptError {
    fn from(ExchangeError { error, retry }: ExchangeError) -> Self {
        Self { error, retry, next_in: None, headers: Box::default() }
    }
}

/// One attempt of a request.
pub(super) struct Attempt<'a> {
    pub(super) transport: &'a Transport,
    pub(super) request: &'a Request,
    pub(super) credential: &'a Credential,
    pub(super) deadline: Deadline,
    pub(super) read: Read<'a>,
}

impl Attempt<'_> {
    /// Sends the request, which is ready, and reads what comes back until the deadline.
    pub(super) async fn send(&self, sending: http::Request<Bytes>) -> Result<Response, AttemptError> {
        timeout(self.deadline.remaining(), self.exchange(sending)).await.unwrap_or_else(|_| {
            let limit = self.transport.shared.settings.attempt_timeout;
            let what = format!("no complete response came within {limit:?}");
            Err(AttemptError::unanswered(ErrorKind::Timeout, what))
        })
    }

    async fn exchange(&self, sending: http::Request<Bytes>) -> Result<Response, AttemptError> {
        let Self { transport, request, credential, deadline, read } = *self;
        let uri = sending.uri().clone();
        let response = transport.shared.client.service().exchange(sending, deadline).await?;
        let (http::response::Parts { status, headers, .. }, body) = response.into_parts();
        if status.is_redirection() {
            return Err(AttemptError { headers: Box::new(headers), ..redirected(status) });
        }
        if !status.is_success() {
            return Err(self.refusal(status, headers, body).await);
        }
        let request_id = transport.vendor.request_id(&headers).map(str::to_owned);
        let keep = |failed: AttemptError| {
            let id = request_id.as_deref().map(|id| credential.redactor().redact(id));
            let error = failed.error.with_status(status.as_u16()).with_request_id(id);
            AttemptError { error, ..failed }
        };
        let body = read_body(transport, &headers, body).await.map_err(|error| keep(error.into()))?;
        if is_page(&headers, &body) {
            return Err(keep(not_json(&headers, &body)));
        }
        let response = Response {
            shared: Arc::clone(&transport.shared),
            vendor: Arc::clone(&transport.vendor),
            safety: request.safety,
            base_url: transport.base_url.clone(),
            uri,
            status: status.as_u16(),
            body: Arc::new(body),
            call: request.call(),
            date: date_of(&headers, transport),
            headers,
            holds_secret: request.holds_secret,
            credential: credential.clone(),
            already_done: false,
        };
        match read(request, &response) {
            Ok(()) => Ok(response),
            // What is not whole may be so the next time; a form that is not the documented one stays.
            Err(_) if !request.expected.allows(&response.body) => {
                Err(keep(not_json(&response.headers, &response.body)))
            }
            Err(error) => Err(AttemptError::new(Retry::Never, error.reach(), error)),
        }
    }

    /// What a response that is not a success means, and the waits that it asks for.
    async fn refusal(&self, status: StatusCode, headers: HeaderMap, body: Body) -> AttemptError {
        let Self { transport, request, credential, .. } = *self;
        let date = date_of(&headers, transport);
        let body = read_refusal(body, transport.shared.settings.stall_timeout).await;
        let (failed, asked) = refused(transport, request, credential, status, &headers, &body);
        let next_in = asked.map(|wait| wait.left(date)).or_else(|| retry_after(&headers, date));
        let fresh_in = || transport.vendor.reset_header.and_then(|name| wait_in(&headers, name, date));
        let wait = next_in.or_else(fresh_in).filter(|_| failed.retry != Retry::Never);
        let error = failed.error.with_retry_after(wait);
        AttemptError { error, next_in, headers: Box::new(headers), ..failed }
    }
}

/// The vendor's clock when it responded, or ours where it does not say.
pub(super) fn date_of(headers: &HeaderMap, transport: &Transport) -> Timestamp {
    said_date(headers).unwrap_or_else(|| transport.clock().now())
}

/// The `Date` header.
pub(super) fn said_date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(DATE)?.to_str().ok()?;
    httpdate::parse_http_date(text).ok().map(Timestamp::from)
}

fn redirected(status: StatusCode) -> AttemptError {
    let what = "the vendor responds with a redirect, which is not followed, since it could carry the \
                credential elsewhere: check base_url";
    let error = Error::new(ErrorKind::Protocol, what).with_status(status.as_u16());
    // These say that the request belongs elsewhere; "found" and "see other" are also said after
    // a form was acted on.
    let unlooked = matches!(status.as_u16(), 301 | 307 | 308);
    AttemptError::new(Retry::Never, if unlooked { Reach::Answered } else { Reach::Unanswered }, error)
}

/// No vendor sends a page with a success, also where its body is of no interest: something in
/// between did, and whether the vendor was reached at all is not known.
fn is_page(headers: &HeaderMap, body: &[u8]) -> bool {
    is_html(headers) && body.trim_ascii_start().starts_with(b"<")
}

fn not_json(headers: &HeaderMap, body: &[u8]) -> AttemptError {
    let what = if body.is_empty() {
        "the response is empty where JSON is documented"
    } else if is_html(headers) {
        "the response is a web page, which this vendor never sends: check base_url and what stands in between"
    } else {
        "the response is not JSON, or not all of it came"
    };
    AttemptError::unanswered(ErrorKind::Protocol, what)
}
