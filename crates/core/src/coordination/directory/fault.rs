//! What goes wrong with a state directory, with what to do about it.

use std::error::Error as StdError;
use std::io;
use std::path::Path;

use crate::error::{Error, ErrorKind, Reach};

/// The error of a directory that cannot be used as it must be.
pub(super) fn fault(directory: &Path, what: &str, source: io::Error) -> Error {
    let (kind, advice) = match source.kind() {
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            (ErrorKind::Config, "name another one, it is not a directory")
        }
        io::ErrorKind::IsADirectory => {
            (ErrorKind::Config, "delete what is in the place of this file, or name another directory")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            (ErrorKind::Config, "make it writable, or name another one")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            (ErrorKind::Unavailable, "make room on its disk, or name another one")
        }
        io::ErrorKind::TimedOut => (
            ErrorKind::Unavailable,
            "a process that uses it has stopped or hangs; end it, or try again later",
        ),
        _ => (ErrorKind::Unavailable, "see to it, or name another one"),
    };
    let message = format!("the state directory {} {what} ({source}): {advice}", directory.display());
    Error::new(kind, message).with_reach(Reach::NotSent).with_source(source)
}

/// The error of a file that is not what was written.
pub(super) fn damaged(directory: &Path, file: &str) -> Error {
    let message = format!(
        "the state directory {} is damaged ({file}): wait for a minute, so that nothing is on its way any more, \
         then delete this file and try again",
        directory.display()
    );
    Error::new(ErrorKind::Config, message).with_reach(Reach::NotSent)
}

/// The error of work that the program's end has stopped.
pub(super) fn stopped(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    let message = "the work on the state directory was stopped";
    Error::new(ErrorKind::Cancelled, message).with_reach(Reach::NotSent).with_source(source)
}
