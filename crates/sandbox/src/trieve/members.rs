//! Members, their roles, and who the caller is.

use std::sync::Arc;

use axum::extract::{Path, State as AxumState};
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::Deserialize;
use uuid::Uuid;

use super::Trieve;
use super::auth::Call;
use super::error::{JsonBody, Refusal, path_id};
use super::state::{ADMIN, Scopes, SlimUser, known_role};

fn no_such_user() -> Refusal {
    Refusal::bad_request("Error loading user by itself for get_user_by_id_query")
}

pub(super) async fn me(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
) -> Result<Json<SlimUser>, Refusal> {
    let id = call.caller()?.id;
    let state = trieve.state();
    let user = state.user(id).ok_or_else(no_such_user)?;
    let memberships = state.memberships.iter().filter(|membership| membership.user_id == id);
    Ok(Json(state.slim_user(user, memberships)))
}

pub(super) async fn list(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    Path(organization): Path<String>,
) -> Result<Json<Vec<SlimUser>>, Refusal> {
    let organization = path_id(&organization)?;
    call.admin()?;
    let state = trieve.state();
    if state.organization(organization).is_none() {
        return Ok(Json(Vec::new()));
    }
    let members = state.members(organization).filter_map(|membership| {
        let user = state.user(membership.user_id)?;
        Some(state.slim_user(user, std::iter::once(membership)))
    });
    Ok(Json(members.collect()))
}

#[derive(Debug, Deserialize)]
pub(super) struct MemberChange {
    user_id: Option<Uuid>,
    role: Option<i32>,
    scopes: Scopes,
}

/// The present role of the member is not looked at: an admin can demote the last owner.
pub(super) async fn update(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    body: JsonBody,
) -> Result<StatusCode, Refusal> {
    let caller = call.caller()?.id;
    let organization = call.organization()?;
    let change: MemberChange = body.decode()?;
    let role = call.member()?.role;
    let mut state = trieve.state();
    if let Some(user) = change.user_id {
        if role < ADMIN {
            return Err(Refusal::bad_request("You must have an admin or owner role to update other users"));
        }
        state.user(user).ok_or_else(no_such_user)?;
        state.membership(user, organization).ok_or_else(|| {
            let message = "The user who you would like to update the role of must be added to the specified org \
                           first before their role can be updated";
            Refusal::bad_request(message)
        })?;
    }
    if change.role.is_some_and(|wanted| wanted > role) {
        let message = "Can not grant a user a higher role than that of the requesting user's";
        return Err(Refusal::bad_request(message));
    }
    // The made-up user behind an organization's key has no membership to change.
    if let Some(membership) = state.membership_mut(change.user_id.unwrap_or(caller), organization)
        && (change.role.is_some() || change.scopes.is_some())
    {
        membership.role = change.role.map_or(membership.role, known_role);
        membership.scopes = change.scopes.or(membership.scopes.take());
        membership.updated_at = trieve.now();
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The organization in the path is not even parsed: the header's is the one.
pub(super) async fn remove(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    Path((_, user)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let user = path_id(&user)?;
    let organization = call.organization()?;
    let standing = call.admin()?;
    let mut state = trieve.state();
    let member = state.membership(user, organization);
    let member = member.ok_or_else(|| Refusal::bad_request("Error loading user role"))?;
    if member.role > standing.role {
        return Err(Refusal::forbidden());
    }
    let id = member.id;
    state.memberships.retain(|membership| membership.id != id);
    Ok(StatusCode::NO_CONTENT)
}
