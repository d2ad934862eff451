//! Handles errors by their kind, never by their text.
//!
//! Prints:
//!
//! ```text
//! bob@acme.example: invited
//! eve@acme.example: later (unavailable)
//! ann@acme.example: ask an owner (permission_denied)
//! sam@acme.example: change the request (unsupported)
//! Labs: look before doing it again (ambiguous)
//! ```

use orgport::memory::{Memory, MemoryFault};
use orgport::{
    Email, Error, ErrorKind, Invitations, NewInvitation, NewOrganization, Operation, Organizations,
    ProviderConfig, Role,
};

/// What a caller does about an error. Kinds may be added, so there is always a last branch.
fn advice(error: &Error) -> String {
    match error.kind() {
        ErrorKind::InvalidInput | ErrorKind::Unsupported => "change the request".to_owned(),
        ErrorKind::Unauthenticated | ErrorKind::Config => "repair the configuration".to_owned(),
        ErrorKind::PermissionDenied => "ask an owner".to_owned(),
        // Inviting looks by itself, so that the same call again is harmless; making is not.
        ErrorKind::Ambiguous if error.is_retryable() => "the same again".to_owned(),
        ErrorKind::Ambiguous => "look before doing it again".to_owned(),
        ErrorKind::Incomplete => match error.left_behind() {
            Some(left) => format!("finish by hand: {}", left.description),
            None => "finish by hand".to_owned(),
        },
        // The same call again is harmless.
        _ if error.is_retryable() => match error.retry_after() {
            Some(wait) => format!("again in {} s", wait.as_secs()),
            None => "later".to_owned(),
        },
        _ => error.to_string(),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let memory = Memory::new();
    // A lost reply is believed to be lost at once.
    let mut config = ProviderConfig::new("memory");
    config.settle = std::time::Duration::ZERO;
    let ada = memory.provider_with(&"ada@acme.example".parse()?, config)?;
    let acme = memory.add_organization("Acme", ada.adapter().email())?;

    let cases = [
        ("bob", None, Role::Editor),
        ("eve", Some((MemoryFault::Fails(ErrorKind::Unavailable), 1)), Role::Editor),
        ("ann", Some((MemoryFault::Fails(ErrorKind::PermissionDenied), 1)), Role::Editor),
        ("sam", None, Role::Other("astronaut".to_owned())),
    ];
    for (name, fault, role) in cases {
        let email = format!("{name}@acme.example");
        if let Some((fault, times)) = fault {
            memory.fault(fault, Operation::Invite, times);
        }
        match ada.invite(&acme, NewInvitation::to(Email::parse(&email)?).with_role(role)).await {
            Ok(outcome) => println!("{email}: {}", outcome.as_str()),
            Err(error) => println!("{email}: {} ({})", advice(&error), error.kind().as_str()),
        }
    }

    memory.fault(MemoryFault::ReplyLost, Operation::CreateOrganization, 1);
    let made = ada.create_organization(NewOrganization::new("Labs")).await;
    let error = made.expect_err("whether it was made is not known");
    println!("Labs: {} ({})", advice(&error), error.kind().as_str());
    Ok(())
}
