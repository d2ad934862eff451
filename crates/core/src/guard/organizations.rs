//! The operations on organizations, behind the guard.

use async_trait::async_trait;

use super::Guard;
use crate::adapter::Adapter;
use crate::capability::OrganizationField;
use crate::error::{Error, ErrorKind};
use crate::id::OrganizationId;
use crate::operation::Operation;
use crate::organization::{NewOrganization, Organization, OrganizationUpdate};
use crate::page::{Cursor, Page};
use crate::provider::Organizations;

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<A: Adapter + Clone> Organizations for Guard<A> {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        self.page(Operation::ListOrganizations, None, cursor, |adapter, cursor| async move {
            adapter.list_organizations(cursor.as_ref()).await
        })
        .await
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        self.call(Operation::GetOrganization, |adapter| adapter.get_organization(organization)).await
    }

    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.call(Operation::CreateOrganization, |adapter| async {
            let fields = &adapter.capability().create_fields;
            check_fields(fields, Some(&new.name), new.description.is_some())?;
            adapter.create_organization(new).await
        })
        .await
    }

    async fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        self.call(Operation::UpdateOrganization, |adapter| async {
            if update == OrganizationUpdate::new() {
                return Err(Error::new(ErrorKind::InvalidInput, "the update changes nothing: name a field"));
            }
            let fields = &adapter.capability().update_fields;
            check_fields(fields, update.name.as_deref(), update.description.is_some())?;
            adapter.update_organization(organization, update).await
        })
        .await
    }

    async fn delete_organization(&self, organization: &OrganizationId) -> Result<(), Error> {
        self.call(Operation::DeleteOrganization, |adapter| adapter.delete_organization(organization)).await
    }
}

/// Refuses a blank name and the fields that this vendor does not have.
fn check_fields(fields: &[OrganizationField], name: Option<&str>, described: bool) -> Result<(), Error> {
    let missing = |field| !fields.contains(&field);
    if name.is_some_and(|name| name.trim().is_empty()) {
        return Err(Error::new(ErrorKind::InvalidInput, "the organization's name is blank"));
    }
    let field = match (name, described) {
        (Some(_), _) if missing(OrganizationField::Name) => "name",
        (_, true) if missing(OrganizationField::Description) => "description",
        _ => return Ok(()),
    };
    let what = format!("this vendor has no call that sets an organization's {field}: leave it out");
    Err(Error::new(ErrorKind::Unsupported, what))
}
