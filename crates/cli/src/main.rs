//! The `orgport` command, with the built-in kinds of providers.

fn main() {
    orgport_cli::main_with([])
}
