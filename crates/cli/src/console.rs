//! What is said beside the results: notes and complaints, all on standard error.

use std::io::Write;
use std::panic::PanicHookInfo;

use anstyle::{AnsiColor, Style};
use orgport::Error;
use serde::Serialize;

use crate::failure::Failure;
use crate::options::{Form, Format};
use crate::text::{clean, duration};

const BAD: Style = AnsiColor::Red.on_default().bold();

/// Standard error, for people or for programs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    form: Form,
}

/// A failure that is no operation's, with the members of an error.
#[derive(Debug, Default, Serialize)]
struct Words<'a> {
    kind: &'a str,
    provider: (),
    operation: (),
    status: (),
    code: (),
    message: &'a str,
    retryable: bool,
    left_behind: (),
}

impl Console {
    pub(crate) fn new(form: Form) -> Self {
        Self { form }
    }

    /// Says something. That nobody listens there is no failure.
    #[expect(clippy::unused_self, reason = "programs will be told otherwise")]
    pub(crate) fn note(self, text: &str) {
        let _ = writeln!(anstream::stderr(), "{text}");
    }

    /// Says what went wrong, for people.
    pub(crate) fn complain(self, text: &str) {
        self.note(&format!("{BAD}error:{BAD:#} {}", clean(text)));
    }

    /// Tells an error: one line for people, or an object.
    pub(crate) fn error(self, error: &Error) {
        match self.form.format {
            Format::Json => self.object(&self.form.json(error)),
            Format::Table | Format::Csv => self.complain(&in_words(error)),
        }
    }

    /// Tells why a command failed, and returns the exit code.
    pub(crate) fn end(self, failure: &Failure) -> u8 {
        match failure {
            Failure::Error(error) => self.error(error),
            Failure::Other(message) => self.words("other", message),
            Failure::Interrupted(message) => self.words("interrupted", message),
            Failure::Said(_) | Failure::Unread => {}
        }
        failure.exit_code()
    }

    /// Says that the program itself is at fault.
    pub(crate) fn panicked(self, panic: &PanicHookInfo<'_>) {
        let place = panic.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
        self.words("other", &format!("orgport has a defect and stops here{place}; please report it"));
    }

    fn words(self, kind: &str, message: &str) {
        match self.form.format {
            Format::Json => self.object(&Words { kind, message, ..Words::default() }),
            Format::Table | Format::Csv => self.complain(message),
        }
    }

    fn object(self, error: &impl Serialize) {
        #[derive(Serialize)]
        struct Wrapped<'a, T> {
            error: &'a T,
        }
        // Every field is text, a number or the vendor's own checked JSON.
        self.note(&serde_json::to_string(&Wrapped { error }).unwrap_or_default());
    }
}

/// The error, what is left behind, and how long to wait, in one line.
fn in_words(error: &Error) -> String {
    let text = error.to_string();
    let left = error.left_behind().map(|left| left.description.clone());
    let left = left.filter(|description| !text.contains(description));
    let wait = error.retry_after().map(|wait| format!("try again in {}", duration(wait)));
    [Some(text), left, wait].into_iter().flatten().collect::<Vec<_>>().join("; ")
}
