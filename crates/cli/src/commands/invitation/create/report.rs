//! What became of each person, in the order of the input.

use std::collections::BTreeMap;
use std::time::Duration;

use orgport::{Error, ErrorKind, InviteOutcome, InviteRecord, Invitee, Plan, Reach, Role, Timestamp};

use crate::commands::many::outcomes::Outcomes;
use crate::context::Context;
use crate::failure::Failure;
use crate::options::Format;
use crate::output::{Printer, present_role};
use crate::text::{and_more, bounded, duration, people};

/// How many people with another role are named.
const NAMED: usize = 5;
/// How many people in doubt are named beside the results.
const DOUBTS: usize = 10;
/// How many characters of an address and its roles are shown.
const SHOWN: usize = 120;

/// The outcomes with their words in the summary, in its order.
const WORDS: [(&str, &str); 7] = [
    ("would_invite", "would be invited"),
    ("repeated", "named again"),
    ("invited", "invited"),
    ("joined", "joined at once"),
    ("already_invited", "already invited"),
    ("already_member", "already in"),
    ("failed", "failed"),
];

/// How it ended for one person, or would end.
#[derive(Debug)]
pub(super) enum Settled {
    Outcome(Result<InviteOutcome, Error>),
    Plan(Plan),
}

impl Settled {
    fn record(&self) -> InviteRecord<'_> {
        match self {
            Self::Outcome(outcome) => outcome.into(),
            Self::Plan(plan) => plan.into(),
        }
    }

    fn error(&self) -> Option<&Error> {
        match self {
            Self::Outcome(Err(error)) | Self::Plan(Plan::Refused(error)) => Some(error),
            Self::Outcome(Ok(_)) | Self::Plan(_) => None,
        }
    }
}

/// Prints the outcomes and adds them up.
pub(super) struct Report<'a> {
    context: &'a Context,
    people: Vec<Invitee>,
    outcomes: Outcomes<'a, Settled>,
    counts: BTreeMap<&'static str, usize>,
    differing: Differing,
    /// How many were not sent to, because it was asked to stop.
    left: usize,
}

impl<'a> Report<'a> {
    /// For these people, as the input has them.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for columns that there are not.
    pub(super) fn new(
        context: &'a Context,
        printer: Printer<'a>,
        people: Vec<Invitee>,
    ) -> Result<Self, Failure> {
        let list = printer.list::<InviteRecord<'_>>()?;
        let outcomes = Outcomes::new(context, people.len(), list);
        let (counts, differing) = (BTreeMap::new(), Differing::default());
        Ok(Self { context, people, outcomes, counts, differing, left: 0 })
    }

    /// Notes one person's outcome and prints what can be printed.
    pub(super) fn settle(&mut self, index: usize, settled: Settled) {
        self.outcomes.settle(index, settled);
        while let Some((index, settled)) = self.outcomes.next() {
            self.print(index, &settled);
        }
    }

    fn print(&mut self, index: usize, settled: &Settled) {
        let record = settled.record().with_invitee(&self.people[index]);
        if self.is_left(settled) {
            self.left += 1;
            // Programs want to know of everybody; people do not want to read of each.
            if self.context.format() == Format::Table {
                return;
            }
        } else {
            *self.counts.entry(record.outcome).or_default() += 1;
            self.differing.look_at(&self.people[index], &record);
            if let Some(error) = settled.error() {
                self.outcomes.fail(&self.people[index], error);
            }
        }
        self.outcomes.print(&record);
    }

    /// Whether somebody was not sent to because it was asked to stop.
    fn is_left(&self, settled: &Settled) -> bool {
        self.context.interrupt.has_come()
            && settled.error().is_some_and(|error| error.kind() == ErrorKind::Cancelled)
    }

    /// Ends the printed list, and says how the whole ended.
    pub(super) fn end(mut self) -> Result<(), Failure> {
        self.close();
        if self.people.len() > 1 {
            self.context.console.note(&self.summary());
        }
        if let Some(note) = self.differing.note() {
            self.context.console.note(&note);
        }
        self.outcomes.end(false)
    }

    /// Ends it where it was asked to stop, and everybody who was sent to is settled.
    pub(super) fn stopped(mut self) -> Result<(), Failure> {
        self.close();
        let again = "Run the same command again: it looks first, and mails nobody twice";
        Err(self.context.interrupt.failure(format!("interrupted; {}. {again}", self.so_far())))
    }

    /// Ends it at once: these were sent to and are not settled, and their requests may still change the
    /// vendor's lists for so long.
    pub(super) fn ended_at_once(mut self, in_doubt: &[usize], lasts: Duration) -> Result<(), Failure> {
        let safe = format!("{} (in {})", Timestamp::now().saturating_add(lasts), duration(lasts));
        let named: Vec<_> =
            in_doubt.iter().take(DOUBTS).map(|index| self.people[*index].to_string()).collect();
        let doubts = if in_doubt.is_empty() {
            "; nobody is in doubt".to_owned()
        } else {
            format!("; sent to and not settled: {}", and_more(&named, in_doubt.len()))
        };
        for index in 0..self.people.len() {
            if self.outcomes.is_settled(index) {
                continue;
            }
            let error = if in_doubt.contains(&index) {
                let what =
                    format!("sent to and not settled when it was ended; inviting again is safe from {safe}");
                Error::new(ErrorKind::Ambiguous, what)
                    .with_reach(Reach::Unanswered)
                    .with_retry_after(Some(lasts))
            } else {
                Error::new(ErrorKind::Cancelled, "not attempted: it was ended before")
            };
            self.outcomes.settle(index, Settled::Outcome(Err(error)));
        }
        self.close();
        let again = if in_doubt.is_empty() {
            "Run the same command again: it looks first, and mails nobody twice".to_owned()
        } else {
            format!(
                "Running the same command again is safe from {safe}: it looks first, and then mails nobody twice"
            )
        };
        Err(self.context.interrupt.failure(format!("ended at once; {}{doubts}. {again}", self.so_far())))
    }

    /// How many are settled, how, and how many were not sent to.
    fn so_far(&self) -> String {
        let settled: usize = self.counts.values().sum();
        let all = people(self.people.len());
        let how = if settled == 0 { String::new() } else { format!(" ({})", self.summary()) };
        let left = if self.left == 0 { String::new() } else { format!(", {} not sent to", self.left) };
        format!("{settled} of {all} settled{how}{left}")
    }

    /// Prints also those who stand behind somebody of whom nothing is known.
    fn close(&mut self) {
        for (index, settled) in self.outcomes.rest() {
            self.print(index, &settled);
        }
        self.outcomes.close();
    }

    fn summary(&self) -> String {
        let told = WORDS.iter().filter_map(|(outcome, words)| {
            let count = self.counts.get(outcome)?;
            Some(match self.differing.counts.get(outcome) {
                Some(differing) => format!("{count} {words} ({differing} with another role than asked for)"),
                None => format!("{count} {words}"),
            })
        });
        told.collect::<Vec<_>>().join(", ")
    }
}

/// People who are there with another role than they were to be invited with.
#[derive(Debug, Default)]
struct Differing {
    counts: BTreeMap<&'static str, usize>,
    /// The first of them.
    named: Vec<String>,
}

impl Differing {
    fn look_at(&mut self, person: &Invitee, record: &InviteRecord<'_>) {
        let (true, Some(asked)) = (record.role_differs, record.asked_role) else { return };
        *self.counts.entry(record.outcome).or_default() += 1;
        if self.named.len() < NAMED {
            let present = present_role(record).map_or_else(|| "no known role".to_owned(), Role::to_string);
            self.named.push(bounded(&format!("{person} ({present}, not {asked})"), SHOWN));
        }
    }

    fn note(&self) -> Option<String> {
        let count: usize = self.counts.values().sum();
        let named = and_more(&self.named, count);
        (count > 0).then(|| {
            format!(
                "Inviting changes no role, so these keep theirs: {named}. `orgport member set-role` gives \
                 a member another one; an invitation is revoked and made again."
            )
        })
    }
}
