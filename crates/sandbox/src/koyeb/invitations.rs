//! `/v1/organization_invitations`: the organization's side, for the organization in the token.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::auth::Caller;
use super::error::ApiError;
use super::request::{Body, Id, Nothing, Params};
use super::state::Data;
use super::{Koyeb, NAME, Reply, Sim};
use crate::mail::MailKind;
use crate::vendor::Sabotage;
use crate::world::World;

pub(super) const INVITATION_STATUSES: &[&str] = &["INVALID", "PENDING", "ACCEPTED", "REFUSED", "EXPIRED"];

/// The vendor does not say how long an invitation lives; it shows when it ends.
const INVITATION_LIVES: Duration = Duration::from_hours(7 * 24);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Open,
    Accepted,
    Refused,
}

#[derive(Clone)]
pub(super) struct Invitation {
    pub(super) id: String,
    /// In lower case.
    pub(super) email: String,
    pub(super) organization_id: String,
    /// `None` when an organization's token made it.
    pub(super) inviter_id: Option<String>,
    pub(super) expires_at: Timestamp,
    pub(super) answer: Answer,
}

impl Invitation {
    pub(super) fn status(&self, now: Timestamp) -> &'static str {
        match self.answer {
            Answer::Accepted => "ACCEPTED",
            Answer::Refused => "REFUSED",
            Answer::Open if self.expires_at <= now => "EXPIRED",
            Answer::Open => "PENDING",
        }
    }

    pub(super) fn must_be_pending(&self, now: Timestamp) -> Result<(), ApiError> {
        if self.status(now) == "PENDING" {
            return Ok(());
        }
        Err(ApiError::failed_precondition("status", "The invitation is not pending"))
    }

    fn renew(&mut self, now: Timestamp) {
        self.expires_at = invitation_end(now);
    }
}

fn invitation_end(now: Timestamp) -> Timestamp {
    now.saturating_add(INVITATION_LIVES).expect("a duration always adds")
}

pub(super) async fn list(State(koyeb): Sim, caller: Caller, params: Params) -> Reply {
    let (data, now) = (koyeb.data(), koyeb.now());
    let (page, statuses) = (params.page()?, params.words("statuses", INVITATION_STATUSES)?);
    let rows = match params.one("user_id") {
        Some(id) => data.addressed_to(own(&caller, id)?),
        None => data.invitations_of(&data.scope(&caller)?.id),
    };
    let rows: Vec<_> = rows.into_iter().filter(|row| statuses.admit(row.status(now))).collect();
    Ok(Json(page.counted("invitations", &rows, |row| data.show_invitation(row, now))))
}

/// The one value that the `user_id` filter may have: the caller's own id.
fn own<'a>(caller: &Caller, user_id: &'a str) -> Result<&'a str, ApiError> {
    if caller.is_user(user_id) {
        return Ok(user_id);
    }
    Err(ApiError::invalid("user_id", "must be the id of the requester"))
}

pub(super) async fn get(State(koyeb): Sim, caller: Caller, Id(id): Id) -> Reply {
    let data = koyeb.data();
    let invitation = data.own_invitation(&caller, &id)?;
    Ok(Json(json!({"invitation": data.show_invitation(invitation, koyeb.now())})))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Create {
    email: String,
}

pub(super) async fn create(
    State(koyeb): Sim,
    caller: Caller,
    sabotage: Sabotage,
    Body(request): Body<Create>,
) -> Reply {
    let (mut data, now) = (koyeb.data(), koyeb.now());
    let organization = data.scope(&caller)?;
    organization.must_run()?;
    let organization_id = organization.id.clone();
    let email = mail_address(&request.email)?;
    data.must_have_room(&organization_id)?;
    data.must_be_new(&email, &organization_id, now)?;
    let invitation = Invitation {
        id: koyeb.world.ids.uuid(),
        email,
        organization_id,
        inviter_id: caller.grant.user_id,
        expires_at: invitation_end(now),
        answer: Answer::Open,
    };
    let reply = json!({"invitation": data.show_invitation(&invitation, now)});
    if !sabotage.nothing_created {
        koyeb.mail(&invitation, MailKind::Invite, sabotage);
        data.invitations.push(invitation);
    }
    Ok(Json(reply))
}

/// The record disappears; no status tells of it.
pub(super) async fn delete(State(koyeb): Sim, caller: Caller, Id(id): Id) -> Reply {
    let mut data = koyeb.data();
    data.own_invitation(&caller, &id)?;
    data.invitations.retain(|invitation| invitation.id != id);
    Ok(Json(json!({})))
}

/// Keeps the id and starts the life time anew, for expired invitations too.
pub(super) async fn resend(
    State(koyeb): Sim,
    caller: Caller,
    Id(id): Id,
    sabotage: Sabotage,
    _: Body<Nothing>,
) -> Reply {
    let (mut data, now) = (koyeb.data(), koyeb.now());
    let mut invitation = data.own_invitation(&caller, &id)?.clone();
    data.scope(&caller)?.must_run()?;
    match invitation.status(now) {
        "PENDING" => {}
        "EXPIRED" => data.must_be_new(&invitation.email, &invitation.organization_id, now)?,
        _ => return Err(ApiError::failed_precondition("status", "The invitation was answered")),
    }
    invitation.renew(now);
    let reply = json!({"invitation": data.show_invitation(&invitation, now)});
    if !sabotage.nothing_created {
        koyeb.mail(&invitation, MailKind::Resend, sabotage);
        *data.invitation_mut(&id)? = invitation;
    }
    Ok(Json(reply))
}

impl Koyeb {
    fn mail(&self, invitation: &Invitation, kind: MailKind, sabotage: Sabotage) {
        if sabotage.mail_fails {
            return;
        }
        let link = format!("https://app.koyeb.com/account/organization_invitations/{}", invitation.id);
        self.world.send_mail(NAME, &invitation.organization_id, &invitation.email, kind, Some(link));
    }
}

impl Data {
    pub(super) fn invitation_mut(&mut self, id: &str) -> Result<&mut Invitation, ApiError> {
        let invitation = self.invitations.iter_mut().find(|invitation| invitation.id == id);
        invitation.ok_or_else(|| ApiError::not_found("Organization invitation"))
    }

    /// Makes the user a member by a pending invitation.
    pub(super) fn accept(&mut self, id: &str, user_id: &str, world: &World) -> Result<(), ApiError> {
        let invitation = self.invitation_mut(id)?;
        invitation.must_be_pending(world.clock.now())?;
        let organization_id = invitation.organization_id.clone();
        let joins = self.member(user_id, &organization_id).is_none();
        if joins {
            self.must_have_room(&organization_id)?;
            self.join(user_id, &organization_id, world);
        }
        self.invitation_mut(id)?.answer = Answer::Accepted;
        Ok(())
    }

    fn invitations_of(&self, organization_id: &str) -> Vec<&Invitation> {
        self.invitations.iter().filter(|row| row.organization_id == organization_id).collect()
    }

    /// An invitation of the token's organization; those of others do not exist for it.
    fn own_invitation(&self, caller: &Caller, id: &str) -> Result<&Invitation, ApiError> {
        let organization = self.scope(caller)?;
        let rows = self.invitations_of(&organization.id);
        let found = rows.into_iter().find(|row| row.id == id);
        found.ok_or_else(|| ApiError::not_found("Organization invitation"))
    }

    /// Refuses an address that has a pending invitation or a member.
    fn must_be_new(&self, email: &str, organization_id: &str, now: Timestamp) -> Result<(), ApiError> {
        let user = self.user_by_email(email);
        if user.is_some_and(|user| self.member(&user.id, organization_id).is_some()) {
            return Err(ApiError::invalid("email", "is already a member of the organization"));
        }
        let rows = self.invitations_of(organization_id);
        if rows.iter().any(|row| row.email == email && row.status(now) == "PENDING") {
            return Err(ApiError::invalid("email", "has already been invited"));
        }
        Ok(())
    }
}

/// The address as it is stored. The server does not trim; its front end does.
fn mail_address(text: &str) -> Result<String, ApiError> {
    if text.is_empty() {
        return Err(ApiError::invalid("email", "cannot be blank"));
    }
    let clean = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let parts = text.split_once('@').filter(|(local, domain)| !local.is_empty() && is_domain(domain));
    if clean && parts.is_some() {
        return Ok(text.to_lowercase());
    }
    Err(ApiError::invalid("email", "must be a valid email"))
}

fn is_domain(text: &str) -> bool {
    text.contains('.') && !text.contains('@') && text.split('.').all(|label| !label.is_empty())
}
