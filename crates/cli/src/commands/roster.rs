//! `orgport roster`

mod apply;
mod check;
mod explain;
mod file;
mod import;
mod plan;

use std::path::PathBuf;

use clap::Subcommand;

use self::apply::Apply;
use self::import::Import;
pub(crate) use self::plan::Plan;
use crate::context::Context;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Roster {
    /// Find everything that is wrong with a roster. Asks no vendor.
    Check {
        /// The roster.
        file: PathBuf,
    },
    /// Write a roster of who is there now, or add to one what is new.
    Import(Import),
    /// Say what would be done so that everybody is where the roster says. Only reads.
    Plan(Plan),
    /// Do it.
    Apply(Apply),
    /// Say what a roster says of a person, and by which lines. Asks no vendor.
    Explain {
        /// The roster.
        file: PathBuf,
        /// The person's name in the roster, or an address.
        person: String,
    },
}

impl Roster {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Check { file } => check::run(context, file),
            Self::Import(import) => import.run(context).await,
            Self::Plan(plan) => plan.run(context).await,
            Self::Apply(apply) => apply.run(context).await,
            Self::Explain { file, person } => explain::run(context, file, person),
        }
    }
}
