//! What the vendor answers when it refuses: bodies A (application), F (framework) and none.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT, ALLOW, CONTENT_TYPE, HOST, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Line;

const ERROR_URI: &str = "https://tools.ietf.org/html/rfc6750#section-3.1";

/// A refused request. Handlers return it bare; [`Frame::finish`] writes it out, because its form
/// depends on the server line, the path and the `Accept` header of the request.
#[derive(Debug, Clone)]
pub(super) enum Refusal {
    /// 401 without a body.
    NoCredentials,
    /// 401 without a body, telling in a header what is wrong with the token.
    BadToken(&'static str),
    /// 403 without a body.
    Forbidden,
    /// 404 without a body, which one endpoint alone answers.
    Nothing,
    /// Body A, from the server's own error handling.
    Application(StatusCode, String),
    /// Body F, from the framework's error page; line B leaves the message out.
    Framework(StatusCode, String),
    /// 405, body F, with the methods that are allowed.
    Method { allow: &'static str, message: String },
}

impl Refusal {
    /// 400 with body A.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::Application(StatusCode::BAD_REQUEST, message.into())
    }

    /// 400 with body F.
    pub(super) fn unreadable(message: impl Into<String>) -> Self {
        Self::Framework(StatusCode::BAD_REQUEST, message.into())
    }

    /// 404 with body F.
    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::Framework(StatusCode::NOT_FOUND, message.into())
    }

    /// 500 with body F.
    pub(super) fn crash(message: impl Into<String>) -> Self {
        Self::Framework(StatusCode::INTERNAL_SERVER_ERROR, message.into())
    }

    pub(super) fn too_many_requests() -> Self {
        let message = "You have exceeded the maximum amount of requests allowed for this endpoint. \
                       Please try again in a few minutes";
        Self::Application(StatusCode::TOO_MANY_REQUESTS, message.to_owned())
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NoCredentials | Self::BadToken(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Nothing => StatusCode::NOT_FOUND,
            Self::Application(status, _) | Self::Framework(status, _) => *status,
            Self::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What the vendor's error page can write for an `Accept` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    Json,
    Html,
    Empty,
}

impl Page {
    fn wanted_by(headers: &HeaderMap) -> Self {
        if media_ranges(headers).any(|range| range == "text/html") {
            Self::Html
        } else if accepts_json(headers) {
            Self::Json
        } else {
            Self::Empty
        }
    }
}

/// Whether `Accept` lets the server write JSON. No header accepts everything.
pub(super) fn accepts_json(headers: &HeaderMap) -> bool {
    let mut ranges = media_ranges(headers).peekable();
    ranges.peek().is_none()
        || ranges.any(|range| matches!(range, "application/json" | "application/*" | "*/*"))
}

fn media_ranges(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .filter_map(|range| range.split(';').next())
        .map(str::trim)
        .filter(|range| !range.is_empty())
}

/// The host as the server sees it behind its proxy.
pub(super) fn host(headers: &HeaderMap) -> &str {
    headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("api.jaqpot.org")
}

/// What of a request its answer needs.
#[derive(Debug)]
pub(super) struct Frame {
    line: Line,
    path: String,
    host: String,
    page: Page,
    at: Timestamp,
}

impl Frame {
    pub(super) fn of(request: &Request, line: Line, at: Timestamp) -> Self {
        let headers = request.headers();
        Self {
            line,
            path: request.uri().path().to_owned(),
            host: host(headers).to_owned(),
            page: Page::wanted_by(headers),
            at,
        }
    }

    /// Writes out the refusal in `response`, if there is one, and adds the headers of every answer.
    pub(super) fn finish(&self, mut response: Response) -> Response {
        if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
            response = self.refuse(&refusal);
        }
        let headers = response.headers_mut();
        let no_store = "no-cache, no-store, max-age=0, must-revalidate";
        headers.insert("cache-control", HeaderValue::from_static(no_store));
        headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
        response
    }

    fn refuse(&self, refusal: &Refusal) -> Response {
        let status = refusal.status();
        match refusal {
            Refusal::NoCredentials | Refusal::BadToken(_) | Refusal::Forbidden => {
                let challenge =
                    HeaderValue::try_from(self.challenge(refusal)).expect("hosts are visible ASCII");
                (status, [(WWW_AUTHENTICATE, challenge)]).into_response()
            }
            Refusal::Nothing => status.into_response(),
            Refusal::Application(_, message) => {
                json_answer(status, &json!({"status": status.as_u16(), "message": message, "code": null}))
            }
            Refusal::Framework(_, message) => self.error_page(status, message),
            Refusal::Method { allow, message } => {
                ([(ALLOW, *allow)], self.error_page(status, message)).into_response()
            }
        }
    }

    fn challenge(&self, refusal: &Refusal) -> String {
        let mut parts = match refusal {
            Refusal::BadToken(description) => vec![
                r#"error="invalid_token""#.to_owned(),
                format!(r#"error_description="{description}""#),
                format!(r#"error_uri="{ERROR_URI}""#),
            ],
            Refusal::Forbidden => vec![
                r#"error="insufficient_scope""#.to_owned(),
                r#"error_description="The request requires higher privileges than provided by the access token.""#
                    .to_owned(),
                format!(r#"error_uri="{ERROR_URI}""#),
            ],
            _ => Vec::new(),
        };
        if self.line == Line::B && !matches!(refusal, Refusal::Forbidden) {
            let host = &self.host;
            parts.push(format!(r#"resource_metadata="http://{host}/.well-known/oauth-protected-resource""#));
        }
        format!("Bearer {}", parts.join(", ")).trim_end().to_owned()
    }

    /// Body F, as JSON, as a page or not at all.
    fn error_page(&self, status: StatusCode, message: &str) -> Response {
        let reason = status.canonical_reason().unwrap_or_default();
        match self.page {
            Page::Empty => status.into_response(),
            Page::Html => {
                let code = status.as_u16();
                let page = format!(
                    "<html><body><h1>Whitelabel Error Page</h1>\
                     <div>There was an unexpected error (type={reason}, status={code}).</div></body></html>"
                );
                (status, [(CONTENT_TYPE, "text/html;charset=UTF-8")], page).into_response()
            }
            Page::Json => {
                let offset = if self.line == Line::A { "+00:00" } else { "Z" };
                let mut body = json!({
                    "timestamp": format!("{}{offset}", self.at.strftime("%Y-%m-%dT%H:%M:%S%.3f")),
                    "status": status.as_u16(),
                    "error": reason,
                    "path": self.path,
                });
                if self.line == Line::A {
                    body["message"] = Value::from(message);
                }
                json_answer(status, &body)
            }
        }
    }
}

fn json_answer(status: StatusCode, body: &Value) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], Body::from(body.to_string())).into_response()
}
