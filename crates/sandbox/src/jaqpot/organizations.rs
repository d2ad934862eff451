//! Organizations: list, get, create, update.

use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::auth::{Caller, Visitor};
use super::body::{Constraints, JsonBody, WantsJson, is_plain_name, numeric_id};
use super::error::{Refusal, host};
use super::json::{full_organization, listed_organization, stored};
use super::limits::Limited;
use super::state::{Organization, Visibility};
use super::{Jaqpot, TEXT_COLUMN};

const NAME_SIZE: RangeInclusive<usize> = 3..=200;
const DESCRIPTION_SIZE: RangeInclusive<usize> = 3..=50_000;

/// All public organizations and the caller's own, each once; all there are for a realm admin.
pub(super) async fn list_visible(
    State(jaqpot): State<Arc<Jaqpot>>,
    caller: Caller,
    _: WantsJson,
) -> Json<Vec<Value>> {
    let now = jaqpot.world.clock.now();
    let mut data = jaqpot.data();
    let rows = if caller.is_realm_admin() {
        data.organizations.clone()
    } else {
        let mut rows = data.public_organizations(now);
        rows.extend(data.own_organizations(&caller.id, now));
        rows
    };
    let mut seen = HashSet::new();
    let once = rows.iter().filter(|row| seen.insert(row.id));
    Json(once.map(|row| listed_organization(row, false)).collect())
}

pub(super) async fn list_own(
    State(jaqpot): State<Arc<Jaqpot>>,
    caller: Caller,
    _: WantsJson,
) -> Json<Vec<Value>> {
    let rows = jaqpot.data().own_organizations(&caller.id, jaqpot.world.clock.now());
    Json(rows.iter().map(|row| listed_organization(row, row.creator_id == caller.id)).collect())
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewOrganization {
    id: Option<i64>,
    name: String,
    visibility: Visibility,
    description: Option<String>,
    contact_email: String,
    contact_phone: Option<String>,
    website: Option<String>,
    address: Option<String>,
}

impl NewOrganization {
    fn check(&self) -> Result<(), Refusal> {
        let mut constraints = Constraints::default();
        constraints.require("name", is_plain_name(&self.name), r#"must match "[\w\-_]+""#);
        constraints.text_size("name", &self.name, &NAME_SIZE);
        if let Some(description) = &self.description {
            constraints.text_size("description", description, &DESCRIPTION_SIZE);
        }
        constraints.check()
    }

    /// What the database refuses, which nobody looked at before.
    fn fits_its_columns(&self) -> bool {
        let short = |text: &String| text.chars().count() <= TEXT_COLUMN;
        short(&self.contact_email)
            && [&self.contact_phone, &self.website, &self.address].into_iter().flatten().all(short)
    }
}

pub(super) async fn create(
    State(jaqpot): State<Arc<Jaqpot>>,
    caller: Caller,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, Refusal> {
    let new: NewOrganization = body.decode()?;
    new.check()?;
    let now = jaqpot.world.clock.now();
    let mut data = jaqpot.data();
    let usage = data.limits.take(&caller, Limited::CreateOrganization, now)?;
    if new.id.is_some() {
        return Err(Refusal::invalid("ID should not be provided for resource creation."));
    }
    if data.organization_by_name(&new.name).is_some() {
        return Err(Refusal::invalid(format!("Organization with name {} already exists.", new.name)));
    }
    if !new.fits_its_columns() {
        return Err(Refusal::crash("ERROR: value too long for type character varying(255)"));
    }
    let location = format!("http://{}/v1/organizations/{}", host(&headers), new.name);
    let id = data.organizations.iter().map(|row| row.id).max().unwrap_or_default() + 1;
    data.organizations.push(Organization {
        id,
        name: new.name,
        visibility: new.visibility,
        description: new.description,
        contact_email: new.contact_email,
        contact_phone: new.contact_phone,
        website: new.website,
        address: new.address,
        creator_id: caller.id,
        members: Vec::new(),
        created_at: stored(now),
        updated_at: stored(now),
    });
    data.lists.forget_all();
    Ok((StatusCode::CREATED, usage, [(LOCATION, location)]).into_response())
}

/// Open to anonymous callers, as far as the name is one that the vendor lets through unseen.
pub(super) async fn get(
    State(jaqpot): State<Arc<Jaqpot>>,
    Visitor(visitor): Visitor,
    _: WantsJson,
    Path(name): Path<String>,
) -> Result<Json<Value>, Refusal> {
    if visitor.is_none() && !is_plain_name(&name) {
        return Err(Refusal::NoCredentials);
    }
    let data = jaqpot.data();
    let missing = || Refusal::not_found(format!("Organization with name {name} not found."));
    let organization = data.organization_by_name(&name).ok_or_else(missing)?;
    // The vendor judges access last, on the finished answer.
    let creator = data.creator(organization, &name)?;
    match &visitor {
        Some(caller) if !organization.visible_to(caller) => return Err(Refusal::Forbidden),
        None if organization.visibility == Visibility::Private => return Err(Refusal::NoCredentials),
        _ => {}
    }
    Ok(Json(full_organization(&data, organization, creator, visitor.as_ref())))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changes {
    name: String,
    contact_email: String,
    visibility: Visibility,
    description: Option<String>,
}

/// "Partial" by name: three fields must be sent and are replaced; the cached lists keep the old ones.
pub(super) async fn update(
    State(jaqpot): State<Arc<Jaqpot>>,
    caller: Caller,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Response, Refusal> {
    let id = numeric_id("id", &id)?;
    let changes: Changes = body.decode()?;
    let mut constraints = Constraints::default();
    constraints.email("contactEmail", &changes.contact_email);
    if let Some(description) = &changes.description {
        constraints.text_size("description", description, &DESCRIPTION_SIZE);
    }
    constraints.check()?;

    let now = jaqpot.world.clock.now();
    let mut data = jaqpot.data();
    let position = data.administered_by_id(&caller, id)?;
    let usage = data.limits.take(&caller, Limited::UpdateOrganization, now)?;
    let taken = data.organizations.iter().any(|row| row.id != id && row.name == changes.name);
    let too_long = |text: &str| text.chars().count() > TEXT_COLUMN;
    if taken || too_long(&changes.name) || too_long(&changes.contact_email) {
        let message = "An organization with this name already exists".to_owned();
        return Err(Refusal::Framework(StatusCode::CONFLICT, message));
    }
    let organization = &mut data.organizations[position];
    organization.name = changes.name;
    organization.contact_email = changes.contact_email;
    organization.visibility = changes.visibility;
    organization.description = changes.description.or(organization.description.take());
    organization.updated_at = stored(now);

    let organization = &data.organizations[position];
    let creator = data.creator(organization, &id.to_string())?;
    let mut answer = full_organization(&data, organization, creator, Some(&caller));
    // This one moment has not been through the database yet.
    answer["updated_at"] = Value::from(now.to_string());
    Ok((usage, Json(answer)).into_response())
}
