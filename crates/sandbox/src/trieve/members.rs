//! Members and their roles.

use std::sync::Arc;

use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::Deserialize;
use uuid::Uuid;

use super::Trieve;
use super::auth::Call;
use super::error::{JsonBody, LOADING_USER, PathId, Refusal};
use super::state::{ADMIN, Scopes, SlimUser, known_role};
use crate::vendor::Sabotage;

pub(super) async fn list(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    sabotage: Sabotage,
    organization: PathId,
) -> Result<Json<Vec<SlimUser>>, Refusal> {
    let organization = organization.read()?;
    call.admin()?;
    sabotage.database("", "Error loading user")?;
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
#[serde(expecting = "struct UpdateUserReqPayload")]
pub(super) struct MemberChange {
    user_id: Option<Uuid>,
    role: Option<i32>,
    scopes: Scopes,
}

/// The present role of the member is not looked at: an admin can demote the last owner. Nor is the
/// membership's `updated_at` touched.
pub(super) async fn update(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    sabotage: Sabotage,
    body: JsonBody,
) -> Result<StatusCode, Refusal> {
    let caller = call.caller()?.id;
    let change: MemberChange = body.decode()?;
    let organization = call.organization()?;
    let role = call.member()?.role;
    let wanted = change.role.map(known_role);
    let mut state = trieve.state();
    if let Some(user) = change.user_id {
        if role < ADMIN {
            return Err(Refusal::bad_request("You must have an admin or owner role to update other users"));
        }
        sabotage.database("", LOADING_USER)?;
        state.user(user).ok_or_else(Refusal::no_such_user)?;
        state.membership(user, organization).ok_or_else(|| {
            let message = "The user who you would like to update the role of must be added to the specified org \
                           first before their role can be updated";
            Refusal::bad_request(message)
        })?;
    }
    if wanted.is_some_and(|wanted| wanted > role) {
        let message = "Can not grant a user a higher role than that of the requesting user's";
        return Err(Refusal::bad_request(message));
    }
    let texts = change.scopes.as_ref().map(|scopes| scopes.concat()).unwrap_or_default();
    sabotage.database(&texts, "Error updating user")?;
    // The made-up user behind an organization's key has no membership to change.
    if wanted.is_some() || change.scopes.is_some() {
        for membership in state.rewrite_memberships(change.user_id.unwrap_or(caller), organization) {
            membership.role = wanted.unwrap_or(membership.role);
            membership.scopes = change.scopes.clone().or(membership.scopes.take());
        }
    }
    sabotage.cache()?;
    Ok(StatusCode::NO_CONTENT)
}

/// The organization in the path is not even parsed: the header's is the one.
pub(super) async fn remove(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    sabotage: Sabotage,
    user: PathId,
) -> Result<StatusCode, Refusal> {
    let user = user.read()?;
    let organization = call.organization()?;
    let standing = call.admin()?;
    sabotage.database("", "Error loading user role")?;
    let mut state = trieve.state();
    let member = state.membership(user, organization);
    let member = member.ok_or_else(|| Refusal::bad_request("Error loading user role"))?;
    if member.role > standing.role {
        return Err(Refusal::forbidden());
    }
    state.memberships.retain(|it| it.user_id != user || it.organization_id != organization);
    sabotage.cache()?;
    Ok(StatusCode::NO_CONTENT)
}
