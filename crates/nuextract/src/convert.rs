//! From `NuExtract`'s words to the neutral ones. Nothing goes the other way: an organization has
//! only a name, and an invitation only an address.

use orgport_core::http::Doc;
use orgport_core::{
    Email, Error, ErrorKind, Identity, Invitation, InvitationId, InvitationStatus, Member, MemberId,
    Organization, OrganizationId, Page, Reach, Role, UserId,
};

use crate::client::Listed;
use crate::model::{InvitationResponse, MemberResponse, OrganizationResponse, User};

/// A list, which the vendor always answers whole.
pub(crate) fn page<T, U>(listed: Listed<T>, convert: impl Fn(Doc<T>) -> Result<U, Error>) -> Page<U> {
    Page::whole(listed.into_iter().map(|row| row.and_then(&convert)).collect())
}

pub(crate) fn organization(doc: Doc<OrganizationResponse>) -> Result<Organization, Error> {
    let Doc { value: OrganizationResponse { id, name }, native, .. } = doc;
    let mut organization = Organization::new(given(OrganizationId::new(id))?, name);
    organization.native = Some(native);
    Ok(organization)
}

pub(crate) fn member(doc: Doc<MemberResponse>) -> Result<Member, Error> {
    let Doc { value: MemberResponse { id, display_name, email, roles }, native, .. } = doc;
    let mut member = Member::new(given(MemberId::new(&id))?);
    member.user_id = Some(given(UserId::new(id))?);
    member.email = Some(Email::verbatim(&email));
    member.name = display_name;
    member.native_role = role_words(roles);
    member.role = member.native_role.clone().map(Role::Other);
    member.native = Some(native);
    Ok(member)
}

pub(crate) fn invitation(
    organization: &OrganizationId,
    doc: Doc<InvitationResponse>,
) -> Result<Invitation, Error> {
    let Doc { value: InvitationResponse { id, email, roles }, native, .. } = doc;
    // Being listed is the status.
    let mut invitation = Invitation::new(given(InvitationId::new(id))?, InvitationStatus::Pending);
    invitation.organization_id = Some(organization.clone());
    invitation.email = Some(Email::verbatim(&email));
    invitation.native_role = role_words(roles);
    invitation.role = invitation.native_role.clone().map(Role::Other);
    invitation.native = Some(native);
    Ok(invitation)
}

/// The vendor shows no user id.
pub(crate) fn identity(doc: Doc<User>) -> Identity {
    let mut identity = Identity::person();
    identity.email = Some(Email::verbatim(&doc.email));
    identity.native = Some(doc.native);
    identity
}

/// The vendor's role names as one text. What they allow is not documented, so none is taken for a
/// neutral role.
fn role_words(roles: Option<Vec<String>>) -> Option<String> {
    roles.filter(|roles| !roles.is_empty()).map(|roles| roles.join(","))
}

/// An id of the vendor's: an empty one is the vendor's mistake and not the caller's.
fn given<T>(id: Result<T, Error>) -> Result<T, Error> {
    id.map_err(|error| {
        let message = format!("the vendor's answer has a row without id: {}", error.message());
        Error::new(ErrorKind::Protocol, message).with_reach(Reach::Unanswered)
    })
}
