//! The operations on organizations.

use async_trait::async_trait;
use orgport_core::{
    Cursor, Error, NewOrganization, Organization, OrganizationId, OrganizationUpdate, OrganizationsAdapter,
    Page,
};

use crate::config::Credential;
use crate::convert;
use crate::delete::delete_organization;
use crate::model::OrganizationStatus;
use crate::provider::{KoyebAdapter, untold_organization};
use crate::request::OrganizationQuery;

/// The organizations that a list shows: all but those that are going or gone. What Koyeb shows
/// unasked is not documented.
const LISTED: [OrganizationStatus; 5] = [
    OrganizationStatus::Active,
    OrganizationStatus::Warning,
    OrganizationStatus::Locked,
    OrganizationStatus::Deactivating,
    OrganizationStatus::Deactivated,
];

#[async_trait]
impl OrganizationsAdapter for KoyebAdapter {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        if self.shared.credential == Credential::Organization {
            return self.own_organization().await;
        }
        let part = convert::part(cursor)?;
        let query = OrganizationQuery { part, statuses: LISTED.to_vec(), ..OrganizationQuery::default() };
        let listing = self.client.list_organizations(&query).await?;
        convert::page(part, listing, |row| convert::organization(row).map(Some))
    }

    async fn get_organization(&self, org: &OrganizationId) -> Result<Organization, Error> {
        convert::organization(self.client.get_organization(org.as_str()).await?)?.about(org)
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
        convert::organization(self.client.rename_organization(org.as_str(), &name).await?)?.about(org)
    }

    async fn delete_organization(&self, org: &OrganizationId) -> Result<(), Error> {
        delete_organization(&self.client, org).await
    }
}

impl KoyebAdapter {
    async fn own_organization(&self) -> Result<Page<Organization>, Error> {
        let home = self.shared.scopes.home(&self.client).await?;
        let own = home.as_ref().or(self.shared.organization.as_ref()).ok_or_else(untold_organization)?;
        let found = self.client.get_organization(own.as_str()).await?;
        Ok(Page::whole(vec![convert::organization(found)]))
    }
}
