//! `orgport invitation create`

mod report;

use std::path::PathBuf;

use clap::Args;
use futures_util::{FutureExt, StreamExt, stream};
use orgport::{
    AnyProvider, Email, Error, Invitations, InviteStream, NewInvitation, Operation, OrganizationId, Role,
    check_invite, plan_invites,
};

use self::report::{Report, Settled};
use crate::context::Context;
use crate::failure::Failure;
use crate::interrupt::{interrupted, interruptible};
use crate::{arguments, people};

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The people to invite.
    #[arg(value_name = "EMAIL", required_unless_present = "from")]
    emails: Vec<String>,
    /// What they are to be allowed; a role in the file goes first.
    #[arg(long, value_parser = arguments::role)]
    role: Option<Role>,
    /// A file of more people, `-` for standard input: `email,role` or an address per line.
    #[arg(long, value_name = "FILE|-")]
    from: Option<PathBuf>,
    /// Only read, and say what would be done.
    #[arg(long)]
    dry_run: bool,
}

/// Somebody to invite.
struct Person {
    /// The address as the input has it.
    written: String,
    invitation: NewInvitation,
}

impl Create {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        let people = self.people()?;
        let provider = context.provider()?;
        let (written, invitations): (Vec<_>, Vec<_>) =
            people.into_iter().map(|person| (person.written, person.invitation)).unzip();
        let mut report = Report::new(context, written);
        if let Some(refusals) = all_refused(&provider, &invitations) {
            refusals.into_iter().enumerate().for_each(|(index, error)| {
                report.settle(index, Settled::Outcome(Err(error)));
            });
            return report.end();
        }
        let org = context.organization(&provider, Operation::Invite);
        let org = interruptible(async { Ok(org.await?) }).await?;
        if self.dry_run {
            interruptible(plan(&provider, &org, invitations, report)).await
        } else {
            invite(context, &provider, &org, invitations, report).await
        }
    }

    /// Everybody, the command line first. A file that cannot be read as a whole is refused.
    fn people(&self) -> Result<Vec<Person>, Failure> {
        let role = self.role.as_ref();
        let mut people: Vec<_> = self.emails.iter().map(|written| Person::named(written, role)).collect();
        if let Some(from) = &self.from {
            people.extend(people::read(from, role)?.into_iter().map(Person::from));
        }
        if people.is_empty() { Err(Failure::usage("there is nobody to invite")) } else { Ok(people) }
    }
}

impl Person {
    /// The address is checked with the role, when the provider is known.
    fn named(written: &str, role: Option<&Role>) -> Self {
        let invitation = NewInvitation::to(Email::verbatim(written));
        let invitation = match role {
            Some(role) => invitation.with_role(role.clone()),
            None => invitation,
        };
        Self { written: written.to_owned(), invitation }
    }
}

impl From<NewInvitation> for Person {
    fn from(invitation: NewInvitation) -> Self {
        Self { written: invitation.email.as_str().to_owned(), invitation }
    }
}

/// Why nobody can be invited, if that is so: then nothing is looked up for them.
fn all_refused(provider: &AnyProvider, invitations: &[NewInvitation]) -> Option<Vec<Error>> {
    invitations.iter().map(|invitation| check_invite(provider, invitation).err()).collect()
}

/// Says what inviting would do.
async fn plan(
    provider: &AnyProvider,
    org: &OrganizationId,
    invitations: Vec<NewInvitation>,
    mut report: Report<'_>,
) -> Result<(), Failure> {
    let plans = plan_invites(provider, org, invitations).await?;
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
    invitations: Vec<NewInvitation>,
    mut report: Report<'_>,
) -> Result<(), Failure> {
    if invitations.len() > 1 {
        context.progress.begin(invitations.len());
    }
    let mut outcomes = outcomes(provider, org, invitations);
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
