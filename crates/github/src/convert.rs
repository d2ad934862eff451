//! From GitHub's words to neutral ones and back. Nothing here talks to anybody.

use std::time::Duration;

use orgport_core::http::Doc;
use orgport_core::{
    AccountName, Cursor, Email, Error, ErrorKind, Identity, Invitation, InvitationId, InvitationStatus,
    Member, MemberId, Organization, OrganizationId, Page, Reach, Role, Timestamp, UserId,
};

use crate::client::Listing;
use crate::model::{self, InvitationRole, InvitationSource, MembershipRole, MembershipState};

/// The most that a page can have.
pub(crate) const PAGE_SIZE: u32 = 100;

/// How long an invitation can be accepted; no field says it.
const LIFE: Duration = Duration::from_hours(7 * 24);

/// One of the vendor's lists that one of ours is made of, and where in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    /// Which one, the first being 0.
    pub(crate) list: u8,
    /// Where the page is; `None` for the first one.
    pub(crate) link: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// The place that a cursor tells, and the beginning of the list `first` without one.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for what [`page`] has not told.
    pub(crate) fn of(cursor: Option<&'a Cursor>, first: u8) -> Result<Self, Error> {
        let Some(cursor) = cursor else { return Ok(Self { list: first, link: None }) };
        let (list, link) = cursor.as_str().split_once(' ').ok_or_else(foreign_cursor)?;
        let list = list.parse().map_err(|_| foreign_cursor())?;
        Ok(Self { list, link: Some(link).filter(|link| !link.is_empty()) })
    }
}

fn foreign_cursor() -> Error {
    Error::new(ErrorKind::InvalidInput, "the cursor belongs to another list")
}

/// A page of the vendor's list of this number as a neutral one, behind which the list `then` begins where
/// this one ends. Rows that become `None` are left out.
pub(crate) fn page<V, T>(
    listing: Listing<V>,
    list: u8,
    then: Option<u8>,
    convert: impl Fn(Doc<V>) -> Result<Option<T>, Error>,
) -> Page<T> {
    let next = listing.next.map(|link| Cursor::new(format!("{list} {link}")));
    let next = next.or_else(|| then.map(|list| Cursor::new(format!("{list} "))));
    let items = listing.items.into_iter().filter_map(|row| row.and_then(&convert).transpose());
    let left_out = (!listing.left_out.is_empty()).then(|| Err(incomplete(&listing.left_out)));
    Page::new(items.chain(left_out).collect(), next)
}

/// A list that single sign-on has cut.
fn incomplete(organizations: &[String]) -> Error {
    let message = format!(
        "the list is not complete: the token is not authorized for the single sign-on of the organizations {}; \
         authorize it in GitHub's settings",
        organizations.join(", ")
    );
    Error::new(ErrorKind::PermissionDenied, message).with_reach(Reach::Answered)
}

pub(crate) fn organization(doc: Doc<model::Organization>) -> Result<Organization, Error> {
    doc.into_model(|row| {
        let model::Organization { login, name, description, created_at, updated_at, .. } = row;
        let name = set(name).unwrap_or_else(|| login.clone());
        let mut organization = Organization::new(OrganizationId::new(login)?, name);
        organization.description = set(description);
        organization.created_at = Timestamp::lenient(created_at.as_deref());
        organization.updated_at = Timestamp::lenient(updated_at.as_deref());
        Ok(organization)
    })
}

pub(crate) fn identity(doc: Doc<model::User>) -> Result<Identity, Error> {
    doc.into_model(|user| {
        let mut identity = Identity::person();
        identity.user_id = UserId::new(user.id.to_string()).ok();
        identity.email = set(user.email).map(Email::verbatim);
        identity.name = set(user.name).or(Some(user.login));
        Ok(identity)
    })
}

/// A member of the list of this role.
pub(crate) fn member(doc: Doc<model::User>, role: &MembershipRole) -> Result<Member, Error> {
    doc.into_model(|user| {
        let mut member = Member::of_user(user.id.to_string())?;
        member.email = set(user.email).map(Email::verbatim);
        member.name = set(user.name);
        member.account = AccountName::new(user.login).ok();
        member.role = Some(read_role(role));
        member.native_role = Some(role.to_string());
        Ok(member)
    })
}

/// Somebody's membership; `None` where it is an invitation still.
pub(crate) fn membership(doc: Doc<model::Membership>) -> Result<Option<Member>, Error> {
    doc.into_model(|row| match row.user {
        Some(user) if row.state == MembershipState::Active => {
            let mut member = Member::of_user(user.id.to_string())?;
            member.account = AccountName::new(user.login).ok();
            member.role = Some(read_role(&row.role));
            member.native_role = Some(row.role.to_string());
            Ok(Some(member))
        }
        _ => Ok(None),
    })
}

/// A row of either list of invitations, of which `failed` is the second one.
pub(crate) fn invitation(
    org: &OrganizationId,
    doc: Doc<model::Invitation>,
    failed: bool,
) -> Result<Invitation, Error> {
    doc.into_model(|row| {
        let status = if failed { failure(row.failed_reason.as_deref()) } else { InvitationStatus::Pending };
        let mut invitation = Invitation::new(InvitationId::new(row.id.to_string())?, status);
        invitation.organization_id = Some(org.clone());
        invitation.email = set(row.email).map(Email::verbatim);
        invitation.account = row.login.and_then(|login| AccountName::new(login).ok());
        invitation.role = row.role.as_ref().map(read_invitation_role);
        invitation.native_role = row.role.map(|role| role.to_string());
        invitation.created_at = Timestamp::lenient(row.created_at.as_deref());
        let ends = row.invitation_source != Some(InvitationSource::Scim);
        invitation.expires_at = invitation.created_at.filter(|_| ends).map(|at| at.saturating_add(LIFE));
        invitation.invited_by = row.inviter.map(|inviter| inviter.login);
        Ok(invitation)
    })
}

/// What the sentence says that GitHub gives for a reason.
fn failure(reason: Option<&str>) -> InvitationStatus {
    let says_expired = reason.is_some_and(|reason| reason.to_lowercase().contains("expired"));
    if says_expired { InvitationStatus::Expired } else { InvitationStatus::Failed }
}

/// One's own invitation, which is known by its organization; `None` for a membership.
pub(crate) fn my_invitation(doc: Doc<model::Membership>) -> Result<Option<Invitation>, Error> {
    doc.into_model(|row| {
        if row.state != MembershipState::Pending {
            return Ok(None);
        }
        let organization = row.organization.unwrap_or_default();
        let mut invitation =
            Invitation::new(InvitationId::new(&*organization.login)?, InvitationStatus::Pending);
        invitation.organization_id = OrganizationId::new(&*organization.login).ok();
        invitation.organization_name = set(organization.name).or(Some(organization.login));
        invitation.role = Some(read_role(&row.role));
        invitation.native_role = Some(row.role.to_string());
        Ok(Some(invitation))
    })
}

fn read_role(role: &MembershipRole) -> Role {
    match role {
        MembershipRole::Admin => Role::Owner,
        MembershipRole::Member => Role::Member,
        other => Role::Other(other.to_string()),
    }
}

fn read_invitation_role(role: &InvitationRole) -> Role {
    match role {
        InvitationRole::Admin => Role::Owner,
        InvitationRole::DirectMember => Role::Member,
        other => Role::Other(other.to_string()),
    }
}

/// GitHub's word for a role that a member can be given.
pub(crate) fn membership_role(role: &Role) -> Option<MembershipRole> {
    match role {
        Role::Owner => Some(MembershipRole::Admin),
        Role::Member => Some(MembershipRole::Member),
        _ => None,
    }
}

/// GitHub's word for a role in an invitation. One that is carried over keeps its word.
pub(crate) fn invitation_role(role: &Role) -> InvitationRole {
    match role {
        Role::Owner => InvitationRole::Admin,
        Role::Member => InvitationRole::DirectMember,
        other => InvitationRole::from(other.to_string()),
    }
}

/// The number that an account's id is.
///
/// # Errors
///
/// `NotFound` for another text: no account has it.
pub(crate) fn account(id: &MemberId) -> Result<u64, Error> {
    number(id.as_str()).ok_or_else(|| {
        let message = "no member has this id, which is the account's number and not its login";
        Error::new(ErrorKind::NotFound, message)
    })
}

/// The number that an invitation's id is.
///
/// # Errors
///
/// `NotFound` for another text: no invitation has it.
pub(crate) fn invitation_number(id: &InvitationId) -> Result<u64, Error> {
    number(id.as_str()).ok_or_else(|| Error::new(ErrorKind::NotFound, NO_INVITATION))
}

/// What is said where an invitation is not there.
pub(crate) const NO_INVITATION: &str = "the organization has no such invitation; one that was there has been accepted, declined or cancelled, \
     which GitHub does not tell";

/// Written as GitHub writes it, so that one number has one id.
fn number(id: &str) -> Option<u64> {
    id.parse().ok().filter(|number: &u64| number.to_string() == id)
}

/// A text, unless it is empty, which stands for none.
fn set(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
