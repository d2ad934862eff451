//! Deleting an organization: Koyeb deletes only what was deactivated, and that takes a while.

use std::time::Duration;

use orgport_core::{Error, ErrorKind, LeftBehind, OrganizationId, Reach};

use crate::KoyebClient;
use crate::model::OrganizationStatus;

const PATIENCE: Duration = Duration::from_mins(2);
const STEP: Duration = Duration::from_secs(2);

/// Deactivates, waits until that is done, and deletes. What an earlier call has begun is taken up
/// where it stopped.
pub(crate) async fn delete_organization(
    client: &KoyebClient,
    organization: &OrganizationId,
) -> Result<(), Error> {
    let id = organization.as_str();
    match status(client, id).await? {
        Some(OrganizationStatus::Deleting) => return Ok(()),
        Some(OrganizationStatus::Deleted) => {
            let gone = Error::new(ErrorKind::NotFound, "the organization was deleted before");
            return Err(gone.with_reach(Reach::Answered));
        }
        Some(OrganizationStatus::Deactivated) => {}
        Some(OrganizationStatus::Deactivating) => deactivated(client, organization).await?,
        _ => {
            client.deactivate_organization(id, true).await?;
            deactivated(client, organization).await?;
        }
    }
    match client.delete_organization(id).await {
        Ok(_) => Ok(()),
        Err(error) => settle(client, organization, error).await,
    }
}

/// Says what a deletion that failed has left.
async fn settle(client: &KoyebClient, organization: &OrganizationId, error: Error) -> Result<(), Error> {
    if error.kind() == ErrorKind::NotFound {
        // It was there a moment ago.
        return Ok(());
    }
    let may_be_done = error.reach() == Reach::Unanswered || error.kind() == ErrorKind::Unauthenticated;
    if may_be_done {
        match status(client, organization.as_str()).await {
            Ok(Some(OrganizationStatus::Deleting | OrganizationStatus::Deleted)) => return Ok(()),
            Err(gone) if gone.kind() == ErrorKind::NotFound => return Ok(()),
            Ok(_) => {}
            Err(_) => return Err(ambiguous(error)),
        }
    }
    Err(incomplete(error, organization, "deactivated and not deleted"))
}

async fn status(client: &KoyebClient, id: &str) -> Result<Option<OrganizationStatus>, Error> {
    Ok(client.get_organization(id).await?.value.status)
}

/// Waits until the organization is deactivated.
async fn deactivated(client: &KoyebClient, organization: &OrganizationId) -> Result<(), Error> {
    let clock = client.transport().clock();
    let begun = clock.elapsed();
    loop {
        match status(client, organization.as_str()).await {
            Ok(Some(OrganizationStatus::Deactivated)) => return Ok(()),
            Ok(_) if clock.elapsed().saturating_sub(begun) < PATIENCE => clock.sleep(STEP).await,
            Ok(_) => {
                let slow = Error::new(ErrorKind::Timeout, "").with_reach(Reach::Answered);
                return Err(incomplete(slow, organization, "still being deactivated, and not deleted"));
            }
            Err(error) => return Err(incomplete(error, organization, "being deactivated, and not deleted")),
        }
    }
}

/// Deleting an organization ends the tokens in it, so a deletion whose response was lost is refused
/// when it is repeated, and so is a look.
fn ambiguous(error: Error) -> Error {
    let message = match error.kind() {
        ErrorKind::Unauthenticated => {
            "the token is no longer accepted, which is what deleting its organization does: look with another \
             token whether the organization is gone"
        }
        _ => "the response to the deletion was lost: look whether the organization is gone",
    };
    let ambiguous = error.clone().with_kind(ErrorKind::Ambiguous).with_message(message);
    ambiguous.with_reach(Reach::Unanswered).with_source(error)
}

fn incomplete(error: Error, organization: &OrganizationId, state: &str) -> Error {
    let next = match error.kind() {
        ErrorKind::Unauthenticated => {
            "its token has ended: delete it again with a token of another organization"
        }
        _ => "delete it again, which goes on from here; unpaid invoices stand against it",
    };
    let what = format!("organization {organization} is {state}; {next}");
    error
        .clone()
        .with_kind(ErrorKind::Incomplete)
        .with_message(&what)
        .with_left_behind(LeftBehind::new(what))
        .with_source(error)
}
