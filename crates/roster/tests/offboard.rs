//! People are put out, and what is read behind it is the proof.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use orgport_core::config::ProviderConfig;
use orgport_core::{
    Clock as _, Email, ErrorKind, Invitations as _, ManualClock, Members as _, NewInvitation, Operation,
    Role, Timestamp,
};
use orgport_memory::{Memory, MemoryFault};
use orgport_roster::offboard::{
    Ended, Evidence, EvidenceFile, LeftReason, Options, Outcome, Plan, Verdict, carry_out, prepare,
};
use orgport_roster::{Place, Scope, Subject, Target, locate};

/// Unlike the default.
const SETTLE: Duration = Duration::from_secs(12);

fn email(name: &str) -> Email {
    Email::parse(&format!("{name}@x.example")).expect("an address")
}

/// Two organizations of Ada's; Bob is a member of the first and invited to the second.
struct World {
    memory: Memory,
    clock: Arc<ManualClock>,
    places: Vec<Place>,
}

impl World {
    async fn new() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::parse("2026-06-01T12:00:00Z").expect("a time")));
        let memory = Memory::with_clock(clock.clone());
        let lab = memory.add_organization("Lab", &email("ada")).expect("made");
        let shop = memory.add_organization("Shop", &email("ada")).expect("made");
        memory.add_member(&lab, &email("bob"), Role::Member).expect("a member");
        let mut config = ProviderConfig::new("memory");
        config.settle = SETTLE;
        let provider = memory.provider_with(&email("ada"), config).expect("a provider");
        let bob = NewInvitation::to(email("bob")).with_role(Role::Member);
        provider.invite(&shop, bob).await.expect("invited");
        let (places, missed) = locate(&[Target::new(Arc::new(provider), Scope::All)]).await;
        assert!(missed.is_empty());
        Self { memory, clock, places }
    }

    fn options(&self) -> Options {
        let mut options = Options::default();
        options.clock = self.clock.clone();
        options
    }

    async fn plan(&self) -> Plan {
        prepare(
            &self.places,
            Vec::new(),
            &[Subject::parse("bob@x.example").expect("a person")],
            &self.options(),
        )
        .await
    }

    async fn offboard(&self) -> Outcome {
        carry_out(&self.places, self.plan().await, &self.options(), std::future::pending()).await
    }

    /// Whether Bob is anywhere, as the service itself has it.
    async fn has_bob(&self) -> bool {
        for place in &self.places {
            let members = place.provider().list_members(place.organization(), None).await.expect("read");
            let filter = orgport_core::InvitationFilter::pending();
            let invited =
                place.provider().list_invitations(place.organization(), &filter, None).await.expect("read");
            let is_member =
                members.items.iter().flatten().any(|row| row.email.as_ref() == Some(&email("bob")));
            if is_member || invited.items.iter().flatten().any(|row| row.is_for(&email("bob").into())) {
                return true;
            }
        }
        false
    }
}

fn ended(outcome: &Outcome) -> Vec<Ended> {
    outcome.places.iter().flat_map(|place| &place.steps).map(|step| step.ended).collect()
}

#[tokio::test]
async fn somebody_is_gone_everywhere_with_the_fewest_requests() {
    let world = World::new().await;
    let before = world.memory.requests();
    let plan = world.plan().await;
    // Two lists of each place, and once whom the credential stands for.
    assert_eq!(world.memory.requests() - before, 2 * 2 + 1);
    assert!(world.has_bob().await, "a plan changes nothing");
    let before = world.memory.requests();
    let outcome = carry_out(&world.places, plan, &world.options(), std::future::pending()).await;
    assert_eq!(world.memory.requests() - before, 2 + 2 * 2, "each change, and both lists behind it");
    assert_eq!(outcome.verdict(), Verdict::Gone);
    assert_eq!(ended(&outcome), [Ended::Done, Ended::Done]);
    assert!(!world.has_bob().await);
    assert_eq!(world.clock.elapsed(), Duration::ZERO, "nothing lags, and nothing is waited for");

    let before = world.memory.requests();
    let again = world.offboard().await;
    assert_eq!(again.verdict(), Verdict::Gone);
    assert_eq!(world.memory.requests() - before, 2 * 2, "where nothing is done nothing is read again");
}

#[tokio::test]
async fn what_is_read_behind_a_change_decides_and_not_its_reply() {
    let world = World::new().await;
    world.memory.fault(MemoryFault::ReplyLost, Operation::RemoveMember, 1);
    world.memory.fault(MemoryFault::ReplyLost, Operation::RevokeInvitation, 1);
    let outcome = world.offboard().await;
    assert_eq!(ended(&outcome), [Ended::Unclear, Ended::Unclear]);
    assert_eq!(outcome.verdict(), Verdict::Gone);
    assert!(!world.has_bob().await);
}

#[tokio::test]
async fn a_change_that_shows_late_is_waited_for() {
    let world = World::new().await;
    world.memory.fault(MemoryFault::CommittedLater(Duration::from_secs(10)), Operation::RemoveMember, 1);
    let outcome = world.offboard().await;
    assert_eq!(outcome.verdict(), Verdict::Gone, "{:?}", outcome.left().collect::<Vec<_>>());
    assert_eq!(world.clock.elapsed(), SETTLE, "as the provider is configured");
}

#[tokio::test]
async fn what_is_refused_or_never_arrives_is_left_with_the_reason() {
    for (fault, reason) in [
        (MemoryFault::Fails(ErrorKind::PermissionDenied), LeftReason::Failed),
        (MemoryFault::NeverArrived, LeftReason::Failed),
    ] {
        let world = World::new().await;
        world.memory.fault(fault, Operation::RemoveMember, 1);
        let outcome = world.offboard().await;
        assert_eq!(outcome.verdict(), Verdict::Left);
        let left: Vec<_> = outcome.left().map(|(_, left)| (left.reason, left.what.clone())).collect();
        assert_eq!(left.len(), 1, "{left:?}");
        assert_eq!(left[0].0, reason);
        assert!(left[0].1.starts_with("member bob@x.example"), "{left:?}");
        assert_eq!(world.offboard().await.verdict(), Verdict::Gone, "running it again goes on");
    }
}

#[tokio::test]
async fn a_place_that_cannot_be_read_again_proves_nothing() {
    let world = World::new().await;
    let plan = world.plan().await;
    world.memory.fault(MemoryFault::Fails(ErrorKind::Unavailable), Operation::ListMembers, 1);
    let outcome = carry_out(&world.places, plan, &world.options(), std::future::pending()).await;
    assert_eq!(outcome.verdict(), Verdict::Unknown);
    assert_eq!(outcome.places.iter().flat_map(|place| &place.unknown).count(), 1);
}

#[tokio::test]
async fn once_stopped_nothing_more_is_sent() {
    let world = World::new().await;
    let plan = world.plan().await;
    let before = world.memory.requests();
    let outcome = carry_out(&world.places, plan, &world.options(), std::future::ready(())).await;
    assert_eq!(world.memory.requests(), before);
    assert_eq!(ended(&outcome), [Ended::NotTried, Ended::NotTried]);
    assert!(outcome.stopped);
    assert_eq!(outcome.verdict(), Verdict::Left);
    assert!(outcome.left().all(|(_, left)| left.reason == LeftReason::NotTried));
}

#[tokio::test]
async fn evidence_is_there_whole_or_not_at_all() {
    let world = World::new().await;
    let home = tempfile::tempdir().expect("a directory");
    let path = home.path().join("evidence.json");
    let there = || fs::read_dir(home.path()).expect("a directory").count();

    let file = EvidenceFile::create(&path).expect("it can be written");
    assert!(!path.exists(), "it has no name before it is whole");
    drop(file);
    assert_eq!(there(), 0, "what was not finished leaves nothing");

    let file = EvidenceFile::create(&path).expect("it can be written");
    let outcome = world.offboard().await;
    file.write(&Evidence::of(&outcome, "1.2.3")).expect("written");
    assert_eq!(there(), 1);
    let text = fs::read_to_string(&path).expect("it can be read");
    let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!((&json["verdict"], &json["orgport"]), (&"gone".into(), &"1.2.3".into()));
    assert_eq!(json["places"][0]["before"]["members"][0]["email"], "bob@x.example");
    assert_eq!(json["places"][0]["after"]["members"], serde_json::json!([]));
    assert_eq!(json["places"][0]["steps"][0]["action"], "remove_member");
    assert_eq!(json["places"][1]["steps"][0]["ended"], "done");
    assert_eq!(json["places"][1]["place"]["name"].as_str(), Some(&*outcome.places[1].place.to_string()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    }

    let refused = EvidenceFile::create(&path).expect_err("it is there");
    assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
    let nowhere = EvidenceFile::create(home.path().join("none/evidence.json")).expect_err("no directory");
    assert_eq!(nowhere.kind(), ErrorKind::Config);
    let other = home.path().join("other.json");
    let file = EvidenceFile::create(&other).expect("it can be written");
    fs::write(&other, "mine").expect("somebody else writes");
    let refused = file.write(&Evidence::of(&outcome, "1.2.3")).expect_err("it is there by now");
    assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
    assert_eq!(fs::read_to_string(&other).expect("there"), "mine");
}
