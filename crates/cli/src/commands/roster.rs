//! `orgport roster`

mod apply;
mod check;
mod explain;
mod import;
mod plan;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Subcommand;
use orgport::roster::{Faults, Located, Missed, PlaceName, Roster as File, Site};
use orgport::{Error, Provider, SystemClock};

use self::apply::Apply;
use self::import::Import;
pub(crate) use self::plan::Plan;
use crate::context::Context;
use crate::failure::{self, Failure};

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

/// Reads a roster, and tells everything that is wrong with it.
fn load(context: &Context, file: &Path) -> Result<File, Failure> {
    File::load(file).map_err(|faults| tell(context, &faults))
}

fn tell(context: &Context, faults: &Faults) -> Failure {
    for fault in faults.errors() {
        context.console.error(fault);
    }
    Failure::Said(failure::USAGE)
}

/// The places of these names, and whether all were found; what was not is told.
async fn locate(context: &Context, names: &[PlaceName]) -> Result<(Vec<Located>, bool), Failure> {
    let config = context.config()?;
    let provider =
        |name: &str| -> Result<Arc<dyn Provider>, Error> { Ok(Arc::new(config.provider(Some(name))?)) };
    let (located, missed) = Located::find(names, provider).await;
    for Missed { error, .. } in &missed {
        context.console.error(error);
    }
    Ok((located, missed.is_empty()))
}

/// What is there now, and whether all of it could be read; what could not is told.
async fn observe(context: &Context, located: &[Located]) -> (Vec<Site>, bool) {
    let sites = Located::observe(located, &SystemClock::new()).await;
    let errors: Vec<_> = sites
        .iter()
        .flat_map(|site| site.snapshot.members.errors.iter().chain(&site.snapshot.invitations.errors))
        .collect();
    for error in &errors {
        context.console.error(error);
    }
    let is_whole = errors.is_empty();
    (sites, is_whole)
}

/// Writes a file whole or not at all.
fn write(file: &Path, text: &str) -> Result<(), Failure> {
    // Behind a link, the file that it leads to.
    let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut new| {
        std::io::Write::write_all(&mut new, text.as_bytes())?;
        if let Ok(old) = file.metadata() {
            new.as_file().set_permissions(old.permissions())?;
        }
        new.persist(&file).map(drop).map_err(|error| error.error)
    });
    written.map_err(|error| Failure::usage(format!("{} cannot be written: {error}", file.display())))
}
