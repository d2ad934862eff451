//! What can be written on the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, Parser, ValueEnum};

use crate::commands::Command;
use crate::failure::Failure;
use crate::terminal;

const ABOUT: &str =
    "Administer organizations, members and invitations on several vendors with the same words.";

const CONFIGURATION: &str = "\
The configuration is the file of --config, else of $ORGPORT_CONFIG, else ./orgport.toml, else
orgport/config.toml in $XDG_CONFIG_HOME (~/.config). Variables such as
ORGPORT__PROVIDERS__NAME__BASE_URL replace any of it, or all of it.

Exit codes: 0 done, 2 usage or configuration, 3 not found, 4 not allowed, 5 conflict, 6 rate limited,
7 unsupported, 8 vendor not reached, 9 not known what happened, 10 some of several failed, 1 anything
else, 130 interrupted.";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "orgport", version, about = ABOUT, after_long_help = CONFIGURATION, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// The configuration file.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The configured provider to use; the default one if not given.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) provider: Option<String>,
    /// The organization, by id or name; the provider's configured one if not given.
    #[arg(long, global = true, value_name = "ID|NAME")]
    pub(crate) org: Option<String>,
    /// How results are printed.
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Do not ask before something is deleted or removed.
    #[arg(long, short, global = true)]
    pub(crate) yes: bool,
    /// Say on standard error what is done: -v requests, -vv details, -vvv everything.
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns for people.
    Table,
    /// JSON with all that is known, the vendor's own JSON included.
    Json,
    /// Comma-separated values with a header.
    Csv,
}

impl Cli {
    /// Reads the command line.
    ///
    /// # Errors
    ///
    /// The exit code, when everything was said: help, the version, or what is wrong.
    pub(crate) fn read() -> Result<Self, u8> {
        Self::try_parse().map_err(|error| match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                // A reader that has seen enough of the help is no failure.
                let _ = error.print();
                0
            }
            _ if wants_json(std::env::args_os()) => {
                let text = error.render().to_string();
                let first = text.lines().next().unwrap_or_default();
                let message = first.strip_prefix("error: ").unwrap_or(first);
                Failure::usage(terminal::clean(message)).tell(Format::Json)
            }
            _ => {
                let _ = error.print();
                crate::failure::USAGE
            }
        })
    }
}

/// Says whether a command line that cannot be read asks for JSON.
fn wants_json(arguments: impl Iterator<Item = OsString>) -> bool {
    let arguments: Vec<_> = arguments.collect();
    arguments.iter().any(|argument| argument == "--format=json")
        || arguments.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
