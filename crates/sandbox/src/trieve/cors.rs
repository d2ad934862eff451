//! The headers by which the vendor lets browsers of any origin in, on every response.

use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const VARIES: &str = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

/// Adds the headers; a preflight is answered here, whoever asks for whatever.
pub(super) async fn allow(request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let method = asked.get(ACCESS_CONTROL_REQUEST_METHOD).filter(|_| request.method() == Method::OPTIONS);
    let mut response = match method {
        Some(method) if asked.contains_key(ORIGIN) => preflight(method, &asked),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    if headers.contains_key(CONTENT_TYPE) {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("content-type"));
    }
    headers.insert(VARY, HeaderValue::from_static(VARIES));
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    if let Some(origin) = asked.get(ORIGIN) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    response
}

fn preflight(method: &HeaderValue, asked: &HeaderMap) -> Response {
    let mut response = StatusCode::OK.into_response();
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_METHODS, method.clone());
    if let Some(names) = asked.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    response
}
