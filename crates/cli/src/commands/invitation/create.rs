//! `orgport invitation create`

mod report;

use std::path::PathBuf;

use clap::Args;
use futures_util::{FutureExt, StreamExt, stream};
use orgport::{
    AnyProvider, Describe, Email, Error, Invitations, InviteStream, NewInvitation, Operation, OrganizationId,
    Role, check_invite, plan_invites,
};

use self::report::{Report, Settled};
use crate::addresses;
use crate::commands::{interrupted, interruptible, member};
use crate::context::Context;
use crate::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The people to invite.
    #[arg(value_name = "EMAIL", required_unless_present = "from")]
    emails: Vec<String>,
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

/// Somebody to invite, as the input has it.
struct Person {
    written: String,
    invitation: Result<NewInvitation, Error>,
}

/// Everybody, each refused already or to be invited.
struct People {
    written: Vec<String>,
    refused: Vec<(usize, Error)>,
    /// With their places in the input.
    wanted: Vec<(usize, NewInvitation)>,
}

impl Create {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        let people = self.people()?;
        let provider = context.provider()?;
        let people = People::check(people, &provider);
        let mut org = None;
        interruptible(async {
            // Nothing is looked up for people who are refused anyway.
            if !people.wanted.is_empty() {
                org = Some(context.organization(&provider, Operation::Invite).await?);
            }
            Ok(())
        })
        .await?;
        let dry_run = self.dry_run;
        match org {
            Some(org) if dry_run => interruptible(plan(context, &provider, &org, people)).await,
            Some(org) => invite(context, &provider, &org, people).await,
            None => people.report(context).end(),
        }
    }

    /// Everybody, the command line first. A file that cannot be read as a whole is refused.
    fn people(&self) -> Result<Vec<Person>, Failure> {
        let role = self.role.as_ref();
        let mut people: Vec<_> = self.emails.iter().map(|written| Person::named(written, role)).collect();
        if let Some(from) = &self.from {
            people.extend(addresses::read(from, role)?.into_iter().map(Person::from));
        }
        if people.is_empty() { Err(Failure::usage("there is nobody to invite")) } else { Ok(people) }
    }
}

impl Person {
    fn named(written: &str, role: Option<&Role>) -> Self {
        let invitation = Email::parse(written).map(|email| match role {
            Some(role) => NewInvitation::to(email).with_role(role.clone()),
            None => NewInvitation::to(email),
        });
        Self { written: written.to_owned(), invitation }
    }
}

impl From<NewInvitation> for Person {
    fn from(invitation: NewInvitation) -> Self {
        Self { written: invitation.email.as_str().to_owned(), invitation: Ok(invitation) }
    }
}

impl People {
    fn check(people: Vec<Person>, provider: &AnyProvider) -> Self {
        let mut all = Self { written: Vec::new(), refused: Vec::new(), wanted: Vec::new() };
        for (index, Person { written, invitation }) in people.into_iter().enumerate() {
            all.written.push(written);
            let checked = invitation.and_then(|invitation| {
                check_invite(provider, &invitation)?;
                Ok(invitation)
            });
            match checked {
                Ok(invitation) => all.wanted.push((index, invitation)),
                Err(error) => all.refused.push((index, error.during(provider.name(), Operation::Invite))),
            }
        }
        all
    }

    /// Those to be invited, apart from their places in the input.
    fn take_wanted(&mut self) -> (Vec<usize>, Vec<NewInvitation>) {
        std::mem::take(&mut self.wanted).into_iter().unzip()
    }

    /// A report with the refused in it.
    fn report(self, context: &Context) -> Report<'_> {
        let mut report = Report::new(context, self.written);
        for (index, error) in self.refused {
            report.settle(index, Settled::Outcome(Err(error)));
        }
        report
    }
}

/// Says what inviting would do.
async fn plan(
    context: &Context,
    provider: &AnyProvider,
    org: &OrganizationId,
    mut people: People,
) -> Result<(), Failure> {
    let (places, invitations) = people.take_wanted();
    // Before anything is printed, since it can fail as a whole.
    let plans = plan_invites(provider, org, invitations).await?;
    let mut report = people.report(context);
    for (place, plan) in places.into_iter().zip(plans) {
        report.settle(place, Settled::Plan(plan));
    }
    report.end()
}

/// Invites, and prints each outcome as soon as those before it are known.
async fn invite(
    context: &Context,
    provider: &AnyProvider,
    org: &OrganizationId,
    mut people: People,
) -> Result<(), Failure> {
    let (places, invitations) = people.take_wanted();
    let mut report = people.report(context);
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
        report.settle(places[index], Settled::Outcome(outcome));
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
