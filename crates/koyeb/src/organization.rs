//! What the neutral calls about organizations do.

use orgport_core::{
    Cursor, Describe, Error, ErrorKind, NewOrganization, Operation, Organization, OrganizationId,
    OrganizationUpdate, Page,
};

use crate::convert;
use crate::model::OrganizationStatus;
use crate::provider::KoyebProvider;
use crate::query::OrganizationQuery;

/// The organizations that a list shows: all but those that are going or gone. What Koyeb shows
/// unasked is not documented.
const LISTED: [OrganizationStatus; 5] = [
    OrganizationStatus::Active,
    OrganizationStatus::Warning,
    OrganizationStatus::Locked,
    OrganizationStatus::Deactivating,
    OrganizationStatus::Deactivated,
];

impl KoyebProvider {
    pub(crate) async fn my_organizations(
        &self,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Organization>, Error> {
        let part = convert::part(cursor)?;
        let query = OrganizationQuery { part, statuses: LISTED.to_vec(), ..OrganizationQuery::default() };
        let listing = self.client.list_organizations(&query).await?;
        convert::page(part, listing, |row| convert::organization(row).map(Some))
    }

    pub(crate) async fn own_organization(&self) -> Result<Page<Organization>, Error> {
        let home = self.shared.scopes.home(&self.client).await?;
        let Some(organization) = home.as_ref().or(self.shared.organization.as_ref()) else {
            let message =
                "Koyeb does not say which organization the token acts in: configure it as organization";
            return Err(Error::new(ErrorKind::InvalidInput, message));
        };
        let found = self.client.get_organization(organization.as_str()).await?;
        Ok(Page::whole(vec![convert::organization(found)]))
    }

    pub(crate) async fn create(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.capability().support(Operation::CreateOrganization).require()?;
        let NewOrganization { name, description, .. } = new;
        refuse_description(description.as_ref())?;
        self.client.create_organization(named(&name)?).await.and_then(convert::organization)
    }

    pub(crate) async fn update(
        &self,
        id: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        let OrganizationUpdate { name, description, .. } = update;
        refuse_description(description.as_ref())?;
        let Some(name) = name else {
            return Err(Error::new(ErrorKind::InvalidInput, "the update changes nothing: give a new name"));
        };
        self.client.rename_organization(id.as_str(), named(&name)?).await.and_then(convert::organization)
    }
}

fn named(name: &str) -> Result<&str, Error> {
    if name.trim().is_empty() {
        return Err(Error::new(ErrorKind::InvalidInput, "the organization's name is empty"));
    }
    Ok(name)
}

fn refuse_description(description: Option<&String>) -> Result<(), Error> {
    match description {
        Some(_) => Err(Error::new(ErrorKind::Unsupported, "Koyeb's organizations have no description")),
        None => Ok(()),
    }
}
