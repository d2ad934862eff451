//! One change for many people: who is meant, leave, price, and an outcome for each.

mod candidate;
pub(crate) mod named;
pub(crate) mod outcomes;
mod report;

use std::path::PathBuf;

use clap::Args;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use orgport::many::{remove_members, resend_invitations, revoke_invitations, set_member_roles};
use orgport::roster::Cost;
use orgport::{Error, Invitation, Operation, Provider as _};

use self::candidate::once_each;
pub(crate) use self::candidate::{Act, Candidate, Subject};
pub(crate) use self::report::About;
use self::report::Report;
use crate::commands::subject::place;
use crate::confirm::Leave;
use crate::failure::Failure;
use crate::input;
use crate::text::people;

/// What commands for many people have in common.
#[derive(Debug, Args)]
pub(crate) struct Many {
    /// A list of more people, `-` for standard input: their addresses, as `invitation create` takes them.
    #[arg(long, value_name = "FILE|-")]
    pub(crate) from: Option<PathBuf>,
    /// Only read, and say what would be done and what it would cost.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

impl Many {
    /// Refuses a list of nobody: what filters alone say is more than what was meant.
    pub(crate) fn refuse_nobody(&self, named: usize) -> Result<(), Failure> {
        match &self.from {
            Some(from) if named == 0 => {
                Err(Failure::usage(format!("{}: there is nobody in it; nothing was done", input::name(from))))
            }
            _ => Ok(()),
        }
    }
}

/// One operation for many people at one place.
pub(crate) struct Job<'a> {
    pub(crate) about: About<'a>,
    /// Where people are asked before it is done.
    pub(crate) leave: Option<Leave>,
}

impl Job<'_> {
    /// Does it, or says what would be done.
    pub(crate) async fn run(self, candidates: Vec<Candidate>, dry_run: bool) -> Result<(), Failure> {
        let candidates = once_each(candidates);
        if candidates.is_empty() {
            self.about.context.console.note("Nobody is meant.");
        }
        let able = candidates.iter().filter(|(_, act)| act.is_ok()).count();
        let report = Report::new(self.about, candidates.len())?;
        if dry_run {
            let cost = Cost::of(self.about.provider.capability(), self.about.operation, able);
            return report.plan(candidates, &cost);
        }
        if able > 0 {
            self.about.context.interrupt.before_changes(self.ask(&candidates, able)).await?;
        }
        self.carry_out(candidates, report).await
    }

    /// Asks once, by name and with the number.
    async fn ask(&self, candidates: &[Candidate], able: usize) -> Result<(), Failure> {
        let Some(leave @ Leave::Ask) = self.leave else { return Ok(()) };
        let console = self.about.context.console;
        for (subject, act) in candidates {
            match act {
                Ok(_) => console.say(&format!("  {subject}")),
                Err(error) => console.say(&format!("  not {subject}: {}", error.message())),
            }
        }
        let place = place(self.about.provider, self.about.organization).await;
        let whom = people(able);
        let question = match (self.about.operation, candidates.iter().find_map(|(_, act)| act.as_ref().ok()))
        {
            (_, Some(Act::SetRole(_, role))) => format!("Give these {whom} the role {role} in {place}?"),
            (Operation::RemoveMember, _) => format!("Remove these {whom} from {place}?"),
            _ => format!("Revoke the invitations of these {whom} to {place}?"),
        };
        leave.ask(console, &question).await
    }

    async fn carry_out(self, candidates: Vec<Candidate>, mut report: Report<'_>) -> Result<(), Failure> {
        let progress = &self.about.context.progress;
        progress.begin(candidates.len());
        let (mut open, mut acts) = (Vec::new(), Vec::new());
        for (index, (subject, act)) in candidates.into_iter().enumerate() {
            match act {
                Ok(act) => {
                    acts.push(act);
                    open.push(Some((index, subject)));
                }
                Err(error) => {
                    report.settle(index, subject, Err(error));
                    progress.step();
                }
            }
        }
        let mut outcomes = self.outcomes(acts);
        loop {
            let next = tokio::select! {
                next = outcomes.next() => next,
                () = self.about.context.interrupt.insisted() => break,
            };
            let Some((number, outcome)) = next else { break };
            if let Some((index, subject)) = open[number].take() {
                report.settle(index, subject, outcome);
                progress.step();
            }
        }
        progress.end();
        let in_doubt: Vec<_> = open.into_iter().flatten().map(|(_, subject)| subject.person).collect();
        report.end(&in_doubt)
    }

    /// Does it by the library's driver; all acts are of one kind.
    fn outcomes(&self, acts: Vec<Act>) -> BoxStream<'_, (usize, Result<Option<Invitation>, Error>)> {
        let (mut invitations, mut members, mut roles) = (Vec::new(), Vec::new(), Vec::new());
        for act in acts {
            match act {
                Act::Resend(id) | Act::Revoke(id) => invitations.push(id),
                Act::Remove(id) => members.push(id),
                Act::SetRole(id, role) => roles.push((id, role)),
            }
        }
        let (provider, organization) = (self.about.provider, self.about.organization);
        let nothing = |(index, outcome): (usize, Result<(), Error>)| (index, outcome.map(|()| None));
        match self.about.operation {
            Operation::ResendInvitation => resend_invitations(provider, organization, invitations)
                .map(|(index, outcome)| (index, outcome.map(Some)))
                .boxed(),
            Operation::RevokeInvitation => {
                revoke_invitations(provider, organization, invitations).map(nothing).boxed()
            }
            Operation::RemoveMember => remove_members(provider, organization, members).map(nothing).boxed(),
            _ => set_member_roles(provider, organization, roles).map(nothing).boxed(),
        }
    }
}
