//! `orgport roster apply`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use futures_util::{FutureExt, StreamExt};
use orgport::SystemClock;
use orgport::roster::{Ended, Journal, Located, Outcome, Plan, Roster, SavedPlan, Unfinished, apply, plan};

use super::file::load_with_providers;
use crate::commands::places::{locate, observe};
use crate::context::Context;
use crate::failure::{self, Failure};
use crate::options::Format;
use crate::output::{Column, List, Record};
use crate::text::count;

#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// The roster, or a plan that was saved.
    #[arg(value_name = "FILE|PLAN")]
    file: PathBuf,
    /// The roster of a saved plan, if it is not where it was.
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    /// Where the lock and the journal are kept; beside the roster if not given.
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
}

/// What is to be done, and where.
struct Job {
    roster: Roster,
    journal: Journal,
    plan: Plan,
    located: Vec<Located>,
    is_whole: bool,
}

impl Apply {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        let context = &context.stopping_itself();
        let job = context.interrupt.before_changes(self.prepare(context)).await?;
        job.run(context).await
    }

    /// Everything before the first change, the question included.
    async fn prepare(&self, context: &Context) -> Result<Job, Failure> {
        let saved = self.saved()?;
        let file = match (&saved, &self.roster) {
            (_, Some(roster)) => roster,
            (Some(saved), None) => &saved.roster_file,
            (None, None) => &self.file,
        };
        let roster = load_with_providers(context, file)?;
        let saved = saved.map(|saved| saved.of(&roster)).transpose()?;
        let journal = Journal::open(&roster, self.state.as_deref(), Arc::new(SystemClock::new()))?;
        let (located, all_found) = locate(context, &roster.places()).await?;
        let (mut plan_of_now, mut is_whole) = (saved, all_found);
        if plan_of_now.is_none() || journal.unfinished().is_some() {
            let (sites, all_read) = observe(context, &located).await;
            is_whole &= all_read;
            if let Some(unfinished) = journal.unfinished() {
                tell_unfinished(context, unfinished, |doubt| doubt.is_done(&roster, &sites));
            }
            plan_of_now = plan_of_now.or_else(|| Some(plan(&roster, &sites, &journal.carried())));
        }
        let plan = plan_of_now.expect("it was saved or made");
        if context.format() == Format::Table {
            context.console.note(&plan.to_string());
        }
        let changes = plan.actions().count();
        if changes > 0 {
            let question = format!("Make {}?", count(changes, "change"));
            context.leave()?.ask(context.console, &question).await?;
        }
        Ok(Job { roster, journal, plan, located, is_whole })
    }

    fn saved(&self) -> Result<Option<SavedPlan>, Failure> {
        let read = |file: &Path| std::fs::read_to_string(file);
        match read(&self.file) {
            Ok(text) if SavedPlan::is_one(&text) => Ok(Some(SavedPlan::parse(&text, &self.file)?)),
            // A roster that cannot be read is told of where rosters are read.
            Ok(_) | Err(_) => Ok(None),
        }
    }
}

/// Says what the run before this one left.
fn tell_unfinished(
    context: &Context,
    unfinished: &Unfinished,
    is_done: impl Fn(&orgport::roster::InDoubt) -> Option<bool>,
) {
    context.console.note(&format!(
        "The run of {} did not come to its end; this one goes on with its counts.",
        unfinished.began_at
    ));
    for doubt in &unfinished.in_doubt {
        let now = match is_done(doubt) {
            Some(true) => "it is done",
            Some(false) => "it is not done",
            None => "whether it is done cannot be told",
        };
        context.console.note(&format!("In doubt since {}: {doubt}: {now}.", doubt.at));
    }
}

impl Job {
    async fn run(self, context: &Context) -> Result<(), Failure> {
        let Self { roster, journal, plan, located, is_whole } = self;
        let (clock, mut report) = (SystemClock::new(), Report::new(context, &plan, is_whole)?);
        let is_long = plan.actions().count() > 1;
        if is_long {
            context.progress.begin(plan.actions().count());
        }
        let interrupt = &context.interrupt;
        let stop = async {
            interrupt.asked().await;
            context
                .console
                .note("stopping: what is under way is finished and told; once more ends it at once");
        };
        let outcomes = apply(&roster, &plan, &located, &journal, &clock, stop.boxed());
        let mut outcomes = std::pin::pin!(outcomes);
        loop {
            let next = tokio::select! {
                next = outcomes.next() => next,
                () = interrupt.insisted() => break,
            };
            match next {
                Some(Ok(outcome)) => report.tell(&outcome),
                Some(Err(error)) => {
                    context.progress.end();
                    // It ended the run, whatever else is told.
                    context.console.error(&error);
                    report.end()?;
                    return Err(Failure::Said(failure::exit_code_of(&error)));
                }
                None => break,
            }
        }
        context.progress.end();
        report.end()
    }
}

impl Record for Outcome {
    const COLUMNS: &'static [Column] = &[
        Column::text("place"),
        Column::word("outcome"),
        Column::word("action").unlisted(),
        Column::text("person").unlisted(),
        Column::prose("what"),
        Column::prose("why"),
    ];

    fn values(&self) -> Vec<String> {
        let Self { place, action, ended, .. } = self;
        vec![
            place.to_string(),
            ended.as_str().to_owned(),
            action.change.as_str().to_owned(),
            action.person.clone().unwrap_or_default(),
            action.change.to_string(),
            ended.why().unwrap_or_default(),
        ]
    }
}

/// Prints the outcomes and adds them up.
struct Report<'a> {
    context: &'a Context,
    list: List<'a>,
    counts: BTreeMap<&'static str, usize>,
    in_doubt: bool,
    is_blocked: bool,
    is_whole: bool,
    /// Why the rest is not printed. The run goes on all the same: to end it amid its changes is nothing
    /// that whoever reads the report asked for.
    unprinted: Option<Failure>,
}

impl<'a> Report<'a> {
    fn new(context: &'a Context, plan: &Plan, is_whole: bool) -> Result<Self, Failure> {
        Ok(Self {
            context,
            list: context.printer().list::<Outcome>()?,
            counts: BTreeMap::new(),
            in_doubt: false,
            is_blocked: plan.is_blocked(),
            is_whole,
            unprinted: None,
        })
    }

    fn tell(&mut self, outcome: &Outcome) {
        *self.counts.entry(outcome.ended.as_str()).or_default() += 1;
        self.in_doubt |= outcome.ended.is_in_doubt();
        self.is_blocked |= matches!(outcome.ended, Ended::Blocked(_));
        self.context.progress.step();
        if self.unprinted.is_none() {
            self.unprinted = self.context.progress.aside(|| self.list.push(outcome)).err();
        }
    }

    fn count(&self, word: &str) -> usize {
        self.counts.get(word).copied().unwrap_or_default()
    }

    fn end(self) -> Result<(), Failure> {
        let counts: Vec<_> = self.counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
        let undone = self.count("failed") + self.count("stale") + self.count("left");
        let (in_doubt, is_blocked, is_whole) = (self.in_doubt, self.is_blocked, self.is_whole);
        let console = self.context.console;
        // An empty list is no table.
        let is_shown = !counts.is_empty() || self.context.format() != Format::Table;
        let unprinted = self.unprinted.or_else(|| if is_shown { self.list.end().err() } else { None });
        if !counts.is_empty() {
            console.note(&counts.join(", "));
        }
        if self.context.interrupt.has_come() {
            return Err(self.context.interrupt.failure(
                "interrupted; run the same command again: it looks first, and does what is left; what was under \
                 way at the end is in the journal",
            ));
        }
        if in_doubt {
            Err(Failure::Said(failure::UNCLEAR))
        } else if undone > 0 || !is_whole {
            Err(Failure::Said(failure::PARTLY))
        } else if is_blocked {
            Err(Failure::Said(failure::REFUSED))
        } else {
            unprinted.map_or(Ok(()), Err)
        }
    }
}
