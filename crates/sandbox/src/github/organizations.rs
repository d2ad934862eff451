//! `/orgs/{org}` and the lists of one's own organizations.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::auth::{Caller, Grant};
use super::error::ApiError;
use super::request::{Base, Body, Listed, Org};
use super::{Reply, Sim, json};

const MAX_DESCRIPTION: usize = 160;

/// The organizations of the token's person. A fine-grained token sees none.
pub(super) async fn list(State(github): Sim, caller: Caller, listed: Listed) -> Reply {
    let (user, data) = (caller.user()?, github.data());
    let is_shown = matches!(caller.0.grant, Grant::Classic { .. });
    let own = data
        .organizations
        .iter()
        .filter(|row| is_shown && row.deleted_at.is_none() && row.member(user).is_some());
    let rows: Vec<_> = own.map(|row| json::organization(row, listed.base())).collect();
    Ok(listed.cut(&rows, None))
}

/// Everybody may read an organization; its owners see more of it.
pub(super) async fn get(State(github): Sim, caller: Caller, Org(org): Org, Base(base): Base) -> Reply {
    let mut data = github.data();
    let organization = data.organization(&org, github.now())?;
    Ok(Json(json::full_organization(organization, caller.is_owner(organization), &base)).into_response())
}

pub(super) async fn update(
    State(github): Sim,
    caller: Caller,
    Org(org): Org,
    Base(base): Base,
    body: Body,
) -> Reply {
    let (mut data, now) = (github.data(), github.now());
    caller.must_change(data.organization(&org, now)?)?;
    let (name, description) = (body.text("name")?, body.text("description")?);
    if description.is_some_and(|text| text.chars().count() > MAX_DESCRIPTION) {
        return Err(ApiError::validation("invalid", "description", "description is too long"));
    }
    let organization = data.organization_mut(&org, now)?;
    if let Some(name) = name {
        organization.name = Some(name.to_owned()).filter(|name| !name.is_empty());
    }
    if let Some(description) = description {
        organization.description = Some(description.to_owned()).filter(|text| !text.is_empty());
    }
    organization.updated_at = now;
    Ok(Json(json::full_organization(organization, true, &base)).into_response())
}

/// Is gone a little later, as far as the API shows it.
pub(super) async fn delete(State(github): Sim, caller: Caller, Org(org): Org) -> Reply {
    let (mut data, now) = (github.data(), github.now());
    let organization = data.organization_mut(&org, now)?;
    caller.must_change(organization)?;
    if organization.deleted_at.is_some() {
        return Err(ApiError::not_found());
    }
    organization.deleted_at = Some(now);
    Ok((StatusCode::ACCEPTED, Json(Value::Object(serde_json::Map::new()))).into_response())
}

/// What is left of the hour's calls.
pub(super) async fn rate_limit(State(github): Sim, caller: Caller) -> Reply {
    let core = github.limiter.core(caller.0.subject(), github.now());
    Ok(Json(json!({ "resources": { "core": core }, "rate": core })).into_response())
}
