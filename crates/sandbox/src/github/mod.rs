//! The simulator of GitHub: organizations, members, memberships, invitations, and a GitHub App.
//!
//! It is strict about what GitHub documents and what was recorded of it. Where both are silent it does the
//! worst that is likely: a second invitation for one address mails once more. Nobody sees the address of a
//! member.

#![allow(clippy::unused_async, reason = "axum wants handlers to be async, and these never wait")]

mod app;
mod auth;
mod error;
mod invitations;
mod invitee;
mod json;
mod limit;
mod members;
mod organizations;
mod request;
mod seed;
mod state;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{delete, get, post};
use jiff::Timestamp;

use self::error::ApiError;
use self::limit::Limiter;
use self::state::Data;
use crate::vendor::{Identity, Vendor};
use crate::world::World;

const NAME: &str = "github";

/// What every endpoint answers.
type Reply = Result<Response, ApiError>;

/// The simulator as axum hands it to an endpoint.
type Sim = State<Arc<GitHub>>;

/// GitHub's server, with its data in memory.
pub(crate) struct GitHub {
    world: Arc<World>,
    data: Mutex<Data>,
    limiter: Limiter,
    requests: AtomicU64,
}

impl GitHub {
    pub(crate) fn new(world: Arc<World>) -> Self {
        let data = Mutex::new(seed::seed(&world));
        Self { world, data, limiter: Limiter::default(), requests: AtomicU64::new(0) }
    }

    fn data(&self) -> MutexGuard<'_, Data> {
        self.data.lock().expect("github lock")
    }

    fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    fn next_request(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed)
    }
}

impl Vendor for GitHub {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(self: Arc<Self>) -> Router {
        let missing = || async { ApiError::not_found() };
        Router::new()
            .merge(lists("/orgs/{org}"))
            .merge(lists("/organizations/{number}"))
            .merge(organization())
            .merge(person())
            .fallback(missing)
            .method_not_allowed_fallback(missing)
            .layer(from_fn_with_state(Arc::clone(&self), limit::apply))
            .with_state(self)
    }

    fn identities(&self) -> Vec<Identity> {
        self.data().identities()
    }

    fn add_user(&self, email: &str) -> Identity {
        self.data().identity_for(email, &self.world)
    }

    fn accept(&self, email: &str, organization: &str) -> Result<(), String> {
        let (mut data, now) = (self.data(), self.now());
        let user = data.user_with(email, &self.world);
        let there = data.organization(organization, now).map_err(|error| error.message())?.clone();
        let account = data.user(user).cloned().ok_or("no such account")?;
        if data.waiting_mut(&there, &account, now).is_none() {
            return Err(format!("no invitation to {organization} for {email}"));
        }
        data.accept(&there, user, now).map_err(|error| error.message())
    }

    fn reset(&self) {
        *self.data() = seed::seed(&self.world);
        self.limiter.clear();
    }

    fn enum_fields(&self) -> &'static [&'static str] {
        &["role", "state", "invitation_source", "type"]
    }

    fn optional_fields(&self) -> &'static [&'static str] {
        &["name", "plan", "direct_membership", "invitation_source", "two_factor_requirement_enabled"]
    }
}

/// The lists of an organization, which links name by its number.
fn lists(below: &str) -> Router<Arc<GitHub>> {
    let at = |path: &str| format!("{below}{path}");
    Router::new()
        .route(&at("/members"), get(members::list))
        .route(&at("/invitations"), get(invitations::list).post(invitations::create))
        .route(&at("/failed_invitations"), get(invitations::failed))
        .route(&at("/invitations/{name}/teams"), get(invitations::teams))
}

/// What names its organization by its login.
fn organization() -> Router<Arc<GitHub>> {
    let (one, member, membership) =
        ("/orgs/{org}", "/orgs/{org}/members/{name}", "/orgs/{org}/memberships/{name}");
    Router::new()
        .route(one, get(organizations::get).patch(organizations::update).delete(organizations::delete))
        .route(member, get(members::check).delete(members::remove))
        .route(membership, get(members::membership).put(members::set).delete(members::end))
        .route("/orgs/{org}/invitations/{name}", delete(invitations::delete))
}

/// What the token's person or app asks for itself.
fn person() -> Router<Arc<GitHub>> {
    Router::new()
        .route("/user", get(invitee::profile))
        .route("/user/{name}", get(invitee::by_number))
        .route("/users/{name}", get(invitee::by_login))
        .route("/user/orgs", get(organizations::list))
        .route("/user/memberships/orgs", get(invitee::memberships))
        .route("/user/memberships/orgs/{org}", get(invitee::membership).patch(invitee::accept))
        .route("/app/installations/{id}", get(app::installation))
        .route("/app/installations/{id}/access_tokens", post(app::access_token))
        .route("/rate_limit", get(organizations::rate_limit))
}
