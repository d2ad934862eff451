//! Koyeb's rate limit: 400 requests in each window of 60 seconds, per token.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header::AUTHORIZATION};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::Koyeb;

pub(super) const REQUESTS: u32 = 400;
const WINDOW: Duration = Duration::from_mins(1);

/// How many requests each token made in its current window.
#[derive(Default)]
pub(super) struct Limiter(Mutex<HashMap<Vec<u8>, Window>>);

struct Window {
    ends_at: Timestamp,
    used: u32,
}

/// What is left to a token after a request.
struct Allowance {
    admitted: bool,
    remaining: u32,
    reset_seconds: u64,
}

impl Limiter {
    fn take(&self, token: &[u8], now: Timestamp) -> Allowance {
        let mut windows = self.0.lock().expect("limiter lock");
        windows.retain(|_, window| window.ends_at > now);
        let window = windows.entry(token.to_vec()).or_insert_with(|| Window {
            ends_at: now.saturating_add(WINDOW).expect("a duration always adds"),
            used: 0,
        });
        let admitted = window.used < REQUESTS;
        window.used += u32::from(admitted);
        let left = Duration::try_from(now.duration_until(window.ends_at)).unwrap_or_default();
        let reset_seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        Allowance { admitted, remaining: REQUESTS - window.used, reset_seconds }
    }

    pub(super) fn clear(&self) {
        self.0.lock().expect("limiter lock").clear();
    }
}

impl Allowance {
    fn write(&self, headers: &mut HeaderMap) {
        headers.insert("x-ratelimit-limit", HeaderValue::from_static("400, 400;w=60"));
        headers.insert("x-ratelimit-remaining", self.remaining.into());
        headers.insert("x-ratelimit-reset", self.reset_seconds.into());
    }
}

/// The layer around every route. The vendor's refusal is no JSON and has no `Retry-After`.
pub(super) async fn apply(State(koyeb): State<Arc<Koyeb>>, request: Request, next: Next) -> Response {
    let token = request.headers().get(AUTHORIZATION).map_or(&b""[..], HeaderValue::as_bytes);
    let allowance = koyeb.limiter.take(token, koyeb.now());
    let mut response = if allowance.admitted {
        next.run(request).await
    } else {
        (StatusCode::TOO_MANY_REQUESTS, "Too Many Requests\n").into_response()
    };
    allowance.write(response.headers_mut());
    response
}
