//! `/orgs/{org}/invitations`: those that wait, those that failed, and inviting.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde_json::Value;

use super::auth::Caller;
use super::error::ApiError;
use super::request::{Base, Body, Listed, Name, Org, Params};
use super::state::{Data, Organization, User};
use super::{GitHub, NAME, Reply, Sim, json};
use crate::mail::MailKind;
use crate::vendor::Sabotage;

/// How long an invitation can be accepted.
const LIFE: Duration = Duration::from_hours(7 * 24);
const EXPIRED: &str = "Invitation expired. User did not accept this invite for 7 days.";
const ROLES: &[&str] = &["admin", "direct_member", "billing_manager", "reinstate"];
const LISTED_ROLES: &[&str] = &["admin", "direct_member", "billing_manager", "hiring_manager"];

#[derive(Clone)]
pub(super) struct Invitation {
    pub(super) id: u64,
    pub(super) organization: u64,
    /// The address that was invited, as it was written.
    pub(super) email: Option<String>,
    /// The account that was invited.
    pub(super) user: Option<u64>,
    pub(super) role: &'static str,
    pub(super) created_at: Timestamp,
    pub(super) inviter: u64,
    pub(super) teams: Vec<u64>,
}

impl Invitation {
    pub(super) fn new(
        id: u64,
        organization: u64,
        role: &'static str,
        created_at: Timestamp,
        inviter: u64,
    ) -> Self {
        Self { id, organization, email: None, user: None, role, created_at, inviter, teams: Vec::new() }
    }

    pub(super) fn of_account(self, user: u64) -> Self {
        Self { user: Some(user), ..self }
    }

    fn ends(&self) -> Timestamp {
        self.created_at.saturating_add(LIFE).expect("a duration always adds")
    }

    pub(super) fn is_pending(&self, now: Timestamp) -> bool {
        self.ends() > now
    }

    /// When and why it failed.
    pub(super) fn failed(&self, now: Timestamp) -> Option<(Timestamp, &'static str)> {
        (!self.is_pending(now)).then(|| (self.ends(), EXPIRED))
    }

    /// Whether this account can accept it: it was invited itself, or has the address.
    pub(super) fn waits_for(&self, organization: u64, user: &User, now: Timestamp) -> bool {
        let is_theirs = match (&self.email, self.user) {
            (_, Some(id)) => id == user.id,
            (Some(email), None) => email.eq_ignore_ascii_case(&user.email),
            (None, None) => false,
        };
        self.organization == organization && is_theirs && self.is_pending(now)
    }

    /// Its role in the words of memberships.
    pub(super) fn membership_role(&self, organization: &Organization) -> &'static str {
        match self.role {
            "admin" => "admin",
            "reinstate" => {
                let former = organization.former.iter().find(|member| Some(member.user) == self.user);
                former.map_or("member", |member| member.role)
            }
            _ => "member",
        }
    }
}

pub(super) async fn list(State(github): Sim, caller: Caller, Org(org): Org, listed: Listed) -> Reply {
    let role = Params::word(listed.params.role.as_ref(), LISTED_ROLES)?;
    let source = Params::word(listed.params.invitation_source.as_ref(), &["member", "scim"])?;
    let now = github.now();
    github.rows(&caller, &org, &listed, |row| {
        row.is_pending(now) && role.is_none_or(|role| role == row.role) && source != Some("scim")
    })
}

pub(super) async fn failed(State(github): Sim, caller: Caller, Org(org): Org, listed: Listed) -> Reply {
    let now = github.now();
    github.rows(&caller, &org, &listed, |row| !row.is_pending(now))
}

/// A second one for an address that has one is the one that there is, and mails once more: the worst that
/// the vendor may do.
pub(super) async fn create(
    State(github): Sim,
    caller: Caller,
    Org(org): Org,
    Base(base): Base,
    sabotage: Sabotage,
    body: Body,
) -> Reply {
    let (mut data, now) = (github.data(), github.now());
    let organization = data.organization(&org, now)?.clone();
    caller.must_change(&organization)?;
    let role = body.word("role", ROLES)?.unwrap_or("direct_member");
    let teams = body.numbers("team_ids")?;
    if let Some(team) = teams.iter().find(|id| organization.team(**id).is_none()) {
        return Err(ApiError::validation("missing", "team_ids", &format!("team {team} does not exist")));
    }
    let (email, user) = data.invitee(&body)?;
    let address = email.clone().or_else(|| Some(data.user(user?)?.email.clone())).unwrap_or_default();
    let account = user.or_else(|| data.user_by_email(&address).map(|user| user.id));
    must_be_new(&organization, account, email.is_some())?;
    if role == "reinstate" && !organization.former.iter().any(|former| Some(former.user) == account) {
        return Err(ApiError::validation("unprocessable", "role", "Only former members can be reinstated"));
    }
    let is_same = |row: &&Invitation| {
        row.organization == organization.id
            && row.is_pending(now)
            && row.user == user
            && row.email.as_ref().map(|known| known.to_lowercase())
                == email.as_ref().map(|new| new.to_lowercase())
    };
    let there = data.invitations.iter().find(is_same).cloned();
    let invitation = if let Some(there) = there {
        there
    } else {
        data.must_have_seat(&organization, now)?;
        data.organization_mut(&org, now)?.count_invitation(now)?;
        let id = data.number();
        let new = Invitation::new(id, organization.id, role, now, caller.inviter());
        let new = Invitation { email, user, teams, ..new };
        if !sabotage.nothing_created {
            data.invitations.push(new.clone());
        }
        new
    };
    if !sabotage.nothing_created && !sabotage.mail_fails {
        github.world.send_mail(NAME, &organization.login, &address, MailKind::Invite, None);
    }
    let shown = data.show_invitation(&invitation, now, &base, false);
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

/// Cancels, which is mailed, or clears one that failed, which is not.
pub(super) async fn delete(State(github): Sim, caller: Caller, Org(org): Org, Name(id): Name) -> Reply {
    let (mut data, now) = (github.data(), github.now());
    let organization = data.organization(&org, now)?.clone();
    caller.must_change(&organization)?;
    let row = data.invitation(&organization, &id)?.clone();
    data.invitations.retain(|other| other.id != row.id);
    if row.is_pending(now) {
        let address = row.email.or_else(|| Some(data.user(row.user?)?.email.clone()));
        github.notice(&organization, &address.unwrap_or_default());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Those that failed have none.
pub(super) async fn teams(
    State(github): Sim,
    caller: Caller,
    Org(org): Org,
    Name(id): Name,
    listed: Listed,
) -> Reply {
    let (mut data, now) = (github.data(), github.now());
    let organization = data.organization(&org, now)?.clone();
    caller.must_own(&organization)?;
    let row = data.invitation(&organization, &id)?;
    if !row.is_pending(now) {
        return Err(ApiError::not_found());
    }
    let teams = row.teams.iter().filter_map(|id| organization.team(*id));
    let rows: Vec<Value> = teams.map(|team| json::team(team, &organization, listed.base())).collect();
    Ok(listed.cut(&rows, Some(organization.id)))
}

impl GitHub {
    fn rows(
        &self,
        caller: &Caller,
        org: &str,
        listed: &Listed,
        is_shown: impl Fn(&Invitation) -> bool,
    ) -> Reply {
        let (mut data, now) = (self.data(), self.now());
        let organization = data.organization(org, now)?.clone();
        caller.must_own(&organization)?;
        let rows: Vec<Value> = data
            .invitations
            .iter()
            .filter(|row| row.organization == organization.id && is_shown(row))
            .map(|row| data.show_invitation(row, now, listed.base(), true))
            .collect();
        Ok(listed.cut(&rows, Some(organization.id)))
    }
}

impl Data {
    fn invitation(&self, organization: &Organization, id: &str) -> Result<&Invitation, ApiError> {
        let is_it = |row: &&Invitation| row.organization == organization.id && row.id.to_string() == id;
        self.invitations.iter().find(is_it).ok_or_else(ApiError::not_found)
    }

    /// The address or the account in a body, which must have exactly one of them.
    fn invitee(&self, body: &Body) -> Result<(Option<String>, Option<u64>), ApiError> {
        match (body.text("email")?, body.number("invitee_id")?) {
            (Some(email), None) if is_address(email) => Ok((Some(email.to_owned()), None)),
            (Some(_), None) => Err(ApiError::validation("invalid", "email", "email is not valid")),
            (None, Some(id)) if self.user(id).is_some() => Ok((None, Some(id))),
            (None, Some(_)) => Err(ApiError::not_found()),
            (Some(_), Some(_)) | (None, None) => {
                Err(ApiError::invalid_request("Exactly one of 'email' and 'invitee_id' must be given."))
            }
        }
    }
}

/// Refuses to invite a member.
fn must_be_new(organization: &Organization, account: Option<u64>, by_address: bool) -> Result<(), ApiError> {
    if account.is_none_or(|id| organization.member(id).is_none()) {
        return Ok(());
    }
    let message = if by_address {
        "A user with this email addresss is already a part of this organization"
    } else {
        "Invitee is already a part of this organization"
    };
    Err(ApiError::validation("unprocessable", "data", message))
}

fn is_address(text: &str) -> bool {
    let is_clean = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let parts = text.split_once('@');
    is_clean
        && parts
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.contains('@') && domain.contains('.'))
}
