//! Tests a program's own code without a vendor: `onboard` takes any provider, and the tests give it
//! one in memory, with the failures that a network has.
//!
//! Prints:
//!
//! ```text
//! a newcomer gets one mail
//! who is in already gets none
//! a lost reply is settled without a second mail
//! a vendor that is down leaves nobody half invited
//! ```

use std::sync::Arc;

use orgport::memory::{Memory, MemoryFault, MemoryProvider};
use orgport::{
    Email, Error, ErrorKind, ManualClock, NewInvitation, Operation, OrganizationId, Provider, Role, Timestamp,
};

/// The code under test: it lets a new colleague into the team's organization.
async fn onboard(provider: &dyn Provider, team: &OrganizationId, email: Email) -> Result<bool, Error> {
    let outcome = provider.invite(team, NewInvitation::to(email).with_role(Role::Editor)).await?;
    Ok(outcome.invitation().is_some())
}

struct World {
    memory: Memory,
    owner: MemoryProvider,
    team: OrganizationId,
}

fn world() -> Result<World, Error> {
    // On this clock a wait takes no time.
    let memory = Memory::with_clock(Arc::new(ManualClock::new(Timestamp::now())));
    let owner = memory.provider(&"owner@acme.example".parse()?);
    let team = memory.add_organization("Acme", owner.adapter().email())?;
    Ok(World { memory, owner, team })
}

fn newcomer() -> Result<Email, Error> {
    "new@acme.example".parse()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let World { memory, owner, team } = world()?;
    assert!(onboard(&owner, &team, newcomer()?).await?);
    assert_eq!(memory.mails().len(), 1);
    println!("a newcomer gets one mail");

    let World { memory, owner, team } = world()?;
    memory.add_member(&team, &newcomer()?, Role::Member)?;
    assert!(!onboard(&owner, &team, newcomer()?).await?);
    assert!(memory.mails().is_empty());
    println!("who is in already gets none");

    let World { memory, owner, team } = world()?;
    memory.fault(MemoryFault::ReplyLost, Operation::Invite, 1);
    assert!(onboard(&owner, &team, newcomer()?).await?);
    assert_eq!(memory.mails().len(), 1);
    println!("a lost reply is settled without a second mail");

    let World { memory, owner, team } = world()?;
    memory.fault(MemoryFault::Fails(ErrorKind::Unavailable), Operation::ListInvitations, usize::MAX);
    let error = onboard(&owner, &team, newcomer()?).await.expect_err("nobody can look");
    assert!(error.is_retryable());
    assert!(memory.mails().is_empty());
    println!("a vendor that is down leaves nobody half invited");
    Ok(())
}
