//! The end of an organization: deactivate, wait, delete; or think better of it.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::auth::Caller;
use super::error::ApiError;
use super::request::{Body, Id, Nothing};
use super::state::Data;
use super::{NAME, Reply, Sim, json};
use crate::mail::MailKind;

/// The vendor takes its time to stop what runs.
const DEACTIVATION_TAKES: Duration = Duration::from_secs(3);

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Deactivate {
    skip_confirmation: bool,
}

/// Without `skip_confirmation` nothing starts before the link in a mail is followed.
pub(super) async fn deactivate(
    State(koyeb): Sim,
    caller: Caller,
    Id(id): Id,
    Body(request): Body<Deactivate>,
) -> Reply {
    let mut data = koyeb.data();
    data.organization_for(&caller, &id)?.must_run()?;
    if request.skip_confirmation {
        data.start_deactivation(&id, koyeb.now())?;
    } else {
        let confirmation = koyeb.world.ids.uuid();
        let link = format!("https://app.koyeb.com/organization/deactivate/confirm/{confirmation}");
        koyeb.world.send_mail(NAME, &id, data.address_of(&caller, &id), MailKind::Confirmation, Some(link));
        data.confirmations.insert(confirmation, id.clone());
    }
    koyeb.show(&data, &id)
}

pub(super) async fn confirm(State(koyeb): Sim, caller: Caller, Id(confirmation): Id) -> Reply {
    let mut data = koyeb.data();
    let missing = || ApiError::not_found("Organization confirmation");
    let id = data.confirmations.get(&confirmation).cloned().ok_or_else(missing)?;
    data.organization_for(&caller, &id)?.must_run()?;
    data.start_deactivation(&id, koyeb.now())?;
    Ok(Json(json!({})))
}

pub(super) async fn reactivate(State(koyeb): Sim, caller: Caller, Id(id): Id, _: Body<Nothing>) -> Reply {
    let mut data = koyeb.data();
    data.must_be_deactivated(&caller, &id, koyeb.now())?;
    data.organization_mut(&id)?.deactivated_at = None;
    koyeb.show(&data, &id)
}

/// The tokens in the organization go with it, the caller's own included.
pub(super) async fn delete(State(koyeb): Sim, caller: Caller, Id(id): Id) -> Reply {
    let (mut data, now) = (koyeb.data(), koyeb.now());
    data.must_be_deactivated(&caller, &id, now)?;
    let mut last = json::organization(data.organization_for(&caller, &id)?, now);
    last["status"] = "DELETING".into();
    data.erase(&id);
    Ok(Json(json!({"organization": last})))
}

impl Data {
    /// Where mail about an organization goes: to whoever asked for it, or to its first member where
    /// that was a token without a user.
    fn address_of(&self, caller: &Caller, organization: &str) -> &str {
        let first = || self.members_of(organization).next().map(|member| member.user_id.as_str());
        let user = caller.grant.user_id.as_deref().or_else(first).and_then(|id| self.user(id));
        user.map_or("", |user| &user.email)
    }

    /// Whatever mails still ask for a confirmation have become moot.
    fn start_deactivation(&mut self, id: &str, now: Timestamp) -> Result<(), ApiError> {
        let done = now.saturating_add(DEACTIVATION_TAKES).expect("a duration always adds");
        self.organization_mut(id)?.deactivated_at = Some(done);
        self.confirmations.retain(|_, waiting| waiting != id);
        Ok(())
    }

    fn must_be_deactivated(&self, caller: &Caller, id: &str, now: Timestamp) -> Result<(), ApiError> {
        match self.organization_for(caller, id)?.status(now) {
            "DEACTIVATED" => Ok(()),
            _ => Err(ApiError::failed_precondition("status", "The organization is not deactivated")),
        }
    }
}
