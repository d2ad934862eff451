//! Jaqpot's words in neutral ones, and back.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use orgport_core::http::Doc;
use orgport_core::{
    Answer, Email, Error, Invitation, InvitationId, InvitationStatus, Member, OrganizationId, Page, Role,
    Timestamp, full_name,
};

use crate::model::{
    AssociationType, Dated, Organization, OrganizationInvitation, OrganizationInvitationStatus,
    OrganizationUser, OrganizationWithPeople, User,
};

/// An organization, known by its name.
pub(crate) fn organization(doc: Doc<Organization>) -> Result<orgport_core::Organization, Error> {
    doc.into_model(|row| {
        let mut organization = orgport_core::Organization::new(OrganizationId::new(&row.name)?, row.name);
        organization.description = row.description;
        organization.created_at = Timestamp::lenient(row.created_at.as_deref());
        organization.updated_at = Timestamp::lenient(row.updated_at.as_deref());
        Ok(organization)
    })
}

/// The creator as owner and then the members, each person once.
pub(crate) fn members(people: OrganizationWithPeople) -> Page<Member> {
    let OrganizationWithPeople { organization: _, creator, members } = people;
    let owner = creator.map(|doc| doc.and_then(creator_as_owner));
    let members = members.into_iter().map(|doc| doc.and_then(member));
    let mut seen: HashMap<_, Option<Email>> = HashMap::new();
    // Another address under the same id is another person.
    let first = |item: &Result<Member, Error>| {
        let Ok(Member { id, email, .. }) = item else { return true };
        match seen.entry(id.clone()) {
            Entry::Vacant(place) => {
                place.insert(email.clone());
                true
            }
            Entry::Occupied(first) => {
                matches!((first.get(), email), (Some(one), Some(other)) if one != other)
            }
        }
    };
    Page::whole(owner.into_iter().chain(members).filter(first).collect())
}

fn creator_as_owner(doc: Doc<User>) -> Result<Member, Error> {
    doc.into_model(|user| {
        let mut owner = Member::of_user(user.id)?;
        owner.email = user.email.map(Email::verbatim);
        owner.name = full_name([user.first_name.as_deref(), user.last_name.as_deref()]).or(user.username);
        owner.role = Some(Role::Owner);
        Ok(owner)
    })
}

fn member(doc: Doc<OrganizationUser>) -> Result<Member, Error> {
    doc.into_model(|row| {
        let mut member = Member::of_user(row.user_id)?;
        member.email = row.email.map(Email::verbatim);
        member.name = row.username;
        member.native_role = row.association_type.as_ref().map(ToString::to_string);
        member.role = row.association_type.map(|word| match word {
            AssociationType::Member => Role::Member,
            AssociationType::Admin => Role::Admin,
            AssociationType::Other(word) => Role::Other(word),
        });
        Ok(member)
    })
}

/// An invitation to `org` as it stood when it was told.
pub(crate) fn invitation(
    told: Dated<Doc<OrganizationInvitation>>,
    org: &OrganizationId,
) -> Result<Invitation, Error> {
    let Dated { value, told_at } = told;
    value.into_model(|row| {
        let expires_at = Timestamp::parse(&row.expiration_date)
            .map_err(|error| error.with_message(format!("expirationDate is {:?}", row.expiration_date)))?;
        let status = status(row.status, expires_at, told_at);
        let mut invitation = Invitation::new(InvitationId::new(row.id)?, status);
        invitation.organization_id = Some(org.clone());
        invitation.email = Some(Email::verbatim(row.user_email));
        invitation.role = Some(Role::Member);
        invitation.expires_at = Some(expires_at);
        Ok(invitation)
    })
}

/// The vendor leaves an invitation that waited too long `PENDING`.
fn status(word: OrganizationInvitationStatus, expires_at: Timestamp, now: Timestamp) -> InvitationStatus {
    match word {
        OrganizationInvitationStatus::Pending if expires_at <= now => InvitationStatus::Expired,
        OrganizationInvitationStatus::Pending => InvitationStatus::Pending,
        OrganizationInvitationStatus::Accepted => InvitationStatus::Accepted,
        OrganizationInvitationStatus::Rejected => InvitationStatus::Declined,
        OrganizationInvitationStatus::Other(word) => InvitationStatus::Unknown(word),
    }
}

/// The word for an answer.
pub(crate) fn answer(answer: Answer) -> OrganizationInvitationStatus {
    match answer {
        Answer::Accept => OrganizationInvitationStatus::Accepted,
        Answer::Decline => OrganizationInvitationStatus::Rejected,
    }
}
