//! `orgport man`

use std::fs;
use std::path::PathBuf;

use clap::{Args, Command};

use crate::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The directory, which is made if need be: `~/.local/share/man/man1`, for example.
    directory: PathBuf,
}

impl Man {
    /// `command` is the whole command line.
    pub(crate) fn run(&self, command: Command) -> Result<(), Failure> {
        let made = fs::create_dir_all(&self.directory)
            .and_then(|()| clap_mangen::generate_to(command, &self.directory));
        made.map_err(|error| {
            Failure::usage(format!("{}: the pages cannot be written: {error}", self.directory.display()))
        })
    }
}
