//! Invites a list of people and shows the progress. Outcomes come as they settle, not in the list's
//! order, so each carries its place there.
//!
//! Prints:
//!
//! ```text
//! bob@acme.example would get a mail
//! eve@acme.example would get a mail
//! [1/4] ada@acme.example: already_member
//! [2/4] bob@acme.example: already_invited
//! [3/4] bob@acme.example: invited
//! [4/4] eve@acme.example: invited
//! 2 mails
//! ```

use futures_util::StreamExt;
use orgport::memory::Memory;
use orgport::{Email, Error, Invitations, NewInvitation, Plan, Role};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let memory = Memory::new();
    let ada = memory.provider(&"ada@acme.example".parse()?);
    let acme = memory.add_organization("Acme", ada.adapter().email())?;

    let addresses = ["bob@acme.example", "ada@acme.example", "eve@acme.example", "bob@acme.example"];
    let list = addresses
        .into_iter()
        .map(|address| Ok(NewInvitation::to(Email::parse(address)?).with_role(Role::Editor)))
        .collect::<Result<Vec<_>, Error>>()?;

    // What it would do, found out by reading only.
    for plan in ada.plan_invites(&acme, list.clone()).await? {
        if let Plan::WouldInvite(invitation) = plan {
            println!("{} would get a mail", invitation.invitee);
        }
    }

    let mut outcomes = ada.invite_many(&acme, list);
    let mut done = 0;
    while let Some((index, outcome)) = outcomes.next().await {
        done += 1;
        let address = addresses[index];
        match outcome {
            Ok(outcome) => println!("[{done}/{}] {address}: {}", addresses.len(), outcome.as_str()),
            // The others go on.
            Err(error) => println!("[{done}/{}] {error}", addresses.len()),
        }
    }
    println!("{} mails", memory.mails().len());
    Ok(())
}
