//! `orgport completions`

use std::io::{self, Write};

use clap::{Args, Command};
use clap_complete::Shell;

use crate::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// `command` is the whole command line.
    pub(crate) fn run(&self, mut command: Command) -> Result<(), Failure> {
        // Into memory first: the generator panics where nobody reads.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "orgport", &mut script);
        Ok(io::stdout().write_all(&script)?)
    }
}
