//! Finding what people know: an organization by its name, a person by the e-mail address.
//!
//! Where several match, the answer is a `Conflict` that lists them, never the first one.

use std::fmt::Display;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use crate::email::Email;
use crate::error::{Context as _, Error, ErrorKind};
use crate::id::{InvitationId, OrganizationId};
use crate::invitation::{Invitation, InvitationFilter};
use crate::member::Member;
use crate::operation::Operation;
use crate::organization::Organization;
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
    let is_wanted = |text: &str| text == id_or_name;
    the_one(all, |item| item.name == id_or_name, is_wanted, |item| &item.id, "organization", id_or_name)
        .await
        .during(provider.name(), Operation::GetOrganization)
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

/// The member with this address.
///
/// # Errors
///
/// `NotFound`; `Conflict` if several have it.
pub async fn member(
    provider: &dyn Provider,
    organization: &OrganizationId,
    email: &Email,
) -> Result<Member, Error> {
    let all = stream::members(provider, organization);
    let is_wanted = |text: &str| email.stands_in(text);
    the_one(all, |item| item.email.as_ref() == Some(email), is_wanted, |item| &item.id, "member", email)
        .await
        .during(provider.name(), Operation::ListMembers)
}

/// The member of this id or with this address.
///
/// # Errors
///
/// `NotFound`; `Conflict` if several match.
pub async fn member_by_id_or_email(
    provider: &dyn Provider,
    organization: &OrganizationId,
    id_or_email: &str,
) -> Result<Member, Error> {
    if let Ok(email) = Email::parse(id_or_email) {
        return member(provider, organization, &email).await;
    }
    let is_it = |item: &Member| {
        item.id.as_str() == id_or_email || item.user_id.as_ref().is_some_and(|id| id.as_str() == id_or_email)
    };
    let all = stream::members(provider, organization);
    the_one(all, is_it, |text| text == id_or_email, |item| &item.id, "member", id_or_email)
        .await
        .during(provider.name(), Operation::ListMembers)
}

/// The invitation to this address: the one that waits, else the only one there is.
///
/// # Errors
///
/// `NotFound`; `Conflict` if several wait, or none waits and there are several.
pub async fn invitation(
    provider: &dyn Provider,
    organization: &OrganizationId,
    email: &Email,
) -> Result<Invitation, Error> {
    let filter = InvitationFilter::all().with_email(email.clone());
    let rows = stream::invitations(provider, organization, &filter);
    let mut all = those_meant(rows, |row| row.is_for(email), |text| email.stands_in(text))
        .await
        .during(provider.name(), Operation::ListInvitations)?;
    if all.iter().any(Invitation::is_pending) {
        all.retain(Invitation::is_pending);
    }
    let is_secret = provider.capability().invitation_id_is_secret;
    let id = |item: &Invitation| if is_secret { "(a secret)".to_owned() } else { item.id.to_string() };
    pick(all, id, "invitation to", email).during(provider.name(), Operation::ListInvitations)
}

/// The invitation of this id or, if it is an address, to this address.
///
/// # Errors
///
/// `NotFound`; `Conflict` if several match.
pub async fn invitation_by_id_or_email(
    provider: &dyn Provider,
    organization: &OrganizationId,
    id_or_email: &str,
) -> Result<Invitation, Error> {
    match Email::parse(id_or_email) {
        Ok(email) => invitation(provider, organization, &email).await,
        Err(_) => provider.get_invitation(organization, &InvitationId::new(id_or_email)?).await,
    }
}

async fn the_one<T, I: Display>(
    all: BoxStream<'_, Result<T, Error>>,
    is_it: impl Fn(&T) -> bool,
    is_wanted: impl Fn(&str) -> bool,
    id: impl Fn(&T) -> &I,
    what: &str,
    wanted: impl Display,
) -> Result<T, Error> {
    pick(those_meant(all, is_it, is_wanted).await?, |item| id(item).to_string(), what, wanted)
}

/// The rows that are meant. One that cannot be decoded is the error if no other is meant and it may
/// be; those of others are passed over.
async fn those_meant<T>(
    mut all: BoxStream<'_, Result<T, Error>>,
    is_it: impl Fn(&T) -> bool,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Vec<T>, Error> {
    let mut found = Vec::new();
    let mut unreadable = None;
    while let Some(item) = all.next().await {
        match item {
            Ok(item) if is_it(&item) => found.push(item),
            Ok(_) => {}
            Err(error) => match error.row() {
                Some(row) if row.mentions(&is_wanted) => unreadable = Some(error),
                Some(_) => {}
                // The list itself cannot be read.
                None => return Err(error),
            },
        }
    }
    unreadable.filter(|_| found.is_empty()).map_or(Ok(found), Err)
}

fn pick<T>(
    mut found: Vec<T>,
    id: impl Fn(&T) -> String,
    what: &str,
    wanted: impl Display,
) -> Result<T, Error> {
    match found.len() {
        0 => Err(Error::new(ErrorKind::NotFound, format!("there is no {what} {wanted}"))),
        1 => Ok(found.remove(0)),
        count => {
            let ids: Vec<_> = found.iter().map(id).collect();
            let message = format!("{count} match {what} {wanted}: use one of the ids {}", ids.join(", "));
            Err(Error::new(ErrorKind::Conflict, message))
        }
    }
}
