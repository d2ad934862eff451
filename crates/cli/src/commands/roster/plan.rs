//! `orgport roster plan`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use orgport::roster::{Action, Carried, Finding, PlacePlan, Plan as Planned, SavedPlan, plan};
use serde::Serialize;

use super::file::load_with_providers;
use crate::commands::places::{locate, observe};
use crate::context::Context;
use crate::failure::{self, Failure};
use crate::options::{Format, Written};
use crate::output::{Column, Record};
use crate::written::write_over;

#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// The roster.
    file: PathBuf,
    /// Save the plan here, to be applied as it was reviewed.
    #[arg(long, value_name = "PLAN")]
    out: Option<PathBuf>,
    /// End with 11 if there is anything to do.
    #[arg(long)]
    exit_code: bool,
}

impl Plan {
    pub(super) async fn run(&self, context: &Context) -> Result<(), Failure> {
        let roster = load_with_providers(context, &self.file)?;
        let (located, all_found) = locate(context, &roster.places()).await?;
        let (sites, all_read) = observe(context, &located).await;
        let plan = plan(&roster, &sites, &Carried::default());
        print(context, &plan)?;
        let (is_blocked, is_empty) = (plan.is_blocked(), plan.is_empty());
        if let Some(out) = &self.out {
            let saved =
                serde_json::to_string_pretty(&SavedPlan::new(&roster, plan)).map_err(io::Error::from)?;
            write_over(out, &(saved + "\n"))?;
        }
        if is_blocked {
            Err(Failure::Said(failure::REFUSED))
        } else if !(all_found && all_read) {
            Err(Failure::Said(failure::PARTLY))
        } else if self.exit_code && !is_empty {
            Err(Failure::Said(failure::CHANGES))
        } else {
            Ok(())
        }
    }
}

pub(super) fn print(context: &Context, plan: &Planned) -> Result<(), Failure> {
    match (context.options.output.written, context.format()) {
        (Written::Markdown, _) => io::stdout().write_all(plan.markdown().as_bytes())?,
        (_, Format::Table) => writeln!(io::stdout(), "{plan}")?,
        (_, Format::Json) => context.printer().json(plan)?,
        (_, Format::Csv) => {
            let mut list = context.printer().list::<Row<'_>>()?;
            for row in plan.places.iter().flat_map(Row::of) {
                list.push(&row)?;
            }
            list.end()?;
        }
    }
    Ok(())
}

/// A line of a plan.
#[derive(Serialize)]
struct Row<'a> {
    place: &'a str,
    /// `planned`, `blocked`, `cannot`, `unmanaged` or `unknown`.
    state: &'static str,
    who: &'a str,
    what: String,
    why: &'a str,
}

impl Record for Row<'_> {
    const COLUMNS: &'static [Column] = &[
        Column::text("place"),
        Column::word("state"),
        Column::text("who"),
        Column::prose("what"),
        Column::prose("why"),
    ];
}

impl<'a> Row<'a> {
    fn of(place: &'a PlacePlan) -> Vec<Self> {
        let name = place.name.as_str();
        let action = |state, action: &'a Action, why: &'a str| {
            let who = action.person.as_deref().unwrap_or_default();
            Self { place: name, state, who, what: action.change.to_string(), why }
        };
        let finding = |state, found: &'a Finding| Self {
            place: name,
            state,
            who: &found.who,
            what: found.what.clone(),
            why: found.by_hand.as_deref().unwrap_or_default(),
        };
        let mut rows: Vec<_> = place.actions.iter().map(|one| action("planned", one, &one.reason)).collect();
        rows.extend(place.blocked.iter().map(|one| action("blocked", &one.action, &one.refusal.why)));
        for (state, list) in
            [("cannot", &place.cannot), ("unmanaged", &place.unmanaged), ("unknown", &place.unknown)]
        {
            rows.extend(list.iter().map(|found| finding(state, found)));
        }
        rows
    }
}
