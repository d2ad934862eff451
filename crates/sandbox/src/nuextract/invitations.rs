//! Inviting, listing and revoking.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use serde_json::{Value, json};

use super::auth::Caller;
use super::error::Failure;
use super::{Answer, NAME, Simulator, empty};
use crate::mail::MailKind;
use crate::vendor::Sabotage;

/// Invites, whatever the path says; the answer does not tell the invitation's id.
pub(super) async fn invite(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path(organization): Path<String>,
    sabotage: Sabotage,
    body: Bytes,
) -> Answer {
    let email = nuextract.field(&body, "email")?;
    let world = &nuextract.world;
    let mut state = nuextract.state();
    let account = state.user_by_email(&email).map(|user| user.id.clone());
    let organization = state.organization(&organization, &caller)?;
    let is_member = account.as_ref().is_some_and(|id| organization.has_member(id));
    if is_member || organization.is_invited(&email) || sabotage.nothing_created {
        return Ok(empty());
    }
    if sabotage.fail_after_rows == Some(0) {
        return Err(Failure::Internal);
    }
    let mail = if let Some(user_id) = account.filter(|_| world.options.nuextract_adds_accounts) {
        organization.admit(&user_id);
        MailKind::Added
    } else {
        organization.invite(world.ids.uuid(), &email);
        MailKind::Invite
    };
    if sabotage.fail_after_rows.is_some() {
        return Err(Failure::Internal);
    }
    if !sabotage.mail_fails {
        world.send_mail(NAME, &organization.id, &email, mail, None);
    }
    Ok(empty())
}

pub(super) async fn list(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path(organization): Path<String>,
) -> Answer<Json<Value>> {
    Ok(Json(json!(nuextract.state().organization(&organization, &caller)?.invitations())))
}

pub(super) async fn revoke(
    Shared(nuextract): Simulator,
    caller: Caller,
    Path((organization, invitation)): Path<(String, String)>,
) -> Answer {
    let mut state = nuextract.state();
    let revoked = state.organization(&organization, &caller)?.revoke(&invitation);
    if revoked { Ok(empty()) } else { Err(Failure::NotFound("Invitation not found")) }
}
