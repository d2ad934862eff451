//! `/v1/credentials`: API tokens, of users and of organizations.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;

use super::auth::Caller;
use super::error::ApiError;
use super::request::{Body, Id, Params};
use super::state::Data;
use super::state::{Credential, Grant};
use super::{Reply, Sim};

const TYPES: &[&str] = &["INVALID", "USER", "ORGANIZATION"];

pub(super) async fn list(State(koyeb): Sim, caller: Caller, params: Params) -> Reply {
    let data = koyeb.data();
    let (page, types) = (params.page()?, params.words("type", TYPES)?);
    let same = |key: &str, value: &str| params.one(key).is_none_or(|wanted| wanted == value);
    let chosen = |row: &&Credential| {
        let grant = &data.grants[&row.token];
        data.manages(&caller, row)
            && types.admit(grant.kind())
            && same("name", &row.name)
            && same("organization_id", grant.organization_id.as_deref().unwrap_or_default())
            && same("user_id", grant.user_id.as_deref().unwrap_or_default())
    };
    let rows: Vec<_> = data.credentials.iter().filter(chosen).collect();
    Ok(Json(page.counted("credentials", &rows, |row| data.show_credential(row))))
}

pub(super) async fn get(State(koyeb): Sim, caller: Caller, Id(id): Id) -> Reply {
    let data = koyeb.data();
    let credential = data.own_credential(&caller, &id)?;
    Ok(Json(json!({"credential": data.show_credential(credential)})))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Create {
    name: String,
    description: String,
    r#type: String,
    organization_id: String,
}

/// The only reply that holds the token's text.
pub(super) async fn create(State(koyeb): Sim, caller: Caller, Body(request): Body<Create>) -> Reply {
    let mut data = koyeb.data();
    must_have_name(&request.name)?;
    let user_id = match request.r#type.as_str() {
        "USER" => Some(caller.user()?.to_owned()),
        "ORGANIZATION" => None,
        _ => return Err(ApiError::invalid("type", "must be USER or ORGANIZATION")),
    };
    let organization = match request.organization_id.as_str() {
        "" => data.scope(&caller)?,
        id => data.organization_for(&caller, id)?,
    };
    let organization_id = Some(organization.id.clone());
    let grant = Grant { user_id, organization_id, ..Grant::default() };
    let credential = data.add_credential(request.name, request.description, grant, &koyeb.world);
    let mut shown = data.show_credential(&credential);
    shown["token"] = credential.token.into();
    Ok(Json(json!({"credential": shown})))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Update {
    name: Option<String>,
    description: Option<String>,
}

/// Name and description are all that can change, by PUT and PATCH alike.
pub(super) async fn update(
    State(koyeb): Sim,
    caller: Caller,
    Id(id): Id,
    params: Params,
    Body(request): Body<Update>,
) -> Reply {
    let mut data = koyeb.data();
    let mut credential = data.own_credential(&caller, &id)?.clone();
    let meant =
        |field| params.one("update_mask").is_none_or(|mask| mask.split(',').any(|name| name == field));
    if let Some(name) = request.name.filter(|_| meant("name")) {
        must_have_name(&name)?;
        credential.name = name;
    }
    if let Some(description) = request.description.filter(|_| meant("description")) {
        credential.description = description;
    }
    credential.updated_at = koyeb.now();
    let reply = json!({"credential": data.show_credential(&credential)});
    data.credentials.iter_mut().filter(|row| row.id == id).for_each(|row| *row = credential.clone());
    Ok(Json(reply))
}

/// The token stops working at once.
pub(super) async fn delete(State(koyeb): Sim, caller: Caller, Id(id): Id) -> Reply {
    let mut data = koyeb.data();
    let token = data.own_credential(&caller, &id)?.token.clone();
    data.credentials.retain(|row| row.id != id);
    data.grants.remove(&token);
    Ok(Json(json!({})))
}

fn must_have_name(name: &str) -> Result<(), ApiError> {
    if name.is_empty() { Err(ApiError::invalid("name", "cannot be blank")) } else { Ok(()) }
}

impl Data {
    /// A user manages the own tokens, and everyone those of the organizations within reach.
    fn manages(&self, caller: &Caller, credential: &Credential) -> bool {
        let grant = &self.grants[&credential.token];
        match (&grant.user_id, &grant.organization_id) {
            (Some(user), _) => caller.is_user(user),
            (None, Some(organization)) => self.organization_for(caller, organization).is_ok(),
            (None, None) => false,
        }
    }

    fn own_credential(&self, caller: &Caller, id: &str) -> Result<&Credential, ApiError> {
        let found = self.credentials.iter().find(|row| row.id == id && self.manages(caller, row));
        found.ok_or_else(|| ApiError::not_found("Credential"))
    }
}
