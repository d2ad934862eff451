//! A program without an async runtime (feature `blocking`).
//!
//! Prints:
//!
//! ```text
//! Acme has 1 member
//! bob@acme.example: invited
//! eve@acme.example: invited
//! waiting: bob@acme.example
//! waiting: eve@acme.example
//! ```

use orgport::blocking::{Provider, find, iter};
use orgport::{Config, Email, Error, InvitationFilter, NewInvitation, Role};

fn main() -> Result<(), Error> {
    let config = Config::from_toml("[providers.play]\nkind = \"memory\"\norganizations = [\"Acme\"]")?;
    let provider = Provider::new(config.provider(None)?)?;

    let acme = find::organization(&provider, "Acme")?.id;
    println!("Acme has {} member", iter::members(&provider, &acme).count());

    for address in ["bob@acme.example", "eve@acme.example"] {
        let invitation = NewInvitation::to(Email::parse(address)?).with_role(Role::Editor);
        println!("{address}: {}", provider.invite(&acme, invitation)?.as_str());
    }
    for invitation in iter::invitations(&provider, &acme, &InvitationFilter::pending()) {
        println!("waiting: {}", invitation?.email.expect("memory knows the address"));
    }
    Ok(())
}
