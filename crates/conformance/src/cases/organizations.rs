//! Organizations.

use std::collections::HashSet;

use futures_util::StreamExt;
use orgport_core::{
    ErrorKind, NewOrganization, Operation, Organization, OrganizationField, OrganizationUpdate, stream,
};

use super::Outcome;
use crate::report::{Failure, Verdict};
use crate::world::{World, ensure, fails, has_native, needs};

const NAME: &str = "conformance-second";
const RENAMED: &str = "conformance-renamed";
const DESCRIPTION: &str = "An organization of the conformance suite.";

async fn listed(world: &World<'_>) -> Result<Vec<Organization>, Failure> {
    let items: Vec<_> = stream::organizations(&*world.provider).collect().await;
    Ok(items.into_iter().collect::<Result<_, _>>()?)
}

pub(super) async fn the_organizations_listed_hold_the_managed_one(world: &World<'_>) -> Outcome {
    needs!(world, ListOrganizations);
    let all = listed(world).await?;
    let ids: HashSet<_> = all.iter().map(|organization| &organization.id).collect();
    ensure!(ids.len() == all.len(), "an organization is listed twice");
    ensure!(ids.contains(&world.organization), "{} is not listed", world.organization);
    for organization in &all {
        has_native(organization.native.as_ref(), "a listed organization")?;
    }
    Ok(Verdict::Passed)
}

pub(super) async fn an_organization_is_got_with_its_native_json(world: &World<'_>) -> Outcome {
    needs!(world, GetOrganization);
    let got = world.provider.get_organization(&world.organization).await?;
    ensure!(got.id == world.organization, "{} was asked for and {} came", world.organization, got.id);
    ensure!(!got.name.is_empty(), "the organization has no name");
    has_native(got.native.as_ref(), "the organization")?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_created_organization_has_its_name(world: &World<'_>) -> Outcome {
    needs!(world, CreateOrganization);
    let made = world.provider.create_organization(NewOrganization::new(NAME)).await?;
    ensure!(made.name == NAME, "{NAME} was made and is named {}", made.name);
    ensure!(made.id != world.organization, "a new organization has the id of another");
    if world.works(Operation::ListOrganizations) {
        let found = listed(world).await?.into_iter().find(|organization| organization.id == made.id);
        let name = found.map(|organization| organization.name);
        ensure!(name.as_deref() == Some(NAME), "the new organization is listed as {name:?}");
    }
    Ok(Verdict::Passed)
}

pub(super) async fn a_description_is_kept_or_refused_at_creation(world: &World<'_>) -> Outcome {
    needs!(world, CreateOrganization);
    let new = NewOrganization::new(NAME).with_description(DESCRIPTION);
    let before = world.subject.requests().await;
    let result = world.provider.create_organization(new).await;
    if world.capability().create_fields.contains(&OrganizationField::Description) {
        let description = result?.description;
        ensure!(description.as_deref() == Some(DESCRIPTION), "the description became {description:?}");
    } else {
        fails(result, &[ErrorKind::Unsupported], "creating with a description")?;
        world.sent_nothing(before, "refusing a description").await?;
    }
    Ok(Verdict::Passed)
}

pub(super) async fn an_updated_organization_has_its_new_name(world: &World<'_>) -> Outcome {
    needs!(world, UpdateOrganization);
    let update = OrganizationUpdate::new().with_name(RENAMED);
    let before = world.subject.requests().await;
    let result = world.provider.update_organization(&world.organization, update).await;
    if !world.capability().update_fields.contains(&OrganizationField::Name) {
        fails(result, &[ErrorKind::Unsupported], "renaming")?;
        world.sent_nothing(before, "refusing a name").await?;
        return Ok(Verdict::Passed);
    }
    let updated = result?;
    ensure!(updated.name == RENAMED, "the new name is answered as {}", updated.name);
    if world.works(Operation::GetOrganization) {
        let got = world.provider.get_organization(&updated.id).await?;
        ensure!(got.name == RENAMED, "the new name is read back as {}", got.name);
    }
    Ok(Verdict::Passed)
}

pub(super) async fn a_description_is_kept_or_refused_at_update(world: &World<'_>) -> Outcome {
    needs!(world, UpdateOrganization);
    let update = OrganizationUpdate::new().with_description(DESCRIPTION);
    let before = world.subject.requests().await;
    let result = world.provider.update_organization(&world.organization, update).await;
    if world.capability().update_fields.contains(&OrganizationField::Description) {
        let description = result?.description;
        ensure!(description.as_deref() == Some(DESCRIPTION), "the description became {description:?}");
    } else {
        fails(result, &[ErrorKind::Unsupported], "updating the description")?;
        world.sent_nothing(before, "refusing a description").await?;
    }
    Ok(Verdict::Passed)
}

pub(super) async fn an_update_of_nothing_is_refused_before_sending(world: &World<'_>) -> Outcome {
    needs!(world, UpdateOrganization);
    let before = world.subject.requests().await;
    let result = world.provider.update_organization(&world.organization, OrganizationUpdate::new()).await;
    fails(result, &[ErrorKind::InvalidInput], "an update of nothing")?;
    world.sent_nothing(before, "an update of nothing").await?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_deleted_organization_is_gone(world: &World<'_>) -> Outcome {
    needs!(world, DeleteOrganization);
    world.provider.delete_organization(&world.organization).await?;
    // Some credentials end with their organization.
    let gone = [
        ErrorKind::NotFound,
        ErrorKind::PermissionDenied,
        ErrorKind::Unauthenticated,
        ErrorKind::InvalidInput,
    ];
    if world.works(Operation::GetOrganization) {
        fails(world.attempt(Operation::GetOrganization).await, &gone, "getting a deleted organization")?;
    }
    if world.works(Operation::ListMembers) {
        fails(
            world.attempt(Operation::ListMembers).await,
            &gone,
            "listing a deleted organization's members",
        )?;
    }
    Ok(Verdict::Passed)
}
