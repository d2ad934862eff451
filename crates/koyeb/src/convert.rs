//! Koyeb's words in neutral ones, and back. Nothing here talks to anybody.

use orgport_core::http::Doc;
use orgport_core::{
    Cursor, Email, Error, ErrorKind, Identity, Invitation, InvitationFilter, InvitationId, InvitationStatus,
    Member, MemberId, Organization, OrganizationId, Page, Reach, Role, Timestamp, UserId,
};

use crate::model;
use crate::model::{Listing, OrganizationInvitation, OrganizationMember, User};
use crate::request::Part;

/// The most that a page can have.
pub(crate) const PAGE_SIZE: u32 = 100;

/// Of how many pages a page says where they begin.
const PAGES_AHEAD: usize = 8;

/// The part of a list that begins at a cursor.
pub(crate) fn part(cursor: Option<&Cursor>) -> Result<Part, Error> {
    Ok(Part { limit: Some(PAGE_SIZE), offset: Some(Cursor::number(cursor)?) })
}

/// A page of the vendor's as a neutral one; rows that become `None` are left out.
///
/// # Errors
///
/// `Protocol` for an empty page that is not the last one.
pub(crate) fn page<V, T>(
    part: Part,
    listing: Listing<V>,
    convert: impl Fn(Doc<V>) -> Result<Option<T>, Error>,
) -> Result<Page<T>, Error> {
    let next = next(part, &listing)?;
    let Listing { items, count, .. } = listing;
    let mark = |item: &Result<Doc<V>, Error>| match item {
        Ok(doc) => Some(doc.native.text().to_owned()),
        Err(error) => error.row().map(|row| row.text().to_owned()),
    };
    let edges = items.first().and_then(mark).zip(items.last().and_then(mark));
    let ahead = ahead(part, items.len() as u64, count);
    let items = items.into_iter().filter_map(|item| item.and_then(&convert).transpose()).collect();
    let mut page = Page::new(items, next).with_ahead(ahead);
    page.total = count;
    // Ended memberships are not items, and yet rows of the vendor's pages.
    Ok(match edges {
        Some((first, last)) => page.with_edges(first, last),
        None => page,
    })
}

/// Where the next page begins. Lists of organizations say whether there is one, all others how
/// many rows there are.
fn next<V>(part: Part, listing: &Listing<V>) -> Result<Option<Cursor>, Error> {
    let rows = listing.items.len() as u64;
    let end = part.offset.unwrap_or(0).saturating_add(rows);
    let is_last = match (listing.has_next, listing.count) {
        (Some(has_next), _) => !has_next,
        (None, Some(count)) => end >= count,
        (None, None) => rows < listing.limit.unwrap_or(u64::from(PAGE_SIZE)).max(1),
    };
    if listing.count.is_some_and(|count| count < end && rows > 0) {
        return Err(protocol("a page shows more rows than there are said to be"));
    }
    match (is_last, rows) {
        (true, _) => Ok(None),
        (false, 0) => Err(protocol("a page is empty although there are said to be more rows")),
        (false, _) => Ok(Some(Cursor::at(end))),
    }
}

/// Where the pages behind a full one begin, where it is known how many rows there are.
fn ahead(part: Part, rows: u64, count: Option<u64>) -> impl Iterator<Item = Cursor> {
    let count = count.filter(|_| rows == u64::from(PAGE_SIZE)).unwrap_or(0);
    let begin = part.offset.unwrap_or(0).saturating_add(rows);
    (begin..count).step_by(PAGE_SIZE as usize).take(PAGES_AHEAD).map(Cursor::at)
}

pub(crate) fn organization(doc: Doc<model::Organization>) -> Result<Organization, Error> {
    doc.into_model(|row| Ok(Organization::new(OrganizationId::new(row.id)?, row.name.unwrap_or_default())))
}

/// A user, whose token acts in `home`.
pub(crate) fn identity(doc: Doc<User>, home: Option<OrganizationId>) -> Result<Identity, Error> {
    doc.into_model(|user| {
        let mut identity = Identity::person();
        identity.user_id = UserId::new(user.id).ok();
        identity.email = user.email.map(Email::verbatim);
        identity.name = set(user.name);
        identity.organization_id = home;
        Ok(identity)
    })
}

/// A membership in `org`; `None` for one that has ended.
///
/// # Errors
///
/// `Protocol` for one that is in another organization, or has no id.
pub(crate) fn member(org: &OrganizationId, doc: Doc<OrganizationMember>) -> Result<Option<Member>, Error> {
    doc.into_model(|row| {
        belongs(org, organization_of_member(&row))?;
        let OrganizationMember { id, user_id, joined_at, role, status, user, .. } = row;
        if status == Some(model::MemberStatus::Deleted) {
            return Ok(None);
        }
        let mut member = Member::new(MemberId::new(id)?);
        let user_id = set(user_id).or_else(|| set(user.as_ref()?.id.clone()));
        member.user_id = user_id.and_then(|id| UserId::new(id).ok());
        if let Some(user) = user {
            member.email = set(user.email).map(Email::verbatim);
            member.name = set(user.name);
        }
        member.role = role.as_ref().map(read_role);
        member.native_role = role.map(|role| role.to_string());
        member.joined_at = date(joined_at.as_deref());
        Ok(Some(member))
    })
}

/// An invitation to `org`, even if it does not say so.
///
/// # Errors
///
/// `Protocol` for one to another organization, or without id.
pub(crate) fn invitation_to(
    org: &OrganizationId,
    doc: Doc<OrganizationInvitation>,
) -> Result<Invitation, Error> {
    doc.into_model(|row| {
        belongs(org, organization_of_invitation(&row))?;
        read_invitation(row, Some(org.clone()))
    })
}

/// An invitation to whatever organization.
pub(crate) fn invitation(doc: Doc<OrganizationInvitation>) -> Result<Invitation, Error> {
    doc.into_model(|row| {
        let organization_id = organization_of_invitation(&row).and_then(|id| OrganizationId::new(id).ok());
        read_invitation(row, organization_id)
    })
}

fn read_invitation(
    row: OrganizationInvitation,
    organization_id: Option<OrganizationId>,
) -> Result<Invitation, Error> {
    let OrganizationInvitation {
        id,
        email,
        role,
        status,
        expires_at,
        organization_id: _,
        organization,
        invitee_id: _,
        invitee: _,
        inviter_id,
        inviter,
    } = row;
    // What is left out has the enum's first value.
    let status = status.unwrap_or(model::InvitationStatus::Invalid);
    let mut invitation = Invitation::new(InvitationId::new(id)?, read_status(&status));
    invitation.organization_id = organization_id;
    invitation.email = set(email).map(Email::verbatim);
    invitation.role = role.as_ref().map(read_role);
    invitation.native_role = role.map(|role| role.to_string());
    invitation.organization_name = organization.and_then(|organization| set(organization.name));
    invitation.expires_at = date(expires_at.as_deref());
    let inviter = inviter.and_then(|inviter| set(inviter.email).or_else(|| set(inviter.name)));
    invitation.invited_by = inviter.or_else(|| set(inviter_id));
    Ok(invitation)
}

/// The organization that an invitation leads to, if the row says it.
pub(crate) fn organization_of_invitation(row: &OrganizationInvitation) -> Option<&str> {
    organization_id(row.organization_id.as_ref(), row.organization.as_ref())
}

/// The organization that a membership is in, if the row says it.
pub(crate) fn organization_of_member(row: &OrganizationMember) -> Option<&str> {
    organization_id(row.organization_id.as_ref(), row.organization.as_ref())
}

/// Refuses what is known to be in another organization.
fn belongs(wanted: &OrganizationId, found: Option<&str>) -> Result<(), Error> {
    match found {
        Some(found) if found != wanted.as_str() => Err(protocol(format!(
            "organization {wanted} was asked for, and the response is about organization {found}"
        ))),
        _ => Ok(()),
    }
}

fn organization_id<'a>(
    id: Option<&'a String>,
    organization: Option<&'a model::PublicOrganization>,
) -> Option<&'a str> {
    let inner = organization.and_then(|organization| organization.id.as_ref());
    [id, inner].into_iter().flatten().map(String::as_str).find(|id| !id.trim().is_empty())
}

fn read_role(role: &model::Role) -> Role {
    match role {
        model::Role::Owner => Role::Owner,
        model::Role::Invalid | model::Role::Other(_) => Role::Other(role.as_str().to_owned()),
    }
}

/// The status as it is sent: the vendor's clock decides what has expired.
pub(crate) fn read_status(status: &model::InvitationStatus) -> InvitationStatus {
    match status {
        model::InvitationStatus::Pending => InvitationStatus::Pending,
        model::InvitationStatus::Accepted => InvitationStatus::Accepted,
        model::InvitationStatus::Refused => InvitationStatus::Declined,
        model::InvitationStatus::Expired => InvitationStatus::Expired,
        model::InvitationStatus::Invalid | model::InvitationStatus::Other(_) => {
            InvitationStatus::Unknown(status.as_str().to_owned())
        }
    }
}

/// The vendor's words for the statuses that a filter asks for.
pub(crate) fn statuses(filter: &InvitationFilter) -> Vec<model::InvitationStatus> {
    let word = |status: &InvitationStatus| {
        Some(match status {
            InvitationStatus::Pending => model::InvitationStatus::Pending,
            InvitationStatus::Accepted => model::InvitationStatus::Accepted,
            InvitationStatus::Declined => model::InvitationStatus::Refused,
            InvitationStatus::Expired => model::InvitationStatus::Expired,
            _ => return None,
        })
    };
    filter.statuses.iter().filter_map(word).collect()
}

/// A date, unless it is the one that stands for none.
fn date(text: Option<&str>) -> Option<Timestamp> {
    Timestamp::lenient(text.filter(|text| !text.starts_with("0001-")))
}

/// A text, unless it is the one that stands for none.
fn set(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// A success that is not what the vendor documents.
fn protocol(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Protocol, message).with_reach(Reach::Unanswered)
}
