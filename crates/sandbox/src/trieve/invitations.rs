//! Inviting, listing and revoking.

use std::sync::Arc;

use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::Deserialize;
use uuid::Uuid;

use super::auth::{Call, Caller, Standing};
use super::error::{JsonBody, PathId, Refusal};
use super::state::{Invitation, Scopes, State, new_id};
use super::{NAME, Trieve, email};
use crate::fault_kind::Outage;
use crate::mail::MailKind;
use crate::vendor::Sabotage;

const EMAIL_COLUMN: usize = 100;

/// The order of the fields is the vendor's: it tells which one is missed first.
#[derive(Debug, Deserialize)]
#[serde(expecting = "struct InvitationData")]
pub(super) struct NewInvitation {
    user_role: i32,
    email: String,
    scopes: Scopes,
    app_url: String,
    redirect_uri: String,
}

/// A mail that is due once the row behind it is stored.
struct Letter {
    kind: MailKind,
    link: String,
}

pub(super) async fn invite(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    sabotage: Sabotage,
    body: JsonBody,
) -> Result<StatusCode, Refusal> {
    if call.is_blank() {
        call.organization()?;
    }
    let mut invitation: NewInvitation = body.decode()?;
    let organization = call.organization()?;
    let standing = call.admin()?;
    invitation.email = invitation.email.trim().to_owned();
    check(call.caller()?, standing, &invitation)?;
    sabotage.database(&invitation.email, "Error loading users")?;

    let stored = match sabotage.race {
        None => {
            let mut state = trieve.state();
            let account = state.invitee(&invitation.email, organization)?;
            trieve.store(&mut state, &invitation, organization, account, sabotage)?
        }
        Some(gap) => {
            let account = trieve.state().invitee(&invitation.email, organization)?;
            tokio::time::sleep(gap).await;
            trieve.store(&mut trieve.state(), &invitation, organization, account, sabotage)?
        }
    };
    if let Some(letter) = stored {
        trieve.mail(&invitation.email, organization, letter, sabotage)?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn check(caller: &Caller, standing: Standing, invitation: &NewInvitation) -> Result<(), Refusal> {
    if !email::begins_like_an_address(&invitation.email) {
        return Err(Refusal::bad_request("Invalid email"));
    }
    if invitation.email == caller.email {
        return Err(Refusal::bad_request("Can not invite yourself"));
    }
    if standing.role < invitation.user_role {
        return Err(Refusal::bad_request("Can not invite user with higher role than yours"));
    }
    Ok(())
}

impl State {
    /// The account of somebody who may be invited, `None` for a newcomer. This is all that keeps
    /// duplicates out: the database has no rule against them. Addresses are compared with their
    /// case, and a used invitation blocks like an open one.
    fn invitee(&self, email: &str, organization: Uuid) -> Result<Option<Uuid>, Refusal> {
        let account = self.user_by_email(email).map(|user| user.id);
        if account.is_some_and(|user| self.membership(user, organization).is_some()) {
            let message = format!("User with email {email} is already in the organization");
            return Err(Refusal::bad_request(message));
        }
        let blocks = |row: &Invitation| row.organization_id == organization && row.email == *email;
        if account.is_none() && self.invitations.iter().any(blocks) {
            let message = format!("User with email {email} has already been invited");
            return Err(Refusal::bad_request(message));
        }
        Ok(account)
    }
}

impl Trieve {
    /// Adds the person where there is an account, else stores an invitation.
    fn store(
        &self,
        state: &mut State,
        new: &NewInvitation,
        organization: Uuid,
        account: Option<Uuid>,
        sabotage: Sabotage,
    ) -> Result<Option<Letter>, Refusal> {
        let texts = new.scopes.iter().flatten().any(|scope| scope.contains('\0'));
        let is_too_long = new.email.chars().count() > EMAIL_COLUMN;
        if account.is_none() && (is_too_long || texts) {
            return Err(Refusal::bad_request("Error inserting invitation."));
        }
        if sabotage.nothing_created {
            return Ok(None);
        }
        if let Some(user) = account {
            state.join(user, organization, new.user_role, new.scopes.clone(), &self.world);
            if !sabotage.hits(Outage::Cache) {
                return Ok(Some(Letter { kind: MailKind::Added, link: member_link(&new.redirect_uri) }));
            }
            // The failure of the cache is taken for that of the joining, so the person is invited.
        }
        let row = Invitation {
            id: new_id(&self.world.ids),
            email: new.email.clone(),
            organization_id: organization,
            used: false,
            created_at: self.now(),
            updated_at: self.now(),
            role: new.user_role,
            scopes: new.scopes.clone(),
        };
        let link = sign_up_link(new, &row);
        state.invitations.push(row);
        Ok(Some(Letter { kind: MailKind::Invite, link }))
    }

    /// Whatever goes wrong here, the row stays.
    fn mail(
        &self,
        email: &str,
        organization: Uuid,
        letter: Letter,
        sabotage: Sabotage,
    ) -> Result<(), Refusal> {
        if !email::is_mailable(email) {
            return Err(Refusal::crash());
        }
        if sabotage.mail_fails {
            return Err(Refusal::bad_request("Error sending email."));
        }
        self.world.send_mail(NAME, &organization.to_string(), email, letter.kind, Some(letter.link));
        Ok(())
    }
}

/// Pasted together without any encoding.
fn sign_up_link(new: &NewInvitation, row: &Invitation) -> String {
    let NewInvitation { app_url, redirect_uri, .. } = new;
    let Invitation { id, organization_id, .. } = row;
    format!("{app_url}/auth?inv_code={id}&organization_id={organization_id}&redirect_uri={redirect_uri}")
}

/// The first two parts around a `?`, with the dashboard's page for organizations between them.
fn member_link(redirect_uri: &str) -> String {
    let mut parts = redirect_uri.split('?');
    let (base, query) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    format!("{base}org?{query}")
}

pub(super) async fn list(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    sabotage: Sabotage,
    organization: PathId,
) -> Result<Json<Vec<Invitation>>, Refusal> {
    call.admin()?;
    let organization = organization.read()?;
    sabotage.database("", "Error getting invitations.")?;
    let state = trieve.state();
    let rows = state.invitations.iter().filter(|row| row.organization_id == organization);
    Ok(Json(rows.cloned().collect()))
}

pub(super) async fn revoke(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    sabotage: Sabotage,
    id: PathId,
) -> Result<StatusCode, Refusal> {
    call.admin()?;
    let id = id.read()?;
    sabotage.database("", "Error getting invitation.")?;
    let mut state = trieve.state();
    let row = state.invitations.iter().position(|row| row.id == id);
    let row = row.ok_or_else(|| Refusal::bad_request("Error getting invitation."))?;
    state.invitations.remove(row);
    Ok(StatusCode::NO_CONTENT)
}
