//! The operations on organizations.

use std::collections::HashSet;

use async_trait::async_trait;
use orgport_core::{
    Cursor, Error, ErrorKind, LeftBehind, NewOrganization, Organization, OrganizationId, OrganizationUpdate,
    OrganizationsAdapter, Page,
};

use crate::config::JaqpotSettings;
use crate::convert;
use crate::model::OrganizationWithPeople;
use crate::provider::JaqpotAdapter;
use crate::request::{CreateOrganization, PartialUpdateOrganization};

#[async_trait]
impl OrganizationsAdapter for JaqpotAdapter {
    async fn list_organizations(&self, _: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        let mut rows = self.client.list_own_organizations().await?;
        // The vendor's list can repeat one.
        let mut seen = HashSet::new();
        rows.retain(|row| row.as_ref().map_or(true, |row| seen.insert(row.id)));
        Ok(Page::converted(rows, convert::organization))
    }

    async fn get_organization(&self, org: &OrganizationId) -> Result<Organization, Error> {
        convert::organization(self.read(org).await?.organization)
    }

    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        check_name(&new.name)?;
        let JaqpotSettings { contact_email, visibility, .. } = &self.shared.settings;
        let contact_email = contact_email.as_ref().ok_or_else(|| missing_setting("contact_email"))?;
        let visibility = visibility.clone().ok_or_else(|| missing_setting("visibility"))?;
        let NewOrganization { name, description, .. } = new;
        let id = OrganizationId::new(&name)?;
        let organization =
            CreateOrganization { description, ..CreateOrganization::new(&name, visibility, contact_email) };
        self.client.create_organization(&organization).await?;
        // The name was free, so whatever it meant before is gone.
        self.shared.numbers.forget(&id);
        let read_back = self.read(&id).await.and_then(|found| convert::organization(found.organization));
        read_back.map_err(|error| {
            incomplete(
                &error,
                format!("the vendor says that it made the organization {name}, and reading it back failed: read it again"),
            )
        })
    }

    async fn update_organization(
        &self,
        org: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        let OrganizationUpdate { name, description, .. } = update;
        if let Some(name) = &name {
            check_name(name)?;
        }
        let found = self.read(org).await?.organization.value;
        let required = |key| {
            let message =
                format!("the vendor does not show the organization's {key}, which an update must repeat");
            Error::new(ErrorKind::Protocol, message)
        };
        let update = PartialUpdateOrganization {
            name: name.unwrap_or(found.name),
            contact_email: found.contact_email.ok_or_else(|| required("contactEmail"))?,
            visibility: found.visibility.ok_or_else(|| required("visibility"))?,
            description,
        };
        let updated = self.client.update_organization(found.id, &update).await;
        let updated = convert::organization(self.forgetting(org, updated)?.organization)?;
        if updated.id != *org {
            self.shared.numbers.forget(org);
            self.shared.numbers.forget(&updated.id);
            self.shared.numbers.note(&updated.id, found.id)?;
        }
        Ok(updated)
    }
}

impl JaqpotAdapter {
    /// Reads an organization and makes sure that its name still means what it meant.
    pub(crate) async fn read(&self, org: &OrganizationId) -> Result<OrganizationWithPeople, Error> {
        let found = self.forgetting(org, self.client.get_organization(org.as_str()).await)?;
        self.shared.numbers.note(org, found.organization.id)?;
        Ok(found)
    }

    /// Passes a result on, and forgets the number of an organization that is not found.
    pub(crate) fn forgetting<T>(&self, org: &OrganizationId, result: Result<T, Error>) -> Result<T, Error> {
        if result.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            self.shared.numbers.forget(org);
        }
        result
    }

    pub(crate) async fn number_of(&self, org: &OrganizationId) -> Result<i64, Error> {
        match self.shared.numbers.get(org) {
            Some(number) => Ok(number),
            None => Ok(self.read(org).await?.organization.id),
        }
    }
}

fn missing_setting(key: &str) -> Error {
    let message = format!("Jaqpot makes no organization without it: configure {key} for this provider");
    Error::new(ErrorKind::InvalidInput, message)
}

/// Updating would take other names, and then nothing could read the organization anonymously.
fn check_name(name: &str) -> Result<(), Error> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if (3..=200).contains(&name.len()) && name.bytes().all(is_allowed) {
        return Ok(());
    }
    let message =
        format!("{name:?} cannot be an organization's name: 3 to 200 ASCII letters, digits, _ and -");
    Err(Error::new(ErrorKind::InvalidInput, message))
}

pub(crate) fn incomplete(error: &Error, what: impl Into<String>) -> Error {
    let what = what.into();
    error.clone().with_kind(ErrorKind::Incomplete).with_left_behind(LeftBehind::new(&what)).with_message(what)
}
