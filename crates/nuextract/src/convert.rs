//! From `NuExtract`'s words to the neutral ones. Nothing goes the other way: an organization has
//! only a name, and an invitation only an address.

use orgport_core::http::Doc;
use orgport_core::{
    Email, Error, Identity, Invitation, InvitationId, InvitationStatus, Member, Organization, OrganizationId,
    Role,
};

use crate::model::{InvitationResponse, MemberResponse, OrganizationResponse, User};

pub(crate) fn organization(doc: Doc<OrganizationResponse>) -> Result<Organization, Error> {
    doc.into_model(|OrganizationResponse { id, name }| Ok(Organization::new(OrganizationId::new(id)?, name)))
}

pub(crate) fn member(doc: Doc<MemberResponse>) -> Result<Member, Error> {
    doc.into_model(|MemberResponse { id, display_name, email, roles }| {
        let mut member = Member::of_user(id)?;
        member.email = Some(Email::verbatim(email));
        member.name = display_name;
        member.native_role = role_words(roles);
        member.role = member.native_role.clone().map(Role::Other);
        Ok(member)
    })
}

pub(crate) fn invitation(org: &OrganizationId, doc: Doc<InvitationResponse>) -> Result<Invitation, Error> {
    doc.into_model(|InvitationResponse { id, email, roles }| {
        // Being listed is the status.
        let mut invitation = Invitation::new(InvitationId::new(id)?, InvitationStatus::Pending);
        invitation.organization_id = Some(org.clone());
        invitation.email = Some(Email::verbatim(email));
        invitation.native_role = role_words(roles);
        invitation.role = invitation.native_role.clone().map(Role::Other);
        Ok(invitation)
    })
}

/// The vendor shows no user id.
pub(crate) fn identity(doc: Doc<User>) -> Result<Identity, Error> {
    doc.into_model(|user| {
        let mut identity = Identity::person();
        identity.email = Some(Email::verbatim(&user.email));
        Ok(identity)
    })
}

/// The vendor's role names as one text. What they allow is not documented, so none is taken for a
/// neutral role.
fn role_words(roles: Option<Vec<String>>) -> Option<String> {
    roles.filter(|roles| !roles.is_empty()).map(|roles| roles.join(","))
}
