//! Vendor words to neutral ones and back, without any I/O.

use orgport_core::http::Doc;
use orgport_core::{
    Email, Error, ErrorKind, Identity, Invitation, InvitationId, InvitationStatus, Member, Native,
    Organization, OrganizationId, Role, Timestamp, UserId,
};

use crate::model::{self, StoredScopes};
use crate::request::Scopes;

/// What a role with scopes is called behind its number.
const SCOPED: &str = " scoped";

/// The number of a role that can be granted.
pub(crate) fn role_number(role: &Role) -> Option<i64> {
    match role {
        Role::Owner => Some(2),
        Role::Admin => Some(1),
        Role::Member => Some(0),
        _ => None,
    }
}

/// The role that a number means. Scopes limit a role and raise it, so that it is not one of ours.
fn role(number: i64, scopes: &StoredScopes) -> Role {
    match (number, scopes) {
        (number, Some(_)) => Role::Other(format!("{number}{SCOPED}")),
        (2, None) => Role::Owner,
        (1, None) => Role::Admin,
        (0, None) => Role::Member,
        (number, None) => Role::Other(number.to_string()),
    }
}

/// Says whether this is how a role with scopes is read.
pub(crate) fn is_scoped(role: &Role) -> bool {
    matches!(role, Role::Other(word) if word.ends_with(SCOPED))
}

/// A date-time, which the vendor writes in UTC without saying so.
fn moment(text: Option<&str>) -> Option<Timestamp> {
    text.and_then(|text| Timestamp::parse_as_utc(text).ok())
}

pub(crate) fn organization(doc: Doc<model::Organization>) -> Result<Organization, Error> {
    doc.into_model(|model::Organization { id, name, created_at, updated_at, .. }| {
        let mut organization = Organization::new(OrganizationId::new(id)?, name);
        organization.created_at = moment(created_at.as_deref());
        organization.updated_at = moment(updated_at.as_deref());
        Ok(organization)
    })
}

/// The person behind a user's key.
pub(crate) fn identity(doc: Doc<model::User>) -> Result<Identity, Error> {
    doc.into_model(|model::User { id, name, email, .. }| {
        let mut identity = Identity::person();
        identity.user_id = UserId::new(id).ok();
        identity.email = email.map(Email::verbatim);
        identity.name = name;
        Ok(identity)
    })
}

/// A person as a member of this organization.
pub(crate) fn member(doc: Doc<model::User>, org: &str) -> Result<Member, Error> {
    doc.into_model(|model::User { id, name, email, created_at: _, user_orgs }| {
        let is_here = |membership: &model::UserOrganization| {
            membership.organization_id.as_deref().is_none_or(|id| id == org)
        };
        let membership = user_orgs.unwrap_or_default().into_iter().find(is_here);
        let mut member = Member::of_user(id)?;
        member.name = name;
        member.email = email.map(Email::verbatim);
        if let Some(membership) = membership {
            let model::UserOrganization { role: number, scopes, created_at, .. } = membership;
            member.role = number.map(|number| role(number, &scopes));
            member.native_role = number.map(|number| number.to_string());
            member.joined_at = moment(created_at.as_deref());
        }
        Ok(member)
    })
}

pub(crate) fn invitation(doc: Doc<model::Invitation>) -> Result<Invitation, Error> {
    doc.into_model(|row| {
        let model::Invitation {
            id,
            email,
            organization_id,
            used,
            created_at,
            updated_at: _,
            role: number,
            scopes,
        } = row;
        let status = match used {
            Some(true) => InvitationStatus::Accepted,
            Some(false) => InvitationStatus::Pending,
            None => InvitationStatus::Unknown("unstated".to_owned()),
        };
        let mut invitation = Invitation::new(InvitationId::new(id)?, status);
        invitation.organization_id = organization_id.map(OrganizationId::new).transpose()?;
        invitation.email = email.map(Email::verbatim);
        invitation.role = number.map(|number| role(number, &scopes));
        invitation.native_role = number.map(|number| number.to_string());
        invitation.created_at = moment(created_at.as_deref());
        Ok(invitation)
    })
}

/// The number of the role and the scopes that a resent invitation takes from the one it replaces.
///
/// # Errors
///
/// `Conflict` if its scopes are such that they must not be sent again.
pub(crate) fn carried_over(replaced: &Native) -> Result<(Option<i64>, Option<Scopes>), Error> {
    let model::Invitation { role, scopes, .. } = replaced.read()?;
    let scopes = scopes.map(|scopes| Scopes::new(scopes.into_iter().flatten())).transpose();
    let scopes = scopes.map_err(|error| {
        let message = format!(
            "the invitation's scopes cannot be sent again: {}; revoke it and invite anew",
            error.message()
        );
        error.with_kind(ErrorKind::Conflict).with_message(message)
    })?;
    Ok((role, scopes))
}
