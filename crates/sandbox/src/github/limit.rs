//! GitHub's limits: the hour's calls, which every response tells, and the secondary ones, which nothing
//! tells before. Beside them what every request must say: who is asking, in which version.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header::USER_AGENT};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::GitHub;
use super::auth::{Token, bearer};
use super::error::ApiError;

const IN_AN_HOUR: usize = 5_000;
const POINTS_IN_A_MINUTE: usize = 900;
const CONTENT_IN_A_MINUTE: usize = 80;
const CONTENT_IN_AN_HOUR: usize = 500;
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];

/// What each account has asked for lately.
#[derive(Default)]
pub(super) struct Limiter(Mutex<HashMap<u64, Account>>);

#[derive(Default)]
struct Account {
    /// When the present hour ends, and how many calls were made in it.
    ends: Option<Timestamp>,
    used: usize,
    /// The points of the last minute, and the content of the last hour.
    points: VecDeque<(Timestamp, usize)>,
    content: VecDeque<(Timestamp, usize)>,
}

impl Account {
    fn begin(&mut self, now: Timestamp) {
        if self.ends.is_none_or(|ends| ends <= now) {
            self.ends = Some(later(now, HOUR));
            self.used = 0;
        }
        self.points.retain(|(at, _)| later(*at, MINUTE) > now);
        self.content.retain(|(at, _)| later(*at, HOUR) > now);
    }

    fn refuses(&self, method: &Method, now: Timestamp) -> Option<ApiError> {
        if self.used >= IN_AN_HOUR {
            return Some(ApiError::forbidden("API rate limit exceeded for user ID 1."));
        }
        let sum = |rows: &VecDeque<(Timestamp, usize)>, since: Duration| -> usize {
            rows.iter().filter(|(at, _)| later(*at, since) > now).map(|(_, count)| count).sum()
        };
        let is_over = sum(&self.points, MINUTE) + points(method) > POINTS_IN_A_MINUTE
            || is_content(method)
                && (sum(&self.content, MINUTE) >= CONTENT_IN_A_MINUTE
                    || sum(&self.content, HOUR) >= CONTENT_IN_AN_HOUR);
        is_over.then(|| {
            let message =
                "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
            ApiError::forbidden(message).with_header("retry-after", &MINUTE.as_secs())
        })
    }

    fn headers(&self, headers: &mut HeaderMap) {
        let reset = self.ends.map_or(0, Timestamp::as_second);
        headers.insert("x-ratelimit-limit", IN_AN_HOUR.into());
        headers.insert("x-ratelimit-remaining", IN_AN_HOUR.saturating_sub(self.used).into());
        headers.insert("x-ratelimit-used", self.used.into());
        headers.insert("x-ratelimit-reset", reset.into());
        headers.insert("x-ratelimit-resource", "core".parse().expect("visible letters"));
    }
}

impl Limiter {
    pub(super) fn clear(&self) {
        self.0.lock().expect("limiter lock").clear();
    }

    pub(super) fn core(&self, subject: u64, now: Timestamp) -> Value {
        let mut accounts = self.0.lock().expect("limiter lock");
        let account = accounts.entry(subject).or_default();
        account.begin(now);
        let reset = account.ends.map_or(0, Timestamp::as_second);
        json!({ "limit": IN_AN_HOUR, "used": account.used, "remaining": IN_AN_HOUR - account.used, "reset": reset })
    }
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.saturating_add(by).expect("a duration always adds")
}

fn points(method: &Method) -> usize {
    if method == Method::GET { 1 } else { 5 }
}

/// Changes of all kinds are counted as content: which are is not disclosed.
fn is_content(method: &Method) -> bool {
    method != Method::GET
}

/// The layer around every route.
pub(super) async fn apply(State(github): State<Arc<GitHub>>, request: Request, next: Next) -> Response {
    if let Some(refusal) = unfit(request.headers()) {
        return refusal.into_response();
    }
    let now = github.now();
    let token = bearer(request.headers()).map(str::to_owned);
    let subject = token.and_then(|token| github.data().token(&token, now).map(Token::subject));
    let Some(subject) = subject else { return next.run(request).await };
    let refusal = {
        let mut accounts = github.limiter.0.lock().expect("limiter lock");
        let account = accounts.entry(subject).or_default();
        account.begin(now);
        let refusal = account.refuses(request.method(), now);
        if refusal.is_none() {
            account.used += 1;
            account.points.push_back((now, points(request.method())));
            if is_content(request.method()) {
                account.content.push_back((now, 1));
            }
        }
        refusal
    };
    let mut response = match refusal {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    };
    if let Some(account) = github.limiter.0.lock().expect("limiter lock").get(&subject) {
        account.headers(response.headers_mut());
    }
    let id = format!("ADB2:4907:{:06X}:61651DEF", github.next_request());
    response.headers_mut().insert("x-github-request-id", id.parse().expect("visible letters"));
    response
}

/// What the vendor refuses before it looks at anything else.
fn unfit(headers: &HeaderMap) -> Option<ApiError> {
    if headers.get(USER_AGENT).is_none_or(HeaderValue::is_empty) {
        let message = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header";
        return Some(ApiError::new(StatusCode::FORBIDDEN, message));
    }
    let version = headers.get("x-github-api-version")?.to_str().unwrap_or_default();
    (!VERSIONS.contains(&version)).then(|| ApiError::bad_request("Invalid API version"))
}
