//! The simulator of Jaqpot: the organization, invitation and API key calls of `api.jaqpot.org`.
//!
//! It judges a request in the vendor's order: who calls, method and media type, path values, body,
//! field constraints, access to the organization, rate limit, and last the operation's own checks.
//! Accounts never change here, so the vendor's user cache has nothing to show and is left out.

#![allow(clippy::unused_async, reason = "axum takes async handlers, and none here has to wait")]

mod auth;
mod body;
mod error;
mod invitations;
mod json;
mod keys;
mod limits;
mod lists;
mod members;
mod organizations;
mod seed;
mod state;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::http::{Method, Uri};
use axum::middleware;
use axum::routing::{MethodRouter, get, patch, post};
use serde_json::{Map, Value};

use crate::vendor::{Identity, Vendor};
use crate::world::World;

use auth::Caller;
use error::Refusal;
use state::{State, User};

const NAME: &str = "jaqpot";
/// The width of the vendor's text columns, in characters.
const TEXT_COLUMN: usize = 255;

/// Which of the vendor's two server generations answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Line {
    /// Up to 7.3.4: framework errors carry a message.
    A,
    /// From 7.4.0: framework errors carry none, and challenges name the resource metadata.
    #[default]
    B,
}

/// One Jaqpot. A request can ask for the other line with the header `x-sandbox-jaqpot-line: A`.
#[derive(Debug)]
pub(crate) struct Jaqpot {
    world: Arc<World>,
    line: Line,
    data: Mutex<State>,
}

impl Jaqpot {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self::with_line(world, Line::default())
    }

    pub(crate) fn with_line(world: Arc<World>, line: Line) -> Self {
        let data = Mutex::new(seed::plant(&world));
        Self { world, line, data }
    }

    fn data(&self) -> MutexGuard<'_, State> {
        self.data.lock().expect("jaqpot lock")
    }

    /// The account of `email`, made and given a token if there is none.
    fn account(&self, data: &mut State, email: &str) -> User {
        if let Some(user) = data.user_by_email(email) {
            return user.clone();
        }
        let email = email.to_lowercase();
        let local_part = email.split('@').next().unwrap_or_default();
        let taken = data.users.iter().any(|user| user.username == local_part);
        let user = User::new(&self.world, if taken { &email } else { local_part }, &email);
        seed::grant_long(&self.world, &user);
        data.identities.push(seed::bearer_identity(&self.world, &user, None));
        data.users.push(user.clone());
        user
    }
}

impl Vendor for Jaqpot {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/v1/auth/validate", only("GET", get(members::validate)))
            .route("/v1/users/{username}", only("GET", get(members::by_username)))
            .route("/v1/admin/users", only("GET", get(members::list_all)))
            .route("/v1/user/api-keys", only("GET,POST", get(keys::list).post(keys::create)))
            .route("/v1/user/api-keys/{key}", only("PATCH,DELETE", patch(keys::update).delete(keys::delete)))
            .route("/v1/user/organizations", only("GET", get(organizations::list_own)))
            .route(
                "/v1/organizations",
                only("GET,POST", get(organizations::list_visible).post(organizations::create)),
            )
            .route("/v1/organizations/{name}", only("GET", get(organizations::get)))
            .route("/v1/organizations/{id}/partial", only("PATCH", patch(organizations::update)))
            .route(
                "/v1/organizations/{orgName}/invitations",
                only("GET,POST", get(invitations::list).post(invitations::create)),
            )
            .route(
                "/v1/organizations/{name}/invitations/{uuid}",
                only("GET,PUT", get(invitations::get).put(invitations::answer)),
            )
            .route(
                "/v1/organizations/{orgId}/invitations/{id}/resend",
                only("POST", post(invitations::resend)),
            )
            .fallback(no_such_path)
            .layer(middleware::from_fn_with_state(Arc::clone(&self), auth::guard))
            .with_state(self)
    }

    fn identities(&self) -> Vec<Identity> {
        self.data().identities.clone()
    }

    fn add_user(&self, email: &str) -> Identity {
        seed::bearer_identity(&self.world, &self.account(&mut self.data(), email), None)
    }

    fn claims(&self, user_id: &str) -> Option<Map<String, Value>> {
        self.data().users.iter().find(|user| user.id == user_id).map(User::claims)
    }

    fn accept(&self, email: &str, organization: &str) -> Result<(), String> {
        let mut data = self.data();
        let user = self.account(&mut data, email);
        invitations::accept_newest(&mut data, &user.id, organization, self.world.clock.now())
    }

    fn reset(&self) {
        *self.data() = seed::plant(&self.world);
    }

    fn enum_fields(&self) -> &'static [&'static str] {
        &["status", "visibility", "associationType"]
    }

    fn optional_fields(&self) -> &'static [&'static str] {
        &[
            "description",
            "contactPhone",
            "website",
            "address",
            "canEdit",
            "isMember",
            "created_at",
            "updated_at",
            "username",
            "firstName",
            "lastName",
            "emailVerified",
            "avatarUrl",
            "createdAt",
            "note",
        ]
    }
}

/// `methods`, and 405 naming `allow` for the others. Anonymous callers are told nothing.
fn only(allow: &'static str, methods: MethodRouter<Arc<Jaqpot>>) -> MethodRouter<Arc<Jaqpot>> {
    methods.fallback(move |_: Caller, method: Method| async move {
        Refusal::Method { allow, message: format!("Method '{method}' is not supported.") }
    })
}

async fn no_such_path(_: Caller, uri: Uri) -> Refusal {
    Refusal::not_found(format!("No static resource {}.", uri.path().trim_start_matches('/')))
}
