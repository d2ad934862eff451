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
    /// Do not ask before something is deleted or removed.
    #[arg(long, short, global = true)]
    pub(crate) yes: bool,
    /// Say on standard error what is done: -v requests, -vv details, -vvv everything.
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Say nothing but results and errors.
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// How results are printed.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output of every command")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Output {
    /// How results are printed.
    #[arg(long = "format", global = true, value_enum, value_name = "FORMAT", default_value_t = Written::Table)]
    pub(crate) written: Written,
    /// The same as far as every command has it; a page is for people, like a table.
    #[arg(skip = Format::Table)]
    pub(crate) format: Format,
    /// The columns of a list, by their names in CSV: --columns email,role
    #[arg(long, global = true, value_delimiter = ',', value_name = "NAME,…")]
    pub(crate) columns: Vec<String>,
    /// Print tables and CSV without the names of the columns.
    #[arg(long, global = true)]
    pub(crate) no_header: bool,
    /// Shorten nothing in tables, neither ids nor times nor long texts.
    #[arg(long, global = true)]
    pub(crate) full: bool,
    /// Print CSV exactly as it is. Without this, what a spreadsheet would compute is marked as text by
    /// an apostrophe, and control characters are replaced.
    #[arg(long, global = true)]
    pub(crate) csv_raw: bool,
    /// Show the vendor's own JSON too, in JSON. It can hold secrets, such as join codes.
    #[arg(long, global = true)]
    pub(crate) native: bool,
    /// Show ids that let whoever has them join, in tables and CSV too. JSON always has them.
    #[arg(long, global = true)]
    pub(crate) show_secret_ids: bool,
}

impl Options {
    /// As they are once the command line is read.
    #[must_use]
    pub(crate) fn settled(mut self) -> Self {
        self.output.format = match self.output.written {
            Written::Table | Written::Markdown | Written::Html => Format::Table,
            Written::Json => Format::Json,
            Written::Csv => Format::Csv,
        };
        self
    }
}

/// How results are to be printed, as the command line says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Written {
    /// Aligned columns for people.
    Table,
    /// JSON with all that is known; the vendor's own JSON in it only with --native.
    Json,
    /// Comma-separated values with a header.
    Csv,
    /// For a pull request; `roster plan` alone.
    Markdown,
    /// One page that stands alone, for a browser or paper; `access` alone.
    Html,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Aligned columns for people.
    Table,
    /// JSON.
    Json,
    /// Comma-separated values.
    Csv,
}
