//! Logs on standard error.

use std::io::{self, IsTerminal};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::{self, format::FmtSpan};
use tracing_subscriber::prelude::*;

use crate::options::{Format, Options};

/// Shows what orgport's own crates log: lines for people, or an object a line under `--format json`.
/// Those below them stay silent at every level: an HTTP library's trace holds headers, and so
/// credentials.
pub(crate) fn start(options: &Options) {
    let level = match options.verbose {
        0 if options.quiet => LevelFilter::ERROR,
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let lines = fmt::layer()
        .with_writer(io::stderr)
        .without_time()
        .with_target(options.verbose > 1)
        // A request is a span, of which the end tells how it went.
        .with_span_events(FmtSpan::CLOSE);
    let ours = Targets::new().with_target("orgport", level);
    let lines = match options.output.format {
        Format::Json => lines.json().with_ansi(false).with_filter(ours).boxed(),
        Format::Table | Format::Csv => {
            lines.compact().with_ansi(io::stderr().is_terminal() && !no_colour).with_filter(ours).boxed()
        }
    };
    tracing_subscriber::registry().with(lines).init();
}
