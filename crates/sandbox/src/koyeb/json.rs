//! The vendor's messages, with all their fields.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::invitations::Invitation;
use super::state::Data;
use super::state::{Credential, Grant, Member, NO_PLAN, Organization, User};

/// A date as the vendor writes it: UTC with microseconds.
pub(super) fn date(at: Timestamp) -> String {
    format!("{at:.6}")
}

pub(super) fn public_user(user: &User) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "avatar_url": "",
        "github_id": "",
        "github_user": "",
    })
}

pub(super) fn user(user: &User) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "avatar_url": "",
        "two_factor_authentication": false,
        "last_login": date(user.created_at),
        "last_login_ip": "",
        "updated_at": date(user.created_at),
        "created_at": date(user.created_at),
        "newsletter_subscribed": false,
        "github_id": "",
        "github_user": "",
        "flags": user.flags,
        "name": user.name,
        "email_validated": true,
        "trialed": false,
    })
}

fn public_organization(organization: &Organization, now: Timestamp) -> Value {
    json!({
        "id": organization.id,
        "name": organization.profile.name,
        "plan": organization.plan,
        "status": organization.status(now),
        "external_id": organization.external_id,
    })
}

pub(super) fn organization(organization: &Organization, now: Timestamp) -> Value {
    let paying = organization.plan != NO_PLAN;
    let mut body = json!({
        "id": organization.id,
        "external_id": organization.external_id,
        "provisioning": false,
        "plan": organization.plan,
        "plan_updated_at": date(organization.plan_updated_at),
        "has_payment_method": paying,
        "subscription_id": "",
        "current_subscription_id": "",
        "latest_subscription_id": "",
        "signup_qualification": null,
        "status": organization.status(now),
        "status_message": if paying { "VALID" } else { "BILLING_INFO_MISSING" },
        "deactivation_reason":
            if organization.deactivated_at.is_some() { "REQUESTED_BY_OWNER" } else { "INVALID" },
        "verified": paying,
        "qualifies_for_hobby23": false,
        "reprocess_after": null,
        "trialing": false,
        "trial_starts_at": null,
        "trial_ends_at": null,
        "default_project_id": organization.default_project_id,
    });
    let profile = serde_json::to_value(&organization.profile).expect("a plain struct is JSON");
    for (field, value) in profile.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    body
}

/// A session's token. Its `id` is the bearer value.
pub(super) fn token(text: &str, grant: &Grant) -> Value {
    json!({
        "id": text,
        "user_id": grant.user_id.as_deref().unwrap_or_default(),
        "organization_id": grant.organization_id.as_deref().unwrap_or_default(),
        "expires_at": grant.expires_at.map(date),
    })
}

impl Data {
    pub(super) fn show_invitation(&self, invitation: &Invitation, now: Timestamp) -> Value {
        let invitee = self.user_by_email(&invitation.email);
        let sender = invitation.inviter_id.as_deref().and_then(|id| self.user(id));
        json!({
            "id": invitation.id,
            "email": invitation.email,
            "role": "OWNER",
            "status": invitation.status(now),
            "expires_at": date(invitation.expires_at),
            "organization_id": invitation.organization_id,
            "organization": self.show_public_organization(&invitation.organization_id, now),
            "invitee_id": invitee.map_or("", |user| user.id.as_str()),
            "invitee": invitee.map(public_user),
            "inviter_id": invitation.inviter_id.as_deref().unwrap_or_default(),
            "inviter": sender.map(public_user),
        })
    }

    pub(super) fn show_member(&self, member: &Member, status: &str, now: Timestamp) -> Value {
        json!({
            "id": member.id,
            "organization_id": member.organization_id,
            "user_id": member.user_id,
            "external_id": member.external_id,
            "joined_at": date(member.joined_at),
            "role": "OWNER",
            "status": status,
            "user": self.user(&member.user_id).map(public_user),
            "organization": self.show_public_organization(&member.organization_id, now),
        })
    }

    fn show_public_organization(&self, id: &str, now: Timestamp) -> Option<Value> {
        self.organization(id).map(|organization| public_organization(organization, now))
    }

    /// An API token without its text, which only the reply that creates it holds.
    pub(super) fn show_credential(&self, credential: &Credential) -> Value {
        let grant = &self.grants[&credential.token];
        json!({
            "id": credential.id,
            "type": grant.kind(),
            "name": credential.name,
            "token": "",
            "description": credential.description,
            "user_id": grant.user_id.as_deref().unwrap_or_default(),
            "organization_id": grant.organization_id.as_deref().unwrap_or_default(),
            "updated_at": date(credential.updated_at),
            "created_at": date(credential.created_at),
            "expires_at": grant.expires_at.map(date),
        })
    }
}
