//! The invited person's side: the invitations to the caller's address, and what the mailed token
//! opens without a login.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::auth::caller;
use super::error::{Entity, Failure, Reply};
use super::serve::Call;
use super::state::{Data, INVITE_TTL_MILLIS, Invite, Org, Role, User, date, same_email, same_id};
use crate::world::World;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OwnInvite<'a> {
    id: &'a str,
    org_name: &'a str,
    role: Role,
    #[serde(rename = "requiresMFA")]
    requires_mfa: bool,
    invite_date: String,
    ttl: u64,
    expired: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_by: Option<Inviter<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Inviter<'a> {
    full_name: String,
    email: &'a str,
}

impl<'a> OwnInvite<'a> {
    fn new(data: &'a Data, call: &Call, org: &'a Org, invite: &'a Invite) -> Self {
        Self {
            id: &invite.id,
            org_name: org.name(),
            role: invite.role,
            requires_mfa: org.requires_mfa(invite.role),
            invite_date: date(invite.sent),
            ttl: INVITE_TTL_MILLIS,
            expired: invite.expired(call.now),
            invited_by: data
                .user(&invite.invited_by)
                .map(|user| Inviter { full_name: user.full_name(), email: &user.email }),
        }
    }
}

/// Every invitation to the caller's address that the caller has not put away.
fn own<'a>(data: &'a Data, user: &'a User) -> impl Iterator<Item = (&'a Org, &'a Invite)> {
    let all = data.orgs.iter().flat_map(|org| org.invites.iter().map(move |invite| (org, invite)));
    all.filter(|(_, invite)| !invite.dismissed && same_email(&invite.email, &user.email))
}

pub(super) fn invites(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let user = caller(data, call)?;
    let list: Vec<_> = own(data, user).map(|(org, invite)| OwnInvite::new(data, call, org, invite)).collect();
    Ok(Reply::ok(&list))
}

fn named<'a>(data: &'a Data, call: &Call) -> Result<(&'a Org, &'a Invite), Failure> {
    let id = call.required_text("inviteId");
    let mut own = own(data, caller(data, call)?);
    own.find(|(_, invite)| same_id(&invite.id, id)).ok_or_else(|| Failure::not_found("Invite"))
}

pub(super) fn invite(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let (org, invite) = named(data, call)?;
    let view = OwnInvite::new(data, call, org, invite);
    Ok(Reply::ok(&Entity::new(call, "orgInviteUser", &format!("/me/invites/{}", invite.id), view)))
}

pub(super) fn respond(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    #[derive(Deserialize)]
    struct Answer {
        action: String,
    }
    let Answer { action } = call.body("response")?;
    let user = caller(data, call)?.clone();
    let (org, invite) = named(data, call)?;
    if invite.expired(call.now) {
        return Err(Failure::expired());
    }
    let (org_id, invite_id) = (org.id.clone(), invite.id.clone());
    let org = data.org_mut(&org_id).ok_or_else(|| Failure::not_found("Organization"))?;
    let index = org.invites.iter().position(|invite| invite.id == invite_id);
    let index = index.ok_or_else(|| Failure::not_found("Invite"))?;
    let result = match action.as_str() {
        "accept" => {
            org.check_second_factor(index, &user)?;
            org.admit(index, &user.id, call.now);
            "accepted"
        }
        "reject" => {
            org.invites.remove(index);
            "rejected"
        }
        _ => {
            org.invites[index].dismissed = true;
            "dismissed"
        }
    };
    Ok(Reply::ok(&json!({ "result": result, "orgId": org_id })))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InviteInfo<'a> {
    org_name: &'a str,
    email: &'a str,
    role: Role,
    invite_date: String,
    ttl: u64,
    disallow_transfer: bool,
}

#[derive(Deserialize)]
struct EmailedAnswer {
    email: String,
    token: String,
    accept: bool,
}

/// What the mailed token is for.
pub(super) fn look(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let (org, index) = mailed(data, call, call.required_text("token"), call.required_text("email"))?;
    let invite = &org.invites[index];
    let info = InviteInfo {
        org_name: org.name(),
        email: &invite.email,
        role: invite.role,
        invite_date: date(invite.sent),
        ttl: INVITE_TTL_MILLIS,
        disallow_transfer: invite.disallow_transfer,
    };
    Ok(Reply::ok(&Entity::new(call, "orgInviteInfo", "/invites", info)))
}

pub(super) fn answer_mailed(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let EmailedAnswer { email, token, accept } = call.body("invite")?;
    let user = data.user_by_email(&email).cloned();
    let (org, index) = mailed(data, call, &token, &email)?;
    if accept {
        let user = user.ok_or_else(|| Failure::not_found("User"))?;
        org.check_second_factor(index, &user)?;
        org.admit(index, &user.id, call.now);
    } else {
        org.invites.remove(index);
    }
    Ok(Reply::ok(&json!({ "accepted": accept, "orgId": org.id })))
}

/// The live invitation that `token` opens, if it was mailed to `email`.
fn mailed<'a>(
    data: &'a mut Data,
    call: &Call,
    token: &str,
    email: &str,
) -> Result<(&'a mut Org, usize), Failure> {
    let fits = |invite: &Invite| invite.token == token && same_email(&invite.email, email);
    let mut orgs = data.orgs.iter_mut();
    let found = orgs.find_map(|org| org.invites.iter().position(fits).map(|index| (org, index)));
    match found {
        None => Err(Failure::not_found("Invite")),
        Some((org, index)) if org.invites[index].expired(call.now) => Err(Failure::expired()),
        Some(found) => Ok(found),
    }
}
