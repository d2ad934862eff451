//! `orgport roster import`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use orgport::Error;
use orgport::roster::{PlaceName, import, merge};

use super::file::load;
use crate::arguments;
use crate::commands::places::{locate, observe};
use crate::context::Context;
use crate::failure::{self, Failure};
use crate::written::write_over;

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The places: PROVIDER for its configured organization, or PROVIDER/ORG. Every configured
    /// provider if none is given.
    #[arg(long = "place", value_name = "PLACE", value_parser = arguments::place)]
    places: Vec<PlaceName>,
    /// Add to this roster what is new, and keep comments and order.
    #[arg(long, value_name = "FILE")]
    merge: Option<PathBuf>,
}

impl Import {
    pub(super) async fn run(&self, context: &Context) -> Result<(), Failure> {
        // Before anything is read.
        let roster = self.merge.as_ref().map(|file| load(context, file)).transpose()?;
        let names = if self.places.is_empty() { configured(context)? } else { self.places.clone() };
        let (located, all_found) = locate(context, &names).await?;
        let (sites, all_read) = observe(context, &located).await;
        match &roster {
            Some(roster) => {
                let changed = merge(roster, &sites)?;
                for (file, text) in &changed {
                    write_over(file, text)?;
                    context.console.note(&format!("{} has what is new.", file.display()));
                }
                if changed.is_empty() {
                    context.console.note("Nothing is new.");
                }
            }
            None => io::stdout().write_all(import(&sites).as_bytes())?,
        }
        if all_found && all_read {
            return Ok(());
        }
        context.console.note("Not everything could be read: this is not everybody who is there.");
        Err(Failure::Said(failure::PARTLY))
    }
}

/// Every configured provider.
fn configured(context: &Context) -> Result<Vec<PlaceName>, Error> {
    context.config()?.names().map(PlaceName::parse).collect()
}
