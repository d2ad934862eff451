//! A vendor in process, as far as listing and inviting go: as slow and as strict as one likes.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use orgport::http::{Body, Deadline, ExchangeError, HttpService};
use orgport::{Clock, Timestamp};
use serde_json::Value;
use tokio::time::Instant;

use crate::vendor::Vendor;

/// The vendor; clones are one.
#[derive(Clone)]
pub struct World {
    vendor: Vendor,
    latency: Duration,
    limit: Option<Window>,
    state: Arc<Mutex<State>>,
}

/// So many requests in each window of time.
#[derive(Debug, Clone, Copy)]
struct Window {
    calls: u32,
    length: Duration,
}

/// What has come and gone.
#[derive(Debug, Default, Clone, Copy)]
#[non_exhaustive]
pub struct Traffic {
    /// Requests.
    pub requests: usize,
    /// Bytes of their bodies and of the responses' bodies.
    pub bytes: usize,
    /// Requests that were refused for coming too fast.
    pub refused: usize,
}

#[derive(Debug, Default)]
struct State {
    rows: Vec<String>,
    traffic: Traffic,
    window: Option<(Instant, u32)>,
}

impl World {
    /// A vendor with so many invitations.
    pub fn new(vendor: &Vendor, rows: usize) -> Self {
        let rows = (0..rows).map(|row| vendor.row(row)).collect();
        let state = State { rows, ..State::default() };
        Self { vendor: *vendor, latency: Duration::ZERO, limit: None, state: Arc::new(Mutex::new(state)) }
    }

    /// With this wait before each response.
    #[must_use]
    pub fn with_latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// With a limit that it tells in every response's headers, as Koyeb does.
    #[must_use]
    pub fn with_limit(mut self, calls: u32, length: Duration) -> Self {
        self.limit = Some(Window { calls, length });
        self
    }

    /// What has come and gone.
    ///
    /// # Panics
    ///
    /// If a request has panicked.
    pub fn traffic(&self) -> Traffic {
        self.state.lock().expect("no holder panics").traffic
    }

    fn respond(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let mut state = self.state.lock().expect("no holder panics");
        state.traffic.requests += 1;
        let pace = self.limit.map(|limit| state.draw(limit));
        let (status, body) = match pace {
            Some((None, _)) => {
                state.traffic.refused += 1;
                (StatusCode::TOO_MANY_REQUESTS, r#"{"code":"rate_limited","message":"slow down"}"#.to_owned())
            }
            _ => self.carry_out(&mut state, request),
        };
        state.traffic.bytes += request.body().len() + body.len();
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let (Some((left, reset)), Some(limit)) = (pace, self.limit) {
            headers.insert("x-ratelimit-limit", limit.calls.into());
            headers.insert("x-ratelimit-remaining", left.unwrap_or(0).into());
            headers
                .insert("x-ratelimit-reset", reset.as_secs_f64().ceil().to_string().parse().expect("text"));
        }
        response
    }

    fn carry_out(&self, state: &mut State, request: &Request<Bytes>) -> (StatusCode, String) {
        let path = request.uri().path();
        let is_invitation = request.method() == Method::POST;
        let ok = |body: String| (StatusCode::OK, body);
        if is_invitation {
            let email = serde_json::from_slice::<Value>(request.body()).ok();
            let email = email.as_ref().and_then(|body| body["email"].as_str()).unwrap_or_default();
            let row = self.vendor.row_for(state.rows.len(), email);
            state.rows.push(row);
        }
        match (self.vendor.kind, is_invitation) {
            ("koyeb", true) => ok(format!(r#"{{"invitation":{}}}"#, state.rows.last().expect("just made"))),
            ("losant", true) => ok(self.vendor.wrap(&state.rows, 0, state.rows.len())),
            (_, true) => ok(String::new()),
            (_, false) if path == self.vendor.path => {
                let query = request.uri().query().unwrap_or_default();
                let number = |name: &str| {
                    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                    pairs.find(|(key, _)| *key == name).and_then(|(_, value)| value.parse::<usize>().ok())
                };
                let total = state.rows.len();
                let begin = number("offset").unwrap_or(0).min(total);
                let end = number("limit").map_or(total, |limit| total.min(begin + limit));
                ok(self.vendor.wrap(&state.rows[begin..end], begin, total))
            }
            _ => ok(self.vendor.nobody(path)),
        }
    }
}

impl State {
    /// How many requests are left behind this one, `None` if it is one too many, and how long the
    /// window lasts.
    fn draw(&mut self, limit: Window) -> (Option<u32>, Duration) {
        let now = Instant::now();
        let fresh = self.window.filter(|(begin, _)| now < *begin + limit.length);
        let (begin, used) = fresh.unwrap_or((now, 0));
        let left = limit.calls.checked_sub(used + 1);
        self.window = Some((begin, used + u32::from(left.is_some())));
        (left, begin + limit.length - now)
    }
}

#[async_trait]
impl HttpService for World {
    async fn exchange(&self, request: Request<Bytes>, _: Deadline) -> Result<Response<Body>, ExchangeError> {
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency / 2).await;
        }
        let response = self.respond(&request);
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency / 2).await;
        }
        Ok(response.map(Body::from))
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("vendor", &self.vendor.kind).finish_non_exhaustive()
    }
}

/// The runtime's own time, which tests can let pass at once.
#[derive(Debug)]
pub struct RuntimeClock(Instant);

impl RuntimeClock {
    /// Begins now.
    pub fn begin() -> Arc<dyn Clock> {
        Arc::new(Self(Instant::now()))
    }
}

#[async_trait]
impl Clock for RuntimeClock {
    fn now(&self) -> Timestamp {
        let begin = Timestamp::from_unix_millis(1_778_666_400_000).expect("a moment of 2026");
        begin.saturating_add(self.elapsed())
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
