//! From Losant's words to neutral ones and back. Nothing here talks to anybody.

use std::time::Duration;

use orgport_core::http::Doc;
use orgport_core::{
    Answer, Answered, Draft, Email, Error, ErrorKind, Identity, Invitation, InvitationId, InvitationStatus,
    Member, MemberId, Native, Organization, OrganizationId, Role, Timestamp, UserId,
};

use crate::body::{InviteAction, OrgInvitePost};
use crate::model::{
    Invites, Me, Org, OrgInvite, OrgInviteResult, OrgInviteResultUser, OrgInviteUser, OrgMember,
};

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

pub(crate) fn organization(Doc { value, native, .. }: Doc<Org>) -> Result<Organization, Error> {
    let Org { id, creation_date, last_updated, name, description, .. } = value;
    let id = OrganizationId::new(id).map_err(broken)?;
    let mut organization = Organization::new(id, name.unwrap_or_default());
    organization.description = description;
    organization.created_at = date(creation_date.as_deref());
    organization.updated_at = date(last_updated.as_deref());
    organization.native = Some(native);
    Ok(organization)
}

/// The user whose token it is.
pub(crate) fn identity(Doc { value, native, .. }: Doc<Me>) -> Identity {
    let Me { id, email, first_name, last_name, .. } = value;
    let mut identity = Identity::person();
    identity.user_id = UserId::new(id).ok();
    identity.email = email.as_deref().map(Email::verbatim);
    identity.name = full_name([first_name, last_name]);
    identity.native = Some(native);
    identity
}

pub(crate) fn member(Doc { value, native, .. }: Doc<OrgMember>) -> Result<Member, Error> {
    let OrgMember {
        user_id,
        first_name,
        last_name,
        email,
        role: word,
        two_factor_auth_enabled,
        sso_linked,
        ..
    } = value;
    let user_id = user_id
        .ok_or_else(|| Error::new(ErrorKind::Protocol, "a member has no userId").with_row(native.clone()))?;
    let mut member = Member::new(MemberId::new(user_id.as_str()).map_err(broken)?);
    member.user_id = Some(UserId::new(user_id).map_err(broken)?);
    member.email = email.as_deref().map(Email::verbatim);
    member.name = full_name([first_name, last_name]);
    member.role = word.as_deref().map(role);
    member.native_role = word;
    member.two_factor = two_factor_auth_enabled;
    member.sso = sso_linked;
    member.native = Some(native);
    Ok(member)
}

fn full_name(parts: [Option<String>; 2]) -> Option<String> {
    let parts: Vec<_> = parts.into_iter().flatten().filter(|part| !part.trim().is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The invitations of an organization.
pub(crate) fn invitations(
    Invites { items, date, .. }: Invites<OrgInvite>,
    organization: &OrganizationId,
) -> Vec<Result<Invitation, Error>> {
    items.into_iter().map(|item| invitation(item?, organization, date)).collect()
}

fn invitation(
    Doc { value, native, .. }: Doc<OrgInvite>,
    organization: &OrganizationId,
    now: Timestamp,
) -> Result<Invitation, Error> {
    let OrgInvite { id, email, role: word, invite_date, ttl, has_expired, .. } = value;
    let life = Life::new(invite_date.as_deref(), ttl);
    let mut invitation =
        Invitation::new(InvitationId::new(id).map_err(broken)?, life.status(has_expired, now));
    invitation.organization_id = Some(organization.clone());
    invitation.email = email.as_deref().map(Email::verbatim);
    Ok(life.tell(invitation, word, native))
}

/// The invitations of the current user.
pub(crate) fn my_invitations(
    Invites { items, date, .. }: Invites<OrgInviteUser>,
) -> Vec<Result<Invitation, Error>> {
    items.into_iter().map(|item| my_invitation(item?, date)).collect()
}

fn my_invitation(Doc { value, native, .. }: Doc<OrgInviteUser>, now: Timestamp) -> Result<Invitation, Error> {
    let OrgInviteUser { id, org_name, role: word, invite_date, ttl, expired, invited_by, .. } = value;
    let id = id.ok_or_else(|| Error::new(ErrorKind::Protocol, "an invitation has no id"))?;
    let id = InvitationId::new(id).map_err(broken)?;
    let life = Life::new(invite_date.as_deref(), ttl);
    let mut invitation = Invitation::new(id, life.status(expired, now));
    invitation.organization_name = org_name;
    invitation.invited_by = invited_by.and_then(|who| who.email.or(who.full_name));
    Ok(life.tell(invitation, word, native))
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
        let begins = date(invite_date);
        let length = ttl.and_then(|ttl| Duration::try_from_secs_f64(ttl / 1000.0).ok());
        let ends = begins.zip(length).map(|(begins, length)| begins.saturating_add(length));
        Self { begins, ends }
    }

    /// The vendor's own word decides: documented and observed lengths of life differ.
    fn status(self, has_expired: Option<bool>, now: Timestamp) -> InvitationStatus {
        let has_expired = has_expired.unwrap_or_else(|| self.ends.is_some_and(|end| end <= now));
        if has_expired { InvitationStatus::Expired } else { InvitationStatus::Pending }
    }

    fn tell(self, mut invitation: Invitation, word: Option<String>, native: Native) -> Invitation {
        invitation.role = word.as_deref().map(role);
        invitation.native_role = word;
        invitation.created_at = self.begins;
        invitation.expires_at = self.ends;
        invitation.native = Some(native);
        invitation
    }
}

/// The body that invites a person. Where it replaces an invitation, that one's role goes with it
/// as it was written, and with it what only Losant knows.
pub(crate) fn invite_post(invitee: &Draft) -> Result<OrgInvitePost, Error> {
    let email = invitee.email.as_str();
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
    Ok(OrgInvitePost {
        application_roles,
        dashboard_roles,
        disallow_transfer,
        ..OrgInvitePost::new(email, role)
    })
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
    answered.organization_id = org_id.map(OrganizationId::new).transpose().map_err(broken)?;
    Ok(answered)
}

/// Two ids are one whatever the case of their digits.
pub(crate) fn is_same_id(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

fn date(text: Option<&str>) -> Option<Timestamp> {
    text.and_then(|text| Timestamp::parse(text).ok())
}

/// An id that is wrong in the vendor's answer is the vendor's fault.
fn broken(error: Error) -> Error {
    error.with_kind(ErrorKind::Protocol)
}
