//! The caller: who it is, and the invitations to the caller's address.

use serde::Serialize;
use serde_json::json;

use super::orgs::wanted_summary;
use super::reply::{Entity, Failure, Reply};
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

fn caller<'a>(data: &'a Data, call: &Call) -> Result<&'a User, Failure> {
    data.user(&call.caller()?.user_id).ok_or_else(|| Failure::not_found("User"))
}

pub(super) fn get(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let user = caller(data, call)?;
    let orgs = data.orgs.iter().filter(|org| org.member(&user.id).is_some()).count();
    let body = json!({
        "id": user.id,
        "userId": user.id,
        "creationDate": date(user.created),
        "lastUpdated": date(user.created),
        "passwordLastUpdated": date(user.created),
        "email": user.email,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "fullName": user.full_name(),
        "emailVerified": true,
        "needsToVerifyEmail": false,
        "twoFactorAuthEnabled": user.two_factor,
        "ssoLinked": false,
        "summary": wanted_summary(call, [("appCount", 0), ("dashCount", 0), ("orgCount", orgs)]),
    });
    Ok(Reply::ok(&Entity::new(call, "me", "/me", body)))
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
    #[derive(serde::Deserialize)]
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
