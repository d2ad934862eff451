//! Questions to the person at the terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use orgport::{Error, ErrorKind};

use crate::failure::Failure;
use crate::text::clean;

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
    pub(crate) async fn ask(self, question: &str) -> Result<(), Failure> {
        if matches!(self, Self::Given) {
            return Ok(());
        }
        match line(&format!("{question} [y/N] ")).await {
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
pub(crate) async fn line(prompt: &str) -> Result<String, Failure> {
    let prompt = clean(prompt);
    let read = tokio::task::spawn_blocking(move || {
        let mut stderr = anstream::stderr();
        let _ = write!(stderr, "{prompt}").and_then(|()| stderr.flush());
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map(|_| line)
    });
    match read.await {
        Ok(Ok(line)) => Ok(line),
        _ => Err(Failure::usage("standard input cannot be read")),
    }
}
