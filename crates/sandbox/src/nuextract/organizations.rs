//! Organizations: those of the caller, and what an administrator does to one.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use serde_json::{Value, json};

use super::auth::Caller;
use super::error::Failure;
use super::state::{Organization, State};
use super::{Answer, Simulator, empty};
use crate::vendor::Sabotage;

impl State {
    /// An organization that `caller` is a member of; others do not exist for them.
    pub(super) fn organization(&mut self, id: &str, caller: &Caller) -> Answer<&mut Organization> {
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

pub(super) fn to_json(organization: &Organization) -> Value {
    json!({ "id": organization.id, "name": organization.name })
}

pub(super) async fn list(Shared(nuextract): Simulator, caller: Caller) -> Json<Value> {
    Json(nuextract.state().of(&caller.id).map(to_json).collect())
}

pub(super) async fn create(
    Shared(nuextract): Simulator,
    caller: Caller,
    sabotage: Sabotage,
    body: Bytes,
) -> Answer<Json<Value>> {
    let name = nuextract.field(&body, "name")?;
    let organization = Organization::new(nuextract.world.ids.uuid(), name, &caller.id);
    let answer = to_json(&organization);
    if !sabotage.nothing_created {
        nuextract.state().organizations.push(organization);
    }
    Ok(Json(answer))
}

pub(super) async fn update(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path(organization): Path<String>,
    body: Bytes,
) -> Answer<Json<Value>> {
    let name = nuextract.field(&body, "name")?;
    let mut state = nuextract.state();
    let organization = state.administered(&organization, &caller)?;
    organization.name = name;
    Ok(Json(to_json(organization)))
}

pub(super) async fn delete(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path(organization): Path<String>,
) -> Answer {
    let mut state = nuextract.state();
    state.administered(&organization, &caller)?;
    state.organizations.retain(|it| it.id != organization);
    Ok(empty())
}
