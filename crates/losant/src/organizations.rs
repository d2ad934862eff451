//! The operations on organizations.

use async_trait::async_trait;
use orgport_core::{
    Cursor, Error, ErrorKind, NewOrganization, Organization, OrganizationId, OrganizationUpdate,
    OrganizationsAdapter, Page, Reach,
};

use crate::convert;
use crate::model::Orgs;
use crate::provider::LosantAdapter;
use crate::request::{OrgFields, OrgPatch, OrgPost, OrgsQuery, Summary};

/// How many organizations to ask for at once.
const PER_PAGE: u64 = 100;
const MAX_NAME: usize = 255;
const MAX_DESCRIPTION: usize = 32_767;

#[async_trait]
impl OrganizationsAdapter for LosantAdapter {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        let number = Cursor::number(cursor)?;
        // By id, since names change while pages are read.
        let query = OrgsQuery {
            sort_field: Some("id".to_owned()),
            sort_direction: Some("asc".to_owned()),
            page: Some(number),
            per_page: Some(PER_PAGE),
            ..OrgsQuery::default()
        };
        let orgs = self.client.orgs(&query).await?;
        let next = next_page(number, &orgs)?;
        let mut page = Page::converted(orgs.items, convert::organization);
        (page.next, page.total) = (next, orgs.page.total_count);
        Ok(page)
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        convert::organization(self.client.org(organization.as_str(), &Summary::default()).await?)?
            .about(organization)
    }

    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        check_fields(Some(&new.name), new.description.as_deref())?;
        let fields = OrgFields { description: new.description, ..OrgFields::default() };
        let post = OrgPost { name: new.name, fields };
        convert::organization(self.client.create_org(&post, &Summary::default()).await?)
    }

    async fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        check_fields(update.name.as_deref(), update.description.as_deref())?;
        let fields = OrgFields { description: update.description, ..OrgFields::default() };
        let patch = OrgPatch { name: update.name, fields };
        let updated = self.client.patch_org(organization.as_str(), &patch, &Summary::default()).await?;
        convert::organization(updated)?.about(organization)
    }

    async fn delete_organization(&self, organization: &OrganizationId) -> Result<(), Error> {
        if self.client.delete_org(organization.as_str()).await?.success {
            return Ok(());
        }
        Err(unconfirmed("the deletion: look whether the organization is there"))
    }
}

/// The page behind this one. The vendor skips whole pages, so that a page which is shorter than it says
/// and not the last one hides organizations.
///
/// # Errors
///
/// `Protocol` if it does.
fn next_page(number: u64, orgs: &Orgs) -> Result<Option<Cursor>, Error> {
    let rows = orgs.items.len() as u64;
    let per_page = orgs.page.per_page.unwrap_or(PER_PAGE);
    let seen = number.saturating_mul(per_page).saturating_add(rows);
    let is_last = match orgs.page.total_count {
        Some(total) => seen >= total,
        None => rows < per_page,
    };
    if is_last {
        return Ok(None);
    }
    if rows < per_page {
        let total = orgs.page.total_count.unwrap_or(seen);
        let message = format!(
            "page {number} has {rows} of {per_page} organizations, although there are said to be {total}: some \
             would be overlooked"
        );
        return Err(Error::new(ErrorKind::Protocol, message).with_reach(Reach::Unanswered));
    }
    Ok(Some(Cursor::at(number.saturating_add(1))))
}

fn check_fields(name: Option<&str>, description: Option<&str>) -> Result<(), Error> {
    let wrong = |what: &str| Err(Error::new(ErrorKind::InvalidInput, what));
    if name.is_some_and(|name| name.is_empty() || name.chars().count() > MAX_NAME) {
        return wrong("an organization's name has 1 to 255 characters");
    }
    if description.is_some_and(|description| description.chars().count() > MAX_DESCRIPTION) {
        return wrong("an organization's description has at most 32767 characters");
    }
    Ok(())
}

/// A success whose body does not say that it was done.
pub(crate) fn unconfirmed(what: &str) -> Error {
    let message = format!("the vendor's response does not confirm {what}");
    Error::new(ErrorKind::Protocol, message).with_reach(Reach::Unanswered)
}
