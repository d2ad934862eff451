//! API keys: those of organizations, and the older ones of users, which can only be listed and deleted.

use std::sync::Arc;

use axum::extract::{Path, Query, State as AxumState};
use axum::http::{StatusCode, Uri};
use axum::{Extension, Json};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::auth::Call;
use super::error::{JsonBody, Refusal, path_id};
use super::moment::Moment;
use super::seed::new_key;
use super::state::{ApiKey, Scopes, known_role};
use super::{Faults, Trieve};

const PAGE: usize = 10;

#[derive(Debug, Deserialize)]
pub(super) struct NewKey {
    name: String,
    role: i32,
    dataset_ids: Option<Vec<Uuid>>,
    scopes: Scopes,
    expires_at: Option<String>,
}

/// The role is not measured against the caller's.
pub(super) async fn create(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    faults: Faults,
    body: JsonBody,
) -> Result<Json<Value>, Refusal> {
    let organization_id = call.admin()?.organization;
    let NewKey { name, role, dataset_ids, scopes, expires_at } = body.decode()?;
    let key = ApiKey {
        organization_id,
        name,
        role: known_role(role),
        dataset_ids,
        scopes,
        expires_at: expires_at.as_deref().and_then(read_expiry),
        ..new_key(&trieve.world)
    };
    let answer = Json(json!({"api_key": key.secret}));
    if faults.is_some_and(|Extension(sabotage)| sabotage.nothing_created) {
        return Ok(answer);
    }
    trieve.state().keys.push(key);
    Ok(answer)
}

/// A text that cannot be read is dropped: the key then never expires.
fn read_expiry(text: &str) -> Option<Moment> {
    let with_zone = text.parse::<Timestamp>();
    let without_zone = || text.parse::<DateTime>()?.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
    with_zone.or_else(|_| without_zone()).ok().map(Moment::stored)
}

#[derive(Debug, Deserialize)]
struct KeysQuery {
    cursor: Option<Uuid>,
    limit: Option<usize>,
}

/// Ordered by id; the cursor is the last id of the page before.
pub(super) async fn list(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    uri: Uri,
) -> Result<Json<Value>, Refusal> {
    let organization = call.admin()?.organization;
    let Query(KeysQuery { cursor, limit }) = Query::try_from_uri(&uri)
        .map_err(|error| Refusal::bad_request(format!("Query deserialize error: {}", error.body_text())))?;
    let state = trieve.state();
    let follows = |key: &&ApiKey| {
        key.user_id.is_none()
            && key.organization_id == organization
            && cursor.is_none_or(|last| key.id > last)
    };
    let mut keys: Vec<&ApiKey> = state.keys.iter().filter(follows).collect();
    keys.sort_by_key(|key| key.id);
    keys.truncate(limit.unwrap_or(PAGE));
    let cursor = keys.last().map(|key| key.id);
    Ok(Json(json!({"api_keys": keys, "cursor": cursor})))
}

/// Also says yes where there is no such key.
pub(super) async fn revoke(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let organization = call.admin()?.organization;
    let id = path_id(&id)?;
    trieve.state().keys.retain(|key| key.id != id || key.organization_id != organization);
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn list_own(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
) -> Result<Json<Vec<ApiKey>>, Refusal> {
    let user = call.caller()?.id;
    let state = trieve.state();
    Ok(Json(state.keys.iter().filter(|key| key.user_id == Some(user)).cloned().collect()))
}

pub(super) async fn revoke_own(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let user = call.caller()?.id;
    let id = path_id(&id)?;
    trieve.state().keys.retain(|key| key.id != id || key.user_id != Some(user));
    Ok(StatusCode::NO_CONTENT)
}
