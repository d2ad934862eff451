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
            self.call(Operation::ListOrganizations, |state, caller| Ok(state.list_organizations(caller)))?;
        page(all, cursor)
    }

    async fn get_organization(&self, org: &OrganizationId) -> Result<Organization, Error> {
        let org = org.clone();
        self.call(Operation::GetOrganization, move |state, caller| state.get_organization(caller, &org))
    }

    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.call(Operation::CreateOrganization, |state, caller| state.add_organization(None, new, caller))
    }

    async fn update_organization(
        &self,
        org: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        let org = org.clone();
        self.call(Operation::UpdateOrganization, move |state, caller| {
            state.update_organization(caller, &org, update)
        })
    }

    async fn delete_organization(&self, org: &OrganizationId) -> Result<(), Error> {
        let org = org.clone();
        self.call(Operation::DeleteOrganization, move |state, caller| state.delete_organization(caller, &org))
    }
}
