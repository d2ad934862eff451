//! The jobs, each done from beginning to end.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use orgport::http::HttpClient;
use orgport::memory::Memory;
use orgport::{
    AnyProvider, Clock, Email, Error, InvitationFilter, Invitations, NewInvitation, OrganizationId, Provider,
    Role, SystemClock, stream,
};
use tokio::time::Instant;

use crate::careful::{self, Failure};
use crate::count::runtime;
use crate::vendor::Vendor;
use crate::world::{RuntimeClock, Traffic, World};

/// How long a request takes.
pub const LATENCY: Duration = Duration::from_millis(50);

/// Reads a list of this vendor so many times, by one client.
///
/// # Errors
///
/// What reading fails with.
pub async fn list(vendor: &Vendor, is_careful: bool, url: &str, times: usize) -> Result<usize, Failure> {
    let mut rows = 0;
    if is_careful {
        let client = careful::client()?;
        let url = format!("{url}{}", vendor.path);
        for _ in 0..times {
            rows = careful::list(&client, vendor.kind, &url).await?;
        }
    } else {
        let provider = vendor.provider(url)?;
        let (organization, filter) = (vendor.organization(), InvitationFilter::all());
        for _ in 0..times {
            let page = provider.list_invitations(&organization, &filter, None).await?;
            rows = page.iter().filter(|row| row.is_ok()).count();
        }
    }
    Ok(rows)
}

/// Reads a list as a stream, and keeps nothing of it.
///
/// # Errors
///
/// What reading fails with.
pub async fn stream(provider: &AnyProvider, organization: &OrganizationId) -> Result<usize, Error> {
    let mut rows = stream::invitations(provider, organization, &InvitationFilter::all());
    let mut count = 0;
    while let Some(row) = rows.next().await {
        row?;
        count += 1;
    }
    Ok(count)
}

/// So many people to invite.
pub fn people(count: usize, role: Option<&Role>) -> Vec<NewInvitation> {
    let person = |number| {
        let invitation = NewInvitation::to(Email::verbatim(format!("new{number}@people.example")));
        role.map_or(invitation.clone(), |role| invitation.with_role(role.clone()))
    };
    (0..count).map(person).collect()
}

/// Invites people to an organization of this provider; says how many of them are invited then.
///
/// # Panics
///
/// If one cannot be invited.
pub async fn invite(
    provider: &impl Provider,
    organization: &OrganizationId,
    people: Vec<NewInvitation>,
) -> usize {
    let outcomes = provider.invite_many(organization, people);
    outcomes.map(|(_, outcome)| outcome.expect("nothing stands against it")).count().await
}

/// A provider of a vendor in process, on this clock.
///
/// # Errors
///
/// Those of a configuration.
pub fn provider(world: &World, vendor: &Vendor, clock: Option<Arc<dyn Clock>>) -> Result<AnyProvider, Error> {
    let clock = clock.unwrap_or_else(|| Arc::new(SystemClock::new()));
    vendor.provider_by(HttpClient::new(world.clone()), clock)
}

/// An organization in memory.
///
/// # Errors
///
/// None.
pub fn memory() -> Result<(orgport::memory::MemoryProvider, OrganizationId), Error> {
    let memory = Memory::new();
    let owner = Email::parse("owner@people.example")?;
    let organization = memory.add_organization("Acme", &owner)?;
    Ok((memory.provider(&owner), organization))
}

/// Lists 10,000 invitations at Koyeb: how long it takes by the runtime's own time, at 50 ms a request, and
/// what was sent.
///
/// # Panics
///
/// If not all are listed.
pub fn list_many_pages() -> (Duration, Traffic) {
    let koyeb = Vendor::of("koyeb");
    let world = World::new(koyeb, 10_000).with_latency(LATENCY);
    let spent = runtime(true).block_on(async {
        let provider = provider(&world, koyeb, Some(RuntimeClock::begin())).expect("a configuration");
        let begun = Instant::now();
        assert_eq!(stream(&provider, &koyeb.organization()).await.expect("rows"), 10_000);
        begun.elapsed()
    });
    (spent, world.traffic())
}

/// Invites 500 people at Koyeb, which takes 400 requests a minute: how long it takes by the runtime's own
/// time, at 50 ms a request, and what was sent.
///
/// # Panics
///
/// If not all are invited.
pub fn invite_within_a_limit() -> (Duration, Traffic) {
    let koyeb = Vendor::of("koyeb");
    let world = World::new(koyeb, 0).with_latency(LATENCY).with_limit(400, Duration::from_mins(1));
    let spent = runtime(true).block_on(async {
        let provider = provider(&world, koyeb, Some(RuntimeClock::begin())).expect("a configuration");
        let begun = Instant::now();
        assert_eq!(invite(&provider, &koyeb.organization(), people(500, Some(&Role::Owner))).await, 500);
        begun.elapsed()
    });
    (spent, world.traffic())
}
