//! The vendor's JSON. Absent values are written as `null`, never left out.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::auth::Caller;
use super::state::{ApiKey, Invitation, Organization, State, User};

/// A moment as the database keeps it: no finer than a microsecond.
pub(super) fn stored(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).expect("still in range")
}

/// Java's own text of a date-time: fractions in groups of three digits, and no seconds when both
/// they and the fraction are zero.
pub(super) fn java_text(at: Timestamp) -> String {
    let nanos = at.as_nanosecond().rem_euclid(1_000_000_000);
    let format = match nanos {
        0 if at.as_second().rem_euclid(60) == 0 => "%Y-%m-%dT%H:%MZ",
        0 => "%Y-%m-%dT%H:%M:%SZ",
        _ if nanos % 1_000_000 == 0 => "%Y-%m-%dT%H:%M:%S%.3fZ",
        _ if nanos % 1_000 == 0 => "%Y-%m-%dT%H:%M:%S%.6fZ",
        _ => "%Y-%m-%dT%H:%M:%S%.9fZ",
    };
    at.strftime(format).to_string()
}

pub(super) fn invitation(invitation: &Invitation) -> Value {
    json!({
        "id": invitation.id,
        "userId": null,
        "userEmail": invitation.user_email,
        "status": invitation.status,
        "expirationDate": invitation.expires_at.to_string(),
    })
}

/// An organization as in lists: no creator, no members.
pub(super) fn listed_organization(organization: &Organization, can_edit: bool) -> Value {
    json!({
        "id": organization.id,
        "name": organization.name,
        "creator": null,
        "visibility": organization.visibility,
        "description": organization.description,
        "organizationMembers": [],
        "contactEmail": organization.contact_email,
        "contactPhone": organization.contact_phone,
        "website": organization.website,
        "address": organization.address,
        "canEdit": can_edit,
        "isMember": false,
        "created_at": organization.created_at.to_string(),
        "updated_at": organization.updated_at.to_string(),
    })
}

/// An organization by itself, as `caller` sees it.
pub(super) fn full_organization(
    state: &State,
    organization: &Organization,
    creator: &User,
    caller: Option<&Caller>,
) -> Value {
    let can_edit = caller.is_some_and(|caller| organization.administered_by(caller));
    let mut body = listed_organization(organization, can_edit);
    body["creator"] = user(creator, None);
    body["isMember"] = Value::from(caller.is_some_and(|caller| organization.members.contains(&caller.id)));
    body["organizationMembers"] = organization.members.iter().map(|id| member(id, state.user(id))).collect();
    body
}

/// `account` is `None` for a member whose account is gone.
fn member(user_id: &str, account: Option<&User>) -> Value {
    json!({
        "id": null,
        "userId": user_id,
        "username": account.map(|user| &user.username),
        "email": account.map(|user| &user.email),
        "avatarUrl": null,
        "associationType": "MEMBER",
    })
}

pub(super) fn user(user: &User, can_edit: Option<bool>) -> Value {
    json!({
        "id": user.id,
        "username": user.username,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "email": user.email,
        "emailVerified": user.verified,
        "avatarUrl": null,
        "canEdit": can_edit,
        "createdAt": null,
    })
}

pub(super) fn api_key(key: &ApiKey) -> Value {
    json!({
        "clientKey": key.key,
        "note": key.note,
        "createdAt": key.created_at.to_string(),
        "expiresAt": key.expires_at.to_string(),
        "enabled": key.enabled,
    })
}
