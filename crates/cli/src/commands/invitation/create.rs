//! `orgport invitation create`

mod report;

use std::path::PathBuf;

use clap::Args;
use futures_util::{FutureExt, StreamExt, stream};
use orgport::{
    AnyProvider, Email, Invitations, InviteStream, NewInvitation, OrganizationId, Role, plan_invites,
};

use self::report::{Report, Settled};
use crate::addresses;
use crate::commands::{interrupted, interruptible, member};
use crate::context::Context;
use crate::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The people to invite.
    #[arg(value_name = "EMAIL", value_parser = super::email, required_unless_present = "from")]
    emails: Vec<Email>,
    /// What they are to be allowed; a role in the file goes first.
    #[arg(long, value_parser = member::role)]
    role: Option<Role>,
    /// A file of more people, `-` for standard input: `email,role` or an address per line.
    #[arg(long, value_name = "FILE|-")]
    from: Option<PathBuf>,
    /// Only read, and say what would be done.
    #[arg(long)]
    dry_run: bool,
}

impl Create {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        let people = self.people()?;
        if self.dry_run {
            return interruptible(plan(context, people)).await;
        }
        let mut place = None;
        interruptible(async {
            place = Some(context.place().await?);
            Ok(())
        })
        .await?;
        let (provider, org) = place.expect("it was found, else there was an error");
        invite(context, &provider, &org, people).await
    }

    /// Everybody, the command line first. Nothing is sent unless all can be read.
    fn people(&self) -> Result<Vec<NewInvitation>, Failure> {
        let role = self.role.as_ref();
        let named = |email: &Email| {
            let invitation = NewInvitation::to(email.clone());
            role.map_or_else(|| invitation.clone(), |role| invitation.clone().with_role(role.clone()))
        };
        let mut people: Vec<_> = self.emails.iter().map(named).collect();
        if let Some(from) = &self.from {
            people.extend(addresses::read(from, role)?);
        }
        if people.is_empty() { Err(Failure::usage("there is nobody to invite")) } else { Ok(people) }
    }
}

/// Says what inviting would do.
async fn plan(context: &Context, people: Vec<NewInvitation>) -> Result<(), Failure> {
    let (provider, org) = context.place().await?;
    let mut report = Report::new(context, &people);
    let plans = plan_invites(&provider, &org, people).await?;
    for (index, plan) in plans.into_iter().enumerate() {
        report.settle(index, Settled::Plan(plan));
    }
    report.end()
}

/// Invites, and prints each outcome as soon as those before it are known.
async fn invite(
    context: &Context,
    provider: &AnyProvider,
    org: &OrganizationId,
    people: Vec<NewInvitation>,
) -> Result<(), Failure> {
    let mut report = Report::new(context, &people);
    let several = people.len() > 1;
    if several {
        context.progress.begin(people.len());
    }
    let mut outcomes = outcomes(provider, org, people);
    let mut interrupted = std::pin::pin!(interrupted());
    loop {
        let next = tokio::select! {
            next = outcomes.next() => next,
            () = &mut interrupted => {
                context.progress.end();
                return report.interrupted();
            }
        };
        let Some((index, outcome)) = next else { break };
        report.settle(index, Settled::Outcome(outcome));
        context.progress.step();
    }
    context.progress.end();
    report.end()
}

/// A single call does not wait longer than the configuration says; a job waits as long as it must.
fn outcomes<'a>(
    provider: &'a AnyProvider,
    org: &'a OrganizationId,
    mut people: Vec<NewInvitation>,
) -> InviteStream<'a> {
    match people.pop() {
        Some(only) if people.is_empty() => {
            stream::once(provider.invite(org, only).map(|outcome| (0, outcome))).boxed()
        }
        last => {
            people.extend(last);
            provider.invite_many(org, people)
        }
    }
}
