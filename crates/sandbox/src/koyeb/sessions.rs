//! Tokens that move between organizations: switch, access tokens, unscope.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::auth::Caller;
use super::error::ApiError;
use super::request::{Body, Id, Nothing};
use super::state::Grant;
use super::{Koyeb, Reply, Sim, json};

const DAY: Duration = Duration::from_hours(24);
const HOUR: Duration = Duration::from_hours(1);

/// A session of the caller's user, in one organization or in none.
fn session(caller: &Caller, organization_id: Option<String>, now: Timestamp, lives: Duration) -> Grant {
    let expires_at = Some(now.saturating_add(lives).expect("a duration always adds"));
    Grant { user_id: caller.grant.user_id.clone(), organization_id, expires_at, rejected: false }
}

pub(super) async fn switch(State(koyeb): Sim, caller: Caller, Id(id): Id, _: Body<Nothing>) -> Reply {
    koyeb.may_enter(&caller, &id)?;
    Ok(koyeb.new_session(&caller, Some(id)))
}

/// Takes the organization off the token in use, which then outlives the organization. The token
/// in the reply does so too.
pub(super) async fn unscope(State(koyeb): Sim, caller: Caller, _: Body<Nothing>) -> Reply {
    caller.user()?;
    if let Some(grant) = koyeb.data().grants.get_mut(&caller.token) {
        grant.organization_id = None;
    }
    Ok(koyeb.new_session(&caller, None))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AccessToken {
    validity: Option<String>,
}

pub(super) async fn access_token(
    State(koyeb): Sim,
    caller: Caller,
    Id(id): Id,
    Body(request): Body<AccessToken>,
) -> Reply {
    koyeb.may_enter(&caller, &id)?;
    let lives = match request.validity.as_deref() {
        None | Some("") => HOUR,
        Some(text) => validity(text).ok_or_else(|| {
            ApiError::invalid("validity", "must be a duration such as 3600s, of at most 24 hours")
        })?,
    };
    let grant = session(&caller, Some(id), koyeb.now(), lives);
    Ok(Json(json!({"token": koyeb.data().issue(grant, &koyeb.world)})))
}

/// A protobuf duration: decimal seconds with up to nine digits of fraction, then `s`.
fn validity(text: &str) -> Option<Duration> {
    let number = text.strip_suffix('s')?;
    let (seconds, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(seconds) || !digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let lives = Duration::new(seconds.parse().ok()?, format!("{fraction:0<9}").parse().ok()?);
    (!lives.is_zero() && lives <= DAY).then_some(lives)
}

impl Koyeb {
    fn may_enter(&self, caller: &Caller, id: &str) -> Result<(), ApiError> {
        caller.user()?;
        self.data().organization_for(caller, id).map(|_| ())
    }

    fn new_session(&self, caller: &Caller, organization_id: Option<String>) -> Json<Value> {
        let grant = session(caller, organization_id, self.now(), DAY);
        let token = self.data().issue(grant.clone(), &self.world);
        Json(json!({"token": json::token(&token, &grant)}))
    }
}
