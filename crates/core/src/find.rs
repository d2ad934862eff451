//! Finding what people know: an organization by its name, a person by the e-mail address or the account's
//! name.
//!
//! Where several match, the result is a `Conflict` that lists them, never the first one.

use std::fmt::Display;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use crate::error::{Context as _, Error, ErrorKind};
use crate::id::{InvitationId, OrganizationId};
use crate::invitation::{Invitation, InvitationFilter};
use crate::invitee::Invitee;
use crate::mark::Marked;
use crate::member::Member;
use crate::operation::Operation;
use crate::organization::Organization;
use crate::page::two_of_one_id;
use crate::provider::Provider;
use crate::stream;

/// The organization of this id or, failing that, of this name.
///
/// # Errors
///
/// `NotFound`; `Conflict` if several have the name.
pub async fn organization(provider: &dyn Provider, id_or_name: &str) -> Result<Organization, Error> {
    match provider.get_organization(&OrganizationId::new(id_or_name)?).await {
        // What cannot be an id on this vendor can still be a name.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput) => {}
        found => return found,
    }
    let all = stream::organizations(provider);
    let listed = Listed::read(provider, Operation::GetOrganization, all).await?;
    let is_it = |item: &Organization| item.name == id_or_name;
    listed.the_one(is_it, |text| text == id_or_name, |item| &item.id, "organization", id_or_name).cloned()
}

/// The id of the organization of this id or, failing that, of this name. What is configured as the
/// default is believed without asking, and so is what a credential may use without looking it up.
///
/// # Errors
///
/// Those of [`organization`].
pub async fn organization_id(provider: &dyn Provider, id_or_name: &str) -> Result<OrganizationId, Error> {
    let id = OrganizationId::new(id_or_name)?;
    if provider.default_organization() == Some(&id) {
        return Ok(id);
    }
    match organization(provider, id_or_name).await {
        Ok(found) => Ok(found.id),
        Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::Unsupported) => Ok(id),
        Err(error) => Err(error),
    }
}

/// The member with this address or account.
///
/// # Errors
///
/// `NotFound`; `Conflict` if several have it.
pub async fn member(
    provider: &dyn Provider,
    organization: &OrganizationId,
    person: impl Into<Invitee>,
) -> Result<Member, Error> {
    Listed::members(provider, organization).await?.of(&person.into()).cloned()
}

/// The member of this id, or with this address or account (`@name`).
///
/// # Errors
///
/// `NotFound`; `Conflict` if several match.
pub async fn member_by_id_or_invitee(
    provider: &dyn Provider,
    organization: &OrganizationId,
    id_or_invitee: &str,
) -> Result<Member, Error> {
    Listed::members(provider, organization).await?.member(id_or_invitee).cloned()
}

/// The invitation to this address or account: the one that waits, else the only one there is.
///
/// # Errors
///
/// `NotFound`; `Conflict` if several wait, or none waits and there are several.
pub async fn invitation(
    provider: &dyn Provider,
    organization: &OrganizationId,
    person: impl Into<Invitee>,
) -> Result<Invitation, Error> {
    Listed::invitations(provider, organization).await?.invitation(&person.into()).cloned()
}

/// The invitation of this id or, if it is an address or an account (`@name`), to this one.
///
/// # Errors
///
/// `NotFound`; `Conflict` if several match.
pub async fn invitation_by_id_or_invitee(
    provider: &dyn Provider,
    organization: &OrganizationId,
    id_or_invitee: &str,
) -> Result<Invitation, Error> {
    match Invitee::parse(id_or_invitee) {
        Ok(person) => invitation(provider, organization, person).await,
        Err(_) => provider.get_invitation(organization, &InvitationId::new(id_or_invitee)?).await,
    }
}

/// A list that is read once, for several people to be found in it.
///
/// A row that cannot be decoded is the error for whom it may be about, unless that person is found
/// in another one; to all others it is nothing.
#[derive(Debug)]
pub struct Listed<T> {
    rows: Vec<T>,
    unreadable: Vec<Error>,
    provider: String,
    operation: Operation,
    ids_are_secret: bool,
}

impl<T: Marked> Listed<T> {
    async fn read(
        provider: &dyn Provider,
        operation: Operation,
        mut all: BoxStream<'_, Result<T, Error>>,
    ) -> Result<Self, Error> {
        let (mut rows, mut unreadable) = (Vec::new(), Vec::new());
        while let Some(item) = all.next().await {
            match item {
                Ok(row) => rows.push(row),
                Err(error) if error.row().is_some() => unreadable.push(error),
                // The list itself cannot be read.
                Err(error) => return Err(error).during(provider.name(), operation),
            }
        }
        let ids_are_secret =
            operation == Operation::ListInvitations && provider.capability().invitation_id_is_secret;
        Ok(Self { rows, unreadable, provider: provider.name().to_owned(), operation, ids_are_secret })
    }

    /// The rows that could be read, in the vendor's order.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// Why each other row could not be read.
    pub fn unreadable(&self) -> &[Error] {
        &self.unreadable
    }

    fn the_one<I: Display>(
        &self,
        is_it: impl Fn(&T) -> bool,
        is_wanted: impl Fn(&str) -> bool,
        id: impl Fn(&T) -> &I,
        what: &str,
        wanted: impl Display,
    ) -> Result<&T, Error> {
        let found = self.those_meant(is_it, is_wanted);
        found.and_then(|found| self.pick(&found, id, what, wanted)).during(&self.provider, self.operation)
    }

    fn those_meant(
        &self,
        is_it: impl Fn(&T) -> bool,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<&T>, Error> {
        let found: Vec<_> = self.rows.iter().filter(|row| is_it(row)).collect();
        let mentions = |error: &&Error| error.row().is_some_and(|row| row.mentions(&is_wanted));
        match self.unreadable.iter().rfind(mentions) {
            Some(error) if found.is_empty() => Err(error.clone()),
            _ => Ok(found),
        }
    }

    fn pick<'a, I: Display>(
        &self,
        found: &[&'a T],
        id: impl Fn(&T) -> &I,
        what: &str,
        wanted: impl Display,
    ) -> Result<&'a T, Error> {
        match found {
            [] => Err(Error::new(ErrorKind::NotFound, format!("there is no {what} {wanted}"))),
            [one] => {
                let shares_id =
                    |other: &T| id(other).to_string() == id(one).to_string() && other.mark() != one.mark();
                if self.rows.iter().any(shares_id) { Err(two_of_one_id()) } else { Ok(one) }
            }
            several => {
                let id = |row: &&T| {
                    if self.ids_are_secret { "(a secret)".to_owned() } else { id(row).to_string() }
                };
                let (count, ids) = (several.len(), several.iter().map(id).collect::<Vec<_>>().join(", "));
                let message = format!("{count} match {what} {wanted}: use one of the ids {ids}");
                Err(Error::new(ErrorKind::Conflict, message))
            }
        }
    }
}

impl Listed<Member> {
    /// Reads the members of an organization.
    ///
    /// # Errors
    ///
    /// Those of the list.
    pub async fn members(provider: &dyn Provider, organization: &OrganizationId) -> Result<Self, Error> {
        Self::read(provider, Operation::ListMembers, stream::members(provider, organization)).await
    }

    /// The member of this member id or user id, or with this address or account (`@name`).
    ///
    /// # Errors
    ///
    /// `NotFound`; `Conflict` if several match.
    pub fn member(&self, id_or_invitee: &str) -> Result<&Member, Error> {
        if let Ok(person) = Invitee::parse(id_or_invitee) {
            return self.of(&person);
        }
        let is_it = |item: &Member| {
            item.id.as_str() == id_or_invitee
                || item.user_id.as_ref().is_some_and(|id| id.as_str() == id_or_invitee)
        };
        self.the_one(is_it, |text| text == id_or_invitee, |item| &item.id, "member", id_or_invitee)
    }

    fn of(&self, person: &Invitee) -> Result<&Member, Error> {
        let is_it = |item: &Member| item.is(person);
        self.the_one(is_it, |text| person.stands_in(text), |item| &item.id, "member", person)
    }
}

impl Listed<Invitation> {
    /// Reads the invitations of an organization, of every status that the vendor shows.
    ///
    /// # Errors
    ///
    /// Those of the list.
    pub async fn invitations(provider: &dyn Provider, organization: &OrganizationId) -> Result<Self, Error> {
        let all = stream::invitations(provider, organization, &InvitationFilter::all());
        Self::read(provider, Operation::ListInvitations, all).await
    }

    /// The invitation to this address or account: the one that waits, else the only one there is.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Conflict` if several wait, or none waits and there are several.
    pub fn invitation(&self, person: &Invitee) -> Result<&Invitation, Error> {
        let found = self.those_meant(|row| row.is_for(person), |text| person.stands_in(text));
        let found = found.and_then(|mut all| {
            if all.iter().any(|row| row.is_pending()) {
                all.retain(|row| row.is_pending());
            }
            self.pick(&all, |row| &row.id, "invitation to", person)
        });
        found.during(&self.provider, self.operation)
    }
}
