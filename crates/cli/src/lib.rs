//! The `orgport` command: organizations, members and invitations on several vendors, with the same
//! words on each.
//!
//! A company with kinds of providers of its own builds its command from it, which does everything that
//! `orgport` does, for its own kinds as well:
//!
//! ```no_run
//! use orgport::memory::Memory;
//! use orgport::{Email, Kind};
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct House {
//!     owner: Email,
//! }
//!
//! fn main() {
//!     orgport_cli::main_with([Kind::new("house", |config, settings: House| {
//!         Memory::new().provider_with(&settings.owner, config)
//!     })])
//! }
//! ```

#![forbid(unsafe_code)]

mod arguments;
mod cli;
mod clock;
mod commands;
mod confirm;
mod console;
mod context;
mod failure;
mod filters;
mod formula;
mod input;
mod interrupt;
mod json;
mod kinds;
mod logging;
mod loopback;
mod options;
mod output;
mod people;
mod progress;
mod shortened;
mod state;
mod text;
mod written;

use std::panic;
use std::process;

use orgport::Kind;

use crate::cli::Cli;
use crate::console::Console;
use crate::context::Context;
use crate::failure::Failure;
use crate::kinds::Kinds;

/// Runs the command of this process's command line and ends the process with its exit code.
///
/// Beside the built-in kinds, configurations can name these. One of a built-in kind's name takes its
/// place.
pub fn main_with(kinds: impl IntoIterator<Item = Kind>) -> ! {
    let kinds = Kinds::with(kinds);
    let code = match Cli::read(&kinds) {
        Ok(cli) => {
            let console = Console::new(&cli.options);
            panic::set_hook(Box::new(move |panic| {
                console.panicked(panic);
                process::exit(failure::OTHER.into());
            }));
            run(&cli, console, kinds)
        }
        Err(code) => code,
    };
    // Blocking reads that nobody waits for any more must not hold up the end.
    process::exit(i32::from(code));
}

fn run(cli: &Cli, console: Console, kinds: Kinds) -> u8 {
    logging::start(&cli.options);
    let context = Context::new(cli.options.clone(), console, kinds);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let started = runtime.and_then(|runtime| {
        context.interrupt.listen(console, runtime.handle())?;
        Ok(runtime)
    });
    let outcome = match started {
        Ok(runtime) => {
            let outcome = runtime.block_on(cli.run(&context));
            runtime.shutdown_background();
            outcome
        }
        Err(error) => Err(Failure::Other(format!("the runtime does not start: {error}"))),
    };
    outcome.map_or_else(|failure| console.end(&failure), |()| 0)
}
