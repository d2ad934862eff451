//! Jaqpot's words in neutral ones, and back.

use std::collections::HashSet;

use orgport_core::http::Doc;
use orgport_core::{
    Answer, Email, Error, ErrorKind, Invitation, InvitationId, InvitationStatus, Member, MemberId,
    OrganizationId, Reach, Role, Timestamp, UserId,
};

use crate::model::{
    AssociationType, Dated, Organization, OrganizationInvitation, OrganizationInvitationStatus,
    OrganizationUser, OrganizationWithPeople, User,
};

/// An organization, known by its name.
pub(crate) fn organization(doc: Doc<Organization>) -> Result<orgport_core::Organization, Error> {
    let id = OrganizationId::new(&doc.name).map_err(unusable)?;
    let mut organization = orgport_core::Organization::new(id, &doc.name);
    organization.description.clone_from(&doc.description);
    // A moment that cannot be read decides nothing here, and its text stays in the native JSON.
    organization.created_at = doc.created_at.as_deref().and_then(|text| Timestamp::parse(text).ok());
    organization.updated_at = doc.updated_at.as_deref().and_then(|text| Timestamp::parse(text).ok());
    organization.native = Some(doc.native);
    Ok(organization)
}

/// Organizations, each once: the vendor's list can repeat one.
pub(crate) fn organizations(
    docs: Vec<Result<Doc<Organization>, Error>>,
) -> Vec<Result<orgport_core::Organization, Error>> {
    let mut seen = HashSet::new();
    let first = |doc: &Result<Doc<Organization>, Error>| doc.as_ref().map_or(true, |doc| seen.insert(doc.id));
    docs.into_iter().filter(first).map(|doc| doc.and_then(organization)).collect()
}

/// The creator as owner and then the members, each person once.
pub(crate) fn members(people: OrganizationWithPeople) -> Vec<Result<Member, Error>> {
    let OrganizationWithPeople { organization: _, creator, members } = people;
    let owner = creator.map(|doc| doc.and_then(creator_as_owner));
    let members = members.into_iter().map(|doc| doc.and_then(member));
    let mut seen = HashSet::new();
    let first =
        |item: &Result<Member, Error>| item.as_ref().map_or(true, |member| seen.insert(member.id.clone()));
    owner.into_iter().chain(members).filter(first).collect()
}

fn creator_as_owner(doc: Doc<User>) -> Result<Member, Error> {
    let mut owner = person(&doc.id, doc.email.as_deref())?;
    let names: Vec<_> =
        [&doc.first_name, &doc.last_name].into_iter().flatten().map(|name| name.trim()).collect();
    let full_name = Some(names.join(" ")).filter(|name| !name.trim().is_empty());
    owner.name = full_name.or_else(|| doc.username.clone());
    owner.role = Some(Role::Owner);
    owner.native = Some(doc.native);
    Ok(owner)
}

fn member(doc: Doc<OrganizationUser>) -> Result<Member, Error> {
    let mut member = person(&doc.user_id, doc.email.as_deref())?;
    member.name.clone_from(&doc.username);
    (member.role, member.native_role) = match &doc.association_type {
        None => (None, None),
        Some(AssociationType::Member) => (Some(Role::Member), Some("MEMBER".to_owned())),
        Some(AssociationType::Admin) => (Some(Role::Admin), Some("ADMIN".to_owned())),
        Some(AssociationType::Other(word)) => (Some(Role::Other(word.clone())), Some(word.clone())),
    };
    member.native = Some(doc.native);
    Ok(member)
}

fn person(id: &str, email: Option<&str>) -> Result<Member, Error> {
    let mut member = Member::new(MemberId::new(id).map_err(unusable)?);
    member.user_id = Some(UserId::new(id).map_err(unusable)?);
    member.email = email.map(Email::verbatim);
    Ok(member)
}

/// An invitation to `organization` as it stood when it was told.
pub(crate) fn invitation(
    told: Dated<Doc<OrganizationInvitation>>,
    organization: &OrganizationId,
) -> Result<Invitation, Error> {
    let Dated { value: doc, told_at } = told;
    let expires_at = Timestamp::parse(&doc.expiration_date).map_err(|error| {
        unusable(error.with_message(format!("expirationDate is {:?}", doc.expiration_date)))
    })?;
    let id = InvitationId::new(&doc.id).map_err(unusable)?;
    let mut invitation = Invitation::new(id, status(&doc.status, expires_at, told_at));
    invitation.organization_id = Some(organization.clone());
    invitation.email = Some(Email::verbatim(&doc.user_email));
    invitation.role = Some(Role::Member);
    invitation.expires_at = Some(expires_at);
    invitation.native = Some(doc.native);
    Ok(invitation)
}

/// The invitations of a list.
pub(crate) fn invitations(
    told: Dated<Vec<Result<Doc<OrganizationInvitation>, Error>>>,
    organization: &OrganizationId,
) -> Vec<Result<Invitation, Error>> {
    let Dated { value: docs, told_at } = told;
    docs.into_iter()
        .map(|doc| doc.and_then(|value| invitation(Dated { value, told_at }, organization)))
        .collect()
}

/// The vendor leaves an invitation that waited too long `PENDING`.
fn status(word: &OrganizationInvitationStatus, expires_at: Timestamp, now: Timestamp) -> InvitationStatus {
    match word {
        OrganizationInvitationStatus::Pending if expires_at <= now => InvitationStatus::Expired,
        OrganizationInvitationStatus::Pending => InvitationStatus::Pending,
        OrganizationInvitationStatus::Accepted => InvitationStatus::Accepted,
        OrganizationInvitationStatus::Rejected => InvitationStatus::Declined,
        OrganizationInvitationStatus::Other(word) => InvitationStatus::Unknown(word.clone()),
    }
}

/// The word for an answer.
pub(crate) fn answer(answer: Answer) -> OrganizationInvitationStatus {
    match answer {
        Answer::Accept => OrganizationInvitationStatus::Accepted,
        Answer::Decline => OrganizationInvitationStatus::Rejected,
    }
}

/// A vendor's value that cannot stand where it is needed.
fn unusable(error: Error) -> Error {
    error.with_kind(ErrorKind::Protocol).with_reach(Reach::Unanswered)
}
