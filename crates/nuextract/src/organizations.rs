//! The operations on organizations.

use async_trait::async_trait;
use orgport_core::{
    Cursor, Error, NewOrganization, Organization, OrganizationId, OrganizationUpdate, OrganizationsAdapter,
    Page,
};

use crate::convert;
use crate::provider::NuExtractAdapter;

#[async_trait]
impl OrganizationsAdapter for NuExtractAdapter {
    async fn list_organizations(&self, _: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        Ok(Page::converted(self.client.list_organizations().await?, convert::organization))
    }

    async fn get_organization(&self, org: &OrganizationId) -> Result<Organization, Error> {
        let missing =
            "it is not among the account's organizations: not there, or not for this account to see";
        let page = self.list_organizations(None).await?;
        page.pick(|row| row.id == *org, |text| text == org.as_str(), missing)
    }

    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        convert::organization(self.client.create_organization(&new.name).await?)
    }

    async fn update_organization(
        &self,
        org: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        // The name is all there is to change.
        let name = update.name.unwrap_or_default();
        match self.client.update_organization(org.as_str(), &name).await? {
            Some(updated) => convert::organization(updated)?.about(org),
            None => Ok(Organization::new(org.clone(), name)),
        }
    }

    async fn delete_organization(&self, org: &OrganizationId) -> Result<(), Error> {
        self.client.delete_organization(org.as_str()).await
    }
}
