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
        Some(OrganizationStatus::Deleting | OrganizationStatus::Deleted) => return Ok(()),
        Some(OrganizationStatus::Deactivated) => {}
        Some(OrganizationStatus::Deactivating) => deactivated(client, organization).await?,
        _ => {
            client.deactivate_organization(id, true).await?;
            deactivated(client, organization).await?;
        }
    }
    match client.delete_organization(id).await {
        Ok(_) => Ok(()),
        // It was there a moment ago.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == ErrorKind::Unauthenticated => Err(token_ended(error)),
        Err(error) => Err(incomplete(error, organization, "deactivated and not deleted")),
    }
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

/// Deleting an organization ends the tokens in it, so a deletion whose answer was lost ends like
/// this when it is repeated.
fn token_ended(error: Error) -> Error {
    let message = "the token is no longer accepted, which is what deleting its organization does: look with \
                   another token whether the organization is gone";
    error
        .echo()
        .with_kind(ErrorKind::Ambiguous)
        .with_message(message)
        .with_reach(Reach::Unanswered)
        .with_source(error)
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
        .echo()
        .with_kind(ErrorKind::Incomplete)
        .with_message(&what)
        .with_left_behind(LeftBehind::new(what))
        .with_source(error)
}
