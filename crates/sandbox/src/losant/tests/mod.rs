//! The simulator through its router, as a client meets it.

mod auth;
mod invitations;
mod invitee;
mod members;
mod organizations;
mod protocol;
mod seed;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::Losant;
use crate::clock::Clock;
use crate::vendor::{Sabotage, Vendor};
use crate::world::World;

/// One simulator with the credentials of its seeded people.
struct Rig {
    losant: Arc<Losant>,
    router: Router,
    org: String,
    admin: String,
    viewer: String,
    outsider: String,
    reader: String,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Rig {
    fn new() -> Self {
        let start = "2026-08-17T09:00:00.123456Z".parse().expect("an instant");
        let losant = Arc::new(Losant::new(Arc::new(World::new(Clock::frozen_at(start), 7))));
        let identities = losant.identities();
        let token =
            |index: usize| identities[index].credential["token"].as_str().expect("a token").to_owned();
        Self {
            router: Arc::clone(&losant).router(),
            org: identities[0].organization.clone().expect("an organization"),
            admin: token(0),
            viewer: token(3),
            outsider: token(4),
            reader: token(5),
            losant,
        }
    }

    async fn request(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }

    async fn call(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> Answer {
        self.request(request(method, path, token, body)).await
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        self.call("GET", path, token, None).await
    }

    /// A call by the administrator to a path below the organization.
    async fn org_call(&self, method: &str, rest: &str, body: Option<Value>) -> Answer {
        self.call(method, &format!("/orgs/{}{rest}", self.org), &self.admin, body).await
    }

    async fn invite(&self, email: &str, role: &str) -> Answer {
        self.org_call("POST", "/invites", Some(json!({ "email": email, "role": role }))).await
    }

    async fn sabotaged_invite(&self, email: &str, sabotage: Sabotage) -> Answer {
        let path = format!("/orgs/{}/invites", self.org);
        let body = json!({ "email": email, "role": "view" });
        let mut request = request("POST", &path, &self.admin, Some(body));
        request.extensions_mut().insert(sabotage);
        self.request(request).await
    }

    fn advance_days(&self, days: u64) {
        self.losant.world.clock.advance(Duration::from_hours(24 * days));
    }

    /// The addresses mailed so far.
    fn mailed(&self) -> Vec<String> {
        self.losant.world.mail.all().into_iter().map(|mail| mail.email).collect()
    }

    fn mailed_token(&self) -> String {
        let last = self.losant.world.mail.all().pop().expect("a mail");
        last.link.expect("a token")
    }

    fn sign_up(&self, email: &str) -> String {
        self.losant.add_user(email).credential["token"].as_str().expect("a token").to_owned()
    }

    async fn user_id(&self, token: &str) -> String {
        self.get("/me", token).await.text("/id")
    }
}

impl Answer {
    fn ok(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self.body
    }

    fn text(&self, pointer: &str) -> String {
        let value = self.body.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("no {pointer} in {}", self.body)).to_owned()
    }

    #[track_caller]
    fn refused(&self, status: u16, kind: &str, message: &str) {
        assert_eq!(self.body, json!({ "type": kind, "message": message }));
        assert_eq!(self.status, status);
    }

    #[track_caller]
    fn invalid(&self, message: &str) {
        self.refused(400, "Validation", message);
    }
}

fn request(method: &str, path: &str, token: &str, body: Option<Value>) -> Request<Body> {
    let method: Method = method.parse().expect("a method");
    let mut request = Request::builder().method(method).uri(path);
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(Body::from(body.to_string())),
        None => request.body(Body::empty()),
    };
    request.expect("a request")
}

fn strings(list: &Value, field: &str) -> Vec<String> {
    let list = list.as_array().expect("a list");
    list.iter().map(|item| item[field].as_str().expect("a text").to_owned()).collect()
}
