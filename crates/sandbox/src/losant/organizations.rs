//! Organizations: the collection and the single resource.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::Serialize;

use super::error::{Entity, Failure, Reply};
use super::serve::Call;
use super::state::{Data, Member, Org, ResourceRole, Role, Settings, date};
use crate::world::World;

const PER_PAGE: usize = 100;
const MAX_PER_PAGE: usize = 1000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrgView<'a> {
    id: &'a str,
    org_id: &'a str,
    creation_date: String,
    last_updated: String,
    #[serde(flatten)]
    settings: &'a Settings,
    members: Vec<MemberView<'a>>,
    limits: BTreeMap<&'static str, usize>,
    summary: BTreeMap<&'static str, usize>,
    is_read_only: bool,
    /// The vendor's union type: `false`, or a date that this simulator never gives.
    disabled_at: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MemberView<'a> {
    user_id: &'a str,
    email: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    role: Role,
    application_roles: &'a [ResourceRole],
    dashboard_roles: &'a [ResourceRole],
    two_factor_auth_enabled: bool,
    sso_linked: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrgsView<'a, Item> {
    items: Vec<Item>,
    count: usize,
    total_count: usize,
    page: usize,
    per_page: usize,
    sort_field: &'a str,
    sort_direction: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_field: Option<&'static str>,
}

/// One organization as the vendor shows it.
pub(super) fn org_entity<'a>(data: &'a Data, call: &Call, org: &'a Org) -> Entity<impl Serialize + use<'a>> {
    let live = org.invites.iter().filter(|invite| !invite.expired(call.now)).count();
    let summary = [
        ("appCount", 0),
        ("dashCount", 0),
        ("deviceCount", 0),
        ("memberCount", org.members.len()),
        ("pendingInviteCount", live),
    ];
    let view = OrgView {
        id: &org.id,
        org_id: &org.id,
        creation_date: date(org.created),
        last_updated: date(org.updated),
        settings: &org.settings,
        members: org.members.iter().filter_map(|member| member_view(data, member)).collect(),
        limits: BTreeMap::from([("member", org.member_limit)]),
        summary: wanted_summary(call, summary),
        is_read_only: false,
        disabled_at: false,
    };
    Entity::new(call, "org", &format!("/orgs/{}", org.id), view)
}

fn member_view<'a>(data: &'a Data, member: &'a Member) -> Option<MemberView<'a>> {
    let user = data.user(&member.user_id)?;
    Some(MemberView {
        user_id: &user.id,
        email: &user.email,
        first_name: &user.first_name,
        last_name: &user.last_name,
        role: member.role,
        application_roles: &member.application_roles,
        dashboard_roles: &member.dashboard_roles,
        two_factor_auth_enabled: user.two_factor,
        sso_linked: false,
    })
}

/// The summary without the fields of `summaryExclude`. The counters that `summaryInclude` would
/// add are none that this simulator keeps.
pub(super) fn wanted_summary<const N: usize>(
    call: &Call,
    summary: [(&'static str, usize); N],
) -> BTreeMap<&'static str, usize> {
    let excluded = call.text("summaryExclude").unwrap_or_default();
    summary.into_iter().filter(|(name, _)| excluded.split(',').all(|word| word.trim() != *name)).collect()
}

pub(super) fn get(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let data = &*data;
    Ok(Reply::ok(&org_entity(data, call, data.visible_org(call)?)))
}

pub(super) fn create(data: &mut Data, world: &World, call: &Call) -> Result<Reply, Failure> {
    let settings = call.body("organization")?;
    let mut org = Org::new(world.ids.hex24(), settings, call.now);
    org.add_member(&call.caller()?.user_id, Role::Admin);
    let reply = Reply::new(StatusCode::CREATED, &org_entity(data, call, &org));
    data.orgs.push(org);
    Ok(reply)
}

pub(super) fn patch(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let org = data.administered_org(call)?;
    org.settings.merge(call.body("organization")?);
    org.updated = call.now;
    show_named(data, call)
}

/// The organization that the call names, whether or not the caller still belongs to it.
pub(super) fn show_named(data: &Data, call: &Call) -> Result<Reply, Failure> {
    let org = data.org(call.required_text("orgId")).ok_or_else(|| Failure::not_found("Organization"))?;
    Ok(Reply::ok(&org_entity(data, call, org)))
}

pub(super) fn delete(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let id = data.administered_org(call)?.id.clone();
    data.orgs.retain(|org| org.id != id);
    Ok(Reply::success())
}

/// There are no applications and dashboards here, so nothing moves.
pub(super) fn transfer_resources(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    data.administered_org(call)?;
    Ok(Reply::success())
}

pub(super) fn list(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let data = &*data;
    let user = &call.caller()?.user_id;
    let sort_field = call.text("sortField").unwrap_or("name");
    let direction = call.text("sortDirection").unwrap_or("asc");
    let filter = call.text("filter").filter(|filter| !filter.is_empty());
    let filter = call.text("filterField").filter(|field| !field.is_empty()).and(filter);

    let mut orgs: Vec<&Org> = data.orgs.iter().filter(|org| org.member(user).is_some()).collect();
    orgs.retain(|org| filter.is_none_or(|pattern| matches_glob(pattern, org.name())));
    orgs.sort_by(|one, other| {
        let order = compare(sort_field, one, other);
        if direction == "desc" { order.reverse() } else { order }
    });
    let page = number(call, "page").unwrap_or(0);
    let per_page = number(call, "perPage").unwrap_or(PER_PAGE).clamp(1, MAX_PER_PAGE);
    let on_page = orgs.iter().skip(page.saturating_mul(per_page)).take(per_page);
    let items: Vec<_> = on_page.map(|org| org_entity(data, call, org)).collect();

    let view = OrgsView {
        count: items.len(),
        items,
        total_count: orgs.len(),
        page,
        per_page,
        sort_field,
        sort_direction: direction,
        filter,
        filter_field: filter.and(Some("name")),
    };
    Ok(Reply::ok(&Entity::new(call, "orgs", "/orgs", view)))
}

fn compare(field: &str, one: &Org, other: &Org) -> Ordering {
    let order = match field {
        "creationDate" => one.created.cmp(&other.created),
        "lastUpdated" => one.updated.cmp(&other.updated),
        "id" => Ordering::Equal,
        _ => one.name().cmp(other.name()),
    };
    order.then_with(|| one.id.cmp(&other.id))
}

/// Validation let digits pass, and nothing: a number too large for us is past every page.
fn number(call: &Call, name: &str) -> Option<usize> {
    call.text(name).filter(|digits| !digits.is_empty()).map(|digits| digits.parse().unwrap_or(usize::MAX))
}

/// `*` stands for any characters and `?` for one; the whole name must match, in any case.
fn matches_glob(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let name: Vec<char> = name.to_lowercase().chars().collect();
    // `reached[n]`: the pattern read so far matches the first `n` characters of the name.
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    for symbol in pattern {
        if symbol == '*' {
            let first = reached.iter().position(|reached| *reached).unwrap_or(reached.len());
            reached[first..].fill(true);
        } else {
            for end in (1..=name.len()).rev() {
                reached[end] = reached[end - 1] && (symbol == '?' || symbol == name[end - 1]);
            }
            reached[0] = false;
        }
    }
    reached[name.len()]
}
