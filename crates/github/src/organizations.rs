//! The operations on organizations.

use std::time::Duration;

use async_trait::async_trait;
use orgport_core::{
    Cursor, Error, ErrorKind, LeftBehind, Organization, OrganizationId, OrganizationUpdate,
    OrganizationsAdapter, Page, Reach,
};

use crate::config::Credential;
use crate::convert::{self, PAGE_SIZE, Place};
use crate::provider::GitHubAdapter;
use crate::request::{OrganizationFields, Part};

/// The first page of any list.
pub(crate) const FIRST: Part = Part { per_page: Some(PAGE_SIZE), page: None };

/// How long a deletion is waited for.
const PATIENCE: Duration = Duration::from_mins(1);
const STEP: Duration = Duration::from_secs(2);

#[async_trait]
impl OrganizationsAdapter for GitHubAdapter {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        if self.shared.credential != Credential::User {
            return self.configured_organization().await;
        }
        let listing = match Place::of(cursor, 0)?.link {
            Some(link) => self.client.follow(link).await?,
            None => self.client.list_organizations(FIRST).await?,
        };
        Ok(convert::page(listing, 0, None, |row| self.known(row).map(Some)))
    }

    async fn get_organization(&self, org: &OrganizationId) -> Result<Organization, Error> {
        self.known(self.client.get_organization(org.as_str()).await?)
    }

    async fn update_organization(
        &self,
        org: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        let OrganizationUpdate { name, description, .. } = update;
        let fields = OrganizationFields { name, description, ..OrganizationFields::default() };
        self.known(self.client.update_organization(org.as_str(), &fields).await?)
    }

    async fn delete_organization(&self, org: &OrganizationId) -> Result<(), Error> {
        self.client.delete_organization(org.as_str()).await?;
        self.gone(org).await
    }
}

impl GitHubAdapter {
    /// The list of a token that is good for one organization and cannot tell which.
    async fn configured_organization(&self) -> Result<Page<Organization>, Error> {
        let configured = self.shared.organization.as_ref().ok_or_else(|| {
            let message =
                "GitHub does not say which organization such a token is for: configure it as organization";
            Error::new(ErrorKind::InvalidInput, message)
        })?;
        Ok(Page::whole(vec![Ok(self.get_organization(configured).await?)]))
    }

    /// Waits until an organization that is being deleted is gone.
    async fn gone(&self, org: &OrganizationId) -> Result<(), Error> {
        let clock = self.client.transport().clock();
        let begun = clock.elapsed();
        let failure = loop {
            match self.client.get_organization(org.as_str()).await {
                Ok(_) if clock.elapsed().saturating_sub(begun) < PATIENCE => clock.sleep(STEP).await,
                Ok(_) => break Error::new(ErrorKind::Timeout, "").with_reach(Reach::Answered),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
                Err(error) => break error,
            }
        };
        let what =
            format!("GitHub has begun to delete {org}, and it is not known to be gone: look again later");
        let left_behind = LeftBehind::new(&what);
        Err(failure
            .clone()
            .with_kind(ErrorKind::Incomplete)
            .with_message(what)
            .with_left_behind(left_behind)
            .with_source(failure))
    }
}
