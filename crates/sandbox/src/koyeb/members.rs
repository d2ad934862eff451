//! `/v1/organization_members`.

use axum::Json;
use axum::extract::State;
use serde_json::json;

use super::auth::Caller;
use super::error::ApiError;
use super::request::{Id, Params};
use super::state::Data;
use super::state::{Member, ORGANIZATION_STATUSES};
use super::{Reply, Sim};

/// Members of the organization that is named, else of the token's. A user who asks for the own
/// id without naming one gets the own memberships everywhere.
pub(super) async fn list(State(koyeb): Sim, caller: Caller, params: Params) -> Reply {
    let (data, now) = (koyeb.data(), koyeb.now());
    let (page, statuses) = (params.page()?, params.words("organization_statuses", ORGANIZATION_STATUSES)?);
    let user = params.one("user_id");
    let organization = match (params.one("organization_id"), user) {
        (Some(id), _) => Some(data.organization_for(&caller, id)?),
        (None, Some(user)) if caller.is_user(user) => None,
        (None, _) => Some(data.scope(&caller)?),
    };
    let chosen = |row: &&Member| {
        let status = data.organization(&row.organization_id).map(|organization| organization.status(now));
        organization.is_none_or(|organization| organization.id == row.organization_id)
            && user.is_none_or(|user| user == row.user_id)
            && status.is_some_and(|status| statuses.admit(status))
    };
    let rows: Vec<_> = data.members.iter().filter(chosen).collect();
    Ok(Json(page.counted("members", &rows, |row| data.show_member(row, "ACTIVE", now))))
}

/// Removes by the id of the membership. One's own may be in any organization: that is leaving.
pub(super) async fn remove(State(koyeb): Sim, caller: Caller, Id(id): Id) -> Reply {
    let (mut data, now) = (koyeb.data(), koyeb.now());
    let member = data.removable(&caller, &id)?.clone();
    if data.members_of(&member.organization_id).count() == 1 {
        return Err(ApiError::failed_precondition("id", "The last member cannot leave the organization"));
    }
    data.members.retain(|row| row.id != id);
    Ok(Json(json!({"member": data.show_member(&member, "DELETED", now)})))
}

impl Data {
    fn removable(&self, caller: &Caller, id: &str) -> Result<&Member, ApiError> {
        let missing = || ApiError::not_found("Organization member");
        let member = self.members.iter().find(|row| row.id == id).ok_or_else(missing)?;
        if caller.is_user(&member.user_id) || self.scope(caller)?.id == member.organization_id {
            return Ok(member);
        }
        Err(missing())
    }
}
