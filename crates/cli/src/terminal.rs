//! What people see beside the results: notes, complaints and questions, all on standard error.

use std::io::{self, BufRead, IsTerminal, Write};
use std::panic::PanicHookInfo;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use orgport::{Error, ErrorKind};

use crate::failure::Failure;

const BAD: Style = AnsiColor::Red.on_default().bold();

/// Says something on standard error. That nobody listens there is no failure.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Says what went wrong.
pub(crate) fn complain(text: &str) {
    note(&format!("{BAD}error:{BAD:#} {}", clean(text)));
}

/// A text on one line, with nothing in it that a terminal would obey.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
        .map(|c| if c.is_control() || is_direction(c) { '\u{fffd}' } else { c })
        .collect()
}

/// Marks that make text read in another order than it is written.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// `90 s`, `12 min`, `3 h`: rounded up, so that waiting that long is enough.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3600)),
    }
}

/// `1 mail`, `2 mails`.
pub(crate) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// Says that the program itself is at fault.
pub(crate) fn tell_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
    complain(&format!("orgport has a defect and stops here{place}; please report it"));
}

/// Leave to do what cannot be undone.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Leave {
    /// `--yes`.
    Given,
    /// A person is there to be asked.
    Ask,
}

impl Leave {
    /// # Errors
    ///
    /// `InvalidInput` if nobody can be asked and `--yes` was not said.
    pub(crate) fn of(yes: bool) -> Result<Self, Failure> {
        if yes {
            return Ok(Self::Given);
        }
        if io::stdin().is_terminal() && io::stderr().is_terminal() {
            return Ok(Self::Ask);
        }
        Err(Failure::usage("this cannot be undone, and nobody is here to be asked: pass --yes to do it"))
    }

    /// Returns if the person says yes to `question`.
    ///
    /// # Errors
    ///
    /// `Cancelled` for any other answer.
    pub(crate) async fn ask(self, question: &str) -> Result<(), Failure> {
        if matches!(self, Self::Given) {
            return Ok(());
        }
        let prompt = format!("{} [y/N] ", clean(question));
        let answer = tokio::task::spawn_blocking(move || {
            let mut stderr = anstream::stderr();
            let _ = write!(stderr, "{prompt}").and_then(|()| stderr.flush());
            let mut answer = String::new();
            io::stdin().lock().read_line(&mut answer).map(|_| answer)
        })
        .await;
        match answer {
            Ok(Ok(answer)) if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") => Ok(()),
            _ => Err(Error::new(ErrorKind::Cancelled, "not confirmed; nothing was done").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        assert_eq!(clean("a\u{1b}[31mb\r\nc\u{202e}d"), "a\u{fffd}[31mb  c\u{fffd}d");
    }

    #[test]
    fn waits_are_rounded_up() {
        assert_eq!(duration(Duration::from_millis(1_200)), "2 s");
        assert_eq!(duration(Duration::from_secs(121)), "3 min");
        assert_eq!(duration(Duration::from_secs(7_201)), "3 h");
    }
}
