//! Answers: errors, plain bodies, and resources with their `_type`, `_actions` and `_links`.

use std::collections::BTreeMap;

use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use super::endpoints::ENDPOINTS;
use super::serve::Call;

/// A refusal, as `{"type":…,"message":…}`.
#[derive(Serialize)]
pub(super) struct Failure {
    #[serde(skip)]
    status: StatusCode,
    #[serde(rename = "type")]
    kind: &'static str,
    message: String,
}

impl Failure {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into() }
    }

    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Validation", message)
    }

    pub(super) fn version(range: &str, method: &Method, path: &str) -> Self {
        let message = format!("{range} is not supported by {method} {path}");
        Self::new(StatusCode::BAD_REQUEST, "VersionNotAllowed", message)
    }

    pub(super) fn unauthorized(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", message)
    }

    pub(super) fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", "Access is forbidden")
    }

    pub(super) fn not_found(title: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", format!("{title} was not found"))
    }

    pub(super) fn method_not_allowed(method: &Method) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", format!("{method} is not allowed"))
    }

    pub(super) fn expired() -> Self {
        Self::new(StatusCode::GONE, "Gone", "Invite has expired")
    }

    pub(super) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", "Request body is too large")
    }

    pub(super) fn server(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Error", message)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        Reply::new(self.status, &self).into_response()
    }
}

/// A finished answer.
pub(super) struct Reply {
    status: StatusCode,
    json: String,
}

impl Reply {
    pub(super) fn new(status: StatusCode, body: &impl Serialize) -> Self {
        Self { status, json: serde_json::to_string(body).expect("replies have text keys") }
    }

    pub(super) fn ok(body: &impl Serialize) -> Self {
        Self::new(StatusCode::OK, body)
    }

    pub(super) fn success() -> Self {
        Self::ok(&json!({ "success": true }))
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        (self.status, [(CONTENT_TYPE, "application/json")], self.json).into_response()
    }
}

/// A resource: its own fields first, then what the query flags ask for.
#[derive(Serialize)]
pub(super) struct Entity<T> {
    #[serde(flatten)]
    body: T,
    #[serde(rename = "_type")]
    kind: &'static str,
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    actions: Option<BTreeMap<&'static str, EntityAction>>,
    #[serde(rename = "_links", skip_serializing_if = "Option::is_none")]
    links: Option<BTreeMap<&'static str, Link>>,
}

#[derive(Serialize)]
struct EntityAction {
    href: String,
    method: &'static str,
}

#[derive(Serialize)]
struct Link {
    href: String,
}

impl<T: Serialize> Entity<T> {
    /// `path` is the resource's own; an organization also links to the collection.
    pub(super) fn new(call: &Call, kind: &'static str, path: &str, body: T) -> Self {
        let link = |path: &str| Link { href: path.to_owned() };
        let mut links = BTreeMap::from([("self", link(path))]);
        if kind == "org" {
            links.insert("orgs", link("/orgs"));
        }
        Self {
            body,
            kind,
            actions: call.flags.actions.then(|| permitted_actions(call, kind, path)),
            links: call.flags.links.then_some(links),
        }
    }
}

/// What the caller's token may do with the resource at `path`.
fn permitted_actions(call: &Call, kind: &str, path: &str) -> BTreeMap<&'static str, EntityAction> {
    let own = ENDPOINTS.iter().filter(|endpoint| endpoint.resource == kind);
    own.filter(|endpoint| endpoint.admits(call.scopes()))
        .filter_map(|endpoint| {
            let href = endpoint.path.replace("/orgs/{orgId}", path);
            let action = EntityAction { href, method: endpoint.method.as_str() };
            (!action.href.contains('{')).then_some((endpoint.name, action))
        })
        .collect()
}

/// The headers that every answer of the vendor carries.
pub(super) async fn with_vendor_headers(mut response: Response) -> Response {
    const HEADERS: [(&str, &str); 8] = [
        ("server", "Losant API"),
        ("pragma", "no-cache"),
        ("cache-control", "no-cache, no-store, must-revalidate"),
        ("x-content-type-options", "nosniff"),
        ("x-xss-protection", "1; mode=block"),
        ("content-security-policy", "default-src 'none'"),
        ("access-control-allow-origin", "*"),
        ("strict-transport-security", "max-age=31536000"),
    ];
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
