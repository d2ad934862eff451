//! Requests against the router, nested as the server nests it.

mod api_keys;
mod auth;
mod error;
mod html;
mod invitations;
mod members;
mod organizations;
mod outages;
mod seed;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::{Extension, Router};
use jiff::Timestamp;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::Trieve;
use crate::clock::Clock;
use crate::vendor::{Crash, Sabotage, Vendor};
use crate::world::World;

const MORNING: &str = "2025-09-12T09:30:00.104532Z";

/// A fresh Trieve with its clock stopped, and the credentials of its identities.
struct Bench {
    world: Arc<World>,
    trieve: Arc<Trieve>,
    organization: String,
    /// An organization's key with the owner's role.
    key: String,
    owner: String,
    admin: String,
    /// An organization's key with the ordinary user's role.
    reader: String,
}

#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    is_crash: bool,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    #[track_caller]
    fn is(&self, status: u16, message: &str) {
        assert_eq!((self.status.as_u16(), self.json()), (status, json!({"message": message})));
    }

    #[track_caller]
    fn is_empty(&self, status: u16) {
        assert_eq!((self.status.as_u16(), self.body.len()), (status, 0));
    }

    #[track_caller]
    fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }
}

/// A request under construction; it starts with nothing but method and path.
struct Ask<'a> {
    bench: &'a Bench,
    request: axum::http::request::Builder,
    body: Body,
    sabotage: Sabotage,
}

impl Ask<'_> {
    fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    fn key(self, key: &str) -> Self {
        self.header("authorization", key)
    }

    /// The header for the bench's own organization.
    fn here(self) -> Self {
        let organization = self.bench.organization.clone();
        self.header("tr-organization", &organization)
    }

    fn json(self, body: &Value) -> Self {
        self.raw(&body.to_string())
    }

    fn raw(mut self, body: &str) -> Self {
        self.body = Body::from(body.to_owned());
        self
    }

    fn sabotage(mut self, sabotage: Sabotage) -> Self {
        self.sabotage = sabotage;
        self
    }

    async fn send(self) -> Answer {
        let request = self.request.body(self.body).expect("a well-formed request");
        let routes = Arc::clone(&self.bench.trieve).router().layer(Extension(self.sabotage));
        let response = Router::new().nest("/trieve", routes).oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body in memory").to_vec();
        let is_crash = parts.extensions.get::<Crash>().is_some();
        Answer { status: parts.status, headers: parts.headers, body, is_crash }
    }
}

impl Bench {
    fn new() -> Self {
        let start = MORNING.parse::<Timestamp>().expect("a timestamp");
        let world = Arc::new(World::new(Clock::frozen_at(start), 7));
        let trieve = Arc::new(Trieve::new(Arc::clone(&world)));
        let identities = trieve.identities();
        let key = |index: usize| text(&identities[index].credential["key"]);
        Self {
            organization: identities[0].organization.clone().expect("an organization"),
            key: key(0),
            owner: key(1),
            admin: key(2),
            reader: key(3),
            world,
            trieve,
        }
    }

    fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        let request = Request::builder().method(method).uri(format!("/trieve{path}"));
        Ask { bench: self, request, body: Body::empty(), sabotage: Sabotage::default() }
    }

    /// As the organization's key, in the organization.
    fn own(&self, method: &str, path: &str) -> Ask<'_> {
        self.ask(method, path).key(&self.key).here()
    }

    async fn get(&self, path: &str) -> Value {
        self.own("GET", path).send().await.ok()
    }

    async fn invite(&self, email: &str) -> Answer {
        self.own("POST", "/api/invitation").json(&invitation(email, 0)).send().await
    }

    async fn invitations(&self) -> Vec<Value> {
        let path = format!("/api/invitations/{}", self.organization);
        self.get(&path).await.as_array().expect("a list").clone()
    }

    async fn members(&self) -> Vec<Value> {
        let path = format!("/api/organization/users/{}", self.organization);
        self.get(&path).await.as_array().expect("a list").clone()
    }

    async fn member(&self, email: &str) -> Option<Value> {
        self.members().await.into_iter().find(|member| member["email"] == email)
    }

    async fn user_id(&self, email: &str) -> String {
        text(&self.member(email).await.expect("a member")["id"])
    }

    fn mails(&self) -> Vec<(String, String)> {
        let mails = self.world.mail.all().into_iter();
        mails.map(|mail| (mail.email, format!("{:?}", mail.kind))).collect()
    }

    /// Another organization, made by the owner.
    async fn other_organization(&self) -> String {
        let ask = self.ask("POST", "/api/organization").key(&self.owner);
        text(&ask.json(&json!({"name": "other"})).send().await.ok()["id"])
    }

    /// A key of the bench's organization with `scopes`.
    async fn scoped_key(&self, role: i32, scopes: Value) -> String {
        let body = json!({"name": "scoped", "role": role, "scopes": scopes});
        text(&self.own("POST", "/api/organization/api_key").json(&body).send().await.ok()["api_key"])
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn invitation(email: &str, role: i32) -> Value {
    json!({
        "email": email,
        "user_role": role,
        "app_url": "https://api.example/api",
        "redirect_uri": "https://app.example/?org=1",
    })
}
