//! Who is calling, and what that caller may see.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use jiff::Timestamp;

use super::Koyeb;
use super::data::Data;
use super::error::ApiError;
use super::model::{Grant, Organization};

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
