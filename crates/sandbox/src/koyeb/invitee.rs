//! `/v1/account/organization_invitations`: the invited person's side.

use axum::Json;
use axum::extract::State;
use serde_json::json;

use super::auth::Caller;
use super::error::ApiError;
use super::invitations::{Answer, INVITATION_STATUSES, Invitation};
use super::request::{Body, Id, Nothing, Params};
use super::state::Data;
use super::{Reply, Sim};

pub(super) async fn list(State(koyeb): Sim, caller: Caller, params: Params) -> Reply {
    let (data, now) = (koyeb.data(), koyeb.now());
    let rows = data.addressed_to(caller.user()?);
    let (page, statuses) = (params.page()?, params.words("statuses", INVITATION_STATUSES)?);
    let rows: Vec<_> = rows.into_iter().filter(|row| statuses.admit(row.status(now))).collect();
    Ok(Json(page.counted("invitations", &rows, |row| data.show_invitation(row, now))))
}

pub(super) async fn get(State(koyeb): Sim, caller: Caller, Id(id): Id) -> Reply {
    let data = koyeb.data();
    let invitation = data.invitation_to(caller.user()?, &id)?;
    Ok(Json(json!({"invitation": data.show_invitation(invitation, koyeb.now())})))
}

/// Makes the caller a member. The caller's token stays in the organization it was in.
pub(super) async fn accept(State(koyeb): Sim, caller: Caller, Id(id): Id, _: Body<Nothing>) -> Reply {
    let mut data = koyeb.data();
    let user_id = caller.user()?;
    data.invitation_to(user_id, &id)?;
    data.accept(&id, user_id, &koyeb.world)?;
    let invitation = data.invitation_to(user_id, &id)?;
    Ok(Json(json!({"invitation": data.show_invitation(invitation, koyeb.now())})))
}

pub(super) async fn decline(State(koyeb): Sim, caller: Caller, Id(id): Id, _: Body<Nothing>) -> Reply {
    let (mut data, now) = (koyeb.data(), koyeb.now());
    let user_id = caller.user()?;
    data.invitation_to(user_id, &id)?.must_be_pending(now)?;
    data.invitation_mut(&id)?.answer = Answer::Refused;
    let invitation = data.invitation_to(user_id, &id)?;
    Ok(Json(json!({"invitation": data.show_invitation(invitation, now)})))
}

impl Data {
    /// The invitations to a user's address, of all organizations.
    pub(super) fn addressed_to(&self, user_id: &str) -> Vec<&Invitation> {
        let email = self.user(user_id).map(|user| &user.email);
        self.invitations.iter().filter(|row| Some(&row.email) == email).collect()
    }

    fn invitation_to(&self, user_id: &str, id: &str) -> Result<&Invitation, ApiError> {
        let found = self.addressed_to(user_id).into_iter().find(|row| row.id == id);
        found.ok_or_else(|| ApiError::not_found("Organization invitation"))
    }
}
