//! `orgport invitation accept` and `decline`

use clap::Args;
use futures_util::TryStreamExt;
use orgport::{
    Answer, Answered, AnyProvider, Email, Error, ErrorKind, InvitationId, InvitationRef, Invitations,
    Operation, OrganizationId, Provider, Secret, stream,
};
use serde::Serialize;

use crate::arguments;
use crate::commands::unknown::naming;
use crate::context::Context;
use crate::failure::Failure;
use crate::options::Format;
use crate::output::{Column, Record};

#[derive(Debug, Args)]
pub(crate) struct Respond {
    /// The invitation, by id or, among your own, by your address or the organization's id. Not
    /// needed with --token.
    #[arg(value_name = "ID", required_unless_present = "token")]
    invitation: Option<String>,
    /// The token from the mail, instead of a credential of your own; env:NAME takes it from a
    /// variable, where no other process sees it.
    #[arg(long, requires = "email")]
    token: Option<String>,
    /// The address that the mail went to.
    #[arg(long, requires = "token", value_parser = arguments::email)]
    email: Option<Email>,
}

impl Respond {
    pub(crate) async fn run(&self, context: &Context, answer: Answer) -> Result<(), Failure> {
        let provider = context.provider_for(Operation::RespondToInvitation)?;
        let which = match (&self.token, &self.email, &self.invitation) {
            (Some(token), Some(email), _) => InvitationRef::by_token(email.clone(), secret(token)?),
            (_, _, Some(invitation)) => {
                let own = self.own(context, &provider, invitation).await;
                own.map_err(|error| error.within(Operation::RespondToInvitation))?
            }
            _ => return Err(Failure::usage("name the invitation, or pass --token and --email")),
        };
        let answered = provider.respond_to_invitation(&which, answer).await;
        let answered = match &self.invitation {
            Some(named) => answered.map_err(naming("invitation", named))?,
            None => answered?,
        };
        let done = match answer {
            Answer::Accept => "The invitation is accepted.",
            Answer::Decline => "The invitation is declined.",
        };
        match context.format() {
            Format::Table => context.printer().done(done),
            Format::Json | Format::Csv => context.printer().one(&Confirmed { ok: true, answered }),
        }
    }

    /// An invitation to the credential's own person.
    async fn own(
        &self,
        context: &Context,
        provider: &AnyProvider,
        invitation: &str,
    ) -> Result<InvitationRef, Error> {
        // The invited person cannot look up an organization that is not yet theirs.
        let named = context.options.org.as_deref().map(OrganizationId::new).transpose()?;
        let (id, organization) = match mine(provider, invitation, named.as_ref()).await? {
            Some((id, organization)) => (id, named.or(organization)),
            None => (InvitationId::new(invitation)?, named),
        };
        Ok(match organization {
            Some(organization) => InvitationRef::new(organization, id),
            None => InvitationRef::by_id(id),
        })
    }
}

/// Finds it among one's own invitations, where the vendor lists them.
async fn mine(
    provider: &AnyProvider,
    wanted: &str,
    organization: Option<&OrganizationId>,
) -> Result<Option<(InvitationId, Option<OrganizationId>)>, Error> {
    if !provider.capability().support(Operation::MyInvitations).works() {
        return Ok(None);
    }
    let email = Email::parse(wanted).ok();
    let mut all: Vec<_> = stream::my_invitations(provider).try_collect().await?;
    all.retain(|one| {
        let leads_here = organization.is_none() || one.organization_id.as_ref() == organization;
        let to_organization = one.organization_id.as_ref().is_some_and(|id| id.as_str() == wanted);
        // All are the person's own, also where the vendor does not repeat the address.
        let to_me = |email: &Email| one.email.as_ref().is_none_or(|addressee| addressee == email);
        one.id.as_str() == wanted || (leads_here && (to_organization || email.as_ref().is_some_and(to_me)))
    });
    if all.len() > 1 {
        let ids: Vec<_> = all.iter().map(|one| one.id.as_str()).collect();
        let message =
            format!("{} of your invitations match: use one of the ids {}", all.len(), ids.join(", "));
        return Err(Error::new(ErrorKind::Conflict, message));
    }
    Ok(all.pop().map(|one| (one.id, one.organization_id)))
}

/// The token itself, or from the variable that `env:NAME` names.
fn secret(token: &str) -> Result<Secret, Failure> {
    let secret = match token.strip_prefix("env:") {
        Some(name) => std::env::var(name)
            .map(Secret::from)
            .map_err(|_| Failure::usage(format!("--token wants the variable {name}, which is not set")))?,
        None => Secret::from(token),
    };
    if secret.is_empty() { Err(Failure::usage("--token is empty")) } else { Ok(secret) }
}

/// The vendor's confirmation of the answer.
#[derive(Serialize)]
struct Confirmed {
    ok: bool,
    #[serde(flatten)]
    answered: Answered,
}

impl Record for Confirmed {
    const COLUMNS: &'static [Column] =
        &[Column::word("ok"), Column::word("status"), Column::id("organization_id")];
}
