//! What became of each person, in the order of the input.

use std::collections::BTreeMap;
use std::time::Duration;

use orgport::{Error, ErrorKind, InviteOutcome, InviteRecord, Invitee, Plan, Reach, Role, Timestamp};

use crate::context::Context;
use crate::failure::{self, Failure};
use crate::options::Format;
use crate::output::{List, Printer, present_role};
use crate::text::{self, bounded};

/// How many people with another role are named.
const NAMED: usize = 5;
/// How many people in doubt are named beside the results.
const DOUBTS: usize = 10;
/// How many characters of an address and its roles are shown.
const SHOWN: usize = 120;

/// The outcomes with their words in the summary, in its order.
const WORDS: [(&str, &str); 6] = [
    ("would_invite", "would be invited"),
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
    /// Settled before somebody who stands before them.
    early: BTreeMap<usize, Settled>,
    next: usize,
    /// Gone when nobody reads any more: inviting goes on all the same.
    list: Option<List<'a>>,
    unprinted: Option<Failure>,
    counts: BTreeMap<&'static str, usize>,
    differing: Differing,
    failures: Vec<u8>,
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
        Ok(Self {
            context,
            people,
            early: BTreeMap::new(),
            next: 0,
            list: Some(printer.list::<InviteRecord<'_>>()?),
            unprinted: None,
            counts: BTreeMap::new(),
            differing: Differing::default(),
            failures: Vec::new(),
            left: 0,
        })
    }

    /// Notes one person's outcome and prints what can be printed.
    pub(super) fn settle(&mut self, index: usize, settled: Settled) {
        self.early.insert(index, settled);
        while let Some(settled) = self.early.remove(&self.next) {
            self.print(self.next, &settled);
            self.next += 1;
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
                self.failures.push(failure::exit_code_of(error));
                self.complain(index, error);
            }
        }
        if let Some(list) = &mut self.list
            && let Err(failure) = self.context.progress.aside(|| list.push(&record))
        {
            self.list = None;
            self.unprinted = Some(failure);
        }
    }

    /// Whether somebody was not sent to because it was asked to stop.
    fn is_left(&self, settled: &Settled) -> bool {
        self.context.interrupt.has_come()
            && settled.error().is_some_and(|error| error.kind() == ErrorKind::Cancelled)
    }

    /// Says why somebody was not invited, where the printed outcome does not.
    fn complain(&self, index: usize, error: &Error) {
        let console = self.context.console;
        self.context.progress.aside(|| match self.context.format() {
            _ if self.people.len() == 1 => console.error(error),
            Format::Table => console.complain(&format!("{}: {error}", self.people[index])),
            Format::Json | Format::Csv => {}
        });
    }

    /// Ends the printed list and answers how the whole ended.
    pub(super) fn end(mut self) -> Result<(), Failure> {
        self.close();
        if self.people.len() > 1 {
            self.context.console.note(&self.summary());
        }
        if let Some(note) = self.differing.note() {
            self.context.console.note(&note);
        }
        match (self.code(), self.unprinted) {
            (Some(code), _) => Err(Failure::Said(code)),
            (None, Some(failure)) => Err(failure),
            (None, None) => Ok(()),
        }
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
        let safe = format!("{} (in {})", Timestamp::now().saturating_add(lasts), text::duration(lasts));
        let named: Vec<_> =
            in_doubt.iter().take(DOUBTS).map(|index| self.people[*index].to_string()).collect();
        let more = match in_doubt.len() - named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let doubts = if in_doubt.is_empty() {
            "; nobody is in doubt".to_owned()
        } else {
            format!("; sent to and not settled: {}{more}", named.join(", "))
        };
        for index in 0..self.people.len() {
            if index < self.next || self.early.contains_key(&index) {
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
            self.early.insert(index, Settled::Outcome(Err(error)));
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
        let all = text::count(self.people.len(), "person").replace("persons", "people");
        let how = if settled == 0 { String::new() } else { format!(" ({})", self.summary()) };
        let left = if self.left == 0 { String::new() } else { format!(", {} not sent to", self.left) };
        format!("{settled} of {all} settled{how}{left}")
    }

    /// Prints also those who stand behind somebody of whom nothing is known.
    fn close(&mut self) {
        for (index, settled) in std::mem::take(&mut self.early) {
            self.print(index, &settled);
        }
        if let Some(Err(failure)) = self.list.take().map(List::end) {
            self.unprinted = Some(failure);
        }
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

    fn code(&self) -> Option<u8> {
        match self.failures.as_slice() {
            [] => None,
            codes if codes.contains(&failure::UNCLEAR) => Some(failure::UNCLEAR),
            [only] if self.people.len() == 1 => Some(*only),
            _ => Some(failure::PARTLY),
        }
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
        let named = self.named.join(", ");
        let more = match count - self.named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        (count > 0).then(|| {
            format!(
                "Inviting changes no role, so these keep theirs: {named}{more}. `orgport member set-role` gives \
                 a member another one; an invitation is revoked and made again."
            )
        })
    }
}
