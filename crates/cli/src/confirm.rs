//! Questions to the person at the terminal.

use std::io::{self, BufRead, IsTerminal, Read};

use orgport::{Error, ErrorKind};

use crate::console::Console;
use crate::failure::Failure;

/// Nobody types a longer line.
const LONGEST: u64 = 64 << 10;

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
    /// `Cancelled` for anything else.
    pub(crate) async fn ask(self, console: Console, question: &str) -> Result<(), Failure> {
        if matches!(self, Self::Given) {
            return Ok(());
        }
        match line(console, &format!("{question} [y/N] ")).await {
            Ok(line) if matches!(line.trim().to_lowercase().as_str(), "y" | "yes") => Ok(()),
            _ => Err(Error::new(ErrorKind::Cancelled, "not confirmed; nothing was done").into()),
        }
    }
}

/// Reads a line of standard input, or what of it there is.
///
/// # Errors
///
/// `InvalidInput` if it cannot be read.
pub(crate) async fn line(console: Console, question: &str) -> Result<String, Failure> {
    console.ask(question);
    let read = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        io::stdin().lock().take(LONGEST).read_line(&mut line).map(|_| line)
    });
    match read.await {
        Ok(Ok(line)) => Ok(line),
        _ => Err(Failure::usage("standard input cannot be read")),
    }
}
