//! `orgport completions`

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::args::Cli;
use crate::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        // Into memory first: the generator panics where nobody reads.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "orgport", &mut script);
        Ok(io::stdout().write_all(&script)?)
    }
}
