//! Who is calling, what that caller may see, and `/v1/account`: what it is told about itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use jiff::Timestamp;
use serde_json::json;

use super::error::ApiError;
use super::request::Params;
use super::state::{Data, Grant, ORGANIZATION_STATUSES, Organization};
use super::{Koyeb, Reply, Sim, json};

/// The token of a request, found valid.
pub(super) struct Caller {
    pub(super) token: String,
    pub(super) grant: Grant,
}

impl FromRequestParts<Arc<Koyeb>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, koyeb: &Arc<Koyeb>) -> Result<Self, ApiError> {
        koyeb.data().authenticate(&parts.headers, koyeb.now())
    }
}

impl Caller {
    /// The user behind the token. An organization's token has none.
    pub(super) fn user(&self) -> Result<&str, ApiError> {
        let user = self.grant.user_id.as_deref();
        user.ok_or_else(|| ApiError::forbidden("This endpoint needs the token of a user"))
    }

    pub(super) fn is_user(&self, id: &str) -> bool {
        self.grant.user_id.as_deref() == Some(id)
    }

    fn is_in(&self, organization_id: &str) -> bool {
        self.grant.organization_id.as_deref() == Some(organization_id)
    }
}

impl Data {
    fn authenticate(&self, headers: &HeaderMap, now: Timestamp) -> Result<Caller, ApiError> {
        let header = headers.get(AUTHORIZATION);
        let header = header.ok_or_else(|| ApiError::unauthenticated("Route needs to be authenticated"))?;
        let token = header.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
        let token = token.ok_or_else(|| ApiError::unauthenticated("Invalid token format"))?;
        let live = self.grants.get(token).filter(|grant| grant.expires_at.is_none_or(|end| end > now));
        let grant =
            live.ok_or_else(|| ApiError::unauthenticated("Request unauthenticated with bearer"))?.clone();
        if grant.rejected {
            return Err(ApiError::unauthenticated("Token rejected"));
        }
        Ok(Caller { token: token.to_owned(), grant })
    }

    /// The organization that the token is in, as long as its user is still a member.
    pub(super) fn scope(&self, caller: &Caller) -> Result<&Organization, ApiError> {
        let id = caller.grant.organization_id.as_deref();
        let id = id.ok_or_else(|| {
            ApiError::failed_precondition("organization_id", "The token is not in an organization")
        })?;
        self.organization_for(caller, id)
    }

    /// An organization that the caller may see: a user's own ones, whichever the token is in, and
    /// the one of an organization's token.
    pub(super) fn organization_for(&self, caller: &Caller, id: &str) -> Result<&Organization, ApiError> {
        let organization = self.organization(id).ok_or_else(|| ApiError::not_found("Organization"))?;
        let allowed = match &caller.grant.user_id {
            Some(user) => self.member(user, id).is_some(),
            None => caller.is_in(id),
        };
        if allowed { Ok(organization) } else { Err(ApiError::forbidden("Not a member of the organization")) }
    }
}

/// The user behind the token.
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
