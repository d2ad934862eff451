//! What the vendor decides before an operation runs: who calls, in which organization, with what
//! rights; and what it tells the callers about themselves.

use std::sync::{Arc, LazyLock};

use axum::extract::{MatchedPath, Request, State as AxumState};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use regex_lite::Regex;
use uuid::Uuid;

use super::Trieve;
use super::error::{LOADING_USER, Refusal};
use super::moment::Moment;
use super::state::{ADMIN, ApiKey, Membership, OWNER, Scopes, SlimUser, State, USER, new_id};
use crate::fault_kind::Outage;
use crate::vendor::Sabotage;
use crate::world::World;

/// Somebody with a valid credential.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) id: Uuid,
    /// Empty for the made-up user behind an organization's key.
    pub(super) email: String,
    grants: Vec<Grant>,
}

#[derive(Debug, Clone)]
struct Grant {
    organization: Uuid,
    role: i32,
    scopes: Scopes,
}

/// A caller's rights in the organization of the header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) organization: Uuid,
    /// The role as it is stored; operations measure ceilings by it.
    pub(super) role: i32,
    /// The role at the gate, which a matching scope raises to the owner's.
    gate: i32,
}

/// What the gate found out about a request. Each operation asks in its own order.
#[derive(Debug, Clone)]
pub(super) struct Call {
    caller: Option<Caller>,
    organization: Option<Uuid>,
    standing: Option<Standing>,
}

impl Call {
    pub(super) fn caller(&self) -> Result<&Caller, Refusal> {
        self.caller.as_ref().ok_or_else(Refusal::unauthorized)
    }

    /// The organization of the header. That its absence is a 500 is the vendor's doing.
    pub(super) fn organization(&self) -> Result<Uuid, Refusal> {
        self.organization.ok_or_else(|| Refusal::internal("Could not get dataset from request"))
    }

    /// Whether neither who calls nor where is known. Such a request is refused before its body is
    /// decoded, and others behind that: the vendor decodes a body as soon as it is there, and it is
    /// there once the caller or the organization was looked up.
    pub(super) fn is_blank(&self) -> bool {
        self.caller.is_none() && self.organization.is_none()
    }

    pub(super) fn admin(&self) -> Result<Standing, Refusal> {
        self.at_least(ADMIN)
    }

    pub(super) fn owner(&self) -> Result<Standing, Refusal> {
        self.at_least(OWNER)
    }

    pub(super) fn member(&self) -> Result<Standing, Refusal> {
        self.at_least(USER)
    }

    /// A missing header leaves nobody any standing, hence also a known caller 401.
    fn at_least(&self, role: i32) -> Result<Standing, Refusal> {
        let standing = self.standing.ok_or_else(Refusal::unauthorized)?;
        if standing.gate >= role { Ok(standing) } else { Err(Refusal::forbidden()) }
    }
}

/// Runs ahead of the routing, so that a bad header wins over an unknown path.
pub(super) async fn admit(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let call = judge(&trieve, &request)?;
    if *request.method() == Method::HEAD && request.extensions().get::<MatchedPath>().is_some() {
        return Ok(StatusCode::METHOD_NOT_ALLOWED.into_response());
    }
    request.extensions_mut().insert(call);
    Ok(next.run(request).await)
}

fn judge(trieve: &Trieve, request: &Request) -> Result<Call, Refusal> {
    let headers = request.headers();
    let sabotage = request.extensions().get::<Sabotage>().copied().unwrap_or_default();
    let state = trieve.state();
    let is_lost = sabotage.hits(Outage::Database) || sabotage.hits(Outage::Credential);
    let key = api_key(headers).filter(|_| !is_lost);
    let caller = key.and_then(|key| state.caller(key, &trieve.world));
    refuse_dataset(headers)?;
    let Some(organization) = organization_header(headers)? else {
        return Ok(Call { caller, organization: None, standing: None });
    };
    if sabotage.hits(Outage::Database) {
        return Err(Refusal::bad_request("Could not get database connection"));
    }
    let known = state.organization(organization).filter(|_| !sabotage.hits(Outage::Organization));
    known.ok_or_else(Refusal::organization_not_found)?;
    let route = format!("{} {}", request.method(), request.uri().path());
    let standing = caller.as_ref().map(|caller| caller.standing(organization, &route)).transpose()?;
    Ok(Call { caller, organization: Some(organization), standing })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn api_key(headers: &HeaderMap) -> Option<&str> {
    let value = text(headers, header::AUTHORIZATION.as_str()).or_else(|| text(headers, "x-api-key"))?;
    Some(value.strip_prefix("Bearer ").unwrap_or(value))
}

/// The organization of a dataset would take the place of the header's, and there are no datasets.
fn refuse_dataset(headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(dataset) = text(headers, "tr-dataset").or_else(|| text(headers, "x-dataset")) else {
        return Ok(());
    };
    if dataset.parse::<Uuid>().is_err() && organization_header(headers)?.is_none() {
        let message = "Using Dataset Tracking IDs requires providing the TR-Organization header";
        return Err(Refusal::bad_request(message));
    }
    Err(Refusal::not_found("Could not find dataset"))
}

fn organization_header(headers: &HeaderMap) -> Result<Option<Uuid>, Refusal> {
    let value = text(headers, "tr-organization").or_else(|| text(headers, "x-organization"));
    value
        .map(str::parse)
        .transpose()
        .map_err(|_| Refusal::bad_request("Could not convert Organization to UUID"))
}

impl State {
    /// Whose key this is; nobody's when it is unknown, expired or of a deleted organization.
    fn caller(&self, secret: &str, world: &World) -> Option<Caller> {
        let now = Moment::exact(world.clock.now());
        let key = self.keys.iter().find(|key| key.secret == secret)?;
        if key.expires_at.is_some_and(|end| end < now) {
            return None;
        }
        match key.user_id {
            Some(user) => self.person(user, key),
            None => self.organization_as_caller(key, world),
        }
    }

    /// Somebody who is in no organization that lives is nobody.
    fn person(&self, user: Uuid, key: &ApiKey) -> Option<Caller> {
        let user = self.user(user)?;
        let lives = |membership: &&Membership| self.organization(membership.organization_id).is_some();
        let grants = self.memberships_of(user.id).filter(lives).map(|membership| Grant {
            organization: membership.organization_id,
            // A key of role 0 reduces its user everywhere.
            role: if key.role == USER { USER } else { membership.role },
            scopes: membership.scopes.clone(),
        });
        let grants: Vec<_> = grants.collect();
        (!grants.is_empty()).then(|| Caller { id: user.id, email: user.email.clone(), grants })
    }

    /// A user that exists for one request only and has no account.
    fn organization_as_caller(&self, key: &ApiKey, world: &World) -> Option<Caller> {
        let organization = self.organization(key.organization_id)?.id;
        let grant = Grant { organization, role: key.role, scopes: key.scopes.clone() };
        Some(Caller { id: new_id(&world.ids), email: String::new(), grants: vec![grant] })
    }
}

impl Caller {
    fn standing(&self, organization: Uuid, route: &str) -> Result<Standing, Refusal> {
        let grant = self.grants.iter().find(|grant| grant.organization == organization);
        let Grant { role, scopes, .. } = grant.ok_or_else(Refusal::forbidden)?;
        let gate = match scopes {
            None => *role,
            Some(scopes) if scopes.iter().any(|scope| covers(scope, route)) => OWNER,
            Some(_) => return Err(Refusal::forbidden()),
        };
        Ok(Standing { organization, role: *role, gate })
    }
}

/// Who the caller is; the made-up user behind an organization's key is nobody to tell about.
pub(super) async fn me(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    sabotage: Sabotage,
) -> Result<Json<SlimUser>, Refusal> {
    let id = call.caller()?.id;
    sabotage.database("", LOADING_USER)?;
    let state = trieve.state();
    let user = state.user(id).ok_or_else(Refusal::no_such_user)?;
    Ok(Json(state.slim_user(user, state.memberships_of(id))))
}

/// Whether `scope` covers `route`, both like `GET /api/path`. A name in braces stands for one path
/// segment; the rest is a regular expression and, as the vendor has it, not anchored.
fn covers(scope: &str, route: &str) -> bool {
    static BRACES: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\{[a-zA-Z0-9_-]+\}").expect("a well-formed pattern"));
    scope == route
        || Regex::new(&BRACES.replace_all(scope, "[a-zA-Z0-9_-]+")).is_ok_and(|scope| scope.is_match(route))
}
