//! The operations on organizations.

use async_trait::async_trait;
use orgport_core::{
    Cursor, Error, ErrorKind, LeftBehind, NewOrganization, Organization, OrganizationId, OrganizationUpdate,
    OrganizationsAdapter, Page,
};

use crate::capability::NO_PERSON;
use crate::client::organization_uuid;
use crate::config::Credential;
use crate::convert;
use crate::error::{CACHE_FAILED, is_unclear};
use crate::provider::{TrieveAdapter, untold_organization};
use crate::request::OrganizationChanges;

#[async_trait]
impl OrganizationsAdapter for TrieveAdapter {
    async fn list_organizations(&self, _: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        match (self.credential, &self.organization) {
            (Credential::User, _) => {
                Ok(Page::converted(self.client.me().await?.organizations, convert::organization))
            }
            (Credential::Organization, Some(configured)) => {
                Ok(Page::whole(vec![Ok(self.get_organization(configured).await?)]))
            }
            (Credential::Organization, None) => Err(untold_organization()),
        }
    }

    async fn get_organization(&self, org: &OrganizationId) -> Result<Organization, Error> {
        let found = convert::organization(self.client.get_organization(org.as_str()).await?.organization)?;
        found.about(&spelled(org)?)
    }

    /// Reads the key's person first: an organization's key, whatever the configuration says of it,
    /// is refused before it leaves an organization without members behind.
    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        let no_person = || Error::new(ErrorKind::Unsupported, NO_PERSON);
        match self.client.me().await {
            Err(error) if error.kind() == ErrorKind::PermissionDenied && error.status() == Some(400) => {
                return Err(no_person().with_source(error));
            }
            me => drop(me?),
        }
        let made = self.client.create_organization(&new.name).await.map_err(telling_what_is_left)?;
        convert::organization(made)
    }

    /// The vendor cleans the name as HTML; what is returned has the name as stored. Members of the
    /// partner configuration beside the nine known ones are lost, since no read shows them.
    async fn update_organization(
        &self,
        org: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        let id = org.as_str();
        let before = self.client.get_organization(id).await?.organization.value;
        let partner_configuration = before.partner_configuration;
        let changes = OrganizationChanges { name: update.name, partner_configuration };
        let updated = self.client.update_organization(id, &changes).await;
        let asked = spelled(org)?;
        match updated.and_then(convert::organization).and_then(|updated| updated.about(&asked)) {
            Err(error) if is_unclear(&error) => {
                let stored = self.client.get_organization(id).await;
                let stored = stored.map_err(|failed| error.clone().with_source(failed))?.organization;
                // The name is stored cleaned, so that only one that stayed tells of a change not made.
                let is_unchanged = stored.name == before.name && changes.name.as_ref() != Some(&before.name);
                if is_unchanged { Err(error) } else { convert::organization(stored) }
            }
            updated => updated,
        }
    }

    async fn delete_organization(&self, org: &OrganizationId) -> Result<(), Error> {
        match self.client.delete_organization(org.as_str()).await {
            Err(error) if is_unclear(&error) || error.vendor_message() == Some(CACHE_FAILED) => {
                match self.client.get_organization(org.as_str()).await {
                    Err(gone) if gone.kind() == ErrorKind::NotFound => Ok(()),
                    _ => Err(error),
                }
            }
            done => done.map_err(telling_what_is_left),
        }
    }
}

/// An id as the vendor writes it, which takes other spellings, too.
fn spelled(org: &OrganizationId) -> Result<OrganizationId, Error> {
    OrganizationId::new(organization_uuid(org.as_str())?.to_string())
}

/// An operation that the vendor left half done says so in words alone.
fn telling_what_is_left(error: Error) -> Error {
    if error.kind() != ErrorKind::Incomplete {
        return error;
    }
    let left_behind = LeftBehind::new(error.message());
    error.with_left_behind(left_behind)
}
