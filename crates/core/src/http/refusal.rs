//! What a refusal means: the vendor's `explain`, and how far the request got.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::attempt::AttemptError;
use super::credential::Credential;
use super::response::request_id;
use super::retry::Retry;
use super::{Failure, Refusal, Request, Safety, Transport};
use crate::error::{Error, ErrorKind, Reach};

/// How much of the vendor's words an error keeps.
const KEPT_OF_WORDS: usize = 2 << 10;

pub(super) fn is_html(headers: &HeaderMap) -> bool {
    content_type(headers).is_some_and(|value| value.starts_with("text/html"))
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE)?.to_str().ok()
}

/// Lets the vendor's `explain` judge a refusal, and takes from it how far the request got.
pub(super) fn refused(
    transport: &Transport,
    request: &Request,
    credential: &Credential,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> AttemptError {
    let status = status.as_u16();
    let body = credential.blank_out(&String::from_utf8_lossy(body));
    let call = request.call();
    let content_type = content_type(headers);
    let refusal =
        (transport.vendor.explain)(&Failure { status, call: &call, content_type, body: &body, headers });
    let (reach, retry) = judge(status, &refusal);
    let is_login = request.safety == Safety::Auth;
    let code = refusal.code.map(|code| cut(&code)).filter(|code| !is_login || is_name(code));
    let words = refusal.message.map(|words| cut(words.trim())).filter(|_| !is_login);
    let page = "the response is a web page, not the vendor's own: something in between may have sent it";
    let own_words = refusal.hint.or_else(|| is_html(headers).then(|| page.to_owned())).unwrap_or_default();
    let error = Error::new(refusal.kind, own_words)
        .with_status(status)
        .with_vendor(code, words)
        .with_request_id(request_id(headers).map(str::to_owned));
    AttemptError::new(retry, reach, error)
}

/// How far a refused request got, and whether another attempt can help.
fn judge(status: u16, refusal: &Refusal) -> (Reach, Retry) {
    let passing =
        matches!(refusal.kind, ErrorKind::Unavailable | ErrorKind::Timeout) && !matches!(status, 501 | 505);
    let retry = if passing { Retry::IfRepeatable } else { Retry::Never };
    match status {
        _ if refusal.kind == ErrorKind::RateLimited => (Reach::NotSent, Retry::NotProcessed),
        // Nobody acts for a stranger, whoever says so.
        401 => (Reach::Answered, Retry::Never),
        // Gateways say these for servers that may have acted.
        408 | 502..=504 if passing => (Reach::Unanswered, retry),
        _ if refusal.own_form => (Reach::Answered, retry),
        _ => (Reach::Unanswered, retry),
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
        assert_eq!(own(400), (Reach::Answered, Retry::Never));
        assert_eq!(page(400), (Reach::Unanswered, Retry::Never));
        assert_eq!(own(500), (Reach::Answered, Retry::IfRepeatable));
        assert_eq!(page(521), (Reach::Unanswered, Retry::IfRepeatable));
        for status in [408, 502, 503, 504] {
            assert_eq!(own(status), (Reach::Unanswered, Retry::IfRepeatable), "{status}");
        }
        for status in [501, 505] {
            assert_eq!(own(status), (Reach::Answered, Retry::Never), "{status}");
        }
        assert_eq!(page(401), (Reach::Answered, Retry::Never));
        assert_eq!(page(429), (Reach::NotSent, Retry::NotProcessed));
        let definite = Refusal::new(500).kind(ErrorKind::NotFound);
        assert_eq!(judge(500, &definite), (Reach::Answered, Retry::Never));
    }

    #[test]
    fn long_words_are_cut_between_characters() {
        let words = "é".repeat(KEPT_OF_WORDS);
        assert_eq!(cut(&words).len(), KEPT_OF_WORDS + '…'.len_utf8());
        assert_eq!(cut("short"), "short");
    }
}
