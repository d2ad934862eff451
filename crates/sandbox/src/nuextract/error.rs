//! How `NuExtract` says no: JSON for all but bodies that it cannot decode.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

#[derive(Debug)]
pub(super) enum Failure {
    Unauthorized,
    Forbidden(&'static str),
    NotFound(&'static str),
    /// The text of the 400.
    Undecodable(String),
    Internal,
}

impl Failure {
    /// Names the detail every second time: clients may rely on the text's beginning only.
    pub(super) fn undecodable(count: &AtomicUsize, detail: &str) -> Self {
        let with_detail = count.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        let detail = if with_detail { format!(" ({detail})") } else { String::new() };
        Self::Undecodable(format!("Invalid value for: body{detail}"))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Self::Undecodable(text) => return (StatusCode::BAD_REQUEST, text).into_response(),
            Self::Unauthorized => {
                (StatusCode::UNAUTHORIZED, "Unauthorized", "Invalid or missing access token")
            }
            Self::Forbidden(message) => (StatusCode::FORBIDDEN, "Forbidden", message),
            Self::NotFound(message) => (StatusCode::NOT_FOUND, "NotFound", message),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "Something went wrong"),
        };
        (status, Json(json!({ "code": code, "message": message }))).into_response()
    }
}
