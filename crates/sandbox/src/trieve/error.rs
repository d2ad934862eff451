//! The one error body of the vendor, and the arguments that it refuses: path ids and JSON bodies.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;
use serde_json::json;
use uuid::Uuid;

use crate::fault_kind::Outage;
use crate::vendor::{Crash, Sabotage};

/// What is said when the database fails while a user is loaded by its id.
pub(super) const LOADING_USER: &str =
    "Error loading user with organizations and roles for get_user_by_id_query";

#[derive(Debug, Clone, Copy)]
enum Form {
    /// `{"message": …}`, nearly the vendor's whole vocabulary for failures.
    Json,
    /// How the vendor's framework words a query that it cannot read.
    Text,
    /// Nothing: the handler crashes.
    Crash,
}

#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    form: Form,
}

impl Refusal {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), form: Form::Json }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn query(problem: &str) -> Self {
        Self { form: Form::Text, ..Self::bad_request(format!("Query deserialize error: {problem}")) }
    }

    /// The connection ends without a response.
    pub(super) fn crash() -> Self {
        Self { form: Form::Crash, ..Self::internal("") }
    }

    fn path(problem: &str) -> Self {
        Self::bad_request(format!("Path deserialize error: {problem}"))
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    pub(super) fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden")
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("Not Found: {what}"))
    }

    pub(super) fn organization_not_found() -> Self {
        Self::not_found("Organization not found")
    }

    pub(super) fn no_such_user() -> Self {
        Self::bad_request("Error loading user by itself for get_user_by_id_query")
    }

    pub(super) fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// The server drops its members' cached log-ins, and stumbles where there are none to drop.
    pub(super) fn no_cached_user() -> Self {
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
        match self.form {
            Form::Json => (self.status, Json(json!({"message": self.message}))).into_response(),
            Form::Text => (self.status, self.message).into_response(),
            Form::Crash => Extension(Crash).into_response(),
        }
    }
}

impl Sabotage {
    /// Fails in these words where the database does, or where it is given a text that it cannot
    /// store: one with a zero byte.
    pub(super) fn database(self, text: &str, words: &str) -> Result<(), Refusal> {
        if self.hits(Outage::Operation) || text.contains('\0') {
            return Err(Refusal::bad_request(words));
        }
        Ok(())
    }

    /// Fails where the cache does when it is asked to forget people.
    pub(super) fn cache(self) -> Result<(), Refusal> {
        if self.hits(Outage::Cache) { Err(Refusal::no_cached_user()) } else { Ok(()) }
    }

    /// Fails like this where the database does behind a change.
    pub(super) fn behind(self, refusal: Refusal) -> Result<(), Refusal> {
        if self.hits(Outage::Behind) { Err(refusal) } else { Ok(()) }
    }
}

/// The last parameter of a path, in any spelling that the vendor's UUID library reads. It is read
/// behind other checks, so what is wrong with it is kept.
#[derive(Debug)]
pub(super) struct PathId(Result<Uuid, Refusal>);

impl PathId {
    pub(super) fn read(self) -> Result<Uuid, Refusal> {
        self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let text = match RawPathParams::from_request_parts(parts, state).await {
            Ok(params) => params.iter().last().map_or_else(String::new, |(_, id)| id.to_owned()),
            // Bytes that are not UTF-8.
            Err(_) => char::REPLACEMENT_CHARACTER.to_string(),
        };
        Ok(Self(read_uuid(&text).map_err(|problem| Refusal::path(&problem))))
    }
}

/// The words of uuid 1.10, which the vendor is locked to; later releases say it differently and
/// read `urn:uuid:` in any case.
pub(super) fn read_uuid(text: &str) -> Result<Uuid, String> {
    let id = text.parse().ok().filter(|_| !text.starts_with(['U', 'u']) || text.starts_with("urn:uuid:"));
    id.ok_or_else(|| format!("UUID parsing failed: {}", uuid_problem(text)))
}

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

/// A body whose content type fits and which is not empty, which most operations check first of all.
/// [`JsonBody::decode`] stands where the vendor decodes.
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
