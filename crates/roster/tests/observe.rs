//! Reading many places: the fewest requests, in the order that lets nobody slip by, and what fails
//! at one place stays there.

use std::sync::Arc;

use orgport_core::config::ProviderConfig;
use orgport_core::{Email, ErrorKind, ManualClock, Operation, Timestamp};
use orgport_memory::{Memory, MemoryFault, MemoryProvider};
use orgport_roster::access::{Report, State};
use orgport_roster::{Place, Scope, Snapshot, Target, locate, observe};

fn ada() -> Email {
    Email::parse("ada@x.example").expect("an address")
}

/// A provider with two organizations of Ada's, the first of them configured.
fn provider(name: &str) -> MemoryProvider {
    let memory = Memory::new();
    let lab = memory.add_organization("Lab", &ada()).expect("made");
    memory.add_organization("Shop", &ada()).expect("made");
    memory.provider_with(&ada(), ProviderConfig::new(name).organization(lab)).expect("a configuration")
}

fn target(provider: &MemoryProvider, scope: Scope) -> Target {
    Target::new(Arc::new(provider.clone()), scope)
}

async fn read(places: &[Place]) -> Vec<Snapshot> {
    observe(places, &ManualClock::new(Timestamp::parse("2026-06-01T12:00:00Z").expect("a time"))).await
}

#[tokio::test]
async fn a_configured_organization_costs_three_requests_and_a_listed_one_two() {
    let provider = provider("prod");
    let (places, missed) = locate(&[target(&provider, Scope::Configured)]).await;
    assert!(missed.is_empty());
    assert_eq!(provider.adapter().memory().requests(), 0);
    let snapshots = read(&places).await;
    assert_eq!(provider.adapter().memory().requests(), 3);
    assert_eq!(snapshots[0].name(), "Lab");
    assert_eq!(snapshots[0].place.to_string(), "prod");

    let before = provider.adapter().memory().requests();
    let (places, missed) = locate(&[target(&provider, Scope::All)]).await;
    assert!(missed.is_empty());
    assert_eq!(read(&places).await.len(), 2);
    assert_eq!(provider.adapter().memory().requests() - before, 1 + 2 + 2);
}

#[tokio::test]
async fn a_place_is_found_by_name_and_read_once_however_often_it_is_asked_for() {
    let provider = provider("prod");
    let scopes = [
        Scope::Organization("Shop".to_owned()),
        Scope::Configured,
        Scope::All,
        Scope::Organization("Nowhere".to_owned()),
    ];
    let (places, missed) = locate(&scopes.map(|scope| target(&provider, scope))).await;
    let names: Vec<_> = read(&places).await.iter().map(|snapshot| snapshot.name().to_owned()).collect();
    assert_eq!(names, ["Shop", "Lab"]);
    assert_eq!(missed.len(), 1);
    assert_eq!(missed[0].to_string(), "prod/Nowhere");
    assert_eq!(missed[0].error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_provider_without_a_configured_organization_says_how_to_name_one() {
    let provider = Memory::new().provider_with(&ada(), ProviderConfig::new("lab")).expect("a configuration");
    let (places, missed) = locate(&[target(&provider, Scope::Configured)]).await;
    assert!(places.is_empty());
    assert_eq!(missed[0].error.kind(), ErrorKind::Config);
    assert!(missed[0].error.to_string().contains("lab/ORG"), "{}", missed[0].error);
}

#[tokio::test]
async fn what_fails_at_one_place_is_told_there_and_leaves_the_others_alone() {
    let (good, bad) = (provider("good"), provider("bad"));
    bad.adapter().memory().fault(MemoryFault::Fails(ErrorKind::PermissionDenied), Operation::ListMembers, 1);
    let targets = [target(&bad, Scope::Configured), target(&good, Scope::Configured)];
    let (places, _) = locate(&targets).await;
    let snapshots = read(&places).await;
    assert!(snapshots[0].members.failure().is_some());
    assert!(snapshots[0].invitations.is_whole());
    assert!(!snapshots[0].is_whole() && snapshots[1].is_whole());
    let report = Report::of(&snapshots, &[]);
    let unreachable: Vec<_> =
        report.rows.iter().filter(|row| row.state == State::Unreachable).map(|row| &*row.place).collect();
    assert_eq!(unreachable, ["bad"]);
    assert!(report.rows.iter().any(|row| row.place == "good" && row.state == State::Member));
}
