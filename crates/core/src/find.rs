//! Finding what people know: an organization by its name, a person by the e-mail address.
//!
//! Where several match, the answer is a `Conflict` that lists them, never the first one.

use std::fmt::Display;

use futures_util::TryStreamExt;
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
    the_one(all, |item| item.name == id_or_name, |item| &item.id, "organization", id_or_name)
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
    the_one(all, |item| item.email.as_ref() == Some(email), |item| &item.id, "member", email)
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
    the_one(all, is_it, |item| &item.id, "member", id_or_email)
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
    let mut all: Vec<_> = stream::invitations(provider, organization, &filter).try_collect().await?;
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
    id: impl Fn(&T) -> &I,
    what: &str,
    wanted: impl Display,
) -> Result<T, Error> {
    let all: Vec<T> = all.try_collect().await?;
    pick(all.into_iter().filter(is_it).collect(), |item| id(item).to_string(), what, wanted)
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
