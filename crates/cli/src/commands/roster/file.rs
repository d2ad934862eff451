//! Reading the files of rosters.

use std::path::Path;

use orgport::Config;
use orgport::roster::{Faults, Roster};

use crate::context::Context;
use crate::failure::{self, Failure};

/// Reads a roster, and tells everything that is wrong with it.
pub(super) fn load(context: &Context, file: &Path) -> Result<Roster, Failure> {
    Roster::load(file).map_err(|faults| tell(context, &faults))
}

/// Reads a roster that is about to be compared with what is there: its providers are configured.
pub(super) fn load_with_providers(context: &Context, file: &Path) -> Result<Roster, Failure> {
    let roster = load(context, file)?;
    check_providers(context, &roster, &context.config()?)?;
    Ok(roster)
}

/// Tells places of providers that are not configured.
pub(super) fn check_providers(context: &Context, roster: &Roster, config: &Config) -> Result<(), Failure> {
    let providers: Vec<_> = config.names().collect();
    roster.check_providers(&providers).map_err(|faults| tell(context, &faults))
}

fn tell(context: &Context, faults: &Faults) -> Failure {
    for fault in faults.errors() {
        context.console.error(fault);
    }
    Failure::Said(failure::USAGE)
}
