//! Inviting, listing and revoking.

use std::sync::Arc;

use axum::extract::{Path, State as AxumState};
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::Deserialize;
use uuid::Uuid;

use super::auth::{Call, Caller, Standing};
use super::error::{JsonBody, Refusal, path_id};
use super::state::{Invitation, Scopes, new_id};
use super::{Faults, NAME, Trieve, email};
use crate::mail::MailKind;
use crate::vendor::Sabotage;

const EMAIL_COLUMN: usize = 100;

#[derive(Debug, Deserialize)]
pub(super) struct NewInvitation {
    email: String,
    user_role: i32,
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
    faults: Faults,
    body: JsonBody,
) -> Result<StatusCode, Refusal> {
    call.organization()?;
    let standing = call.admin()?;
    let mut invitation: NewInvitation = body.decode()?;
    invitation.email = invitation.email.trim().to_owned();
    check(call.caller()?, standing, &invitation)?;

    let sabotage = faults.map(|Extension(sabotage)| sabotage).unwrap_or_default();
    let Some(letter) = trieve.store(&invitation, standing.organization, sabotage)? else {
        return Ok(StatusCode::NO_CONTENT);
    };
    trieve.mail(&invitation.email, standing.organization, letter, sabotage)?;
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

impl Trieve {
    /// Adds the person where there is an account, else stores an invitation. Addresses are compared
    /// with their case, and a used invitation blocks like an open one.
    fn store(
        &self,
        new: &NewInvitation,
        organization: Uuid,
        sabotage: Sabotage,
    ) -> Result<Option<Letter>, Refusal> {
        let mut state = self.state();
        let email = &new.email;
        let account = state.user_by_email(email).map(|user| user.id);
        if account.is_some_and(|user| state.membership(user, organization).is_some()) {
            let message = format!("User with email {email} is already in the organization");
            return Err(Refusal::bad_request(message));
        }
        if let Some(user) = account {
            if sabotage.nothing_created {
                return Ok(None);
            }
            state.join(user, organization, new.user_role, new.scopes.clone(), &self.world);
            return Ok(Some(Letter { kind: MailKind::Added, link: member_link(&new.redirect_uri) }));
        }
        let blocks = |row: &Invitation| row.organization_id == organization && row.email == *email;
        if state.invitations.iter().any(blocks) {
            let message = format!("User with email {email} has already been invited");
            return Err(Refusal::bad_request(message));
        }
        if email.chars().count() > EMAIL_COLUMN {
            return Err(Refusal::bad_request("Error inserting invitation."));
        }
        if sabotage.nothing_created {
            return Ok(None);
        }
        let row = Invitation {
            id: new_id(&self.world.ids),
            email: email.clone(),
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
        assert!(
            email::is_mailable(email),
            "as at Trieve, an address that the mail library cannot read ends the connection"
        );
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
    Path(organization): Path<String>,
) -> Result<Json<Vec<Invitation>>, Refusal> {
    call.admin()?;
    let organization = path_id(&organization)?;
    let state = trieve.state();
    let rows = state.invitations.iter().filter(|row| row.organization_id == organization);
    Ok(Json(rows.cloned().collect()))
}

pub(super) async fn revoke(
    AxumState(trieve): AxumState<Arc<Trieve>>,
    Extension(call): Extension<Call>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    call.admin()?;
    let id = path_id(&id)?;
    let mut state = trieve.state();
    let row = state.invitations.iter().position(|row| row.id == id);
    let row = row.ok_or_else(|| Refusal::bad_request("Error getting invitation."))?;
    state.invitations.remove(row);
    Ok(StatusCode::NO_CONTENT)
}
