//! A company's own command: everything that `orgport` does, for its own kind of provider as well. Here
//! that is a house in memory, which is new at each run.
//!
//! ```sh
//! cargo run -p orgport-cli --example company -- config init --kind house
//! cargo run -p orgport-cli --example company -- member list
//! ```

use orgport::memory::Memory;
use orgport::{Email, Kind, ProviderConfig};
use serde::Deserialize;

#[derive(Deserialize)]
struct House {
    name: String,
    owner: Email,
}

const EXAMPLE: &str = r#"[providers.house]
kind = "house"
name = "Acme"                   # what the house is called
owner = "ada@acme.example"      # who has the keys
"#;

fn main() {
    let kind = Kind::new("house", |mut config: ProviderConfig, House { name, owner }| {
        let memory = Memory::new();
        config.organization = Some(memory.add_organization(&name, &owner)?);
        memory.provider_with(&owner, config)
    });
    orgport_cli::main_with([kind.with_example(EXAMPLE).with_best_capability(house_capability)])
}

fn house_capability() -> orgport::Capability {
    let (_, memory) = orgport::best_capabilities().swap_remove(0);
    memory
}
