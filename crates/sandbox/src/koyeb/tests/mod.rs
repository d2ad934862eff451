//! The endpoints as a client meets them, without a socket.

mod auth;
mod invitations;
mod invitee;
mod lifecycle;
mod members;
mod organizations;
mod protocol;
mod seed;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request};
use axum::response::Response;
use http_body_util::BodyExt;
use jiff::Timestamp;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::Koyeb;
use crate::clock::Clock;
use crate::mail::Mail;
use crate::vendor::{Identity, Sabotage, Vendor};
use crate::world::World;

const INVITATIONS: &str = "/v1/organization_invitations";
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// A simulator whose clock stands still, with the tokens of its first three identities.
struct Bench {
    world: Arc<World>,
    koyeb: Arc<Koyeb>,
    router: Router,
    owner: String,
    organization_token: String,
    outsider: String,
    organization: String,
    sabotage: Sabotage,
}

impl Bench {
    fn new() -> Self {
        let start: Timestamp = "2026-08-17T09:15:00.123456Z".parse().expect("a date");
        let world = Arc::new(World::new(Clock::frozen_at(start), 7));
        let koyeb = Arc::new(Koyeb::new(Arc::clone(&world)));
        let identities = koyeb.identities();
        Self {
            router: Arc::clone(&koyeb).router(),
            owner: key(&identities[0]),
            organization_token: key(&identities[1]),
            outsider: key(&identities[2]),
            organization: identities[0].organization.clone().expect("the owner's organization"),
            sabotage: Sabotage::default(),
            world,
            koyeb,
        }
    }

    async fn send(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.expect("axum never fails")
    }

    async fn raw(&self, method: Method, path: &str, token: &str, body: Body) -> (u16, HeaderMap, String) {
        let request = Request::builder().method(method).uri(path).extension(self.sabotage);
        let request = request.header("authorization", format!("Bearer {token}")).body(body);
        let response = self.send(request.expect("a request")).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        (parts.status.as_u16(), parts.headers, String::from_utf8(bytes.to_vec()).expect("text"))
    }

    async fn call(&self, method: Method, path: &str, token: &str, body: Option<Value>) -> (u16, Value) {
        let body = body.map_or_else(Body::empty, |value| Body::from(value.to_string()));
        let (status, headers, text) = self.raw(method, path, token, body).await;
        assert_eq!(headers["content-type"], "application/json", "{text}");
        (status, serde_json::from_str(&text).expect("JSON"))
    }

    async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        self.call(Method::GET, path, token, None).await
    }

    async fn post(&self, path: &str, token: &str, body: Value) -> (u16, Value) {
        self.call(Method::POST, path, token, Some(body)).await
    }

    async fn put(&self, path: &str, token: &str, body: Value) -> (u16, Value) {
        self.call(Method::PUT, path, token, Some(body)).await
    }

    async fn delete(&self, path: &str, token: &str) -> (u16, Value) {
        self.call(Method::DELETE, path, token, None).await
    }

    /// Invites as the owner and gives the invitation's id.
    async fn invite(&self, email: &str) -> String {
        let (status, body) = self.post(INVITATIONS, &self.owner, json!({"email": email})).await;
        assert_eq!(status, 200, "{body}");
        text(&body["invitation"]["id"])
    }

    /// The path of an endpoint below the seeded organization.
    fn organization_path(&self, rest: &str) -> String {
        format!("/v1/organizations/{}{rest}", self.organization)
    }

    /// A new person who is a member, by token.
    async fn add_member(&self, email: &str) -> String {
        let token = key(&self.koyeb.add_user(email));
        self.invite(email).await;
        self.koyeb.accept(email, &self.organization).expect("an acceptance");
        token
    }

    async fn user_id(&self, token: &str) -> String {
        text(&self.get("/v1/account/profile", token).await.1["user"]["id"])
    }

    fn advance(&self, seconds: u64) {
        self.world.clock.advance(Duration::from_secs(seconds));
    }

    fn mails(&self) -> Vec<Mail> {
        self.world.mail.all()
    }
}

fn key(identity: &Identity) -> String {
    text(&identity.credential["key"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The values of one field in a list.
fn column(rows: &Value, field: &str) -> Vec<String> {
    rows.as_array().expect("a list").iter().map(|row| text(&row[field])).collect()
}

fn field_error(body: &Value) -> (&str, &str) {
    (body["code"].as_str().expect("a code"), body["fields"][0]["field"].as_str().expect("a field"))
}
