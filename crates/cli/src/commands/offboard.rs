//! `orgport offboard`

mod rows;

use std::path::PathBuf;

use clap::Args;
use orgport::roster::Subject;
use orgport::roster::offboard::{
    Evidence, EvidenceFile, LeftReason, Options, Outcome, Plan, Verdict, carry_out, prepare,
};
use orgport::{Config, Error};

use self::rows::{Row, of_outcome, of_plan};
use super::places::{Places, read_only};
use crate::confirm::Leave;
use crate::context::Context;
use crate::failure::{self, Failure};
use crate::text::count;

#[derive(Debug, Args)]
pub(crate) struct Offboard {
    /// Who is to be nowhere: an address, or a user or member id where none is shown.
    #[arg(value_name = "PERSON", required = true)]
    people: Vec<String>,
    #[command(flatten)]
    places: Places,
    /// Only read, and say what would be done.
    #[arg(long)]
    dry_run: bool,
    /// Write what was seen, done and seen again into this file, which must not be there yet.
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    evidence: Option<PathBuf>,
    /// Do it also to somebody whom a credential stands for.
    #[arg(long)]
    include_self: bool,
}

impl Offboard {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        let people: Vec<_> =
            self.people.iter().map(|text| Subject::parse(text)).collect::<Result<_, Error>>()?;
        let leave = if self.dry_run { Leave::Given } else { context.leave()? };
        let evidence = self.evidence.as_ref().map(EvidenceFile::create).transpose()?;
        let config = context.config()?;
        let config = if self.dry_run { read_only(config) } else { config };
        let mut options = Options::default();
        options.include_self = self.include_self;
        let interrupt = &context.interrupt;
        let prepared = self.prepare(context, &config, &people, &options);
        let (places, plan) = interrupt.before_changes(prepared).await?;
        if self.dry_run {
            return tell(context, &of_plan(&plan), verdict_of(&plan));
        }
        let plan = interrupt.before_changes(confirmed(context, leave, plan, &mut options)).await?;
        let outcome = tokio::select! {
            outcome = carry_out(&places, plan, &options, interrupt.asked()) => outcome,
            () = context.interrupt.insisted() => return Err(context.interrupt.failure(
                "ended at once; what was under way may or may not have been done: run it again, it looks first",
            )),
        };
        let told = tell(context, &of_outcome(&outcome), outcome.verdict());
        // The proof is kept whatever becomes of what is printed.
        if let Some(file) = evidence {
            file.write(&Evidence::of(&outcome, env!("CARGO_PKG_VERSION")))?;
        }
        note(context, &outcome);
        if outcome.stopped {
            Err(context.interrupt.failure("stopped before its end: run it again"))
        } else {
            told
        }
    }

    async fn prepare(
        &self,
        context: &Context,
        config: &Config,
        people: &[Subject],
        options: &Options,
    ) -> Result<(Vec<orgport::roster::Place>, Plan), Failure> {
        let (places, missed) = self.places.find(context, config).await?;
        let plan = prepare(&places, missed, people, options).await;
        Ok((places, plan))
    }
}

/// The plan with a person's leave, where there is anything to do.
async fn confirmed(
    context: &Context,
    leave: Leave,
    mut plan: Plan,
    options: &mut Options,
) -> Result<Plan, Failure> {
    let several = plan.left().filter(|(_, left)| left.reason == LeftReason::SeveralMembers).count();
    if several > 0 && matches!(leave, Leave::Ask) {
        for (place, left) in plan.left().filter(|(_, left)| left.reason == LeftReason::SeveralMembers) {
            context.console.say(&format!("{place}: {}", left.what));
        }
        let question = format!("these {} have one address: are all of them meant?", count(several, "member"));
        if leave.ask(context.console, &question).await.is_ok() {
            options.several = true;
            plan = plan.decided_with(options);
        }
    }
    if plan.steps().next().is_none() {
        return Ok(plan);
    }
    if matches!(leave, Leave::Ask) {
        for (place, step) in plan.steps() {
            context.console.say(&format!("{place}: {}", step.act));
        }
        for (place, left) in plan.left() {
            context.console.say(&format!("{place}: stays: {}: {}", left.what, left.because));
        }
    }
    let steps = count(plan.steps().count(), "change");
    leave.ask(context.console, &format!("make {steps}? There is no way back.")).await?;
    Ok(plan)
}

/// What would be proven if everything that can be done were.
fn verdict_of(plan: &Plan) -> Verdict {
    if !plan.missed.is_empty() || plan.places.iter().any(|place| !place.unknown.is_empty()) {
        Verdict::Unknown
    } else if plan.left().next().is_some() {
        Verdict::Left
    } else {
        Verdict::Gone
    }
}

fn tell(context: &Context, rows: &[Row], verdict: Verdict) -> Result<(), Failure> {
    let mut list = context.printer().list::<Row>()?;
    for row in rows {
        list.push(row)?;
    }
    list.end()?;
    match verdict {
        Verdict::Gone => Ok(()),
        Verdict::Left => Err(Failure::Said(failure::PARTLY)),
        _ => Err(Failure::Said(failure::UNCLEAR)),
    }
}

/// The end in words.
fn note(context: &Context, outcome: &Outcome) {
    let people: Vec<_> = outcome.people.iter().map(ToString::to_string).collect();
    let (people, places) = (people.join(", "), count(outcome.places.len(), "place"));
    let done = outcome.places.iter().flat_map(|place| &place.steps).count();
    for (place, note) in
        outcome.places.iter().flat_map(|one| one.notes.iter().map(move |note| (&one.place, note)))
    {
        context.console.note(&format!("{place}: {note}"));
    }
    let end = match outcome.verdict() {
        Verdict::Gone if done == 0 => format!("{people}: at none of {places}; nothing was to be done"),
        Verdict::Gone => format!("{people}: gone from all of {places}, as read behind it"),
        Verdict::Left => {
            let left = outcome.places.iter().filter(|place| !place.left.is_empty()).count();
            format!("{people}: something is left at {left} of {places}, as told above")
        }
        _ => format!("{people}: not everything could be read, so that nothing is proven; run it again"),
    };
    context.console.note(&end);
}
