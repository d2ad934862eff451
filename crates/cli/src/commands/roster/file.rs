//! Reading and writing the files of rosters and plans.

use std::io::Write;
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

/// Writes a file whole or not at all.
pub(super) fn write(file: &Path, text: &str) -> Result<(), Failure> {
    // Behind a link, the file that it leads to.
    let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut new| {
        new.write_all(text.as_bytes())?;
        if let Ok(old) = file.metadata() {
            new.as_file().set_permissions(old.permissions())?;
        }
        new.persist(&file).map(drop).map_err(|error| error.error)
    });
    written.map_err(|error| Failure::usage(format!("{} cannot be written: {error}", file.display())))
}
