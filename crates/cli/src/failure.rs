//! How a command ends that did not do what it was asked, and with which exit code.

use std::io;

use orgport::{Error, ErrorKind};

/// The command line or the configuration is wrong.
pub(crate) const USAGE: u8 = 2;
/// A write may or may not have happened, or happened in part.
pub(crate) const UNCLEAR: u8 = 9;
/// Some of several failed.
pub(crate) const PARTLY: u8 = 10;
/// A plan has changes.
pub(crate) const CHANGES: u8 = 11;
/// A rail refused something.
pub(crate) const REFUSED: u8 = 12;
/// Anything else.
pub(crate) const OTHER: u8 = 1;
/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An operation failed.
    Error(Error),
    /// Something that is no operation failed.
    Other(String),
    /// Everything was said; only the exit code is left.
    Said(u8),
    /// The reader of the results went away. That is its right, and no failure.
    Unread,
    /// A signal asked to end; the text says what that means.
    Interrupted { code: u8, message: String },
}

impl Failure {
    /// A command that cannot be carried out as it was written.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Error(Error::new(ErrorKind::InvalidInput, message))
    }

    /// The exit code of the command.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Error(error) => exit_code_of(error),
            Self::Other(_) => OTHER,
            Self::Interrupted { code, .. } | Self::Said(code) => *code,
            Self::Unread => 0,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Printing is the only I/O whose error gets this far.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unread,
            _ => Self::Other(format!("the result cannot be printed: {error}")),
        }
    }
}

impl From<csv::Error> for Failure {
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => error.into(),
            other => Self::Other(format!("the result cannot be printed: {other:?}")),
        }
    }
}

/// The exit code of one failed operation: of a write that may be done, what its kind says comes second.
pub(crate) fn exit_code_of(error: &Error) -> u8 {
    if error.may_be_done() { UNCLEAR } else { exit_code(error.kind()) }
}

/// The exit code of one kind of failure.
pub(crate) fn exit_code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Config | ErrorKind::InvalidInput => USAGE,
        ErrorKind::NotFound => 3,
        ErrorKind::Unauthenticated | ErrorKind::PermissionDenied => 4,
        ErrorKind::AlreadyExists | ErrorKind::Conflict | ErrorKind::Expired => 5,
        ErrorKind::RateLimited => 6,
        ErrorKind::Unsupported | ErrorKind::ReadOnly => 7,
        ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::Unavailable => 8,
        ErrorKind::Ambiguous | ErrorKind::Incomplete => UNCLEAR,
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_the_exit_code_of_the_manual() {
        let codes = [
            (ErrorKind::Config, 2),
            (ErrorKind::InvalidInput, 2),
            (ErrorKind::NotFound, 3),
            (ErrorKind::Unauthenticated, 4),
            (ErrorKind::PermissionDenied, 4),
            (ErrorKind::AlreadyExists, 5),
            (ErrorKind::Conflict, 5),
            (ErrorKind::Expired, 5),
            (ErrorKind::RateLimited, 6),
            (ErrorKind::Unsupported, 7),
            (ErrorKind::ReadOnly, 7),
            (ErrorKind::Connection, 8),
            (ErrorKind::Timeout, 8),
            (ErrorKind::Unavailable, 8),
            (ErrorKind::Ambiguous, 9),
            (ErrorKind::Incomplete, 9),
            (ErrorKind::Protocol, 1),
            (ErrorKind::Cancelled, 1),
        ];
        for (kind, code) in codes {
            assert_eq!(exit_code(kind), code, "{kind}");
        }
    }
}
