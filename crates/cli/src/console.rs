//! What is said beside the results: notes and complaints, all on standard error.

use std::io::Write;
use std::panic::PanicHookInfo;

use anstyle::{AnsiColor, Style};
use orgport::Error;
use serde::Serialize;

use crate::failure::Failure;
use crate::json;
use crate::options::{Format, Options};
use crate::text::{clean, duration};

const BAD: Style = AnsiColor::Red.on_default().bold();

/// Standard error: lines for people, or JSON, an object a line and nothing else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    format: Format,
    native: bool,
    quiet: bool,
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
    pub(crate) fn new(options: &Options) -> Self {
        let Options { quiet, output, .. } = options;
        Self { format: output.format, native: output.native, quiet: *quiet }
    }

    /// For what goes wrong before the options are known.
    pub(crate) fn of_format(format: Format) -> Self {
        Self { format, native: false, quiet: false }
    }

    /// Whether nothing but results and errors is wanted.
    pub(crate) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Says something to whoever wants to hear it.
    pub(crate) fn note(self, text: &str) {
        if !self.quiet {
            self.say(text);
        }
    }

    /// Says something that nothing goes on without.
    pub(crate) fn say(self, text: &str) {
        #[derive(Serialize)]
        struct Note<'a> {
            note: &'a str,
        }
        match self.format {
            Format::Json => self.object(&Note { note: text }),
            Format::Table | Format::Csv => text.split('\n').for_each(|line| print(&clean(line))),
        }
    }

    /// Asks something, on a line that goes on with what is typed.
    pub(crate) fn ask(self, question: &str) {
        match self.format {
            Format::Json => self.say(question.trim_end()),
            Format::Table | Format::Csv => {
                let mut stderr = anstream::stderr();
                let _ = write!(stderr, "{}", clean(question)).and_then(|()| stderr.flush());
            }
        }
    }

    /// Says what went wrong to people; programs read it in the results.
    pub(crate) fn complain(self, text: &str) {
        if self.format != Format::Json {
            print(&format!("{BAD}error:{BAD:#} {}", clean(text)));
        }
    }

    /// Tells an error: one line for people, or an object.
    pub(crate) fn error(self, error: &Error) {
        match self.format {
            Format::Json => self.failure(error),
            Format::Table | Format::Csv => self.complain(&in_words(error)),
        }
    }

    /// Tells why a command failed, and returns the exit code.
    pub(crate) fn end(self, failure: &Failure) -> u8 {
        match failure {
            Failure::Error(error) => self.error(error),
            Failure::Other(message) => self.words("other", message),
            Failure::Interrupted { message, .. } => self.words("interrupted", message),
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
        match self.format {
            Format::Json => self.failure(&Words { kind, message, ..Words::default() }),
            Format::Table | Format::Csv => self.complain(message),
        }
    }

    fn failure(self, error: &impl Serialize) {
        #[derive(Serialize)]
        struct Wrapped<'a, T> {
            error: &'a T,
        }
        self.object(&Wrapped { error });
    }

    fn object(self, value: &impl Serialize) {
        // Every field is text, a number or the vendor's own checked JSON.
        print(&json::text(value, self.native).unwrap_or_default());
    }
}

/// That nobody listens is no failure.
fn print(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// The error, what is left behind, and how long to wait, in one line.
fn in_words(error: &Error) -> String {
    let text = error.to_string();
    let left = error.left_behind().map(|left| left.description.clone());
    let left = left.filter(|description| !text.contains(description));
    let wait = error.retry_after().map(|wait| format!("try again in {}", duration(wait)));
    [Some(text), left, wait].into_iter().flatten().collect::<Vec<_>>().join("; ")
}
