//! Reading and writing the files of rosters and plans.

use std::io::Write;
use std::path::Path;

use orgport::roster::{Faults, Roster};

use crate::context::Context;
use crate::failure::{self, Failure};

/// Reads a roster, and tells everything that is wrong with it.
pub(super) fn load(context: &Context, file: &Path) -> Result<Roster, Failure> {
    Roster::load(file).map_err(|faults| tell(context, &faults))
}

pub(super) fn tell(context: &Context, faults: &Faults) -> Failure {
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
