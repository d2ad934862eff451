//! GitHub's forms of refusal.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

const DOCUMENTATION: &str = "https://docs.github.com/rest";

/// A refusal, with the body as the vendor writes it.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    body: Value,
    headers: Vec<(&'static str, String)>,
}

impl ApiError {
    /// The basic form, in which the status is a text.
    pub(super) fn new(status: StatusCode, message: &str) -> Self {
        let body = json!({
            "message": message,
            "documentation_url": DOCUMENTATION,
            "status": status.as_u16().to_string(),
        });
        Self { status, body, headers: Vec::new() }
    }

    pub(super) fn with_header(mut self, name: &'static str, value: &impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    pub(super) fn bad_credentials() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Bad credentials")
    }

    pub(super) fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Requires authentication")
    }

    pub(super) fn bad_request(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn forbidden(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// A token that may do less than is asked of it.
    pub(super) fn permission(whose: &str, needed: &str) -> Self {
        Self::forbidden(&format!("Resource not accessible by {whose}"))
            .with_header("x-accepted-github-permissions", &needed)
    }

    /// A classic token without the scope for it.
    pub(super) fn scope(has: &str, needed: &str) -> Self {
        Self::forbidden("You need at least the admin:org scope to do this.")
            .with_header("x-oauth-scopes", &has)
            .with_header("x-accepted-oauth-scopes", &needed)
    }

    /// A body or query with a value of the wrong type, or without one that is needed.
    pub(super) fn invalid_request(why: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, &format!("Invalid request.\n\n{why}"))
    }

    /// The validation form, with one reason.
    pub(super) fn validation(code: &str, field: &str, message: &str) -> Self {
        let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Validation Failed");
        let reason =
            json!({ "resource": "OrganizationInvitation", "code": code, "field": field, "message": message });
        error.body["errors"] = json!([reason]);
        error
    }

    /// No seat is left, told without words inside.
    pub(super) fn no_seat() -> Self {
        let message = "You must purchase at least one more seat to add this user as a member.";
        let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, message);
        error.body["errors"] = json!([{ "code": "no_seat", "field": "user" }]);
        error
    }

    pub(super) fn message(&self) -> String {
        self.body["message"].as_str().unwrap_or_default().to_owned()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        for (name, value) in self.headers {
            let value = HeaderValue::try_from(value).expect("headers are made of visible letters");
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
        response
    }
}
