//! `/v1/organizations`: creating, reading and changing.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::auth::Caller;
use super::error::ApiError;
use super::request::{Body, Id, Params};
use super::state::Data;
use super::state::{App, NO_PLAN, Organization, PLANS, Profile, User};
use super::{Koyeb, Reply, Sim, json};

const DEFAULT_MAX_ORGANIZATIONS: usize = 5;
const MAX_NAME: usize = 39;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Name {
    name: String,
}

/// A new organization has no plan yet, and the caller's token stays where it is.
pub(super) async fn create(State(koyeb): Sim, caller: Caller, Body(request): Body<Name>) -> Reply {
    let mut data = koyeb.data();
    let user = data.user(caller.user()?).ok_or_else(|| ApiError::not_found("User"))?;
    data.must_take_name(&request.name, None)?;
    let belongs_to = data.members.iter().filter(|row| row.user_id == user.id).count();
    if belongs_to >= max_organizations(user) {
        return Err(ApiError::quota("max_organizations", "The user belongs to too many organizations"));
    }
    let owner = user.id.clone();
    let id = data.found(&request.name, NO_PLAN, &owner, &koyeb.world);
    koyeb.show(&data, &id)
}

/// The default, or what a flag such as `MAX_ORGANIZATIONS_25` allows.
fn max_organizations(user: &User) -> usize {
    let allowed = user.flags.iter().filter_map(|flag| flag.strip_prefix("MAX_ORGANIZATIONS_"));
    allowed.filter_map(|number| number.parse().ok()).max().unwrap_or(DEFAULT_MAX_ORGANIZATIONS)
}

pub(super) async fn get(State(koyeb): Sim, caller: Caller, Id(id): Id) -> Reply {
    let data = koyeb.data();
    data.organization_for(&caller, &id)?;
    koyeb.show(&data, &id)
}

/// What happens to the fields that an update does not name.
#[derive(Clone, Copy)]
enum Unnamed {
    Stays,
    Empties,
}

/// What the body does not name stays by PATCH, and by PUT where a mask says which fields are meant;
/// else PUT empties it.
pub(super) async fn update(
    method: Method,
    State(koyeb): Sim,
    caller: Caller,
    Id(id): Id,
    params: Params,
    Body(changes): Body<Map<String, Value>>,
) -> Reply {
    let empties = method == Method::PUT && params.one("update_mask").is_none();
    let unnamed = if empties { Unnamed::Empties } else { Unnamed::Stays };
    koyeb.change_profile(&caller, &id, &params, &changes, unnamed)
}

pub(super) async fn rename(
    State(koyeb): Sim,
    caller: Caller,
    Id(id): Id,
    Body(request): Body<Name>,
) -> Reply {
    koyeb.change(&caller, &id, |data| {
        data.must_take_name(&request.name, Some(&id))?;
        data.organization_mut(&id)?.profile.name = request.name;
        Ok(())
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Plan {
    plan: String,
}

/// Stands for the billing pages: with a plan, a new organization becomes active and may invite.
pub(super) async fn change_plan(
    State(koyeb): Sim,
    caller: Caller,
    Id(id): Id,
    Body(request): Body<Plan>,
) -> Reply {
    let now = koyeb.now();
    koyeb.change(&caller, &id, |data| {
        let plan = PLANS.iter().find(|plan| **plan == request.plan);
        let organization = data.organization_mut(&id)?;
        organization.plan = plan.ok_or_else(|| ApiError::invalid("plan", "is not a known plan"))?;
        organization.plan_updated_at = now;
        Ok(())
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct DefaultProject {
    default_project_id: String,
}

/// Projects are not simulated, so any id will do.
pub(super) async fn set_default_project(
    State(koyeb): Sim,
    caller: Caller,
    Id(id): Id,
    Body(request): Body<DefaultProject>,
) -> Reply {
    koyeb.change(&caller, &id, |data| {
        data.organization_mut(&id)?.default_project_id = request.default_project_id;
        Ok(())
    })
}

pub(super) async fn quotas(State(koyeb): Sim, caller: Caller, Id(id): Id) -> Reply {
    let data = koyeb.data();
    let organization = data.organization_for(&caller, &id)?;
    Ok(Json(json!({"quotas": show_quotas(organization)})))
}

/// The numbers beside `max_organization_members` are made up; nothing here depends on them.
fn show_quotas(organization: &Organization) -> Value {
    json!({
        "apps": "10",
        "services": "20",
        "domains": "10",
        "services_by_app": "10",
        "service_provisioning_concurrency": "5",
        "memory_mb": "102400",
        "instance_types": [],
        "regions": ["fra", "was"],
        "max_organization_members": organization.max_members().to_string(),
        "max_instances_by_type": {"nano": "10"},
        "persistent_volumes_by_region": {},
        "custom_domains": "10",
        "domains_load_balancer": {"max_koyeb": 1},
        "metrics_retention": 1_209_600,
        "logs_retention": 604_800,
        "access_reserved_subdomains": [],
        "proxy_ports": 2,
        "scale_to_zero": null,
        "archives": "10",
        "archive_max_size_mb": "1024",
        "lifecycle": null,
        "max_projects": "10",
        "instance_snapshots": null,
    })
}

/// Counts are 64-bit integers, which protobuf writes as strings.
pub(super) async fn summary(State(koyeb): Sim, caller: Caller, Id(id): Id) -> Reply {
    let (data, now) = (koyeb.data(), koyeb.now());
    let organization = data.organization_for(&caller, &id)?;
    let mut by_status = BTreeMap::<_, usize>::new();
    for invitation in data.invitations.iter().filter(|row| row.organization_id == id) {
        *by_status.entry(invitation.status(now)).or_default() += 1;
    }
    let by_status: BTreeMap<_, _> =
        by_status.into_iter().map(|(status, count)| (status, count.to_string())).collect();
    let apps = usize::from(organization.app.is_some());
    let apps_by_status = if apps == 0 { json!({}) } else { json!({"HEALTHY": apps.to_string()}) };
    let members = data.members_of(&id).count().to_string();
    Ok(Json(json!({"summary": {
        "organization_id": id,
        "instances": {"total": "0", "by_type": {}},
        "apps": {"total": apps.to_string(), "by_status": apps_by_status},
        "services": {},
        "domains": {"total": "0", "by_status": {}},
        "secrets": {"total": "0", "by_type": {}},
        "neon_postgres": {"total": "0", "by_instance_type": {}},
        "members": {"total": members, "invitations_by_status": by_status},
    }})))
}

/// `GET /v1/apps`: how the official command line learns the organization of an organization's
/// token.
pub(super) async fn apps(State(koyeb): Sim, caller: Caller, params: Params) -> Reply {
    let data = koyeb.data();
    let organization = data.scope(&caller)?;
    let rows: Vec<_> = organization.app.iter().collect();
    Ok(Json(params.page()?.counted("apps", &rows, |app| show_app(app, &organization.id))))
}

fn show_app(app: &App, organization_id: &str) -> Value {
    json!({
        "id": app.id,
        "name": app.name,
        "organization_id": organization_id,
        "updated_at": json::date(app.created_at),
        "created_at": json::date(app.created_at),
        "domains": [],
        "status": "HEALTHY",
        "messages": [],
    })
}

impl Koyeb {
    /// The reply of most calls on one organization.
    pub(super) fn show(&self, data: &Data, id: &str) -> Reply {
        let organization = data.organization(id).ok_or_else(|| ApiError::not_found("Organization"))?;
        Ok(Json(json!({"organization": json::organization(organization, self.now())})))
    }

    /// Changes an organization of the caller's, and shows it.
    fn change(
        &self,
        caller: &Caller,
        id: &str,
        change: impl FnOnce(&mut Data) -> Result<(), ApiError>,
    ) -> Reply {
        let mut data = self.data();
        data.organization_for(caller, id)?;
        change(&mut data)?;
        self.show(&data, id)
    }

    fn change_profile(
        &self,
        caller: &Caller,
        id: &str,
        params: &Params,
        changes: &Map<String, Value>,
        unnamed: Unnamed,
    ) -> Reply {
        let mut data = self.data();
        let current = &data.organization_for(caller, id)?.profile;
        let base = match unnamed {
            Unnamed::Stays => current,
            Unnamed::Empties => &Profile::default(),
        };
        let profile = merge(base, changes, params.one("update_mask"))?;
        data.must_take_name(&profile.name, Some(id))?;
        data.organization_mut(id)?.profile = profile;
        self.show(&data, id)
    }
}

/// `base` with the changes to fields that the mask names, or to all that can be written.
fn merge(base: &Profile, changes: &Map<String, Value>, mask: Option<&str>) -> Result<Profile, ApiError> {
    let mut fields = serde_json::to_value(base).expect("a plain struct is JSON");
    let mask: Option<Vec<_>> = mask.map(|mask| mask.split(',').collect());
    if let Some(unknown) = mask.iter().flatten().find(|name| fields.get(name).is_none()) {
        return Err(ApiError::invalid("update_mask", &format!("{unknown:?} cannot be updated")));
    }
    let empty = serde_json::to_value(Profile::default()).expect("a plain struct is JSON");
    for (name, field) in fields.as_object_mut().into_iter().flatten() {
        let masked = mask.as_ref().map(|mask| mask.contains(&name.as_str()));
        match (masked, changes.get(name)) {
            (None | Some(true), Some(value)) => *field = value.clone(),
            // A field that the mask names and the body does not is meant to be emptied.
            (Some(true), None) => *field = empty[name].clone(),
            (None, None) | (Some(false), _) => {}
        }
    }
    serde_json::from_value(fields).map_err(|error| ApiError::unreadable(&error.to_string()))
}

impl Data {
    /// Names are unique among all organizations; `except` is the one that has it already.
    fn must_take_name(&self, name: &str, except: Option<&str>) -> Result<(), ApiError> {
        if name.is_empty() {
            return Err(ApiError::invalid("name", "cannot be blank"));
        }
        if !is_organization_name(name) {
            return Err(ApiError::invalid("name", "must be 1 to 39 lowercase letters, digits or dashes"));
        }
        let taken = |row: &Organization| row.profile.name == name && Some(row.id.as_str()) != except;
        if self.organizations.iter().any(taken) {
            return Err(ApiError::invalid("name", "already exists"));
        }
        Ok(())
    }
}

fn is_organization_name(name: &str) -> bool {
    let letter_or_digit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.len() <= MAX_NAME
        && name.split('-').all(|part| !part.is_empty() && part.chars().all(letter_or_digit))
}
