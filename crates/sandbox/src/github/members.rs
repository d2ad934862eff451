//! `/orgs/{org}/members` and `/orgs/{org}/memberships`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde_json::Value;

use super::auth::Caller;
use super::error::ApiError;
use super::invitations::Invitation;
use super::request::{Base, Body, Listed, Name, Org, Params};
use super::state::{Data, Organization, User};
use super::{GitHub, NAME, Reply, Sim, json};
use crate::mail::MailKind;

const ROLES: &[&str] = &["admin", "member"];

/// Members without their roles, which are what is asked for. A stranger sees those who want to be seen:
/// here nobody.
pub(super) async fn list(State(github): Sim, caller: Caller, Org(org): Org, listed: Listed) -> Reply {
    let (mut data, now) = (github.data(), github.now());
    let role = Params::word(listed.params.role.as_ref(), ROLES)?;
    Params::word(listed.params.filter.as_ref(), &["2fa_disabled", "2fa_insecure"])?;
    let organization = data.organization(&org, now)?.clone();
    let mut members: Vec<_> = organization
        .members
        .iter()
        .filter(|member| caller.is_member(&organization) && role.is_none_or(|role| role == member.role))
        .filter_map(|member| data.user(member.user))
        .collect();
    members.sort_by_key(|user| user.id);
    let rows: Vec<Value> = members.into_iter().map(|user| json::user(user, listed.base())).collect();
    Ok(listed.cut(&rows, Some(organization.id)))
}

/// Whether somebody is a member, to members.
pub(super) async fn check(
    State(github): Sim,
    caller: Caller,
    Org(org): Org,
    Name(login): Name,
    Base(base): Base,
) -> Reply {
    let mut data = github.data();
    let organization = data.organization(&org, github.now())?.clone();
    if !caller.is_member(&organization) {
        let public = format!("{base}/orgs/{org}/public_members/{login}");
        return Ok((StatusCode::FOUND, [("location", public)]).into_response());
    }
    let user = data.user_by_login(&login).ok();
    if user.is_some_and(|user| organization.member(user.id).is_some()) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let message = "User does not exist or is not a member of the organization";
    Err(ApiError::new(StatusCode::NOT_FOUND, message))
}

pub(super) async fn membership(
    State(github): Sim,
    caller: Caller,
    Org(org): Org,
    Name(login): Name,
    Base(base): Base,
) -> Reply {
    let (mut data, now) = (github.data(), github.now());
    let organization = data.organization(&org, now)?.clone();
    caller.must_be_member(&organization)?;
    let user = data.user_by_login(&login)?;
    let stands = data.stands(&organization, user, now).ok_or_else(ApiError::not_found)?;
    Ok(Json(json::membership(&organization, user, stands, &base)).into_response())
}

/// Three things in one: a member's role is set, a stranger is invited, an invitation's role is set, which
/// mails once more.
pub(super) async fn set(
    State(github): Sim,
    caller: Caller,
    Org(org): Org,
    Name(login): Name,
    Base(base): Base,
    body: Body,
) -> Reply {
    let (mut data, now) = (github.data(), github.now());
    let organization = data.organization(&org, now)?.clone();
    caller.must_change(&organization)?;
    let role = body.word("role", ROLES)?.unwrap_or("member");
    let user = data.user_by_login(&login)?.clone();
    match data.stands(&organization, &user, now) {
        Some(("active", old)) => {
            if role == "member" {
                organization.must_keep_an_owner(user.id)?;
            } else if old == "member" {
                github.notice(&organization, &user.email);
            }
            let there = data.organization_mut(&org, now)?;
            there
                .members
                .iter_mut()
                .filter(|member| member.user == user.id)
                .for_each(|member| member.role = role);
            Ok(Json(json::membership(&organization, &user, ("active", role), &base)).into_response())
        }
        Some(_) => {
            let waiting = data.waiting_mut(&organization, &user, now).ok_or_else(ApiError::not_found)?;
            waiting.role = if role == "admin" { "admin" } else { "direct_member" };
            github.world.send_mail(NAME, &organization.login, &user.email, MailKind::Resend, None);
            Ok(Json(json::membership(&organization, &user, ("pending", role), &base)).into_response())
        }
        None => {
            data.must_have_seat(&organization, now)?;
            data.organization_mut(&org, now)?.count_invitation(now)?;
            let id = data.number();
            let invited_as = if role == "admin" { "admin" } else { "direct_member" };
            let invitation =
                Invitation::new(id, organization.id, invited_as, now, caller.inviter()).of_account(user.id);
            data.invitations.push(invitation);
            github.world.send_mail(NAME, &organization.login, &user.email, MailKind::Invite, None);
            Ok(Json(json::membership(&organization, &user, ("pending", role), &base)).into_response())
        }
    }
}

/// Removes a member or cancels an invitation; either is mailed.
pub(super) async fn end(State(github): Sim, caller: Caller, Org(org): Org, Name(login): Name) -> Reply {
    let (mut data, now) = (github.data(), github.now());
    let organization = data.organization(&org, now)?.clone();
    caller.must_change(&organization)?;
    let user = data.user_by_login(&login)?.clone();
    match data.stands(&organization, &user, now) {
        Some(("active", _)) => github.remove(&mut data, &organization, &user, now),
        Some(_) => {
            let id = data.waiting_mut(&organization, &user, now).map(|row| row.id);
            data.invitations.retain(|row| Some(row.id) != id);
            github.notice(&organization, &user.email);
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        None => Err(ApiError::not_found()),
    }
}

/// Removes a member; an invited person is none.
pub(super) async fn remove(State(github): Sim, caller: Caller, Org(org): Org, Name(login): Name) -> Reply {
    let (mut data, now) = (github.data(), github.now());
    let organization = data.organization(&org, now)?.clone();
    caller.must_change(&organization)?;
    let user = data.user_by_login(&login)?.clone();
    github.remove(&mut data, &organization, &user, now)
}

impl GitHub {
    /// The invitations that the member has sent go as well.
    fn remove(&self, data: &mut Data, organization: &Organization, user: &User, now: Timestamp) -> Reply {
        organization.member(user.id).ok_or_else(ApiError::not_found)?;
        organization.must_keep_an_owner(user.id)?;
        data.organization_mut(&organization.login, now)?.leave(user.id);
        data.invitations.retain(|row| {
            row.organization != organization.id || row.inviter != user.id || !row.is_pending(now)
        });
        self.notice(organization, &user.email);
        Ok(StatusCode::NO_CONTENT.into_response())
    }

    /// Tells somebody of a change that is no invitation.
    pub(super) fn notice(&self, organization: &Organization, email: &str) {
        self.world.send_mail(NAME, &organization.login, email, MailKind::Notice, None);
    }
}

impl Data {
    /// The state and the role that somebody has in an organization, as memberships say it.
    pub(super) fn stands(
        &self,
        organization: &Organization,
        user: &User,
        now: Timestamp,
    ) -> Option<(&'static str, &'static str)> {
        if let Some(member) = organization.member(user.id) {
            return Some(("active", member.role));
        }
        let waiting = self.invitations.iter().find(|row| row.waits_for(organization.id, user, now))?;
        Some(("pending", waiting.membership_role(organization)))
    }

    pub(super) fn waiting_mut(
        &mut self,
        organization: &Organization,
        user: &User,
        now: Timestamp,
    ) -> Option<&mut Invitation> {
        self.invitations.iter_mut().find(|row| row.waits_for(organization.id, user, now))
    }
}
