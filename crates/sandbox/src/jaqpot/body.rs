//! Reading a request: media types, JSON, path values and the checks on fields.

use std::ops::RangeInclusive;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::error::{Refusal, accepts_json};

/// Refuses a request whose answer could not be JSON.
pub(super) struct WantsJson;

impl<S: Sync> FromRequestParts<S> for WantsJson {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        check_accept(&parts.headers)?;
        Ok(Self)
    }
}

fn check_accept(headers: &HeaderMap) -> Result<(), Refusal> {
    if accepts_json(headers) {
        return Ok(());
    }
    Err(Refusal::Framework(StatusCode::NOT_ACCEPTABLE, "No acceptable representation".to_owned()))
}

/// A body of the right media type, not yet decoded: path values are judged before it.
pub(super) struct JsonBody(Bytes);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let sent =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = sent.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            let message = format!("Content-Type '{sent}' is not supported");
            return Err(Refusal::Framework(StatusCode::UNSUPPORTED_MEDIA_TYPE, message).into_response());
        }
        check_accept(request.headers()).map_err(IntoResponse::into_response)?;
        Bytes::from_request(request, state).await.map(Self).map_err(IntoResponse::into_response)
    }
}

impl JsonBody {
    /// The decoded body; unknown members are ignored.
    pub(super) fn decode<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        if self.0.is_empty() {
            return Err(Refusal::unreadable("Required request body is missing"));
        }
        serde_json::from_slice(&self.0).map_err(|e| Refusal::unreadable(format!("JSON parse error: {e}")))
    }
}

/// A numeric id out of a path.
pub(super) fn numeric_id(parameter: &str, text: &str) -> Result<i64, Refusal> {
    text.parse().map_err(|_| {
        Refusal::unreadable(format!(
            "Method parameter '{parameter}': Failed to convert value of type 'java.lang.String' to required type \
             'long'; For input string: \"{text}\""
        ))
    })
}

/// A UUID out of a path that the framework converts.
pub(super) fn uuid(text: &str) -> Result<String, Refusal> {
    canonical_uuid(text).ok_or_else(|| {
        Refusal::unreadable(format!(
            "Method parameter 'uuid': Failed to convert value of type 'java.lang.String' to required type \
             'java.util.UUID'; Invalid UUID string: {text}"
        ))
    })
}

/// `text` in lower case, if it is a hyphenated UUID.
pub(super) fn canonical_uuid(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split('-').collect();
    let hex = text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    (hex && groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])).then(|| text.to_ascii_lowercase())
}

/// Whether `name` consists of the letters that a new organization's name may have.
pub(super) fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// The failed constraints of a body, reported all together.
#[derive(Debug, Default)]
pub(super) struct Constraints(Vec<String>);

impl Constraints {
    pub(super) fn require(&mut self, field: &str, holds: bool, text: &str) {
        if !holds {
            self.0.push(format!("Field {field} validation error: {text}"));
        }
    }

    pub(super) fn size(&mut self, field: &str, length: usize, allowed: &RangeInclusive<usize>) {
        let text = format!("size must be between {} and {}", allowed.start(), allowed.end());
        self.require(field, allowed.contains(&length), &text);
    }

    /// The length of a text as the vendor counts it, in UTF-16 units.
    pub(super) fn text_size(&mut self, field: &str, text: &str, allowed: &RangeInclusive<usize>) {
        self.size(field, text.encode_utf16().count(), allowed);
    }

    pub(super) fn email(&mut self, field: &str, address: &str) {
        self.require(field, is_email(address), "must be a well-formed email address");
    }

    pub(super) fn check(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::invalid(self.0.join(", "))) }
    }
}

/// The vendor's idea of an address: dot-separated atoms, `@`, a host name that needs no dot. The
/// empty text passes.
fn is_email(address: &str) -> bool {
    if address.is_empty() {
        return true;
    }
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let atom = |letter: char| {
        letter.is_alphanumeric() || !letter.is_ascii() || "!#$%&'*+/=?^_`{|}~-".contains(letter)
    };
    let label = |part: &str| {
        let letters =
            part.chars().all(|letter| letter.is_alphanumeric() || !letter.is_ascii() || letter == '-');
        letters && !part.is_empty() && part.len() <= 63 && !part.starts_with('-') && !part.ends_with('-')
    };
    local.chars().count() <= 64
        && domain.chars().count() <= 255
        && local.split('.').all(|part| !part.is_empty() && part.chars().all(atom))
        && domain.split('.').all(label)
}
