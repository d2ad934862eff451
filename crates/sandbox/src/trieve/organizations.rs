//! Organizations and their counters.

use std::sync::Arc;

use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::auth::Call;
use super::error::{JsonBody, PathId, Refusal};
use super::moment::Moment;
use super::state::{FREE_PLAN_USERS, OWNER, Organization, new_id};
use super::{Trieve, html};
use crate::fault_kind::Outage;
use crate::vendor::Sabotage;

pub(super) async fn get(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    sabotage: Sabotage,
    id: PathId,
) -> Result<Json<Value>, Refusal> {
    let id = id.read()?;
    call.admin()?;
    let state = trieve.state();
    let organization = state.organization(id).filter(|_| !sabotage.hits(Outage::Operation));
    let organization = organization.ok_or_else(Refusal::organization_not_found)?;
    let plan = free_plan(Moment::exact(trieve.world.clock.now()));
    Ok(Json(json!({"organization": organization.completed(), "plan": plan, "subscription": null})))
}

fn free_plan(now: Moment) -> Value {
    json!({
        "type": "flat",
        "id": Uuid::nil(),
        "stripe_id": "",
        "chunk_count": 1000,
        "user_count": FREE_PLAN_USERS,
        "dataset_count": 2,
        "message_count": 1000,
        "amount": 0,
        "created_at": now,
        "updated_at": now,
        "name": "Free",
        "visible": true,
        "file_storage": 1_048_576,
        "messages_per_month": 50,
    })
}

#[derive(Debug, Deserialize)]
#[serde(expecting = "struct CreateOrganizationReqPayload")]
pub(super) struct NewOrganization {
    name: String,
}

/// The answer is made in memory, finer than what a later read shows.
pub(super) async fn create(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    sabotage: Sabotage,
    body: JsonBody,
) -> Result<Json<Organization>, Refusal> {
    let caller = call.caller()?;
    let NewOrganization { name } = body.decode()?;
    sabotage.database(&name, "Could not create organization, try again")?;
    let now = || Moment::exact(trieve.world.clock.now());
    let created = Organization::new(new_id(&trieve.world.ids), name, now(), now());
    if sabotage.nothing_created {
        return Ok(Json(created));
    }
    let mut state = trieve.state();
    state.organizations.push(Organization {
        created_at: created.created_at.to_stored(),
        updated_at: created.updated_at.to_stored(),
        ..created.clone()
    });
    // The made-up user behind an organization's key cannot join; the organization stays.
    let user = state.user(caller.id).filter(|_| !sabotage.hits(Outage::Behind));
    user.ok_or_else(|| Refusal::internal("Failed to add user to organization"))?;
    state.join(caller.id, created.id, OWNER, None, &trieve.world);
    sabotage.cache()?;
    Ok(Json(created))
}

#[derive(Debug, Deserialize)]
#[serde(expecting = "struct UpdateOrganizationReqPayload")]
pub(super) struct OrganizationChange {
    name: Option<String>,
    partner_configuration: Option<Value>,
}

/// What is left out is not left alone: the stored name is cleaned as well, and the completed
/// partner configuration replaces the stored one.
pub(super) async fn update(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    sabotage: Sabotage,
    body: JsonBody,
) -> Result<Json<Organization>, Refusal> {
    if call.is_blank() {
        call.organization()?;
    }
    let OrganizationChange { name, partner_configuration } = body.decode()?;
    let id = call.organization()?;
    call.owner()?;
    let name = name.as_deref();
    sabotage.database(name.unwrap_or_default(), "Failed to update organization, try again")?;
    let mut state = trieve.state();
    let organization = state.rewrite_organization(id).ok_or_else(Refusal::organization_not_found)?;
    organization.name = html::clean(name.unwrap_or(&organization.name));
    organization.partner_configuration =
        partner_configuration.unwrap_or_else(|| organization.completed_configuration());
    organization.updated_at = trieve.now();
    let updated = organization.clone();
    sabotage.behind(Refusal::bad_request("Error loading users"))?;
    sabotage.cache()?;
    state.members(id).next().ok_or_else(Refusal::no_cached_user)?;
    Ok(Json(updated))
}

pub(super) async fn delete(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    sabotage: Sabotage,
    id: PathId,
) -> Result<StatusCode, Refusal> {
    let id = id.read()?;
    call.owner()?;
    sabotage.database("", "Error loading users")?;
    // Ahead of the change here, and behind it everywhere else.
    sabotage.cache()?;
    let mut state = trieve.state();
    state.members(id).next().ok_or_else(Refusal::no_cached_user)?;
    if let Some(organization) = state.rewrite_organization(id) {
        organization.deleted = 1;
    }
    sabotage.behind(Refusal::internal("Failed to add organization to deleted_organizations"))?;
    Ok(StatusCode::NO_CONTENT)
}

/// There are no datasets here, so all counters but the members' are zero.
pub(super) async fn usage(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    id: PathId,
    body: JsonBody,
) -> Result<Json<Value>, Refusal> {
    let id = id.read()?;
    if call.is_blank() {
        call.admin()?;
    }
    let _: UsageQuery = body.decode()?;
    call.admin()?;
    let state = trieve.state();
    if !state.organizations.iter().any(|organization| organization.id == id) {
        return Err(Refusal::bad_request("Could not find organization usage count"));
    }
    Ok(Json(json!({
        "search_tokens": 0,
        "message_tokens": 0,
        "dataset_count": 0,
        "user_count": state.members(id).count(),
        "file_storage": 0,
        "message_count": 0,
        "search_count": 0,
        "chunk_count": 0,
        "bytes_ingested": 0,
        "tokens_ingested": 0,
        "ocr_pages_ingested": 0,
        "website_pages_scraped": 0,
        "events_ingested": 0,
        "current_months_message_count": 0,
    })))
}

/// Both are decoded for their errors' sake; nothing is ever counted.
#[derive(Debug, Deserialize)]
#[serde(expecting = "struct GetOrganizationUsageReqPayload")]
struct UsageQuery {
    #[serde(rename = "date_range")]
    _date_range: Option<serde_json::Map<String, Value>>,
    #[serde(rename = "v1_usage")]
    _v1_usage: Option<bool>,
}
