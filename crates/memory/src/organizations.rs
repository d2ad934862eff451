//! The operations on organizations.

use async_trait::async_trait;
use orgport_core::{
    Cursor, Error, NewOrganization, Operation, Organization, OrganizationId, OrganizationUpdate,
    OrganizationsAdapter, Page,
};

use crate::provider::{MemoryAdapter, page};

#[async_trait]
impl OrganizationsAdapter for MemoryAdapter {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        let all =
            self.read(Operation::ListOrganizations, |state, caller| Ok(state.list_organizations(caller)))?;
        page(all, cursor)
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        let id = organization.clone();
        self.read(Operation::GetOrganization, move |state, caller| state.get_organization(caller, &id))
    }

    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.write(Operation::CreateOrganization, |state, caller| state.add_organization(None, new, caller))
    }

    async fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        let id = organization.clone();
        self.write(Operation::UpdateOrganization, move |state, caller| {
            state.update_organization(caller, &id, update)
        })
    }

    async fn delete_organization(&self, organization: &OrganizationId) -> Result<(), Error> {
        let id = organization.clone();
        self.write(Operation::DeleteOrganization, move |state, caller| state.delete_organization(caller, &id))
    }
}
