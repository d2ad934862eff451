//! The proof as a document, and the file that it stands in.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use orgport_core::{Error, ErrorKind};
use serde::{Serialize, Serializer};
use tempfile::NamedTempFile;

use super::{Outcome, Verdict};
use crate::place::PlaceId;

/// The form of the document.
const FORMAT: u32 = 1;

/// What was seen, done and seen again, as one JSON document: who was to be nowhere; for each place
/// what was there, each request with the vendor's id for it, what was there afterwards, and what is
/// left. It holds no credential and no invitation's id.
#[derive(Debug, Serialize)]
pub struct Evidence<'a> {
    format: u32,
    orgport: &'a str,
    verdict: Verdict,
    #[serde(flatten)]
    outcome: &'a Outcome,
}

impl<'a> Evidence<'a> {
    /// The evidence of an outcome, by this `version` of the program.
    pub fn of(outcome: &'a Outcome, version: &'a str) -> Self {
        Self { format: FORMAT, orgport: version, verdict: outcome.verdict(), outcome }
    }
}

/// Writes a place with its name as people write it.
pub(super) fn as_written<S: Serializer>(place: &PlaceId, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Written<'a> {
        name: String,
        #[serde(flatten)]
        place: &'a PlaceId,
    }
    Written { name: place.to_string(), place }.serialize(serializer)
}

/// A file for evidence, which is there whole or not at all.
///
/// It is made before anything is changed, so that a place where nothing can be written is found
/// then, and appears under its name only when everything is in it.
#[derive(Debug)]
pub struct EvidenceFile {
    path: PathBuf,
    file: NamedTempFile,
}

impl EvidenceFile {
    /// Takes a place for the file. Only its owner can read it.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if there is a file of this name; `Config` if none can be written there.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        if path.symlink_metadata().is_ok() {
            return Err(exists(&path));
        }
        let file = NamedTempFile::with_prefix_in(".orgport-evidence-", directory(&path))
            .map_err(|error| unwritable(&path, error))?;
        Ok(Self { path, file })
    }

    /// Writes the document and lets the file appear under its name.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if a file of this name has come to be there; `Config` if it cannot be written.
    pub fn write(mut self, evidence: &Evidence<'_>) -> Result<(), Error> {
        let whole = |file: &mut NamedTempFile| -> io::Result<()> {
            serde_json::to_writer_pretty(&mut *file, evidence)?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()
        };
        whole(&mut self.file).map_err(|error| unwritable(&self.path, error))?;
        self.file.persist_noclobber(&self.path).map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => exists(&self.path),
            _ => unwritable(&self.path, error.error),
        })?;
        // Some systems cannot flush a directory; the file itself is flushed.
        let _ = File::open(directory(&self.path)).and_then(|directory| directory.sync_all());
        Ok(())
    }
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn exists(path: &Path) -> Error {
    let what = format!("{} is there already: evidence is never written over", path.display());
    Error::new(ErrorKind::AlreadyExists, what)
}

fn unwritable(path: &Path, source: io::Error) -> Error {
    let what = format!("{} cannot be written: {source}", path.display());
    Error::new(ErrorKind::Config, what).with_source(source)
}
