//! The vendor's JSON, with all its fields.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

use super::invitations::Invitation;
use super::state::{Data, Organization, Team, User};

/// A date in its usual form.
pub(super) fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A date as lists of invitations write it.
fn local_date(at: Timestamp) -> String {
    let pacific = TimeZone::fixed(Offset::constant(-8));
    at.to_zoned(pacific).strftime("%Y-%m-%dT%H:%M:%S.000%:z").to_string()
}

fn node(kind: &str, id: u64) -> String {
    format!("{kind}_kgDO{id:06x}")
}

pub(super) fn user(user: &User, base: &str) -> Value {
    let url = format!("{base}/users/{}", user.login);
    let below = |path: &str| format!("{url}/{path}");
    json!({
        "login": user.login,
        "id": user.id,
        "node_id": node("U", user.id),
        "avatar_url": format!("https://avatars.githubusercontent.com/u/{}?v=4", user.id),
        "gravatar_id": "",
        "url": url,
        "html_url": format!("https://github.com/{}", user.login),
        "followers_url": below("followers"),
        "following_url": below("following{/other_user}"),
        "gists_url": below("gists{/gist_id}"),
        "starred_url": below("starred{/owner}{/repo}"),
        "subscriptions_url": below("subscriptions"),
        "organizations_url": below("orgs"),
        "repos_url": below("repos"),
        "events_url": below("events{/privacy}"),
        "received_events_url": below("received_events"),
        "type": if user.is_bot { "Bot" } else { "User" },
        "user_view_type": "public",
        "site_admin": false,
    })
}

/// An account as it is shown alone. Its address is hidden, as most are.
pub(super) fn profile(row: &User, base: &str) -> Value {
    let mut body = user(row, base);
    for (field, value) in [
        ("name", json!(row.name)),
        ("company", Value::Null),
        ("blog", json!("")),
        ("location", Value::Null),
        ("email", Value::Null),
        ("hireable", Value::Null),
        ("bio", Value::Null),
        ("public_repos", json!(0)),
        ("public_gists", json!(0)),
        ("followers", json!(0)),
        ("following", json!(0)),
        ("created_at", json!(date(row.created_at))),
        ("updated_at", json!(date(row.created_at))),
    ] {
        body[field] = value;
    }
    body
}

/// An organization as lists show it: without its name.
pub(super) fn organization(row: &Organization, base: &str) -> Value {
    let url = format!("{base}/orgs/{}", row.login);
    let below = |path: &str| format!("{url}/{path}");
    json!({
        "login": row.login,
        "id": row.id,
        "node_id": node("O", row.id),
        "url": url,
        "repos_url": below("repos"),
        "events_url": below("events"),
        "hooks_url": below("hooks"),
        "issues_url": below("issues"),
        "members_url": below("members{/member}"),
        "public_members_url": below("public_members{/member}"),
        "avatar_url": format!("https://avatars.githubusercontent.com/u/{}?v=4", row.id),
        "description": row.description,
    })
}

/// An organization as it is shown alone; whoever owns it sees more.
pub(super) fn full_organization(row: &Organization, is_owner: bool, base: &str) -> Value {
    let mut body = organization(row, base);
    let mut set = |field: &str, value: Value| body[field] = value;
    if let Some(name) = &row.name {
        set("name", json!(name));
    }
    set("html_url", json!(format!("https://github.com/{}", row.login)));
    set("has_organization_projects", json!(true));
    set("has_repository_projects", json!(true));
    for count in ["public_repos", "public_gists", "followers", "following"] {
        set(count, json!(0));
    }
    set("type", json!("Organization"));
    set("created_at", json!(date(row.created_at)));
    set("updated_at", json!(date(row.updated_at)));
    set("archived_at", Value::Null);
    if is_owner {
        let seats = row.seats.unwrap_or(1000);
        let plan = json!({ "name": "team", "space": 976_562_499, "private_repos": 999_999,
            "filled_seats": row.members.len(), "seats": seats });
        set("plan", plan);
        set("billing_email", Value::Null);
        set("two_factor_requirement_enabled", json!(false));
        set("default_repository_permission", json!("read"));
    }
    body
}

pub(super) fn team(row: &Team, of: &Organization, base: &str) -> Value {
    let url = format!("{base}/organizations/{}/team/{}", of.id, row.id);
    json!({
        "id": row.id,
        "node_id": node("T", row.id),
        "name": row.name,
        "slug": row.slug,
        "description": Value::Null,
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "url": url,
        "html_url": format!("https://github.com/orgs/{}/teams/{}", of.login, row.slug),
        "members_url": format!("{url}/members{{/member}}"),
        "repositories_url": format!("{url}/repos"),
        "type": "organization",
        "organization_id": of.id,
        "parent": Value::Null,
    })
}

pub(super) fn membership(
    organization_row: &Organization,
    member: &User,
    (state, role): (&str, &str),
    base: &str,
) -> Value {
    json!({
        "url": format!("{base}/orgs/{}/memberships/{}", organization_row.login, member.login),
        "state": state,
        "role": role,
        "direct_membership": true,
        "organization_url": format!("{base}/orgs/{}", organization_row.login),
        "user": user(member, base),
        "organization": organization(organization_row, base),
    })
}

impl Data {
    /// An invitation; lists write its date in another form than the response that made it.
    pub(super) fn show_invitation(
        &self,
        row: &Invitation,
        now: Timestamp,
        base: &str,
        is_listed: bool,
    ) -> Value {
        let failed = row.failed(now);
        let form = if is_listed { local_date } else { date };
        let inviter = self.user(row.inviter).map(|inviter| user(inviter, base));
        let login = row.user.and_then(|id| self.user(id)).map(|invited| invited.login.clone());
        json!({
            "id": row.id,
            "node_id": node("OI", row.id),
            "login": login,
            "email": row.email,
            "role": row.role,
            "created_at": form(row.created_at),
            "failed_at": failed.map(|(at, _)| form(at)),
            "failed_reason": failed.map(|(_, reason)| reason),
            "inviter": inviter,
            "team_count": row.teams.len(),
            "invitation_teams_url":
                format!("{base}/organizations/{}/invitations/{}/teams", row.organization, row.id),
            "invitation_source": "member",
        })
    }
}
