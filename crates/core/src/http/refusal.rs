//! What a refusal means: the vendor's `explain`, and how far the request got.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::attempt::AttemptError;
use super::credential::Credential;
use super::redact::Redactor;
use super::retry::Retry;
use super::words::{cut, words_of};
use super::{Failure, Refusal, Request, Safety, Transport, Wait};
use crate::error::{Error, ErrorKind, Reach};

/// How much of the vendor's words an error keeps.
const KEPT_OF_WORDS: usize = 2 << 10;

pub(super) fn is_html(headers: &HeaderMap) -> bool {
    content_type(headers).is_some_and(|value| value.starts_with("text/html"))
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE)?.to_str().ok()
}

/// Lets the vendor's `explain` judge a refusal, and takes from it how far the request got, and the wait
/// that it tells.
pub(super) fn refused(
    transport: &Transport,
    request: &Request,
    credential: &Credential,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> (AttemptError, Option<Wait>) {
    let status = status.as_u16();
    let body = String::from_utf8_lossy(body);
    let call = request.call();
    let content_type = content_type(headers);
    let failure = Failure { status, call: &call, content_type, body: &body, headers };
    let refusal = (transport.vendor.explain)(&failure);
    let (reach, retry) = judge(status, &refusal);
    let redactor = credential.redactor();
    let request_id = transport.vendor.request_id(headers).map(|id| redactor.redact(id));
    let wait = refusal.wait;
    let page = "the response is a web page, not the vendor's own: something in between may have sent it";
    let refusal = match status {
        407 => refusal
            .hint("the proxy wants a user name and a password, or others than these: put them in http.proxy"),
        _ if refusal.hint.is_none() && is_html(headers) => refusal.hint(page),
        _ => refusal,
    };
    let refusal = Refusal { message: refusal.message.or_else(|| words_of(&body)), ..refusal };
    let error = error_of(status, refusal, &redactor, request.safety == Safety::Auth);
    (AttemptError::new(retry, reach, error.with_request_id(request_id)), wait)
}

/// What a person is told of a refusal. It shows what was decoded, so that no escape hides a
/// credential; a login's words may repeat what was sent, and are left out.
pub(super) fn error_of(status: u16, refusal: Refusal, redactor: &Redactor, is_login: bool) -> Error {
    let shown = |text: String| cut(&redactor.redact(text.trim()), KEPT_OF_WORDS);
    let code = refusal.code.map(shown).filter(|code| !is_login || is_name(code));
    let words = refusal.message.map(shown).filter(|_| !is_login);
    let error = Error::new(refusal.kind, refusal.hint.map(shown).unwrap_or_default())
        .with_status(status)
        .with_vendor(code, words);
    if refusal.is_quota { error.not_retryable() } else { error }
}

/// How far a refused request got, and whether another attempt can help. A finished 4xx is the
/// vendor's word, whatever its body; of other failures only the vendor's own form proves that it
/// has decided.
fn judge(status: u16, refusal: &Refusal) -> (Reach, Retry) {
    let is_passing =
        matches!(refusal.kind, ErrorKind::Unavailable | ErrorKind::Timeout) && !matches!(status, 501 | 505);
    let retry = if is_passing { Retry::IfRepeatable } else { Retry::Never };
    match status {
        // The proxy's, which opened no way to the vendor.
        407 => (Reach::NotSent, Retry::Never),
        425 => (Reach::NotSent, Retry::NotProcessed),
        _ if refusal.is_quota => (Reach::NotSent, Retry::Never),
        _ if refusal.kind == ErrorKind::RateLimited => (Reach::NotSent, Retry::NotProcessed),
        // Gateways say these for servers that may have acted.
        408 | 499 | 502..=504 if is_passing => (Reach::Unanswered, retry),
        400..=499 => (Reach::Answered, retry),
        _ if refusal.own_form => (Reach::Answered, retry),
        _ => (Reach::Unanswered, retry),
    }
}

/// An error code as servers define them, in which nothing of a request is repeated.
fn is_name(code: &str) -> bool {
    code.len() <= 40
        && code.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_how_far_a_request_got() {
        let own = |status| judge(status, &Refusal::new(status));
        let page = |status| judge(status, &Refusal::from_status(status));
        assert_eq!(own(400), (Reach::Answered, Retry::Never));
        for status in [400, 401, 403, 404, 409, 410, 413, 422, 451] {
            assert_eq!(page(status), (Reach::Answered, Retry::Never), "{status}");
        }
        for status in [408, 499] {
            assert_eq!(page(status), (Reach::Unanswered, Retry::IfRepeatable), "{status}");
        }
        assert_eq!(own(500), (Reach::Answered, Retry::IfRepeatable));
        assert_eq!(page(521), (Reach::Unanswered, Retry::IfRepeatable));
        for status in [408, 502, 503, 504] {
            assert_eq!(own(status), (Reach::Unanswered, Retry::IfRepeatable), "{status}");
        }
        for status in [501, 505] {
            assert_eq!(own(status), (Reach::Answered, Retry::Never), "{status}");
        }
        for status in [425, 429] {
            assert_eq!(page(status), (Reach::NotSent, Retry::NotProcessed), "{status}");
        }
        let limit = Refusal::from_status(403).limit(None);
        assert_eq!(judge(403, &limit), (Reach::NotSent, Retry::NotProcessed));
        assert_eq!(judge(422, &Refusal::new(422).quota()), (Reach::NotSent, Retry::Never));
        let fault = Refusal::new(400).kind(ErrorKind::Unavailable);
        assert_eq!(judge(400, &fault), (Reach::Answered, Retry::IfRepeatable));
        let definite = Refusal::new(500).kind(ErrorKind::NotFound);
        assert_eq!(judge(500, &definite), (Reach::Answered, Retry::Never));
    }
}
