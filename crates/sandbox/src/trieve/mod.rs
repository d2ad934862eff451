//! The simulator of Trieve (`https://api.trieve.ai`), drawn from the vendor's server sources.
//!
//! What it plays that a client would not expect:
//!
//! - the header `TR-Organization` decides the caller's rights, the path decides the object, and
//!   nothing compares the two;
//! - inviting an existing account adds it at once; a used invitation blocks its address for good;
//! - almost every failure is a 400 with a free text;
//! - an address that passes the server's pattern but not its mail library crashes the handler
//!   *after* the row is stored. Here the handler panics without holding the lock, and hyper then
//!   closes the connection without a response, as the vendor does;
//! - a person's key whose person is in no organization is nobody's, so that of an account which
//!   [`Vendor::add_user`] made opens nothing until the person was added somewhere;
//! - nothing in the database keeps duplicates out: requests at one moment all pass the check
//!   before the storing. [`FaultKind::Race`] switches that on, by default it never happens here;
//! - a failing database or cache is a 400, 401, 404 or 500 by where it fails
//!   ([`FaultKind::Outage`]), and a change may be stored all the same.
//!
//! Left out: the browser's session cookie, datasets (any is unknown), paid plans, the order of a
//! body that comes later than its head, escaped letters in the fixed parts of a path, gaps in
//! tables that are filled again, and connections that are closed after 5 idle seconds.

mod api_keys;
mod auth;
mod cors;
mod email;
mod error;
mod html;
mod invitations;
mod members;
mod moment;
mod organizations;
mod seed;
mod state;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard};

use axum::http::StatusCode;
use axum::routing::{delete, get, post, put};
use axum::{Router, middleware};
use uuid::Uuid;

use crate::fault_kind::FaultKind;
use crate::vendor::{Identity, Vendor};
use crate::world::World;
use moment::Moment;
use state::State;

const NAME: &str = "trieve";

/// Trieve's data and what it shares with the other simulators.
#[derive(Debug)]
pub(crate) struct Trieve {
    world: Arc<World>,
    /// What a reset goes back to.
    fresh: State,
    state: Mutex<State>,
}

impl Trieve {
    pub(crate) fn new(world: Arc<World>) -> Self {
        let fresh = State::seeded(&world);
        Self { world, state: Mutex::new(fresh.clone()), fresh }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no handler panics while it holds the state")
    }

    fn now(&self) -> Moment {
        Moment::stored(self.world.clock.now())
    }
}

impl Vendor for Trieve {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/", get(|| async {}))
            .route("/api/auth/me", get(auth::me))
            .route("/api/health", get(|| async {}))
            .route("/api/invitation", post(invitations::invite))
            // One path, two meanings: GET takes an organization's id, DELETE an invitation's.
            .route("/api/invitation/{id}", get(invitations::list).delete(invitations::revoke))
            .route("/api/invitations/{id}", get(invitations::list))
            .route("/api/organization", post(organizations::create).put(organizations::update))
            .route("/api/organization/api_key", get(api_keys::list).post(api_keys::create))
            .route("/api/organization/api_key/{id}", delete(api_keys::revoke))
            .route("/api/organization/usage/{id}", post(organizations::usage))
            .route("/api/organization/users/{id}", get(members::list))
            .route("/api/organization/{id}", get(organizations::get).delete(organizations::delete))
            .route("/api/organization/{id}/user/{user_id}", delete(members::remove))
            .route("/api/user", put(members::update))
            .route("/api/user/api_key", get(api_keys::list_own))
            .route("/api/user/api_key/{id}", delete(api_keys::revoke_own))
            .fallback(|| async { StatusCode::NOT_FOUND })
            .layer(middleware::from_fn_with_state(Arc::clone(&self), auth::admit))
            .layer(middleware::from_fn(cors::allow))
            .with_state(self)
    }

    fn identities(&self) -> Vec<Identity> {
        self.state().identities.clone()
    }

    fn add_user(&self, email: &str) -> Identity {
        self.state().add_account(email, &self.world)
    }

    fn accept(&self, email: &str, organization: &str) -> Result<(), String> {
        let organization =
            organization.parse::<Uuid>().map_err(|error| format!("not an organization's id: {error}"))?;
        self.state().accept(email, organization, &self.world)
    }

    fn reset(&self) {
        *self.state() = self.fresh.clone();
    }

    fn plays(&self, _: &FaultKind) -> bool {
        true
    }

    fn enum_fields(&self) -> &'static [&'static str] {
        &["role", "type"]
    }

    /// Not `name`: a user may lack it, an organization may not.
    fn optional_fields(&self) -> &'static [&'static str] {
        &[
            "dataset_ids",
            "messages_per_month",
            "organization_ids",
            "plan",
            "registerable",
            "scopes",
            "subscription",
        ]
    }
}
