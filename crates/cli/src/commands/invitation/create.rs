//! `orgport invitation create`

mod report;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use futures_util::{FutureExt, StreamExt, stream};
use orgport::{
    AnyProvider, Email, Error, Invitations, InviteStream, Invitee, NewInvitation, Operation, OrganizationId,
    Provider, check_invite,
};

use self::report::{Report, Settled};
use crate::commands::many::named::{listed, refused};
use crate::console::Console;
use crate::context::Context;
use crate::failure::Failure;
use crate::people::{self, Person, Place, Roles};

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The people to invite, by e-mail address; by account, written @octocat, where the vendor invites
    /// accounts.
    #[arg(value_name = "EMAIL|@ACCOUNT", required_unless_present = "from")]
    people: Vec<String>,
    /// What they are to be allowed; a role in the file goes first.
    #[arg(long)]
    role: Option<String>,
    /// A list of more people, `-` for standard input.
    ///
    /// Lines of `email,role` or `@account,role`, or of addresses as mail programs write them; or a
    /// table whose first line names its columns, one of them email (E-mail, Email Address, Mail),
    /// others perhaps account and role. More are not read. Also what this command prints with --format csv.
    #[arg(long, value_name = "FILE|-")]
    from: Option<PathBuf>,
    /// Only read, and say what would be done.
    #[arg(long)]
    dry_run: bool,
}

impl Create {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        let config = context.config()?;
        let provider = config.provider(context.options.provider.as_deref())?;
        let people = self.people(context.console, &|word| config.role(provider.name(), word))?;
        let invitations: Vec<_> = people.into_iter().map(NewInvitation::from).collect();
        let written = invitations.iter().map(|invitation| invitation.invitee.clone()).collect();
        let mut report = Report::new(context, context.printer_of(&provider), written)?;
        if let Some(refusals) = all_refused(&provider, &invitations) {
            refusals.into_iter().enumerate().for_each(|(index, error)| {
                report.settle(index, Settled::Outcome(Err(error)));
            });
            return report.end();
        }
        let org = context.organization(&provider, Operation::Invite);
        let org = context.interrupt.before_changes(org).await?;
        if self.dry_run {
            context.interrupt.over(plan(&provider, &org, invitations, report)).await
        } else {
            invite(context, &provider, &org, invitations, report).await
        }
    }

    /// Everybody, the command line first. A list that cannot be read as a whole is refused.
    fn people(&self, console: Console, roles: Roles<'_>) -> Result<Vec<Person>, Failure> {
        let role = self.role.as_deref().map(roles).transpose()?;
        // These addresses are checked with the role, when the provider is known.
        let named = self.people.iter().map(|text| match people::account(text.trim()) {
            Some(account) => Invitee::from(account),
            None => Email::verbatim(text).into(),
        });
        let named = named.map(|invitee| Person { place: Place::CommandLine, invitee, role: None });
        let mut people: Vec<_> = named.collect();
        if let Some(from) = &self.from {
            people.extend(listed(from, console, roles, "invited")?);
        }
        if people.is_empty() {
            return Err(Failure::usage("there is nobody to invite"));
        }
        for person in &mut people {
            person.role = person.role.take().or_else(|| role.clone());
        }
        match people::contradictions(&people).as_slice() {
            [] => Ok(people),
            found => Err(Failure::usage(refused(found, "invited"))),
        }
    }
}

impl From<Person> for NewInvitation {
    fn from(person: Person) -> Self {
        let invitation = Self::to(person.invitee);
        match person.role {
            Some(role) => invitation.with_role(role),
            None => invitation,
        }
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
    let plans = provider.plan_invites(org, invitations).await?;
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
    let is_one = invitations.len() == 1;
    let mut outcomes = outcomes(provider, org, invitations);
    let handle = outcomes.handle();
    if !is_one {
        context.progress.begin(handle.progress().total);
        context.progress.follow(handle.clone());
    }
    loop {
        let next = tokio::select! {
            next = outcomes.next() => next,
            () = context.interrupt.insisted() => {
                context.progress.end();
                // Of a single call nobody tells whether its request has left.
                let (people, lasts) = if is_one { (vec![0], longest(provider)) } else {
                    (handle.in_doubt(), handle.in_doubt_for())
                };
                return report.ended_at_once(&people, lasts);
            }
        };
        let Some((index, outcome)) = next else { break };
        report.settle(index, Settled::Outcome(outcome));
        context.progress.step();
    }
    context.progress.end();
    if context.interrupt.has_come() { report.stopped() } else { report.end() }
}

/// How long a request that leaves now may still change the vendor's lists.
fn longest(provider: &AnyProvider) -> Duration {
    let attempt = provider.transport().map(|transport| transport.settings().attempt_timeout);
    attempt.unwrap_or_default() + provider.settle()
}

/// A single call does not wait longer than the configuration says; a job waits as long as it must.
fn outcomes<'a>(
    provider: &'a AnyProvider,
    org: &'a OrganizationId,
    mut people: Vec<NewInvitation>,
) -> InviteStream<'a> {
    match people.pop() {
        Some(only) if people.is_empty() => {
            InviteStream::new(stream::once(provider.invite(org, only).map(|outcome| (0, outcome))))
        }
        last => {
            people.extend(last);
            provider.invite_many(org, people)
        }
    }
}
