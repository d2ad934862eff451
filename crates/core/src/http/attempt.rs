//! One attempt: out with the request, in with the answer, and what a failure means.

use std::error::Error as StdError;

use http::header::DATE;
use http::{HeaderMap, StatusCode};
use tokio::time::timeout;

use super::body::{read_body, read_failure};
use super::prepared::Prepared;
use super::refusal::{is_html, refused};
use super::response::request_id;
use super::retry::{Again, retry_after, seconds_of};
use super::{Request, Response, Transport};
use crate::auth::Credential;
use crate::error::{Error, ErrorKind, Reach};
use crate::time::Timestamp;

/// An attempt that did not succeed.
pub(super) struct Failed {
    pub(super) error: Error,
    pub(super) again: Again,
    /// The answer's headers, if one came.
    pub(super) headers: HeaderMap,
}

impl Failed {
    pub(super) fn new(again: Again, reach: Reach, error: Error) -> Self {
        Self { error: error.with_reach(reach), again, headers: HeaderMap::new() }
    }

    /// It left, and what came back is no answer.
    pub(super) fn unanswered(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::new(Again::IfHarmless, Reach::Unanswered, Error::new(kind, message))
    }

    pub(super) fn caused_by(mut self, source: reqwest::Error) -> Self {
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
    let answer = transmit(sending).await.map_err(not_sent_or_lost)?;
    let status = answer.status();
    let headers = answer.headers().clone();
    if status.is_redirection() || *answer.url() != prepared.url {
        return Err(Failed { headers, ..redirected(status) });
    }
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
    if !request.expected.allows(&body) || is_page(&headers, &body) {
        return Err(keep(not_json(&headers, &body)));
    }
    Ok(Response {
        status: status.as_u16(),
        headers,
        body,
        call: request.call(),
        date,
        private: request.private,
        credential: credential.clone(),
        already_done: false,
    })
}

#[cfg(not(fuzzing))]
async fn transmit(request: reqwest::RequestBuilder) -> reqwest::Result<reqwest::Response> {
    request.send().await
}

#[cfg(fuzzing)]
async fn transmit(request: reqwest::RequestBuilder) -> reqwest::Result<reqwest::Response> {
    crate::fuzzing::transmit(request.build()?)
}

/// The vendor's clock when it answered.
pub(super) fn date_of(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(DATE)?.to_str().ok()?;
    httpdate::parse_http_date(text).ok().map(Timestamp::from)
}

/// Tells what never left from what left and was lost. Only a connection that was never made
/// counts as the former: a pooled one that breaks may have carried the request.
fn not_sent_or_lost(source: reqwest::Error) -> Failed {
    let failed = if source.is_builder() {
        Error::new(ErrorKind::InvalidInput, "the request cannot be written as HTTP").into()
    } else if let Some(what) = certificate_trouble(&source) {
        // A server that does not like ours ends the handshake before it hears a request, though
        // the request may be on its way by then.
        Error::new(ErrorKind::Connection, what).into()
    } else if !source.is_connect() {
        if source.is_timeout() {
            Failed::unanswered(ErrorKind::Timeout, "the vendor did not answer in time")
        } else {
            Failed::unanswered(ErrorKind::Connection, "the connection broke before the answer came")
        }
    } else if source.is_timeout() {
        let what = "no connection could be made in time";
        Failed::new(Again::NotSent, Reach::NotSent, Error::new(ErrorKind::Timeout, what))
    } else {
        let what = "no connection could be made: check the address, the network and the proxy";
        Failed::new(Again::NotSent, Reach::NotSent, Error::new(ErrorKind::Connection, what))
    };
    failed.caused_by(source)
}

/// What is wrong with a certificate, the server's or ours. The TLS library's own type is out of
/// reach behind `reqwest`; its words are not.
fn certificate_trouble(error: &reqwest::Error) -> Option<&'static str> {
    let words = causes(error).map(|cause| cause.to_string().to_lowercase());
    let words =
        words.filter(|words| words.contains("certificate") || words.contains("fatal alert")).last()?;
    if words.contains("fatal alert") {
        let about_ours = ["certificate", "unknownca", "accessdenied"].iter().any(|word| words.contains(word));
        return about_ours.then_some(
            "the server wants a certificate to know us by, and none or another than the one shown: check \
             http.client_identity",
        );
    }
    Some(if words.contains("expired") {
        "the server's certificate has expired: its operator must renew it"
    } else if words.contains("not valid for name") {
        "the server's certificate is for another host: check base_url"
    } else {
        "the server's certificate is not trusted: if that is expected, name its authority in \
         http.root_certificates"
    })
}

pub(super) fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
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

/// No vendor answers a success with a page, also where its body is of no interest: something in
/// between did, and whether the vendor was reached at all is not known.
fn is_page(headers: &HeaderMap, body: &[u8]) -> bool {
    is_html(headers) && body.trim_ascii_start().starts_with(b"<")
}

fn not_json(headers: &HeaderMap, body: &[u8]) -> Failed {
    let what = if body.is_empty() {
        "the answer is empty where JSON is documented"
    } else if is_html(headers) {
        "the answer is a web page, which this vendor never answers: check base_url and what stands in between"
    } else {
        "the answer is not JSON, or not all of it came"
    };
    Failed::unanswered(ErrorKind::Protocol, what)
}
