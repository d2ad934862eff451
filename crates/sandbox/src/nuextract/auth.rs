//! Who calls, and what they are told about themselves.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, State as Shared};
use axum::http::header;
use axum::http::request::Parts;
use serde_json::{Value, json};

use super::error::Failure;
use super::{Answer, NAME, NuExtract, Simulator, organizations};

/// The user behind an OAuth access token; API keys are refused.
pub(super) struct Caller {
    pub(super) id: String,
}

impl FromRequestParts<Arc<NuExtract>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, nuextract: &Arc<NuExtract>) -> Answer<Self> {
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, token) = header.and_then(|value| value.split_once(' ')).ok_or(Failure::Unauthorized)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Failure::Unauthorized);
        }
        if nuextract.state().is_api_key(token) {
            return Err(Failure::Forbidden("API keys cannot be used for this endpoint"));
        }
        let world = &nuextract.world;
        let user = world.tokens.user(token, NAME, world.clock.now());
        user.map(|id| Self { id }).map_err(|_| Failure::Unauthorized)
    }
}

pub(super) async fn me(Shared(nuextract): Simulator, caller: Caller) -> Answer<Json<Value>> {
    let state = nuextract.state();
    let user = state.user(&caller.id).ok_or(Failure::Unauthorized)?;
    let organizations: Vec<_> = state.of(&caller.id).map(organizations::to_json).collect();
    Ok(Json(json!({ "email": user.email, "isAdmin": false, "organizations": organizations })))
}
