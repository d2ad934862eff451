//! `/v1/account`: who the caller is, and where.

use axum::Json;
use axum::extract::State;
use serde_json::json;

use super::auth::Caller;
use super::error::ApiError;
use super::model::{ORGANIZATION_STATUSES, Organization};
use super::request::Params;
use super::{Reply, Sim, json};

pub(super) async fn profile(State(koyeb): Sim, caller: Caller) -> Reply {
    let data = koyeb.data();
    let user = data.user(caller.user()?).ok_or_else(|| ApiError::not_found("User"))?;
    Ok(Json(json!({"user": json::user(user)})))
}

/// The organization that a user's token is in. An organization's token has no account to ask.
pub(super) async fn organization(State(koyeb): Sim, caller: Caller) -> Reply {
    caller.user()?;
    let data = koyeb.data();
    Ok(Json(json!({"organization": json::organization(data.scope(&caller)?, koyeb.now())})))
}

pub(super) async fn organizations(State(koyeb): Sim, caller: Caller, params: Params) -> Reply {
    let (data, now) = (koyeb.data(), koyeb.now());
    let user_id = caller.user()?;
    let (page, statuses) = (params.page()?, params.words("statuses", ORGANIZATION_STATUSES)?);
    let search = params.one("search").map(str::to_lowercase);
    let chosen = |row: &&Organization| {
        data.member(user_id, &row.id).is_some()
            && statuses.admit(row.status(now))
            && search.as_deref().is_none_or(|text| row.profile.name.contains(text) || row.id.contains(text))
    };
    let mut rows: Vec<_> = data.organizations.iter().filter(chosen).collect();
    match params.one("order") {
        None | Some("asc") => {}
        Some("desc") => rows.reverse(),
        Some(_) => return Err(ApiError::invalid("order", "must be asc or desc")),
    }
    Ok(Json(page.chained("organizations", &rows, |row| json::organization(row, now))))
}
