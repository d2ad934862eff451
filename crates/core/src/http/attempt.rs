//! One attempt: out with the request, in with the answer, and what a failure means.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE};
use http::{HeaderMap, StatusCode};
use serde_json::value::RawValue;
use tokio::time::timeout;

use super::prepared::Prepared;
use super::request::Expected;
use super::response::request_id;
use super::retry::{Again, retry_after, seconds_of};
use super::{Failure, Refusal, Request, Response, Safety, Transport};
use crate::auth::Credential;
use crate::error::{Error, ErrorKind, Reach};
use crate::time::Timestamp;

/// How much of a failed answer is read, for the vendor's `explain`.
const READ_OF_FAILURES: usize = 16 << 10;
/// How much of the vendor's words an error keeps.
const KEPT_OF_WORDS: usize = 2 << 10;

/// An attempt that did not succeed.
pub(super) struct Failed {
    pub(super) error: Error,
    pub(super) again: Again,
    /// The answer's headers, if one came.
    pub(super) headers: HeaderMap,
}

impl Failed {
    fn new(again: Again, reach: Reach, error: Error) -> Self {
        Self { error: error.with_reach(reach), again, headers: HeaderMap::new() }
    }

    /// It left, and what came back is no answer.
    fn unanswered(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::new(Again::IfHarmless, Reach::Unanswered, Error::new(kind, message))
    }

    fn caused_by(mut self, source: reqwest::Error) -> Self {
        // The URL holds ids and query values.
        self.error = self.error.with_source(source.without_url());
        self
    }
}

impl From<Error> for Failed {
    /// An error from before anything was sent.
    fn from(error: Error) -> Self {
        Self::new(Again::Never, Reach::NotSent, error)
    }
}

pub(super) async fn attempt(
    transport: &Transport,
    request: &Request,
    prepared: &Prepared,
    credential: &Credential,
) -> Result<Response, Failed> {
    let limit = transport.shared.settings.attempt_timeout;
    match timeout(limit, exchange(transport, request, prepared, credential)).await {
        Ok(outcome) => outcome,
        Err(_) => {
            Err(Failed::unanswered(ErrorKind::Timeout, format!("no complete answer came within {limit:?}")))
        }
    }
}

async fn exchange(
    transport: &Transport,
    request: &Request,
    prepared: &Prepared,
    credential: &Credential,
) -> Result<Response, Failed> {
    let headers = prepared.headers_with(credential)?;
    let mut sending =
        transport.shared.client.request(request.method.clone(), prepared.url.clone()).headers(headers);
    if let Some(body) = &prepared.body {
        sending = sending.body(body.clone());
    }
    let answer = sending.send().await.map_err(not_sent_or_lost)?;
    let status = answer.status();
    if status.is_redirection() || *answer.url() != prepared.url {
        return Err(redirected(status));
    }
    let headers = answer.headers().clone();
    let date = date_of(&headers).unwrap_or_else(|| transport.clock().now());
    if !status.is_success() {
        let body = read_failure(answer, transport.shared.settings.stall_timeout).await;
        let mut failed = refused(transport, request, credential, status, &headers, &body);
        let wait = retry_after(&headers, date)
            .or_else(|| transport.vendor.reset_header.and_then(|name| seconds_of(&headers, name)))
            .filter(|_| failed.again != Again::Never);
        failed.error = failed.error.with_retry_after(wait);
        return Err(Failed { headers, ..failed });
    }
    let keep = |failed: Failed| {
        let error = failed.error.with_status(status.as_u16());
        let error = error.with_request_id(request_id(&headers).map(str::to_owned));
        Failed { error, ..failed }
    };
    let body = read_body(transport, answer).await.map_err(keep)?;
    if request.expected == Expected::Json && serde_json::from_slice::<&RawValue>(&body).is_err() {
        return Err(keep(not_json(&headers, &body)));
    }
    Ok(Response {
        status: status.as_u16(),
        headers,
        body,
        call: request.call(),
        date,
        private: request.safety == Safety::Auth,
        already_done: false,
    })
}

/// The vendor's clock when it answered.
fn date_of(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(DATE)?.to_str().ok()?;
    httpdate::parse_http_date(text).ok().map(Timestamp::from)
}

/// Tells what never left from what left and was lost. Only a connection that was never made
/// counts as the former: a pooled one that breaks may have carried the request.
fn not_sent_or_lost(source: reqwest::Error) -> Failed {
    let failed = if source.is_builder() {
        Error::new(ErrorKind::InvalidInput, "the request cannot be written as HTTP").into()
    } else if !source.is_connect() {
        if source.is_timeout() {
            Failed::unanswered(ErrorKind::Timeout, "the vendor did not answer in time")
        } else {
            Failed::unanswered(ErrorKind::Connection, "the connection broke before the answer came")
        }
    } else if mentions_certificate(&source) {
        let what = "the server's certificate is not trusted: if that is expected, name its authority in \
                    http.root_certificates";
        Error::new(ErrorKind::Connection, what).into()
    } else if source.is_timeout() {
        let what = "no connection could be made in time";
        Failed::new(Again::NotSent, Reach::NotSent, Error::new(ErrorKind::Timeout, what))
    } else {
        let what = "no connection could be made: check the address and the network";
        Failed::new(Again::NotSent, Reach::NotSent, Error::new(ErrorKind::Connection, what))
    };
    failed.caused_by(source)
}

/// The TLS library's own type is out of reach behind `reqwest`; its words are not.
fn mentions_certificate(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.to_string().contains("certificate"))
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

fn redirected(status: StatusCode) -> Failed {
    let what = "the vendor answers with a redirect, which is not followed, since it could carry the \
                credential elsewhere: check base_url";
    let error = Error::new(ErrorKind::Protocol, what).with_status(status.as_u16());
    // These say that the request belongs elsewhere; "found" and "see other" are also said after
    // a form was acted on.
    let unlooked = matches!(status.as_u16(), 301 | 307 | 308);
    Failed::new(Again::Never, if unlooked { Reach::Answered } else { Reach::Unanswered }, error)
}

async fn read_body(transport: &Transport, mut answer: reqwest::Response) -> Result<Bytes, Failed> {
    let cap = transport.shared.settings.max_body;
    let too_long = || Failed {
        again: Again::Never,
        ..Failed::unanswered(
            ErrorKind::Protocol,
            format!("the answer is longer than the {cap} bytes of http.max_body"),
        )
    };
    if answer.content_length().is_some_and(|length| length > cap as u64) {
        return Err(too_long());
    }
    let mut body = Vec::new();
    while let Some(chunk) = next_chunk(&mut answer, transport.shared.settings.stall_timeout).await? {
        if body.len() + chunk.len() > cap {
            return Err(too_long());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.into())
}

async fn next_chunk(answer: &mut reqwest::Response, stall: Duration) -> Result<Option<Bytes>, Failed> {
    match timeout(stall, answer.chunk()).await {
        Ok(chunk) => chunk.map_err(broken_off),
        Err(_) => {
            Err(Failed::unanswered(ErrorKind::Timeout, format!("the answer stopped for {stall:?} half way")))
        }
    }
}

/// A network that fails is one thing, an answer that ends too early or cannot be unpacked another.
fn broken_off(source: reqwest::Error) -> Failed {
    let network = |error: &io::Error| {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
        matches!(error.kind(), ConnectionReset | ConnectionAborted | BrokenPipe)
    };
    let lost = causes(&source).any(|cause| cause.downcast_ref().is_some_and(network));
    let kind = if lost { ErrorKind::Connection } else { ErrorKind::Protocol };
    Failed::unanswered(kind, "the answer broke off").caused_by(source)
}

/// What there is of a failed answer's body; the status says enough if the rest is lost.
async fn read_failure(mut answer: reqwest::Response, stall: Duration) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < READ_OF_FAILURES
        && let Ok(Some(chunk)) = next_chunk(&mut answer, stall).await
    {
        let room = READ_OF_FAILURES - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    body
}

fn not_json(headers: &HeaderMap, body: &[u8]) -> Failed {
    let what = if body.is_empty() {
        "the answer is empty where JSON is documented"
    } else if is_html(headers) {
        "the answer is a web page where JSON is documented: check base_url and what stands in between"
    } else {
        "the answer is not JSON, or not all of it came"
    };
    Failed::unanswered(ErrorKind::Protocol, what)
}

fn is_html(headers: &HeaderMap) -> bool {
    content_type(headers).is_some_and(|value| value.starts_with("text/html"))
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE)?.to_str().ok()
}

/// Lets the vendor's `explain` judge a failed answer, and takes from it how far the request got.
fn refused(
    transport: &Transport,
    request: &Request,
    credential: &Credential,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Failed {
    let status = status.as_u16();
    let body = credential.blank_out(&String::from_utf8_lossy(body));
    let call = request.call();
    let content_type = content_type(headers);
    let refusal =
        (transport.vendor.explain)(&Failure { status, call: &call, content_type, body: &body, headers });
    let (reach, again) = judge(status, &refusal);
    let private = request.safety == Safety::Auth;
    let code = refusal.code.map(|code| cut(&code)).filter(|code| !private || is_name(code));
    let words = refusal.message.map(|words| cut(words.trim())).filter(|_| !private);
    let hint = refusal.hint.unwrap_or_else(|| match is_html(headers) {
        true => {
            "the answer is a web page, not the vendor's own: something in between may have answered".into()
        }
        false => String::new(),
    });
    let error = Error::new(refusal.kind, hint)
        .with_status(status)
        .with_vendor(code, words)
        .with_request_id(request_id(headers).map(str::to_owned));
    Failed::new(again, reach, error)
}

/// How far a refused request got, and whether another attempt can help.
fn judge(status: u16, refusal: &Refusal) -> (Reach, Again) {
    let passing =
        matches!(refusal.kind, ErrorKind::Unavailable | ErrorKind::Timeout) && !matches!(status, 501 | 505);
    let again = if passing { Again::IfHarmless } else { Again::Never };
    match status {
        _ if refusal.kind == ErrorKind::RateLimited => (Reach::NotSent, Again::NoRoom),
        // Nobody acts for a stranger, whoever it is that says so.
        401 => (Reach::Answered, Again::Never),
        // Gateways say these for servers that may have acted.
        408 | 502..=504 if passing => (Reach::Unanswered, again),
        _ if refusal.own_form => (Reach::Answered, again),
        _ => (Reach::Unanswered, again),
    }
}

/// An error code as servers define them, in which nothing of a request is repeated.
fn is_name(code: &str) -> bool {
    code.len() <= 40
        && code.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-' | b'.'))
}

fn cut(words: &str) -> String {
    match words.char_indices().find(|(index, char)| index + char.len_utf8() > KEPT_OF_WORDS) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_how_far_a_request_got() {
        let own = |status| judge(status, &Refusal::new(status));
        let page = |status| judge(status, &Refusal::from_status(status));
        assert_eq!(own(400), (Reach::Answered, Again::Never));
        assert_eq!(page(400), (Reach::Unanswered, Again::Never));
        assert_eq!(own(500), (Reach::Answered, Again::IfHarmless));
        assert_eq!(page(521), (Reach::Unanswered, Again::IfHarmless));
        for status in [408, 502, 503, 504] {
            assert_eq!(own(status), (Reach::Unanswered, Again::IfHarmless), "{status}");
        }
        for status in [501, 505] {
            assert_eq!(own(status), (Reach::Answered, Again::Never), "{status}");
        }
        assert_eq!(page(401), (Reach::Answered, Again::Never));
        assert_eq!(page(429), (Reach::NotSent, Again::NoRoom));
        let definite = Refusal::new(500).kind(ErrorKind::NotFound);
        assert_eq!(judge(500, &definite), (Reach::Answered, Again::Never));
    }

    #[test]
    fn long_words_are_cut_between_characters() {
        let words = "é".repeat(KEPT_OF_WORDS);
        assert_eq!(cut(&words).len(), KEPT_OF_WORDS + '…'.len_utf8());
        assert_eq!(cut("short"), "short");
    }
}
