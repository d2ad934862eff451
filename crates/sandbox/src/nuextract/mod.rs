//! The simulator of `NuExtract`: organizations, members and invitations of the platform's web API.
//!
//! Where the vendor is silent: a token that is missing or bad is 401; an organization of other
//! people is 404; a second invitation of an address, or one of a member, answers 200 and does
//! nothing; any string is an address; only an `admin` may rename or delete.

mod error;
mod state;

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{FromRequestParts, Path, State as Shared};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, put};
use axum::{Json, Router, body::Bytes};
use serde_json::{Value, json};

use crate::mail::MailKind;
use crate::vendor::{Identity, Sabotage, Vendor};
use crate::world::World;

use error::Failure;
use state::{Organization, State};

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
            .route("/api/organizations", get(list_organizations).post(create_organization))
            .route(
                "/api/organizations/{organizationId}",
                put(update_organization).delete(delete_organization),
            )
            .route("/api/organizations/{organizationId}/members", get(list_members).post(invite))
            .route("/api/organizations/{organizationId}/members/{userId}", delete(remove_member))
            .route("/api/organizations/{organizationId}/members/invitations", get(list_invitations))
            .route(
                "/api/organizations/{organizationId}/members/invitations/{invitationId}",
                delete(revoke_invitation),
            )
            .route("/api/auth/me", get(me))
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

/// The user behind an OAuth access token; API keys are refused.
struct Caller {
    id: String,
}

impl FromRequestParts<Arc<NuExtract>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, nuextract: &Arc<NuExtract>) -> Answer<Self> {
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, token) = header.and_then(|value| value.split_once(' ')).ok_or(Failure::Unauthorized)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Failure::Unauthorized);
        }
        if nuextract.state().is_api_key(token) {
            return Err(Failure::Forbidden("API keys cannot be used for this endpoint"));
        }
        let world = &nuextract.world;
        let user = world.tokens.user(token, NAME, world.clock.now());
        user.map(|id| Self { id }).map_err(|_| Failure::Unauthorized)
    }
}

impl State {
    /// An organization that `caller` is a member of; others do not exist for them.
    fn organization(&mut self, id: &str, caller: &Caller) -> Answer<&mut Organization> {
        let mut organizations = self.organizations.iter_mut();
        organizations
            .find(|it| it.id == id && it.has_member(&caller.id))
            .ok_or(Failure::NotFound("Organization not found"))
    }

    fn administered(&mut self, id: &str, caller: &Caller) -> Answer<&mut Organization> {
        let organization = self.organization(id, caller)?;
        if !organization.is_admin(&caller.id) {
            return Err(Failure::Forbidden("You are not allowed to change this organization"));
        }
        Ok(organization)
    }
}

fn organization_json(organization: &Organization) -> Value {
    json!({ "id": organization.id, "name": organization.name })
}

/// The successes without a body: `Content-Length: 0` and no content type.
fn empty() -> Response {
    StatusCode::OK.into_response()
}

async fn list_organizations(Shared(nuextract): Simulator, caller: Caller) -> Json<Value> {
    Json(nuextract.state().of(&caller.id).map(organization_json).collect())
}

async fn create_organization(
    Shared(nuextract): Simulator,
    caller: Caller,
    sabotage: Sabotage,
    body: Bytes,
) -> Answer<Json<Value>> {
    let name = nuextract.field(&body, "name")?;
    let organization = Organization::new(nuextract.world.ids.uuid(), name, &caller.id);
    let answer = organization_json(&organization);
    if !sabotage.nothing_created {
        nuextract.state().organizations.push(organization);
    }
    Ok(Json(answer))
}

async fn update_organization(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path(organization): Path<String>,
    body: Bytes,
) -> Answer<Json<Value>> {
    let name = nuextract.field(&body, "name")?;
    let mut state = nuextract.state();
    let organization = state.administered(&organization, &caller)?;
    organization.name = name;
    Ok(Json(organization_json(organization)))
}

async fn delete_organization(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path(organization): Path<String>,
) -> Answer {
    let mut state = nuextract.state();
    state.administered(&organization, &caller)?;
    state.organizations.retain(|it| it.id != organization);
    Ok(empty())
}

async fn list_members(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path(organization): Path<String>,
) -> Answer<Json<Value>> {
    let state = nuextract.state();
    let organization = state.of(&caller.id).find(|it| it.id == organization);
    let members = organization.map(|it| state.members(it));
    Ok(Json(json!(members.ok_or(Failure::NotFound("Organization not found"))?)))
}

/// Invites, whatever the path says; the answer does not tell the invitation's id.
async fn invite(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path(organization): Path<String>,
    sabotage: Sabotage,
    body: Bytes,
) -> Answer {
    let email = nuextract.field(&body, "email")?;
    let world = &nuextract.world;
    let mut state = nuextract.state();
    let account = state.user_by_email(&email).map(|user| user.id.clone());
    let organization = state.organization(&organization, &caller)?;
    let is_member = account.as_ref().is_some_and(|id| organization.has_member(id));
    if is_member || organization.is_invited(&email) || sabotage.nothing_created {
        return Ok(empty());
    }
    if sabotage.fail_after_rows == Some(0) {
        return Err(Failure::Internal);
    }
    let mail = if let Some(user_id) = account.filter(|_| world.options.nuextract_adds_accounts) {
        organization.admit(&user_id);
        MailKind::Added
    } else {
        organization.invite(world.ids.uuid(), &email);
        MailKind::Invite
    };
    if sabotage.fail_after_rows.is_some() {
        return Err(Failure::Internal);
    }
    if !sabotage.mail_fails {
        world.send_mail(NAME, &organization.id, &email, mail, None);
    }
    Ok(empty())
}

async fn remove_member(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path((organization, user)): Path<(String, String)>,
) -> Answer {
    let mut state = nuextract.state();
    let removed = state.organization(&organization, &caller)?.remove(&user);
    if removed { Ok(empty()) } else { Err(Failure::NotFound("Member not found")) }
}

async fn list_invitations(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path(organization): Path<String>,
) -> Answer<Json<Value>> {
    Ok(Json(json!(nuextract.state().organization(&organization, &caller)?.invitations())))
}

async fn revoke_invitation(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path((organization, invitation)): Path<(String, String)>,
) -> Answer {
    let mut state = nuextract.state();
    let revoked = state.organization(&organization, &caller)?.revoke(&invitation);
    if revoked { Ok(empty()) } else { Err(Failure::NotFound("Invitation not found")) }
}

async fn me(Shared(nuextract): Simulator, caller: Caller) -> Answer<Json<Value>> {
    let state = nuextract.state();
    let user = state.user(&caller.id).ok_or(Failure::Unauthorized)?;
    let organizations: Vec<_> = state.of(&caller.id).map(organization_json).collect();
    Ok(Json(json!({ "email": user.email, "isAdmin": false, "organizations": organizations })))
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
