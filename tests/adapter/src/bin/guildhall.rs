//! The command for Guildhall beside the built-in kinds.

use orgport::Kind;
use orgport_guildhall::Guildhall;

fn main() {
    orgport_cli::main_with([Kind::of::<Guildhall>()])
}
