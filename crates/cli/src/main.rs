//! The `orgport` command: organizations, members and invitations on several vendors, with the same
//! words on each.

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
mod logging;
mod loopback;
mod new_file;
mod options;
mod output;
mod people;
mod progress;
mod shortened;
mod state;
mod text;

use std::panic::{self, AssertUnwindSafe};
use std::process;

use crate::cli::Cli;
use crate::console::Console;
use crate::context::Context;
use crate::failure::Failure;

fn main() {
    let code = match Cli::read() {
        Ok(cli) => {
            let console = Console::new(&cli.options);
            panic::set_hook(Box::new(move |panic| console.panicked(panic)));
            panic::catch_unwind(AssertUnwindSafe(|| run(&cli, console))).unwrap_or(failure::OTHER)
        }
        Err(code) => code,
    };
    // Blocking reads that nobody waits for any more must not hold up the end.
    process::exit(i32::from(code));
}

fn run(cli: &Cli, console: Console) -> u8 {
    logging::start(&cli.options);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => {
            let context = Context::new(cli.options.clone(), console);
            let outcome = runtime.block_on(async {
                context.interrupt.listen(console);
                cli.run(&context).await
            });
            runtime.shutdown_background();
            outcome
        }
        Err(error) => Err(Failure::Other(format!("the runtime does not start: {error}"))),
    };
    outcome.map_or_else(|failure| console.end(&failure), |()| 0)
}
