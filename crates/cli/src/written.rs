//! Files that the command writes for people: whole or not at all, and for their owner alone unless an older
//! one says otherwise.

use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// Writes a file that is not there yet.
///
/// # Errors
///
/// One of usage where there is a file of this name already, and where it cannot be written.
pub(crate) fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let made = temporary(path, text).and_then(|file| Ok(file.persist_noclobber(path)?));
    made.map(drop).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Failure::usage(format!("{} is there already, and is not overwritten", path.display()))
        }
        _ => not_written(path, &error),
    })
}

/// Writes a file that is not there yet, or that was written here before: its first line is the same.
///
/// # Errors
///
/// Those of [`write_new`].
#[cfg(feature = "sandbox")]
pub(crate) fn write_again(path: &Path, text: &str) -> Result<(), Failure> {
    let first = text.lines().next();
    if std::fs::read_to_string(path).is_ok_and(|there| there.lines().next() == first) {
        let made = temporary(path, text).and_then(|file| Ok(file.persist(path)?));
        return made.map(drop).map_err(|error| not_written(path, &error));
    }
    write_new(path, text)
}

/// Writes a file in the place of the one that is there, whose permissions it takes.
///
/// # Errors
///
/// One of usage where it cannot be written.
pub(crate) fn write_over(path: &Path, text: &str) -> Result<(), Failure> {
    // Behind a link, the file that it leads to.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let made = temporary(&path, text).and_then(|file| {
        if let Ok(old) = path.metadata() {
            file.as_file().set_permissions(old.permissions())?;
        }
        Ok(file.persist(&path)?)
    });
    made.map(drop).map_err(|error| not_written(&path, &error))
}

/// A temporary file is made for its owner alone.
fn temporary(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("{} cannot be written: {error}", path.display()))
}
