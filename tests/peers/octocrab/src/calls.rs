//! The client's calls by name, with what they read as JSON again.

use octocrab::models::orgs::OrgMembershipState;
use octocrab::params::orgs::Role;
use octocrab::{Octocrab, Result};
use serde::Serialize;
use serde_json::{Value, json};

/// All that the client has on organizations, members and invitations, but for what is shown in public.
pub(crate) const METHODS: &[&str] = &[
    "current.get_org_membership",
    "current.list_org_memberships_for_authenticated_user",
    "current.list_orgs",
    "current.update_org_membership",
    "current.user",
    "orgs.add_or_update_membership",
    "orgs.check_membership",
    "orgs.delete",
    "orgs.get",
    "orgs.get_membership",
    "orgs.invitations.cancel",
    "orgs.invitations.create",
    "orgs.invitations.list",
    "orgs.invitations.list_failed",
    "orgs.invitations.list_teams",
    "orgs.list_members",
    "orgs.remove_member",
    "orgs.remove_membership",
    "orgs.update",
    "users.profile",
];

/// Makes a call of this name.
pub(crate) async fn call(crab: &Octocrab, name: &str, it: &Value) -> Result<Value> {
    let text = |member: &str| it[member].as_str().unwrap_or_default();
    let (org, username) = (text("org"), text("username"));
    let orgs = crab.orgs(org);
    let role = match text("role") {
        "admin" => Some(Role::Admin),
        "member" => Some(Role::Member),
        _ => None,
    };
    match name {
        "orgs.get" => orgs.get().await.map(shown),
        "orgs.update" => {
            let mut body = it.clone();
            body.as_object_mut().expect("an object").remove("org");
            orgs.update(&body).await.map(shown)
        }
        "orgs.delete" => orgs.delete().await.map(shown),
        "orgs.list_members" => orgs.list_members().send().await.map(shown),
        "orgs.check_membership" => orgs.check_membership(username).await.map(shown),
        "orgs.get_membership" => orgs.get_membership(username).await.map(shown),
        "orgs.add_or_update_membership" => orgs.add_or_update_membership(username, role).await.map(shown),
        "orgs.remove_member" => orgs.remove_member(username).await.map(shown),
        "orgs.remove_membership" => orgs.remove_membership(username).await.map(shown),
        "users.profile" => crab.users(username).profile().await.map(shown),
        _ if name.starts_with("current.") => current(crab, name, org).await,
        _ => invitation(crab, name, it).await,
    }
}

async fn current(crab: &Octocrab, name: &str, org: &str) -> Result<Value> {
    let current = crab.current();
    match name {
        "current.user" => current.user().await.map(shown),
        "current.list_orgs" => current.list_orgs().send().await.map(shown),
        "current.list_org_memberships_for_authenticated_user" => {
            current.list_org_memberships_for_authenticated_user().send().await.map(shown)
        }
        "current.get_org_membership" => current.get_org_membership(org).await.map(shown),
        "current.update_org_membership" => {
            current.update_org_membership(org, OrgMembershipState::Active).await.map(shown)
        }
        _ => panic!("no call {name}"),
    }
}

async fn invitation(crab: &Octocrab, name: &str, it: &Value) -> Result<Value> {
    let orgs = crab.orgs(it["org"].as_str().unwrap_or_default());
    let invitations = orgs.invitations();
    let text = |member: &str| it[member].as_str().map(str::to_owned);
    let id = it["invitation_id"].as_u64().unwrap_or_default();
    match name {
        "orgs.invitations.list" => {
            let mut list = invitations.list();
            list =
                it["per_page"].as_u64().map_or_else(|| invitations.list(), |size| list.per_page(size as u8));
            list = match text("role") {
                Some(role) => list.role(role),
                None => list,
            };
            list.send().await.map(shown)
        }
        "orgs.invitations.create" => {
            let mut create = invitations.create();
            if let Some(email) = text("email") {
                create = create.email(email);
            }
            if let Some(id) = it["invitee_id"].as_u64() {
                create = create.invitee_id(id);
            }
            if let Some(role) = text("role") {
                create = create.role(role);
            }
            if let Some(teams) = it["team_ids"].as_array() {
                create = create.team_ids(teams.iter().filter_map(Value::as_u64).collect::<Vec<_>>());
            }
            create.send().await.map(shown)
        }
        "orgs.invitations.cancel" => invitations.cancel(id).await.map(shown),
        "orgs.invitations.list_teams" => invitations.list_teams(id).send().await.map(shown),
        "orgs.invitations.list_failed" => invitations.list_failed().send().await.map(shown),
        _ => panic!("no call {name}"),
    }
}

fn shown(read: impl Serialize) -> Value {
    json!(read)
}
