//! `orgport invitation resend` and `revoke`

use clap::Args;
use futures_util::{StreamExt, stream};
use orgport::find::Listed;
use orgport::{
    AnyProvider, Error, ErrorKind, Invitation, InvitationId, InvitationStatus, Invitee, Operation,
    OrganizationId, Provider,
};

use super::Which;
use crate::commands::many::named::listed;
use crate::commands::many::{About, Act, Candidate, Job, Many, Subject};
use crate::commands::places::read_only;
use crate::context::Context;
use crate::failure::Failure;
use crate::filters::{Filter, Filters, InvitationFilters, Undated};
use crate::shortened::whole;

/// What can be resent, and what can be revoked.
const OPEN: [InvitationStatus; 2] = [InvitationStatus::Pending, InvitationStatus::Expired];

#[derive(Debug, Args)]
pub(crate) struct Several {
    /// The invitations, by id or by the address or @account they were sent to; with filters alone, all that pass
    /// and are pending or expired.
    #[arg(value_name = "ID|EMAIL|@ACCOUNT")]
    named: Vec<String>,
    #[command(flatten)]
    many: Many,
    #[command(flatten)]
    filters: InvitationFilters,
}

impl Several {
    /// The one invitation, if no more is said.
    pub(super) fn only(&self) -> Option<Which> {
        let Many { from, dry_run } = &self.many;
        match self.named.as_slice() {
            [one] if from.is_none() && !dry_run && !self.filters.are_set() => {
                Some(Which { invitation: one.clone() })
            }
            _ => None,
        }
    }

    /// Does it for everybody who is meant.
    pub(super) async fn run(&self, context: &Context, operation: Operation) -> Result<(), Failure> {
        let dry_run = self.many.dry_run;
        let asks = operation == Operation::RevokeInvitation && !dry_run;
        let leave = if asks { Some(context.leave()?) } else { None };
        let mut named = self.named.clone();
        if let Some(from) = &self.many.from {
            let done = if asks { "revoked" } else { "resent" };
            let people = listed(from, context.console, &|word| word.parse(), done)?;
            named.extend(people.into_iter().map(|person| person.invitee.to_string()));
        }
        self.many.refuse_nobody(named.len())?;
        if named.is_empty() && !self.filters.are_set() {
            return Err(Failure::usage("which invitations? Name them, or say which by --status and others"));
        }
        let config = context.config()?;
        let config = if dry_run { read_only(config) } else { config };
        let provider = context.provider_from(&config, operation)?;
        let filters = if named.is_empty() { self.filters.or_status(&OPEN) } else { self.filters.clone() };
        let undated = Undated::default();
        let filter = Filter::new(&filters, &config, provider.name(), &undated)?;
        let read = async {
            let organization = context.organization(&provider, operation).await?;
            let listed = self.read(&provider, &organization, &named).await?;
            Ok::<_, Error>((organization, listed))
        };
        let (organization, all) = context.interrupt.before_changes(read).await?;
        let mut candidates = Vec::new();
        let mut is_partial = false;
        if named.is_empty() {
            let all = all.as_ref().expect("filters need the list");
            let meant = all.rows().iter().filter(|row| filter.accepts(row));
            candidates.extend(meant.map(|row| of_row(&provider, operation, row.clone())));
            all.unreadable().iter().for_each(|error| context.console.error(error));
            is_partial = !all.unreadable().is_empty();
        } else {
            for name in &named {
                let one = resolve(&provider, operation, all.as_ref(), name).await;
                if one.0.invitation.as_ref().is_none_or(|row| filter.accepts(row)) {
                    candidates.push(one);
                }
            }
        }
        undated.note(context.console);
        let (provider, organization) = (&provider, &organization);
        let about = About { context, provider, organization, operation, is_partial };
        Job { about, leave }.run(candidates, dry_run).await
    }

    /// The list, unless ids alone are named and the credential may not read it.
    async fn read(
        &self,
        provider: &AnyProvider,
        organization: &OrganizationId,
        named: &[String],
    ) -> Result<Option<Listed<Invitation>>, Error> {
        let ids_do = !named.is_empty() && !self.filters.are_set() && named.iter().all(|name| is_id(name));
        match Listed::invitations(provider, organization).await {
            Err(error)
                if ids_do && matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::Unsupported) =>
            {
                Ok(None)
            }
            listed => listed.map(Some),
        }
    }
}

fn is_id(name: &str) -> bool {
    Invitee::parse(name).is_err()
}

/// Who is meant by a name.
async fn resolve(
    provider: &AnyProvider,
    operation: Operation,
    all: Option<&Listed<Invitation>>,
    name: &str,
) -> Candidate {
    let rows = all.map(Listed::rows).unwrap_or_default();
    let found = match (Invitee::parse(name), all) {
        (Ok(person), Some(all)) => all.invitation(&person).cloned().map(Ok),
        _ => match whole(name, stream::iter(rows.iter().map(Ok)).boxed(), |row| row.id.as_str()).await {
            Ok(id) => Ok(rows.iter().find(|row| row.id.as_str() == id).cloned().ok_or(id.into_owned())),
            Err(error) => Err(error),
        },
    };
    match found {
        Ok(Ok(row)) => of_row(provider, operation, row),
        Ok(Err(id)) => (unknown(provider, &id), InvitationId::new(id).map(|id| act(operation, id))),
        Err(error) => (unknown(provider, name), Err(error.within(operation))),
    }
}

fn of_row(provider: &AnyProvider, operation: Operation, row: Invitation) -> Candidate {
    let act = Ok(act(operation, row.id.clone()));
    let person = row.invitee().map(|person| person.to_string());
    let person = person.unwrap_or_else(|| unknown(provider, row.id.as_str()).person);
    (Subject { person, invitation: Some(row), ..Subject::default() }, act)
}

/// Somebody of whom no row is known, without an id that is a secret.
fn unknown(provider: &AnyProvider, named: &str) -> Subject {
    let is_secret = provider.capability().invitation_id_is_secret && is_id(named);
    let person = if is_secret { "(named by a secret id)".to_owned() } else { named.to_owned() };
    Subject { person, ..Subject::default() }
}

fn act(operation: Operation, id: InvitationId) -> Act {
    if operation == Operation::ResendInvitation { Act::Resend(id) } else { Act::Revoke(id) }
}
