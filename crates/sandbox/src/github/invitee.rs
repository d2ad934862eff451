//! `/user`: the token's own person, with the memberships and invitations of that one.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde_json::Value;

use super::auth::{Caller, Grant};
use super::error::ApiError;
use super::request::{Base, Body, Listed, Name, Org, Params};
use super::state::{Data, Organization};
use super::{Reply, Sim, json};

pub(super) async fn profile(State(github): Sim, caller: Caller, Base(base): Base) -> Reply {
    let (user, data) = (caller.user()?, github.data());
    Ok(Json(json::profile(data.user(user).ok_or_else(ApiError::not_found)?, &base)).into_response())
}

/// The account of a number.
pub(super) async fn by_number(State(github): Sim, _: Caller, Name(id): Name, Base(base): Base) -> Reply {
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    Ok(Json(json::profile(github.data().user(id).ok_or_else(ApiError::not_found)?, &base)).into_response())
}

/// The account of a login.
pub(super) async fn by_login(State(github): Sim, _: Caller, Name(login): Name, Base(base): Base) -> Reply {
    Ok(Json(json::profile(github.data().user_by_login(&login)?, &base)).into_response())
}

pub(super) async fn memberships(State(github): Sim, caller: Caller, listed: Listed) -> Reply {
    let (user, data, now) = (caller.user()?, github.data(), github.now());
    let wanted = Params::word(listed.params.state.as_ref(), &["active", "pending"])?;
    let user = data.user(user).ok_or_else(ApiError::not_found)?;
    let is_shown = matches!(caller.0.grant, Grant::Classic { .. });
    let rows: Vec<Value> = data
        .organizations
        .iter()
        .filter(|organization| is_shown && organization.deleted_at.is_none())
        .filter_map(|organization| {
            let stands = data.stands(organization, user, now)?;
            let is_wanted = wanted.is_none_or(|wanted| wanted == stands.0);
            is_wanted.then(|| json::membership(organization, user, stands, listed.base()))
        })
        .collect();
    Ok(listed.cut(&rows, None))
}

pub(super) async fn membership(State(github): Sim, caller: Caller, Org(org): Org, Base(base): Base) -> Reply {
    let (mut data, now) = (github.data(), github.now());
    let (organization, stands) = own(&mut data, &caller, &org, now)?;
    let user = data.user(caller.user()?).ok_or_else(ApiError::not_found)?;
    Ok(Json(json::membership(&organization, user, stands, &base)).into_response())
}

/// Accepting is all that can be done; a membership stays as it is.
pub(super) async fn accept(
    State(github): Sim,
    caller: Caller,
    Org(org): Org,
    Base(base): Base,
    body: Body,
) -> Reply {
    let (mut data, now) = (github.data(), github.now());
    body.word("state", &["active"])?.ok_or_else(|| ApiError::invalid_request("'state' was not given."))?;
    let (organization, (_, role)) = own(&mut data, &caller, &org, now)?;
    data.accept(&organization, caller.user()?, now)?;
    let user = data.user(caller.user()?).ok_or_else(ApiError::not_found)?;
    Ok(Json(json::membership(&organization, user, ("active", role), &base)).into_response())
}

/// The organization, with what the caller is in it.
fn own(
    data: &mut Data,
    caller: &Caller,
    org: &str,
    now: Timestamp,
) -> Result<(Organization, (&'static str, &'static str)), ApiError> {
    let organization = data.organization(org, now)?.clone();
    let user = data.user(caller.user()?).ok_or_else(ApiError::not_found)?;
    let stands = data.stands(&organization, user, now).ok_or_else(ApiError::not_found)?;
    Ok((organization, stands))
}

impl Data {
    /// Makes an invited account a member; one that is a member stays it.
    pub(super) fn accept(
        &mut self,
        organization: &Organization,
        user: u64,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        let account = self.user(user).ok_or_else(ApiError::not_found)?.clone();
        if organization.member(user).is_some() {
            return Ok(());
        }
        let (_, role) = self.stands(organization, &account, now).ok_or_else(ApiError::not_found)?;
        self.organization_mut(&organization.login, now)?.join(user, role);
        self.invitations.retain(|row| !row.waits_for(organization.id, &account, now));
        Ok(())
    }
}
