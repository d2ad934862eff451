//! Members: a role change and a removal, both of which answer the whole organization.

use serde::Deserialize;

use super::error::{Failure, Reply};
use super::organizations::show_named;
use super::serve::Call;
use super::state::{Data, ResourceRole, Role, same_id};
use crate::world::World;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MemberPatch {
    user_id: String,
    role: Option<Role>,
    application_roles: Option<Vec<ResourceRole>>,
    dashboard_roles: Option<Vec<ResourceRole>>,
}

pub(super) fn modify(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let patch: MemberPatch = call.body("member")?;
    let org = data.administered_org(call)?;
    let member = org.members.iter_mut().find(|member| same_id(&member.user_id, &patch.user_id));
    let member = member.ok_or_else(|| Failure::not_found("User"))?;
    let changes_role = patch.role.is_some_and(|role| role != member.role);
    // With this rule no role change can take the last administrator.
    if changes_role && member.user_id == call.caller()?.user_id {
        return Err(Failure::validation("member.role cannot be changed by the member"));
    }
    member.role = patch.role.unwrap_or(member.role);
    if let Some(roles) = patch.application_roles {
        member.application_roles = roles;
    }
    if let Some(roles) = patch.dashboard_roles {
        member.dashboard_roles = roles;
    }
    org.updated = call.now;
    show_named(data, call)
}

/// Administrators remove anyone, everyone else only themselves.
pub(super) fn remove(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let user_id = call.required_text("userId");
    let caller = &call.caller()?.user_id;
    let org_id = if same_id(caller, user_id) {
        data.visible_org(call)?.id.clone()
    } else {
        data.administered_org(call)?.id.clone()
    };
    let org = data.org_mut(&org_id).ok_or_else(|| Failure::not_found("Organization"))?;
    let member = org.member(user_id).ok_or_else(|| Failure::not_found("User"))?;
    if member.role == Role::Admin && org.admin_count() == 1 {
        return Err(Failure::validation("userId is the last administrator of the organization"));
    }
    org.members.retain(|member| !same_id(&member.user_id, user_id));
    org.updated = call.now;
    show_named(data, call)
}
