//! Members: listing and removing.

use axum::Json;
use axum::extract::{Path, State as Shared};
use serde_json::{Value, json};

use super::auth::Caller;
use super::error::Failure;
use super::{Answer, Simulator, empty};

pub(super) async fn list(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path(organization): Path<String>,
) -> Answer<Json<Value>> {
    let state = nuextract.state();
    let organization = state.of(&caller.id).find(|it| it.id == organization);
    let members = organization.map(|it| state.members(it));
    Ok(Json(json!(members.ok_or(Failure::NotFound("Organization not found"))?)))
}

pub(super) async fn remove(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path((organization, user)): Path<(String, String)>,
) -> Answer {
    let mut state = nuextract.state();
    let removed = state.organization(&organization, &caller)?.remove(&user);
    if removed { Ok(empty()) } else { Err(Failure::NotFound("Member not found")) }
}
