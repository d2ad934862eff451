//! Invitations: create, list, get, answer, resend.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::mail::MailKind;
use crate::vendor::Sabotage;

use super::auth::Caller;
use super::body::{Constraints, JsonBody, WantsJson, canonical_uuid, numeric_id, uuid};
use super::error::Refusal;
use super::limits::Limited;
use super::state::{Invitation, State as Data, Status, invitation_expiry};
use super::{Jaqpot, TEXT_COLUMN, json};

const EXPIRED: &str =
    "This invitation has expired. Please ask the organization admin to generate a new invitation";
const WRONG_PERSON: &str = "It appears that you are currently logged in with an email address that does not match \
                            the one associated with this invitation. Please log in or sign up with the email \
                            address that received the invitation to proceed.";
const UNVERIFIED: &str = "Your email needs to be verified before you can respond to the invitation and potentially \
                          be added as a member of the organization.";

#[derive(Debug, Deserialize)]
struct NewInvitations {
    emails: Option<Vec<String>>,
}

/// Stores the addresses one by one, without a transaction, and mails them all after the last.
pub(super) async fn create(
    State(jaqpot): State<Arc<Jaqpot>>,
    caller: Caller,
    Path(name): Path<String>,
    sabotage: Sabotage,
    body: JsonBody,
) -> Result<Response, Refusal> {
    let NewInvitations { emails } = body.decode()?;
    if let Some(emails) = &emails {
        let mut constraints = Constraints::default();
        constraints.size("emails", emails.len(), &(1..=10));
        constraints.check()?;
    }
    let mut data = jaqpot.data();
    let organization_id = data.administered_by_name(&caller, &name)?.id;
    let usage = data.limits.take(&caller, Limited::CreateInvitations, jaqpot.world.clock.now())?;
    let done = (usage, Json(json!({}))).into_response();
    if sabotage.nothing_created {
        return Ok(done);
    }
    let emails = emails.unwrap_or_default();
    let first = data.invitations.len();
    store(&jaqpot, &mut data, organization_id, &emails, sabotage.fail_after_rows)?;
    if !sabotage.mail_fails {
        for invitation in &data.invitations[first..] {
            mail(&jaqpot, &name, invitation, MailKind::Invite);
        }
    }
    Ok(done)
}

/// What is stored before an address fails stays stored.
fn store(
    jaqpot: &Jaqpot,
    data: &mut Data,
    organization_id: i64,
    emails: &[String],
    fail_after_rows: Option<usize>,
) -> Result<(), Refusal> {
    for (row, email) in emails.iter().enumerate() {
        if fail_after_rows == Some(row) || email.chars().count() > TEXT_COLUMN {
            return Err(Refusal::crash("could not execute statement"));
        }
        data.invitations.push(Invitation::new(&jaqpot.world, organization_id, email));
    }
    if fail_after_rows == Some(emails.len()) {
        return Err(Refusal::crash("could not execute statement"));
    }
    Ok(())
}

fn mail(jaqpot: &Jaqpot, organization: &str, invitation: &Invitation, kind: MailKind) {
    let id = &invitation.id;
    let link = format!("https://app.jaqpot.org/dashboard/organizations/{organization}/invitations/{id}");
    jaqpot.world.send_mail(super::NAME, organization, &invitation.user_email, kind, Some(link));
}

/// All invitations ever made, whatever became of them.
pub(super) async fn list(
    State(jaqpot): State<Arc<Jaqpot>>,
    caller: Caller,
    _: WantsJson,
    Path(name): Path<String>,
) -> Result<Json<Vec<Value>>, Refusal> {
    let data = jaqpot.data();
    let id = data.administered_by_name(&caller, &name)?.id;
    let rows = data.invitations.iter().filter(|row| row.organization_id == id);
    Ok(Json(rows.map(json::invitation).collect()))
}

/// Open to everyone who is logged in and knows the id.
pub(super) async fn get(
    State(jaqpot): State<Arc<Jaqpot>>,
    _: Caller,
    _: WantsJson,
    Path((name, id)): Path<(String, String)>,
) -> Result<Json<Value>, Refusal> {
    let id = uuid(&id)?;
    let data = jaqpot.data();
    let position = position(&data, &name, &id)?;
    Ok(Json(json::invitation(&data.invitations[position])))
}

fn position(data: &Data, organization: &str, id: &str) -> Result<usize, Refusal> {
    let missing = || Refusal::not_found(format!("Organization {organization} not found"));
    data.invitation(data.organization_by_name(organization).ok_or_else(missing)?.id, id)
}

/// The whole resource must be sent; all but the status is thrown away once its form is checked.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    id: Option<String>,
    user_email: String,
    status: Status,
    #[serde(rename = "expirationDate")]
    _expiration_date: Timestamp,
}

pub(super) async fn answer(
    State(jaqpot): State<Arc<Jaqpot>>,
    caller: Caller,
    Path((name, id)): Path<(String, String)>,
    body: JsonBody,
) -> Result<Json<Value>, Refusal> {
    let id = uuid(&id)?;
    let sent: Answer = body.decode()?;
    if let Some(id) = sent.id.as_deref().filter(|id| canonical_uuid(id).is_none()) {
        return Err(Refusal::unreadable(format!("JSON parse error: Invalid UUID string: {id}")));
    }
    let mut constraints = Constraints::default();
    constraints.email("userEmail", &sent.user_email);
    constraints.check()?;

    let mut data = jaqpot.data();
    let position = position(&data, &name, &id)?;
    respond(&mut data, position, &caller.id, sent.status, jaqpot.world.clock.now())
        .map_err(Refusal::invalid)?;
    Ok(Json(json::invitation(&data.invitations[position])))
}

/// Gives an invitation the answer of `user_id`, who must be the invited person, or tells in the
/// vendor's words why not. Accepting adds a member row even to one who has one.
fn respond(
    data: &mut Data,
    position: usize,
    user_id: &str,
    status: Status,
    now: Timestamp,
) -> Result<(), String> {
    let invitation = &data.invitations[position];
    invitation.check_unanswered()?;
    if invitation.expires_at < now {
        return Err(EXPIRED.to_owned());
    }
    let invited = data.user_by_email(&invitation.user_email).filter(|user| user.id == user_id);
    if !invited.ok_or(WRONG_PERSON)?.verified {
        return Err(UNVERIFIED.to_owned());
    }
    let organization_id = invitation.organization_id;
    data.invitations[position].status = status;
    if status == Status::Accepted {
        let joined = data.organizations.iter_mut().find(|row| row.id == organization_id);
        joined.expect("organizations are never deleted").members.push(user_id.to_owned());
    }
    data.lists.forget_own();
    Ok(())
}

/// Accepts the newest pending invitation of a user to `organization`, as its link in a mail does.
pub(super) fn accept_newest(
    data: &mut Data,
    user_id: &str,
    organization: &str,
    now: Timestamp,
) -> Result<(), String> {
    let email = data.user(user_id).ok_or("no such account")?.email.clone();
    let organization_id =
        data.organization_by_name(organization).ok_or_else(|| format!("no organization {organization}"))?.id;
    let pending = |row: &Invitation| {
        row.organization_id == organization_id
            && row.status == Status::Pending
            && row.user_email.to_lowercase() == email
    };
    let newest = data.invitations.iter().enumerate().filter(|(_, row)| pending(row));
    let (position, _) = newest
        .max_by_key(|(_, row)| row.expires_at)
        .ok_or_else(|| format!("no pending invitation of {email} to {organization}"))?;
    respond(data, position, user_id, Status::Accepted, now)
}

/// Renews an invitation for a week, also one that had expired, and mails it again.
pub(super) async fn resend(
    State(jaqpot): State<Arc<Jaqpot>>,
    caller: Caller,
    _: WantsJson,
    Path((organization_id, id)): Path<(String, String)>,
    sabotage: Sabotage,
) -> Result<Response, Refusal> {
    let organization_id = numeric_id("orgId", &organization_id)?;
    let now = jaqpot.world.clock.now();
    let mut data = jaqpot.data();
    let organization = data.administered_by_id(&caller, organization_id)?;
    let usage = data.limits.take(&caller, Limited::ResendInvitation, now)?;
    // Parsed by hand and late, unlike in every other path: a server fault, and a token is spent.
    let id = canonical_uuid(&id).ok_or_else(|| Refusal::crash(format!("Invalid UUID string: {id}")))?;
    let position = data.invitation(organization_id, &id)?;
    data.invitations[position].check_unanswered().map_err(Refusal::invalid)?;
    if !sabotage.nothing_created {
        data.invitations[position].expires_at = invitation_expiry(now);
        if !sabotage.mail_fails {
            let name = &data.organizations[organization].name;
            mail(&jaqpot, name, &data.invitations[position], MailKind::Resend);
        }
    }
    Ok((usage, Json(json!({}))).into_response())
}
