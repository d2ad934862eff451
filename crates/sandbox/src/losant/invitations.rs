//! Invitations, seen by the organization. Every call answers the bare list of those not yet
//! answered, expired ones among them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::{Failure, Reply};
use super::serve::Call;
use super::state::{Data, INVITE_TTL_MILLIS, Invite, Org, ResourceRole, Role, date, same_email, same_id};
use crate::mail::MailKind;
use crate::world::World;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InvitePost {
    email: String,
    role: Role,
    #[serde(default)]
    application_roles: Vec<ResourceRole>,
    #[serde(default)]
    dashboard_roles: Vec<ResourceRole>,
    #[serde(default)]
    disallow_transfer: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InviteView<'a> {
    id: &'a str,
    email: &'a str,
    role: Role,
    application_roles: &'a [ResourceRole],
    dashboard_roles: &'a [ResourceRole],
    invite_date: String,
    ttl: u64,
    has_expired: bool,
    disallow_transfer: bool,
}

impl<'a> InviteView<'a> {
    fn new(invite: &'a Invite, now: Timestamp) -> Self {
        Self {
            id: &invite.id,
            email: &invite.email,
            role: invite.role,
            application_roles: &invite.application_roles,
            dashboard_roles: &invite.dashboard_roles,
            invite_date: date(invite.sent),
            ttl: INVITE_TTL_MILLIS,
            has_expired: invite.expired(now),
            disallow_transfer: invite.disallow_transfer,
        }
    }
}

fn show_all(org: &Org, now: Timestamp) -> Reply {
    Reply::ok(&org.invites.iter().map(|invite| InviteView::new(invite, now)).collect::<Vec<_>>())
}

pub(super) fn list(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    Ok(show_all(data.administered_org(call)?, call.now))
}

pub(super) fn create(data: &mut Data, world: &World, call: &Call) -> Result<Reply, Failure> {
    let post: InvitePost = call.body("invite")?;
    let invitee = data.user_by_email(&post.email).map(|user| user.id.clone());
    let org = data.administered_org(call)?;
    if invitee.is_some_and(|id| org.member(&id).is_some()) {
        return Err(Failure::validation("invite.email is already a member of the organization"));
    }
    let live = org.invites.iter().filter(|invite| !invite.expired(call.now));
    if live.clone().any(|invite| same_email(&invite.email, &post.email)) {
        return Err(Failure::validation("invite.email has already been invited to the organization"));
    }
    if org.members.len() + live.count() >= org.member_limit {
        return Err(Failure::validation("organization has reached its member limit"));
    }
    if !call.sabotage.nothing_created {
        let token = world.ids.alphanumeric(40);
        if !call.sabotage.mail_fails {
            world.send_mail(super::NAME, &org.id, &post.email, MailKind::Invite, Some(token.clone()));
        }
        org.invites.retain(|invite| !same_email(&invite.email, &post.email));
        org.invites.push(Invite {
            id: world.ids.hex24(),
            email: post.email,
            role: post.role,
            application_roles: post.application_roles,
            dashboard_roles: post.dashboard_roles,
            disallow_transfer: post.disallow_transfer,
            sent: call.now,
            token,
            invited_by: call.caller()?.user_id.clone(),
            dismissed: false,
        });
    }
    Ok(show_all(org, call.now))
}

pub(super) fn revoke(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let org = data.administered_org(call)?;
    let id = call.required_text("inviteId");
    let index = org.invites.iter().position(|invite| same_id(&invite.id, id));
    org.invites.remove(index.ok_or_else(|| Failure::not_found("Invite"))?);
    Ok(show_all(org, call.now))
}
