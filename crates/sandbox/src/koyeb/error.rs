//! Koyeb's three shapes of error.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A refusal, with the body as the vendor writes it.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    body: Value,
}

impl ApiError {
    fn plain(status: StatusCode, code: &str, message: &str) -> Self {
        Self { status, body: json!({"status": status.as_u16(), "code": code, "message": message}) }
    }

    fn with_field(mut self, field: &str, description: &str) -> Self {
        self.body["fields"] = json!([{"field": field, "description": description}]);
        self
    }

    /// The gateway's own errors carry a gRPC code number and no HTTP status.
    fn gateway(status: StatusCode, code: u8, message: &str) -> Self {
        Self { status, body: json!({"code": code, "message": message, "details": []}) }
    }

    /// A value in the body or query that cannot be.
    pub(super) fn invalid(field: &str, description: &str) -> Self {
        Self::plain(StatusCode::BAD_REQUEST, "invalid_argument", "Invalid argument")
            .with_field(field, description)
    }

    /// A body that is no JSON object of the right types; no field can be blamed.
    pub(super) fn unreadable(message: &str) -> Self {
        let mut error = Self::plain(StatusCode::BAD_REQUEST, "invalid_argument", message);
        error.body["fields"] = json!([]);
        error
    }

    /// The call is fine and the moment is wrong.
    pub(super) fn failed_precondition(field: &str, description: &str) -> Self {
        Self::plain(StatusCode::BAD_REQUEST, "failed_precondition", description)
            .with_field(field, description)
    }

    pub(super) fn unauthenticated(message: &str) -> Self {
        Self::plain(StatusCode::UNAUTHORIZED, "authentication_error", message)
    }

    pub(super) fn forbidden(message: &str) -> Self {
        Self::plain(StatusCode::FORBIDDEN, "authorization_required", message)
    }

    /// A quota or the plan stands against it.
    pub(super) fn quota(field: &str, description: &str) -> Self {
        Self::plain(StatusCode::FORBIDDEN, "authorization_error", description).with_field(field, description)
    }

    /// `what` starts with a capital, as in `App not found`.
    pub(super) fn not_found(what: &str) -> Self {
        Self::plain(StatusCode::NOT_FOUND, "unknown_resource", &format!("{what} not found"))
    }

    pub(super) fn bad_path() -> Self {
        Self::gateway(StatusCode::BAD_REQUEST, 3, "Bad Request")
    }

    pub(super) fn unknown_path() -> Self {
        Self::gateway(StatusCode::NOT_FOUND, 5, "Not Found")
    }

    /// grpc-gateway reports a wrong method as "unimplemented", which is 501 over HTTP.
    pub(super) fn method_not_allowed() -> Self {
        Self::gateway(StatusCode::NOT_IMPLEMENTED, 12, "Method Not Allowed")
    }

    pub(super) fn message(&self) -> String {
        self.body["message"].as_str().unwrap_or_default().to_owned()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}
