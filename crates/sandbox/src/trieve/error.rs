//! The one error body of the vendor, and the arguments that it refuses: path ids and JSON bodies.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;
use serde_json::json;
use uuid::Uuid;

/// A status and `{"message": …}`, the vendor's whole vocabulary for failures.
#[derive(Debug)]
pub(super) struct Refusal(StatusCode, String);

impl Refusal {
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, message.into())
    }

    pub(super) fn unauthorized() -> Self {
        Self(StatusCode::UNAUTHORIZED, "Unauthorized".to_owned())
    }

    pub(super) fn forbidden() -> Self {
        Self(StatusCode::FORBIDDEN, "Forbidden".to_owned())
    }

    pub(super) fn organization_not_found() -> Self {
        Self(StatusCode::NOT_FOUND, "Not Found: Organization not found".to_owned())
    }

    pub(super) fn internal(message: impl Into<String>) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, message.into())
    }

    /// The server drops its members' cached log-ins and stumbles where there are none to drop.
    pub(super) fn no_member_to_forget() -> Self {
        Self::internal("Failed to delete user from redis")
    }

    fn json(kind: &str, detail: &str) -> Self {
        let advice = "Please check that the request body matches the documented payload.";
        Self::bad_request(format!(
            "Json Deserialization Error: *Type* : {kind} | *Message* : {detail} | {advice}"
        ))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"message": self.1}))).into_response()
    }
}

/// An id in a path, in any spelling that the vendor's UUID library reads.
pub(super) fn path_id(text: &str) -> Result<Uuid, Refusal> {
    text.parse().map_err(|_| {
        Refusal::bad_request(format!("Path deserialize error: UUID parsing failed: {}", uuid_problem(text)))
    })
}

/// The words of uuid 1.10, which the vendor is locked to; later releases say it differently.
fn uuid_problem(text: &str) -> String {
    let braced = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).map(|id| (id, 1));
    let urn = || text.strip_prefix("urn:uuid:").map(|id| (id, "urn:uuid:".len()));
    let wrapped = braced.or_else(urn);
    let (id, offset) = wrapped.unwrap_or((text, 0));
    if let Some((at, c)) = id.char_indices().find(|(_, c)| !c.is_ascii_hexdigit() && *c != '-') {
        let at = at + offset + 1;
        return format!(
            "invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `{c}` at {at}"
        );
    }
    let lengths: Vec<usize> = id.split('-').map(str::len).collect();
    let expected = [8, 4, 4, 4, 12];
    if lengths.len() == 1 && wrapped.is_none() {
        return format!("invalid length: expected length 32 for simple format, found {}", text.len());
    }
    if lengths.len() != expected.len() {
        return format!("invalid group count: expected 5, found {}", lengths.len());
    }
    let wrong = (0..4).find(|&group| lengths[group] != expected[group]).unwrap_or(4);
    format!("invalid group length in group {wrong}: expected {}, found {}", expected[wrong], lengths[wrong])
}

/// A body whose content type fits and which is not empty. The vendor checks that first of all and
/// decodes last of all, so [`JsonBody::decode`] stands behind the checks of the caller's rights.
#[derive(Debug)]
pub(super) struct JsonBody(Bytes);

impl JsonBody {
    pub(super) fn decode<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(&self.0).map_err(|error| {
            let kind = match error.classify() {
                Category::Data => "Data error in JSON",
                Category::Eof => "Unexpected end of JSON input",
                Category::Syntax | Category::Io => "Syntax error in JSON",
            };
            Refusal::json(kind, &format!("Json deserialize error: {error}"))
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            return Err(Refusal::json("Content type header error", "Content type error"));
        }
        let bytes = Bytes::from_request(request, state).await;
        let body = Self(bytes.map_err(|error| Refusal::json("Payload error", &error.body_text()))?);
        if body.0.is_empty() {
            body.decode::<IgnoredAny>()?;
        }
        Ok(body)
    }
}

/// Whether the content type is JSON; without one the vendor assumes so.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return true };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    essence.split_once('/').is_some_and(|(_, subtype)| subtype == "json" || subtype.ends_with("+json"))
}
