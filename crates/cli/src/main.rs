//! The `orgport` command.

fn main() {}
