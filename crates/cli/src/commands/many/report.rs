//! What became of each of many people, in the order in which they are meant.

use orgport::roster::Cost;
use orgport::{AnyProvider, Email, Error, Invitation, Member, Operation, OrganizationId, Role};
use serde::Serialize;

use super::candidate::{Candidate, Subject};
use super::outcomes::Outcomes;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Column, Record};
use crate::text::{and_more, people, present};

/// How many people in doubt are named.
const NAMED: usize = 10;
const FAILED: &str = "failed";

/// The words of an outcome, done and planned.
fn words(operation: Operation) -> (&'static str, &'static str) {
    match operation {
        Operation::ResendInvitation => ("resent", "would_resend"),
        Operation::RevokeInvitation => ("revoked", "would_revoke"),
        Operation::RemoveMember => ("removed", "would_remove"),
        _ => ("role_set", "would_set_role"),
    }
}

/// How it ended for one person, or would end.
#[derive(Debug, Serialize)]
struct Settled<'a> {
    provider: &'a str,
    organization: &'a str,
    person: &'a str,
    email: Option<&'a Email>,
    outcome: &'static str,
    role: Option<&'a Role>,
    invitation: Option<&'a Invitation>,
    member: Option<&'a Member>,
    error: Option<&'a Error>,
}

impl Record for Settled<'_> {
    const COLUMNS: &'static [Column] = &[
        Column::text("provider").unlisted(),
        Column::id("organization").unlisted(),
        Column::address("person"),
        Column::address("email").unlisted(),
        Column::word("outcome"),
        Column::word("role"),
        Column::invitation_id("invitation_id").unlisted(),
        Column::id("member_id").unlisted(),
        Column::word("error_kind").unlisted(),
        Column::prose("error").unlisted(),
    ];

    fn values(&self) -> Vec<String> {
        vec![
            self.provider.to_owned(),
            self.organization.to_owned(),
            self.person.to_owned(),
            present(self.email),
            self.outcome.to_owned(),
            present(self.role),
            present(self.invitation.map(|invitation| &invitation.id)),
            present(self.member.map(|member| &member.id)),
            self.error.map_or("", |error| error.kind().as_str()).to_owned(),
            present(self.error),
        ]
    }
}

/// What is done, and where.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) context: &'a Context,
    pub(crate) provider: &'a AnyProvider,
    pub(crate) organization: &'a OrganizationId,
    pub(crate) operation: Operation,
    /// Whether somebody who was meant may not have been seen.
    pub(crate) is_partial: bool,
}

/// Prints the outcomes and adds them up.
pub(super) struct Report<'a> {
    about: About<'a>,
    all: usize,
    outcomes: Outcomes<'a, (Subject, &'static str, Option<Error>)>,
    done: usize,
}

impl<'a> Report<'a> {
    /// For so many people.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for columns that there are not.
    pub(super) fn new(about: About<'a>, all: usize) -> Result<Self, Failure> {
        let list = about.context.printer_of(about.provider).list::<Settled<'_>>()?;
        Ok(Self { about, all, outcomes: Outcomes::new(about.context, all, list), done: 0 })
    }

    /// Tells what would be done, and its price.
    pub(super) fn plan(mut self, candidates: Vec<Candidate>, cost: &Cost) -> Result<(), Failure> {
        for (index, (subject, act)) in candidates.into_iter().enumerate() {
            let (_, planned) = words(self.about.operation);
            match act {
                Ok(_) => self.put(index, (subject, planned, None)),
                Err(error) => self.put(index, (subject, FAILED, Some(error))),
            }
        }
        let (console, planned) = (self.about.context.console, people(self.done));
        let ended = self.outcomes.end(self.about.is_partial);
        console.note(&format!("{planned}: at least {cost}; nothing was sent but reads"));
        ended
    }

    /// Notes one person's outcome and prints what can be printed.
    pub(super) fn settle(
        &mut self,
        index: usize,
        mut subject: Subject,
        outcome: Result<Option<Invitation>, Error>,
    ) {
        let (done, _) = words(self.about.operation);
        match outcome {
            Ok(new) => {
                subject.invitation = new.or(subject.invitation);
                self.put(index, (subject, done, None));
            }
            Err(error) => self.put(index, (subject, FAILED, Some(error))),
        }
    }

    fn put(&mut self, index: usize, settled: (Subject, &'static str, Option<Error>)) {
        self.outcomes.settle(index, settled);
        while let Some((_, (subject, outcome, error))) = self.outcomes.next() {
            self.print(&subject, outcome, error.as_ref());
        }
    }

    fn print(&mut self, subject: &Subject, outcome: &'static str, error: Option<&Error>) {
        let Subject { person, member, invitation, role, .. } = subject;
        let asked = role.as_ref().filter(|_| error.is_none());
        let settled = Settled {
            provider: orgport::Provider::name(self.about.provider),
            organization: self.about.organization.as_str(),
            person,
            email: subject.email(),
            outcome,
            role: asked.or_else(|| subject.present_role()),
            invitation: invitation.as_ref(),
            member: member.as_ref(),
            error,
        };
        match error {
            Some(error) => self.outcomes.fail(person, error),
            None => self.done += 1,
        }
        self.outcomes.print(&settled);
    }

    /// Ends the printed list, and says how the whole ended.
    pub(super) fn end(mut self, in_doubt: &[String]) -> Result<(), Failure> {
        for (_, (subject, outcome, error)) in self.outcomes.rest() {
            self.print(&subject, outcome, error.as_ref());
        }
        let (done, _) = words(self.about.operation);
        let summary = match self.outcomes.failed() {
            0 => format!("{} {}", self.done, done.replace('_', " ")),
            failed => format!("{} {}, {failed} failed", self.done, done.replace('_', " ")),
        };
        let (context, all, is_one) = (self.about.context, people(self.all), self.all == 1);
        let ended = self.outcomes.end(self.about.is_partial);
        if !is_one {
            context.console.note(&summary);
        }
        let interrupt = &context.interrupt;
        if !interrupt.has_come() {
            return ended;
        }
        let doubt = match in_doubt {
            [] => String::new(),
            _ => format!("; in doubt: {}", and_more(&in_doubt[..in_doubt.len().min(NAMED)], in_doubt.len())),
        };
        Err(interrupt.failure(format!("interrupted; of {all}: {summary}{doubt}")))
    }
}
