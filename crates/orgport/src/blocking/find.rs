//! Finding what people know: the functions of [`crate::find`], with the same answers and errors.

use orgport_core::{Error, Invitation, Invitee, Member, Organization, OrganizationId};

use super::Provider;
use crate::find;

/// See [`find::organization`].
pub fn organization(provider: &Provider, id_or_name: &str) -> Result<Organization, Error> {
    provider.wait(find::organization(provider.get_ref(), id_or_name))
}

/// See [`find::organization_id`].
pub fn organization_id(provider: &Provider, id_or_name: &str) -> Result<OrganizationId, Error> {
    provider.wait(find::organization_id(provider.get_ref(), id_or_name))
}

/// See [`find::member`].
pub fn member(
    provider: &Provider,
    organization: &OrganizationId,
    person: impl Into<Invitee>,
) -> Result<Member, Error> {
    provider.wait(find::member(provider.get_ref(), organization, person))
}

/// See [`find::member_by_id_or_invitee`].
pub fn member_by_id_or_invitee(
    provider: &Provider,
    organization: &OrganizationId,
    id_or_invitee: &str,
) -> Result<Member, Error> {
    provider.wait(find::member_by_id_or_invitee(provider.get_ref(), organization, id_or_invitee))
}

/// See [`find::invitation`].
pub fn invitation(
    provider: &Provider,
    organization: &OrganizationId,
    person: impl Into<Invitee>,
) -> Result<Invitation, Error> {
    provider.wait(find::invitation(provider.get_ref(), organization, person))
}

/// See [`find::invitation_by_id_or_invitee`].
pub fn invitation_by_id_or_invitee(
    provider: &Provider,
    organization: &OrganizationId,
    id_or_invitee: &str,
) -> Result<Invitation, Error> {
    provider.wait(find::invitation_by_id_or_invitee(provider.get_ref(), organization, id_or_invitee))
}
