//! What the service stores, and how each row is shown.

use orgport_core::{
    Answer, Email, Invitation, InvitationId, InvitationStatus, Member, MemberId, Native, Organization,
    OrganizationId, Role, Secret, Timestamp, UserId,
};
use serde_json::json;

use crate::table::{Personal, Table};

#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) id: UserId,
    pub(crate) email: Email,
}

#[derive(Debug)]
pub(crate) struct OrganizationRow {
    pub(crate) id: OrganizationId,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) members: Table<MemberRow>,
    pub(crate) invitations: Table<InvitationRow>,
}

impl OrganizationRow {
    pub(crate) fn show(&self) -> Organization {
        let Self { id, name, description, created_at, updated_at, members, invitations: _ } = self;
        let native = json!({
            "id": id,
            "name": name,
            "description": description,
            "createdAt": created_at,
            "updatedAt": updated_at,
            "memberCount": members.len(),
        });
        let mut shown = Organization::new(id.clone(), name);
        shown.description.clone_from(description);
        shown.created_at = Some(*created_at);
        shown.updated_at = Some(*updated_at);
        shown.native = Some(Native::from_value(&native));
        shown
    }
}

#[derive(Debug, Clone)]
pub(crate) struct MemberRow {
    pub(crate) id: MemberId,
    pub(crate) account: Account,
    pub(crate) role: Role,
    pub(crate) joined_at: Timestamp,
}

impl Personal for MemberRow {
    fn email(&self) -> &Email {
        &self.account.email
    }
}

impl MemberRow {
    pub(crate) fn show(&self) -> Member {
        let Self { id, account, role, joined_at } = self;
        let native = json!({
            "id": id,
            "account": { "id": account.id, "email": account.email },
            "role": role,
            "joinedAt": joined_at,
        });
        let mut shown = Member::new(id.clone());
        shown.user_id = Some(account.id.clone());
        shown.email = Some(account.email.clone());
        shown.role = Some(role.clone());
        shown.native_role = Some(role.to_string());
        shown.joined_at = Some(*joined_at);
        shown.native = Some(Native::from_value(&native));
        shown
    }
}

#[derive(Debug)]
pub(crate) struct InvitationRow {
    pub(crate) id: InvitationId,
    pub(crate) email: Email,
    pub(crate) role: Role,
    pub(crate) invited_by: Email,
    pub(crate) answer: Option<Answer>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    /// Goes out by mail and is shown nowhere else.
    pub(crate) token: Secret,
}

impl Personal for InvitationRow {
    fn email(&self) -> &Email {
        &self.email
    }
}

impl InvitationRow {
    pub(crate) fn status(&self, now: Timestamp) -> InvitationStatus {
        match self.answer {
            Some(answer) => answer.status(),
            None if self.expires_at <= now => InvitationStatus::Expired,
            None => InvitationStatus::Pending,
        }
    }

    pub(crate) fn show(&self, organization: &OrganizationId, now: Timestamp) -> Invitation {
        let Self { id, email, role, invited_by, answer: _, created_at, expires_at, token: _ } = self;
        let status = self.status(now);
        let native = json!({
            "id": id,
            "organization": organization,
            "email": email,
            "role": role,
            "invitedBy": invited_by,
            "status": status,
            "createdAt": created_at,
            "expiresAt": expires_at,
        });
        let mut shown = Invitation::new(id.clone(), status);
        shown.organization_id = Some(organization.clone());
        shown.email = Some(email.clone());
        shown.role = Some(role.clone());
        shown.native_role = Some(role.to_string());
        shown.created_at = Some(*created_at);
        shown.expires_at = Some(*expires_at);
        shown.invited_by = Some(invited_by.to_string());
        shown.native = Some(Native::from_value(&native));
        shown
    }
}
