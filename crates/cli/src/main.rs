//! The `orgport` command: organizations, members and invitations on several vendors, with the same
//! words on each.

mod addresses;
mod args;
mod clock;
mod commands;
mod context;
mod demo;
mod failure;
mod logging;
mod loopback;
mod output;
mod progress;
mod terminal;
mod tokens;

use std::panic::{self, AssertUnwindSafe};
use std::process;

use crate::args::Cli;
use crate::context::Context;
use crate::failure::Failure;

fn main() {
    panic::set_hook(Box::new(terminal::tell_panic));
    let code = panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or(failure::OTHER);
    // Blocking reads that nobody waits for any more must not hold up the end.
    process::exit(i32::from(code));
}

fn run() -> u8 {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let format = cli.global.format;
    logging::start(cli.global.verbose);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => {
            let outcome = runtime.block_on(commands::run(&cli.command, &Context::new(cli.global.clone())));
            runtime.shutdown_background();
            outcome
        }
        Err(error) => Err(Failure::Other(format!("the runtime does not start: {error}"))),
    };
    outcome.map_or_else(|failure| failure.tell(format), |()| 0)
}
