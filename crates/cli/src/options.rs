//! Options that every command takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use orgport::WithNative;
use serde::Serialize;

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
    /// Show the vendor's own JSON too, in JSON. It can hold secrets, such as join codes.
    #[arg(long, global = true)]
    pub(crate) native: bool,
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
    /// JSON with all that is known; the vendor's own JSON in it only with --native.
    Json,
    /// Comma-separated values with a header.
    Csv,
}

impl Options {
    /// How results and failures are printed.
    pub(crate) fn form(&self) -> Form {
        Form { format: self.format, native: self.native }
    }
}

/// How results and failures are printed, and how much of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    pub(crate) format: Format,
    /// The vendor's own JSON too.
    native: bool,
}

impl From<Format> for Form {
    fn from(format: Format) -> Self {
        Self { format, native: false }
    }
}

impl Form {
    /// What is printed of `value` in JSON.
    pub(crate) fn json<T: Serialize>(self, value: &T) -> impl Serialize {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Shown<'a, T: Serialize> {
            Plain(&'a T),
            Native(WithNative<'a, T>),
        }

        if self.native { Shown::Native(WithNative(value)) } else { Shown::Plain(value) }
    }
}
