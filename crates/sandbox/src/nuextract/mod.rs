//! The simulator of `NuExtract`: organizations, members and invitations of the platform's web API.
//!
//! Where the vendor is silent: a token that is missing or bad is 401; an organization of other
//! people is 404; a second invitation of an address, or one of a member, answers 200 and does
//! nothing; any string is an address; only an `admin` may rename or delete.

mod auth;
mod error;
mod invitations;
mod members;
mod organizations;
mod seed;
mod state;

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, put};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use crate::vendor::{Identity, Vendor};
use crate::world::World;

use error::Failure;
use state::{State, User};

const NAME: &str = "nuextract";

pub(crate) struct NuExtract {
    world: Arc<World>,
    state: Mutex<State>,
    undecodable: AtomicUsize,
}

impl NuExtract {
    pub(crate) fn new(world: Arc<World>) -> Self {
        let state = Mutex::new(State::seeded(&world));
        Self { world, state, undecodable: AtomicUsize::new(0) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nuextract lock")
    }

    /// The string field of a body, which is all that a body here has.
    fn field(&self, body: &[u8], name: &str) -> Result<String, Failure> {
        let detail = match serde_json::from_slice::<Value>(body) {
            Err(error) => format!("expected json value, {error}"),
            Ok(json) => match json.get(name) {
                Some(Value::String(text)) => return Ok(text.clone()),
                Some(other) => format!("Got value '{other}' with wrong type, expecting string at '{name}'"),
                None => format!("Missing required field at '{name}'"),
            },
        };
        Err(Failure::undecodable(&self.undecodable, &detail))
    }
}

impl Vendor for NuExtract {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/api/organizations", get(organizations::list).post(organizations::create))
            .route(
                "/api/organizations/{organizationId}",
                put(organizations::update).delete(organizations::delete),
            )
            .route(
                "/api/organizations/{organizationId}/members",
                get(members::list).post(invitations::invite),
            )
            .route("/api/organizations/{organizationId}/members/{userId}", delete(members::remove))
            .route("/api/organizations/{organizationId}/members/invitations", get(invitations::list))
            .route(
                "/api/organizations/{organizationId}/members/invitations/{invitationId}",
                delete(invitations::revoke),
            )
            .route("/api/auth/me", get(auth::me))
            .route("/api/ping", get(async || "pong"))
            .route("/api/version", get(version))
            .route("/api/health", get(health))
            .fallback(async || StatusCode::NOT_FOUND)
            .with_state(self)
    }

    fn identities(&self) -> Vec<Identity> {
        self.state().identities()
    }

    fn add_user(&self, email: &str) -> Identity {
        let mut state = self.state();
        let user = state.account(&self.world, email);
        state.identity(&user)
    }

    fn claims(&self, user_id: &str) -> Option<Map<String, Value>> {
        self.state().user(user_id).map(User::claims)
    }

    fn accept(&self, email: &str, organization: &str) -> Result<(), String> {
        let mut state = self.state();
        let index = state.organizations.iter().position(|it| it.id == organization && it.is_invited(email));
        let index = index.ok_or_else(|| format!("{email} has no invitation to {organization}"))?;
        let user = state.account(&self.world, email);
        state.organizations[index].settle(email);
        state.organizations[index].admit(&user.id);
        Ok(())
    }

    fn reset(&self) {
        *self.state() = State::seeded(&self.world);
    }

    fn enum_fields(&self) -> &'static [&'static str] {
        &["roles"]
    }

    fn optional_fields(&self) -> &'static [&'static str] {
        &["roles", "organizations"]
    }
}

type Simulator = Shared<Arc<NuExtract>>;
type Answer<T = Response> = Result<T, Failure>;

/// The successes without a body: `Content-Length: 0` and no content type.
fn empty() -> Response {
    StatusCode::OK.into_response()
}

async fn version() -> Json<Value> {
    Json(json!({
        "name": "extract-platform",
        "buildVersion": "1.0.0",
        "buildBranch": "main",
        "buildTime": "2025-04-11T08:13:56.849893697Z",
    }))
}

async fn health() -> Json<Value> {
    Json(json!({ "services": [{ "name": "database", "status": "ok" }] }))
}
