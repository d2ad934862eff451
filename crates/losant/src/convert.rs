//! From Losant's words to neutral ones and back. Nothing here talks to anybody.

use std::time::Duration;

use orgport_core::http::Doc;
use orgport_core::{
    Answer, Answered, Draft, Email, Error, ErrorKind, Identity, Invitation, InvitationId, InvitationStatus,
    Member, Organization, OrganizationId, Role, Timestamp, UserId, full_name,
};

use crate::model::{Me, Org, OrgInvite, OrgInviteResult, OrgInviteResultUser, OrgInviteUser, OrgMember};
use crate::request::{InviteAction, OrgInvitePost, ResourceRoles};

/// Losant's roles, from the most to the least powerful.
const WORDS: [(Role, &str); 5] = [
    (Role::Admin, "admin"),
    (Role::Editor, "edit"),
    (Role::Collaborator, "collaborate"),
    (Role::Viewer, "view"),
    (Role::ResourceOnly, "none"),
];

/// What Losant's word for a role means; a word that is not known keeps itself.
pub(crate) fn role(word: &str) -> Role {
    let known = WORDS.into_iter().find(|(_, native)| *native == word);
    known.map_or_else(|| Role::Other(word.to_owned()), |(role, _)| role)
}

/// Losant's word for a role that can be granted.
pub(crate) fn native_role(role: &Role) -> Option<&'static str> {
    WORDS.into_iter().find(|(neutral, _)| neutral == role).map(|(_, native)| native)
}

pub(crate) fn organization(doc: Doc<Org>) -> Result<Organization, Error> {
    doc.into_model(|Org { id, creation_date, last_updated, name, description, .. }| {
        let mut organization = Organization::new(OrganizationId::new(id)?, name.unwrap_or_default());
        organization.description = description;
        organization.created_at = Timestamp::lenient(creation_date.as_deref());
        organization.updated_at = Timestamp::lenient(last_updated.as_deref());
        Ok(organization)
    })
}

/// The user whose token it is.
pub(crate) fn identity(doc: Doc<Me>) -> Result<Identity, Error> {
    doc.into_model(|Me { id, email, first_name, last_name, .. }| {
        let mut identity = Identity::person();
        identity.user_id = UserId::new(id).ok();
        identity.email = email.map(Email::verbatim);
        identity.name = full_name([first_name.as_deref(), last_name.as_deref()]);
        Ok(identity)
    })
}

pub(crate) fn member(doc: Doc<OrgMember>) -> Result<Member, Error> {
    doc.into_model(|row| {
        let mut member = Member::of_user(row.user_id.unwrap_or_default())?;
        member.email = row.email.map(Email::verbatim);
        member.name = full_name([row.first_name.as_deref(), row.last_name.as_deref()]);
        member.role = row.role.as_deref().map(role);
        member.native_role = row.role;
        member.two_factor = row.two_factor_auth_enabled;
        member.sso = row.sso_linked;
        Ok(member)
    })
}

/// An invitation to `org`, as it stood at this moment of the vendor's.
pub(crate) fn invitation(
    doc: Doc<OrgInvite>,
    org: &OrganizationId,
    now: Timestamp,
) -> Result<Invitation, Error> {
    doc.into_model(|OrgInvite { id, email, role: word, invite_date, ttl, has_expired, .. }| {
        let life = Life::new(invite_date.as_deref(), ttl);
        let mut invitation = Invitation::new(InvitationId::new(id)?, life.status(has_expired, now));
        invitation.organization_id = Some(org.clone());
        invitation.email = email.map(Email::verbatim);
        Ok(life.tell(invitation, word))
    })
}

/// An invitation of the current user.
pub(crate) fn my_invitation(doc: Doc<OrgInviteUser>, now: Timestamp) -> Result<Invitation, Error> {
    doc.into_model(|row| {
        let OrgInviteUser { id, org_name, role: word, invite_date, ttl, expired, invited_by, .. } = row;
        let life = Life::new(invite_date.as_deref(), ttl);
        let id = InvitationId::new(id.unwrap_or_default())?;
        let mut invitation = Invitation::new(id, life.status(expired, now));
        invitation.organization_name = org_name;
        invitation.invited_by = invited_by.and_then(|who| who.email.or(who.full_name));
        Ok(life.tell(invitation, word))
    })
}

/// From when to when an invitation can be answered.
#[derive(Clone, Copy)]
struct Life {
    begins: Option<Timestamp>,
    ends: Option<Timestamp>,
}

impl Life {
    /// Losant gives the beginning and a length in milliseconds.
    fn new(invite_date: Option<&str>, ttl: Option<f64>) -> Self {
        let begins = Timestamp::lenient(invite_date);
        let length = ttl.and_then(|ttl| Duration::try_from_secs_f64(ttl / 1000.0).ok());
        let ends = begins.zip(length).map(|(begins, length)| begins.saturating_add(length));
        Self { begins, ends }
    }

    /// The vendor's own word decides: documented and observed lengths of life differ.
    fn status(self, has_expired: Option<bool>, now: Timestamp) -> InvitationStatus {
        let has_expired = has_expired.unwrap_or_else(|| self.ends.is_some_and(|end| end <= now));
        if has_expired { InvitationStatus::Expired } else { InvitationStatus::Pending }
    }

    fn tell(self, mut invitation: Invitation, word: Option<String>) -> Invitation {
        invitation.role = word.as_deref().map(role);
        invitation.native_role = word;
        invitation.created_at = self.begins;
        invitation.expires_at = self.ends;
        invitation
    }
}

/// The body that invites a person. Where it replaces an invitation, that one's role goes with it
/// as it was written, and with it what only Losant knows.
pub(crate) fn invite_post(invitee: &Draft) -> Result<OrgInvitePost, Error> {
    let email = invitee.email()?.as_str();
    let granted = invitee.role.as_ref().and_then(native_role).map(str::to_owned);
    let Some(replaced) = &invitee.replaces else {
        let role = granted.ok_or_else(|| {
            Error::new(ErrorKind::InvalidInput, "the invitation names no role that Losant has")
        })?;
        return Ok(OrgInvitePost::new(email, role));
    };
    let OrgInvite { role, application_roles, dashboard_roles, disallow_transfer, .. } = replaced.read()?;
    let role = role.ok_or_else(|| {
        let message = "Losant does not say which role the invitation has: revoke it and invite with one";
        Error::new(ErrorKind::Protocol, message)
    })?;
    let resources = ResourceRoles { application_roles, dashboard_roles };
    Ok(OrgInvitePost { resources, disallow_transfer, ..OrgInvitePost::new(email, role) })
}

pub(crate) fn action(answer: Answer) -> InviteAction {
    match answer {
        Answer::Accept => InviteAction::Accept,
        Answer::Decline => InviteAction::Reject,
    }
}

/// The confirmation of an answer by id.
pub(crate) fn answered(answer: Answer, result: OrgInviteResultUser) -> Result<Answered, Error> {
    let OrgInviteResultUser { result, org_id } = result;
    let status = result.map(|word| match word.as_str() {
        "accepted" => InvitationStatus::Accepted,
        "rejected" => InvitationStatus::Declined,
        _ => InvitationStatus::Unknown(word),
    });
    confirmation(answer, status, org_id)
}

/// The confirmation of an answer by token.
pub(crate) fn answered_by_token(answer: Answer, result: OrgInviteResult) -> Result<Answered, Error> {
    let OrgInviteResult { accepted, org_id } = result;
    let said = |accepted| if accepted { Answer::Accept } else { Answer::Decline };
    confirmation(answer, accepted.map(|accepted| said(accepted).status()), org_id)
}

fn confirmation(
    answer: Answer,
    status: Option<InvitationStatus>,
    org_id: Option<String>,
) -> Result<Answered, Error> {
    let status = status.ok_or_else(|| {
        let message = "the vendor does not confirm the answer that was sent: look at the invitation";
        Error::new(ErrorKind::Protocol, message)
    })?;
    let mut answered = Answered::checked(answer, status)?;
    // An id that cannot be read decides nothing.
    answered.organization_id = org_id.and_then(|id| OrganizationId::new(id).ok());
    Ok(answered)
}

/// Two ids are one whatever the case of their digits.
pub(crate) fn is_same_id(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}
