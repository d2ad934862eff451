//! The simulator against the facts about the vendor, through its router.

mod auth;
mod invitations;
mod keys;
mod limits;
mod members;
mod organizations;
mod seed;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::{Extension, Router};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::clock::Clock;
use crate::mail::Mail;
use crate::vendor::{Identity, Sabotage, Vendor};
use crate::world::World;

use super::seed::ORGANIZATION;
use super::{Jaqpot, Line, NAME};

/// The seeded identities by their place in the list.
const ADMINISTRATOR: usize = 0;
const MEMBER: usize = 2;
const OUTSIDER: usize = 3;
const REALM_ADMIN: usize = 4;
const UNVERIFIED: usize = 5;

const INVITATIONS: &str = "/v1/organizations/tox-lab/invitations";
const SEED: u64 = 7;
const A_UUID: &str = "7b0e3c52-5d0f-4c0e-9a54-1f6f6f0f8a11";

/// A simulator at a frozen 2026-05-13T09:30:00Z.
struct Bench {
    world: Arc<World>,
    jaqpot: Arc<Jaqpot>,
    sabotage: Option<Sabotage>,
}

#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e} in {self:?}"))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII"))
    }

    #[track_caller]
    fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        self
    }

    #[track_caller]
    fn assert_ok(&self) -> &Self {
        self.assert_status(200)
    }

    /// Body A.
    #[track_caller]
    fn assert_application(&self, status: u16, message: &str) {
        self.assert_status(status);
        assert_eq!(self.json(), json!({"code": null, "message": message, "status": status}));
    }

    /// Body F of line B: four members and no message.
    #[track_caller]
    fn assert_framework(&self, status: u16, reason: &str, path: &str) {
        self.assert_status(status);
        let body = self.json();
        let expected = json!({
            "timestamp": body["timestamp"], "status": status, "error": reason, "path": path,
        });
        assert_eq!(body, expected);
        assert!(body["timestamp"].as_str().expect("a text").ends_with('Z'));
    }

    #[track_caller]
    fn assert_empty(&self, status: u16) {
        self.assert_status(status);
        assert_eq!(self.text, "");
    }
}

impl Bench {
    fn new() -> Self {
        Self::on(Line::B)
    }

    fn on(line: Line) -> Self {
        let start = "2026-05-13T09:30:00Z".parse().expect("a date");
        let world = Arc::new(World::new(Clock::frozen_at(start), SEED));
        world.ids.restart(SEED, NAME);
        let jaqpot = Arc::new(Jaqpot::with_line(Arc::clone(&world), line));
        world.ids.restart(SEED, "run");
        Self { world, jaqpot, sabotage: None }
    }

    fn router(&self) -> Router {
        let router = Arc::clone(&self.jaqpot).router();
        match self.sabotage {
            Some(sabotage) => router.layer(Extension(sabotage)),
            None => router,
        }
    }

    fn advance(&self, seconds: u64) {
        self.world.clock.advance(Duration::from_secs(seconds));
    }

    /// As the server does it.
    fn reset(&self) {
        self.world.tokens.clear();
        self.world.ids.restart(SEED, NAME);
        self.jaqpot.reset();
        self.world.ids.restart(SEED, "run");
    }

    fn identity(&self, place: usize) -> Identity {
        self.jaqpot.identities().swap_remove(place)
    }

    fn mails(&self) -> Vec<Mail> {
        self.world.mail.all()
    }

    /// Sends a request with exactly these headers.
    async fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = Request::builder().method(method).uri(path).header("host", "api.jaqpot.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let response = self.router().oneshot(request).await.expect("routers answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        Answer { status, headers, text: String::from_utf8(body.into()).expect("UTF-8") }
    }

    async fn by(&self, identity: &Identity, method: &str, path: &str, body: Option<Value>) -> Answer {
        let credential = credential_headers(identity);
        let mut headers: Vec<(&str, &str)> =
            credential.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let text = body.map(|body| body.to_string()).unwrap_or_default();
        if !text.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        self.raw(method, path, &headers, &text).await
    }

    async fn send(&self, who: usize, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.by(&self.identity(who), method, path, body).await
    }

    async fn get(&self, who: usize, path: &str) -> Answer {
        self.send(who, "GET", path, None).await
    }

    async fn invite(&self, who: usize, emails: Value) -> Answer {
        self.send(who, "POST", INVITATIONS, Some(json!({ "emails": emails }))).await
    }

    async fn invitations(&self) -> Vec<Value> {
        let answer = self.get(ADMINISTRATOR, INVITATIONS).await;
        serde_json::from_str(&answer.assert_ok().text).expect("an array")
    }

    /// Invites `email` as the administrator and gives back the new invitation's id.
    async fn invited(&self, email: &str) -> String {
        self.invite(ADMINISTRATOR, json!([email])).await.assert_ok();
        let all = self.invitations().await;
        all.last().and_then(|row| row["id"].as_str()).expect("an id").to_owned()
    }

    async fn answer(&self, who: &Identity, id: &str, status: &str) -> Answer {
        self.by(who, "PUT", &format!("{INVITATIONS}/{id}"), Some(answer_body(status))).await
    }

    async fn organization(&self) -> Value {
        self.get(ADMINISTRATOR, "/v1/organizations/tox-lab").await.assert_ok().json()
    }
}

/// What an answer must carry; only the status counts.
fn answer_body(status: &str) -> Value {
    json!({"userEmail": "a@b", "status": status, "expirationDate": "2026-05-20T09:30:00+03:00"})
}

fn credential_headers(identity: &Identity) -> Vec<(&'static str, String)> {
    let text = |name: &str| identity.credential[name].as_str().expect("a text").to_owned();
    match text("type").as_str() {
        "key_pair" => vec![("x-api-key", text("key")), ("x-api-secret", text("secret"))],
        "oauth2" => vec![("authorization", format!("Bearer {}", text("access_token")))],
        _ => vec![("authorization", format!("Bearer {}", text("token")))],
    }
}
