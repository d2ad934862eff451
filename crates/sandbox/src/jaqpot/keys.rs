//! API keys: create, list, update, delete.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Jaqpot;
use super::auth::Caller;
use super::body::{JsonBody, WantsJson};
use super::error::Refusal;
use super::json;
use super::limits::Limited;
use super::state::{ApiKey, State as Data};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Lifetime {
    ThreeMonths,
    SixMonths,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewKey {
    expiration_time: Lifetime,
    note: Option<String>,
}

/// The secret is shown here and never again.
pub(super) async fn create(
    State(jaqpot): State<Arc<Jaqpot>>,
    caller: Caller,
    body: JsonBody,
) -> Result<Response, Refusal> {
    let new: NewKey = body.decode()?;
    let world = &jaqpot.world;
    let now = world.clock.now();
    let mut data = jaqpot.data();
    let usage = data.limits.take(&caller, Limited::CreateApiKey, now)?;
    let months = match new.expiration_time {
        Lifetime::ThreeMonths => 3,
        Lifetime::SixMonths => 6,
    };
    let (key, secret) = (format!("jq_{}", world.ids.alphanumeric(24)), world.ids.alphanumeric(50));
    let answer = json!({"clientKey": key, "clientSecret": secret});
    data.api_keys.push(ApiKey { note: new.note, ..ApiKey::new(key, secret, &caller.id, months, now) });
    Ok((usage, Json(answer)).into_response())
}

pub(super) async fn list(
    State(jaqpot): State<Arc<Jaqpot>>,
    caller: Caller,
    _: WantsJson,
) -> Json<Vec<Value>> {
    let data = jaqpot.data();
    let own = data.api_keys.iter().filter(|row| row.user_id == caller.id);
    Json(own.map(json::api_key).collect())
}

#[derive(Debug, Deserialize)]
struct KeyChanges {
    note: Option<String>,
    enabled: Option<bool>,
}

pub(super) async fn update(
    State(jaqpot): State<Arc<Jaqpot>>,
    caller: Caller,
    Path(key): Path<String>,
    body: JsonBody,
) -> Result<Response, Refusal> {
    let changes: KeyChanges = body.decode()?;
    let mut data = jaqpot.data();
    let position = owned(&data, &caller, &key)?;
    let usage = data.limits.take(&caller, Limited::UpdateApiKey, jaqpot.world.clock.now())?;
    let row = &mut data.api_keys[position];
    row.note = changes.note.or(row.note.take());
    row.enabled = changes.enabled.unwrap_or(row.enabled);
    let answer = json!({"key": row.key, "note": row.note, "enabled": row.enabled});
    Ok((usage, Json(answer)).into_response())
}

pub(super) async fn delete(
    State(jaqpot): State<Arc<Jaqpot>>,
    caller: Caller,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let mut data = jaqpot.data();
    let position = owned(&data, &caller, &key)?;
    let usage = data.limits.take(&caller, Limited::DeleteApiKey, jaqpot.world.clock.now())?;
    data.api_keys.remove(position);
    Ok((StatusCode::NO_CONTENT, usage, ()).into_response())
}

/// Where a key stands that is the caller's own, or anyone's for a realm admin.
fn owned(data: &Data, caller: &Caller, key: &str) -> Result<usize, Refusal> {
    let missing = || Refusal::not_found("Api key not found");
    let position = data.api_keys.iter().position(|row| row.key == key).ok_or_else(missing)?;
    let own = data.api_keys[position].user_id == caller.id || caller.is_realm_admin();
    if own { Ok(position) } else { Err(Refusal::Forbidden) }
}
