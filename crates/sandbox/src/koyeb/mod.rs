//! The simulator of Koyeb: organizations, members, invitations, accounts and tokens.
//!
//! Koyeb's server is a set of gRPC services behind a JSON gateway, which shows: three shapes of
//! error, enums as words, 64-bit integers as strings, and an organization that most calls take
//! from the token. What the vendor leaves open is decided where it comes up, with a comment.

#![allow(clippy::unused_async, reason = "axum wants handlers to be async, and these never wait")]

mod auth;
mod error;
mod invitations;
mod invitee;
mod json;
mod lifecycle;
mod limit;
mod members;
mod organizations;
mod request;
mod seed;
mod sessions;
mod state;
#[cfg(test)]
mod tests;
mod tokens;

use std::sync::{Arc, Mutex, MutexGuard};

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post, put};
use jiff::Timestamp;
use serde_json::Value;

use self::error::ApiError;
use self::invitations::Invitation;
use self::limit::Limiter;
use self::state::Data;
use crate::vendor::{Identity, Vendor};
use crate::world::World;

const NAME: &str = "koyeb";

/// What every endpoint answers: 200 with a JSON object, or one of the vendor's errors.
type Reply = Result<Json<Value>, ApiError>;

/// The simulator as axum hands it to an endpoint.
type Sim = State<Arc<Koyeb>>;

/// Koyeb's server, with its data in memory.
pub(crate) struct Koyeb {
    world: Arc<World>,
    data: Mutex<Data>,
    limiter: Limiter,
}

impl Koyeb {
    pub(crate) fn new(world: Arc<World>) -> Self {
        let data = Mutex::new(seed::seed(&world));
        Self { world, data, limiter: Limiter::default() }
    }

    fn data(&self) -> MutexGuard<'_, Data> {
        self.data.lock().expect("koyeb lock")
    }

    fn now(&self) -> Timestamp {
        self.world.clock.now()
    }
}

impl Vendor for Koyeb {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(self: Arc<Self>) -> Router {
        Router::new()
            .merge(organization_side())
            .merge(account_side())
            .merge(organization_routes())
            .fallback(|| async { ApiError::unknown_path() })
            .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
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
        let mut data = self.data();
        let email = email.to_lowercase();
        let sent = |row: &&Invitation| row.email == email && row.organization_id == organization;
        let newest = data.invitations.iter().rfind(sent).map(|row| row.id.clone());
        let id = newest.ok_or_else(|| format!("no invitation to {organization} for {email}"))?;
        let user_id = data.user_with(&email, &self.world);
        data.accept(&id, &user_id, &self.world).map_err(|error| error.message())
    }

    /// Seeds anew instead of keeping a copy: the ids start over too, and later ones must not repeat
    /// those of the seed.
    fn reset(&self) {
        *self.data() = seed::seed(&self.world);
        self.limiter.clear();
    }

    fn enum_fields(&self) -> &'static [&'static str] {
        &["role", "status", "status_message", "deactivation_reason", "plan", "type"]
    }

    fn optional_fields(&self) -> &'static [&'static str] {
        &[
            "avatar_url",
            "email_domain_allowlist",
            "expires_at",
            "external_id",
            "github_id",
            "github_user",
            "invitee",
            "inviter",
            "joined_at",
            "plan_updated_at",
            "reprocess_after",
            "signup_qualification",
            "trial_ends_at",
            "trial_starts_at",
        ]
    }
}

/// Endpoints that act on the organization that the token is in.
fn organization_side() -> Router<Arc<Koyeb>> {
    Router::new()
        .route("/v1/organization_invitations", get(invitations::list).post(invitations::create))
        .route("/v1/organization_invitations/{id}", get(invitations::get).delete(invitations::delete))
        .route("/v1/organization_invitations/{id}/resend", post(invitations::resend))
        .route("/v1/organization_members", get(members::list))
        .route("/v1/organization_members/{id}", delete(members::remove))
        .route("/v1/apps", get(organizations::apps))
}

/// Endpoints that act on the user behind the token, and on tokens.
fn account_side() -> Router<Arc<Koyeb>> {
    Router::new()
        .route("/v1/account/profile", get(auth::profile))
        .route("/v1/account/organization", get(auth::organization))
        .route("/v1/account/organizations", get(auth::organizations))
        .route("/v1/account/organization_invitations", get(invitee::list))
        .route("/v1/account/organization_invitations/{id}", get(invitee::get))
        .route("/v1/account/organization_invitations/{id}/accept", post(invitee::accept))
        .route("/v1/account/organization_invitations/{id}/decline", post(invitee::decline))
        .route("/v1/unscope_organization_token", post(sessions::unscope))
        .route("/v1/credentials", get(tokens::list).post(tokens::create))
        .route(
            "/v1/credentials/{id}",
            get(tokens::get).put(tokens::update).patch(tokens::update).delete(tokens::delete),
        )
}

/// Endpoints that name their organization in the path.
fn organization_routes() -> Router<Arc<Koyeb>> {
    Router::new()
        .route("/v1/organizations", post(organizations::create))
        .route(
            "/v1/organizations/{id}",
            get(organizations::get)
                .put(organizations::update)
                .patch(organizations::update)
                .delete(lifecycle::delete),
        )
        .route("/v1/organizations/{id}/name", put(organizations::rename))
        .route("/v1/organizations/{id}/plan", post(organizations::change_plan))
        .route("/v1/organizations/{id}/default_project", put(organizations::set_default_project))
        .route("/v1/organizations/{id}/quotas", get(organizations::quotas))
        .route("/v1/organizations/{id}/summary", get(organizations::summary))
        .route("/v1/organizations/{id}/deactivate", post(lifecycle::deactivate))
        .route("/v1/organizations/{id}/reactivate", post(lifecycle::reactivate))
        .route("/v1/organization_confirmations/{id}", post(lifecycle::confirm))
        .route("/v1/organizations/{id}/switch", post(sessions::switch))
        .route("/v1/organizations/{id}/access_token", post(sessions::access_token))
}
