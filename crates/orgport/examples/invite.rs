//! A program that runs on every vendor: it invites the addresses it is given and shows who has not
//! answered yet. Which vendor that is stands in the configuration, which
//! `ORGPORT_CONFIG=FILE cargo run --example invite ADDRESS…` names. Without one it plays in memory.
//!
//! Prints for `ada@acme.example bob@acme.example`:
//!
//! ```text
//! on memory
//! ada@acme.example: invited
//! bob@acme.example: invited
//! ada@acme.example is pending
//! bob@acme.example is pending
//! ```

use futures_util::TryStreamExt;
use orgport::{Config, Email, Error, InvitationFilter, Invitations, NewInvitation, Provider, stream};

const PLAY: &str = "
    [providers.play]
    kind = \"memory\"
    organizations = [\"Acme\"]
    default_role = \"editor\"
";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = match std::env::var_os("ORGPORT_CONFIG") {
        Some(_) => Config::discover()?,
        None => Config::from_toml(PLAY)?,
    };
    let provider = config.provider(None)?;
    let organization = provider.default_organization().expect("the configuration names an organization");
    println!("on {}", provider.kind());
    for address in std::env::args().skip(1) {
        let outcome = provider.invite(organization, NewInvitation::to(Email::parse(&address)?)).await?;
        println!("{address}: {}", outcome.as_str());
    }
    let filter = InvitationFilter::pending();
    let mut waiting = stream::invitations(&provider, organization, &filter);
    while let Some(invitation) = waiting.try_next().await? {
        let email = invitation.email.as_ref().map_or("somebody", Email::as_str);
        println!("{email} is {}", invitation.status);
    }
    Ok(())
}
