//! Logs on standard error.

use std::io::{self, IsTerminal};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::{self, format::FmtSpan};
use tracing_subscriber::prelude::*;

/// Shows what orgport's own crates log. Those below them stay silent at every level: an HTTP
/// library's trace holds headers, and so credentials.
pub(crate) fn start(verbosity: u8) {
    let level = match verbosity {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let lines = fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal() && !no_colour)
        .without_time()
        .with_target(verbosity > 1)
        // A request is a span, of which the end tells how it went.
        .with_span_events(FmtSpan::CLOSE)
        .compact();
    let ours = Targets::new().with_target("orgport", level);
    tracing_subscriber::registry().with(lines.with_filter(ours)).init();
}
