//! Invitations, seen by whoever holds the mailed token. No login is asked for.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::reply::{Entity, Failure, Reply};
use super::serve::Call;
use super::state::{Data, INVITE_TTL_MILLIS, Invite, Org, Role, date, same_email};
use crate::world::World;

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

pub(super) fn look(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let (org, index) = find(data, call, call.required_text("token"), call.required_text("email"))?;
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

pub(super) fn answer(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let EmailedAnswer { email, token, accept } = call.body("invite")?;
    let user = data.user_by_email(&email).cloned();
    let (org, index) = find(data, call, &token, &email)?;
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
fn find<'a>(
    data: &'a mut Data,
    call: &Call,
    token: &str,
    email: &str,
) -> Result<(&'a mut Org, usize), Failure> {
    let mailed = |invite: &Invite| invite.token == token && same_email(&invite.email, email);
    let mut orgs = data.orgs.iter_mut();
    let found = orgs.find_map(|org| org.invites.iter().position(mailed).map(|index| (org, index)));
    match found {
        None => Err(Failure::not_found("Invite")),
        Some((org, index)) if org.invites[index].expired(call.now) => Err(Failure::expired()),
        Some(found) => Ok(found),
    }
}
