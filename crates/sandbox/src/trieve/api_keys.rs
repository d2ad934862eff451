//! API keys: those of organizations, and the older ones of users, which can only be listed and deleted.

use std::sync::Arc;

use axum::extract::State as AxumState;
use axum::http::{StatusCode, Uri};
use axum::{Extension, Json};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Trieve;
use super::auth::Call;
use super::error::{JsonBody, PathId, Refusal, read_uuid};
use super::moment::Moment;
use super::seed::new_key;
use super::state::{ApiKey, Scopes, known_role};
use crate::vendor::Sabotage;

const PAGE: usize = 10;

/// The database's failure in all calls but the creating one.
const FAILED: &str = "Failed to get API keys for user";

#[derive(Debug, Deserialize)]
#[serde(expecting = "struct CreateApiKeyReqPayload")]
pub(super) struct NewKey {
    name: String,
    role: i32,
    dataset_ids: Option<Vec<Uuid>>,
    scopes: Scopes,
    expires_at: Option<String>,
}

/// The role is not measured against the caller's. Here the caller is judged ahead of the body.
pub(super) async fn create(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    sabotage: Sabotage,
    body: Result<JsonBody, Refusal>,
) -> Result<Json<Value>, Refusal> {
    let organization_id = call.admin()?.organization;
    let NewKey { name, role, dataset_ids, scopes, expires_at } = body?.decode()?;
    sabotage.database(&name, "Failed to set new API key for organization: Error setting api key")?;
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
    if sabotage.nothing_created {
        return Ok(answer);
    }
    trieve.state().keys.push(key);
    Ok(answer)
}

/// Reads seconds since 1970, a date-time with a zone, and one without where a blank stands before
/// the time. Any other text is dropped, and the key then never expires.
fn read_expiry(text: &str) -> Option<Moment> {
    let seconds = || Timestamp::from_second(text.parse().ok()?).ok();
    let without_zone = || {
        let at = text.contains(' ').then(|| text.parse::<DateTime>().ok())??;
        Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    text.parse().ok().or_else(seconds).or_else(without_zone).map(Moment::stored)
}

/// The query of a list: the last id of the page before, and how many to show.
fn read_query(uri: &Uri) -> Result<(Option<Uuid>, usize), Refusal> {
    let failed = |_| Refusal::bad_request(FAILED);
    let (mut cursor, mut limit) = (None, PAGE);
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        match &*name {
            "cursor" => cursor = Some(read_uuid(&value).map_err(|problem| Refusal::query(&problem))?),
            "limit" => {
                let wanted: i64 = value.parse().map_err(|error| Refusal::query(&format!("{error}")))?;
                limit = usize::try_from(wanted).map_err(failed)?;
            }
            _ => {}
        }
    }
    Ok((cursor, limit))
}

/// Ordered by id; the cursor is the last id of the page before.
pub(super) async fn list(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    sabotage: Sabotage,
    uri: Uri,
) -> Result<Json<Value>, Refusal> {
    let organization = call.admin()?.organization;
    let (cursor, limit) = read_query(&uri)?;
    sabotage.database("", FAILED)?;
    let state = trieve.state();
    let follows = |key: &&ApiKey| {
        key.user_id.is_none()
            && key.organization_id == organization
            && cursor.is_none_or(|last| key.id > last)
    };
    let mut keys: Vec<&ApiKey> = state.keys.iter().filter(follows).collect();
    keys.sort_by_key(|key| key.id);
    keys.truncate(limit);
    let cursor = keys.last().map(|key| key.id);
    Ok(Json(json!({"api_keys": keys, "cursor": cursor})))
}

/// Also says yes where there is no such key.
pub(super) async fn revoke(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    id: PathId,
) -> Result<StatusCode, Refusal> {
    let organization = call.admin()?.organization;
    let id = id.read()?;
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
    id: PathId,
) -> Result<StatusCode, Refusal> {
    let user = call.caller()?.id;
    let id = id.read()?;
    trieve.state().keys.retain(|key| key.id != id || key.user_id != Some(user));
    Ok(StatusCode::NO_CONTENT)
}
