//! Options that every command takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What can be said to any command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Options {
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
