//! Jaqpot's limiter: four creates at once, one more every two minutes, and a refused call costs
//! one as well.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use orgport_core::{
    Clock, Coordination, Email, ErrorKind, Invitations, InviteOutcome, NewInvitation, OrganizationId,
    StateDirectory,
};
use orgport_jaqpot::{JaqpotProvider, JaqpotSettings};
use orgport_tests::world::{Account, World};

use crate::support::{ADA, Doing, email, status, word, world};

const AT_ONCE: u32 = 4;
const ONE_MORE: Duration = Duration::from_mins(2);
const PER_CREATE: usize = 10;

/// The least time in which the vendor lets so many people be invited.
fn least(people: usize) -> Duration {
    let creates = u32::try_from(people.div_ceil(PER_CREATE)).expect("few");
    ONE_MORE * creates.saturating_sub(AT_ONCE)
}

fn crowd(name: &str, count: usize) -> Vec<NewInvitation> {
    let address = |index| Email::verbatim(format!("{name}{index}@x.example"));
    (0..count).map(|index| NewInvitation::to(address(index))).collect()
}

fn refusals(world: &World) -> usize {
    world.sandbox.requests().iter().filter(|request| request.status == Some(429)).count()
}

async fn invite_all(provider: &JaqpotProvider, organization: &OrganizationId, list: Vec<NewInvitation>) {
    let outcomes: Vec<_> = provider.invite_many(organization, list).collect().await;
    for (index, outcome) in outcomes {
        assert!(matches!(outcome, Ok(InviteOutcome::Invited(..))), "{index}: {outcome:?}");
    }
}

fn jaqpot(world: &World) -> JaqpotProvider {
    JaqpotProvider::new(world.administrator_config(), JaqpotSettings::default())
        .expect("a valid configuration")
}

/// All is done in the least time, with no refusal, in the fewest creates and with a mail each.
fn assert_paced(world: &World, took: Duration, people: usize, creates: usize) {
    assert_eq!(refusals(world), 0, "a planned job meets no 429");
    assert_eq!((world.count("POST"), world.sandbox.mail().len()), (creates, people));
    let least = ONE_MORE * u32::try_from(creates).expect("few").saturating_sub(AT_ONCE);
    assert!(took >= least && took < least + Duration::from_secs(5), "{took:?} instead of {least:?}");
}

#[tokio::test]
async fn two_hundred_people_are_invited_in_the_least_time() {
    let world = world(Account::Jaqpot).await;
    let begun = world.clock.elapsed();
    invite_all(&jaqpot(&world), &world.organization, crowd("p", 200)).await;
    assert_eq!(least(200), Duration::from_mins(32));
    assert_paced(&world, world.waited_since(begun), 200, 20);
}

#[tokio::test]
async fn the_first_outcomes_are_told_before_the_first_long_wait_ends() {
    let world = world(Account::Jaqpot).await;
    let (provider, begun) = (jaqpot(&world), world.clock.elapsed());
    let mut outcomes = provider.invite_many(&world.organization, crowd("p", 120));
    let handle = outcomes.handle();
    for _ in 0..40 {
        let (index, outcome) = outcomes.next().await.expect("an outcome");
        assert!(matches!(outcome, Ok(InviteOutcome::Invited(..))), "{index}: {outcome:?}");
    }
    assert!(world.waited_since(begun) < Duration::from_secs(5), "{:?}", world.waited_since(begun));
    let progress = handle.progress();
    assert_eq!((progress.total, progress.sent, progress.settled), (120, 40, 40));
    assert!(least(120).abs_diff(progress.wait) < Duration::from_secs(5), "{:?}", progress.wait);
    let mut told = 40;
    while let Some((_, outcome)) = outcomes.next().await {
        assert!(outcome.is_ok(), "{outcome:?}");
        let waits = u32::try_from(told / PER_CREATE).expect("few") + 1 - AT_ONCE;
        assert!(world.waited_since(begun) < ONE_MORE * waits + Duration::from_secs(5), "{told} were told");
        told += 1;
    }
    assert_eq!(told, 120);
    assert_paced(&world, world.waited_since(begun), 120, 12);
    // Two lists before; then the invitations alone when four creates have left, and behind each other.
    assert_eq!(world.count("GET"), 2 + 1 + 8);
}

#[tokio::test]
async fn handles_and_tasks_share_one_limiter() {
    let world = world(Account::Jaqpot).await;
    let (provider, begun) = (jaqpot(&world), world.clock.elapsed());
    let tasks = ["a", "b", "c", "d"].map(|name| {
        let (handle, organization) = (provider.clone(), world.organization.clone());
        tokio::spawn(async move { invite_all(&handle, &organization, crowd(name, 50)).await })
    });
    for task in tasks {
        task.await.expect("all are invited");
    }
    assert_paced(&world, world.waited_since(begun), 200, 20);
}

#[tokio::test]
async fn single_calls_beyond_the_limit_are_told_when_to_come_back() {
    let world = world(Account::Jaqpot).await;
    let provider = Arc::clone(&world.provider);
    let list = crowd("p", 7);
    let outcomes = join_all(list.into_iter().map(|new| provider.invite(&world.organization, new))).await;
    let (invited, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!((invited.len(), refused.len(), world.count("POST")), (4, 3, 4));
    for error in refused.into_iter().filter_map(Result::err) {
        assert_eq!(error.kind(), ErrorKind::RateLimited, "{error}");
        assert!(error.retry_after().is_some_and(|wait| wait > Duration::from_mins(1)), "{error:?}");
    }
    assert_eq!(refusals(&world), 0);
}

#[tokio::test]
async fn a_refusal_without_a_time_is_waited_out_by_the_model() {
    for (is_single, expected) in [(true, "rate_limited"), (false, "invited")] {
        let world = world(Account::Jaqpot).await;
        let fault = world.fault(world.on_create(status(429, &[])));
        let begun = world.clock.elapsed();
        let outcome =
            if is_single { world.invite(ADA).await } else { world.invite_many(&[ADA]).await.remove(0) };
        assert_eq!((word(&outcome), world.sandbox.fired(fault)), (expected, 1), "{outcome:?}");
        let waited = world.waited_since(begun);
        if is_single {
            let error = outcome.expect_err("the time is told instead");
            assert!(error.retry_after().is_some_and(|wait| wait >= ONE_MORE), "{error:?}");
            assert_eq!((world.count("POST"), world.mails_to(&email(ADA))), (1, 0));
            assert!(waited < Duration::from_mins(1), "{waited:?}");
        } else {
            assert_eq!((world.count("POST"), world.mails_to(&email(ADA))), (2, 1), "no polling");
            assert!(waited >= ONE_MORE, "{waited:?}");
        }
    }
}

#[tokio::test]
async fn a_refusal_without_a_time_passes_elsewhere() {
    for account in [Account::NuExtract, Account::Koyeb, Account::Trieve, Account::Losant] {
        let world = world(account).await;
        world.fault(world.on_create(status(429, &[])));
        assert_eq!(word(&world.invite_many(&[ADA]).await[0]), "invited", "{account:?}");
        assert_eq!(world.mails_to(&email(ADA)), 1, "{account:?}");
    }
}

#[tokio::test]
async fn a_wait_longer_than_a_single_call_takes_is_told() {
    for account in Account::ALL {
        let world = world(account).await;
        world.fault(world.on_create(status(429, &[("retry-after", "3600")])));
        let error = world.invite(ADA).await.expect_err("an hour is too long");
        assert_eq!(error.kind(), ErrorKind::RateLimited, "{account:?}: {error}");
        assert_eq!(error.retry_after(), Some(Duration::from_hours(1)), "{account:?}");
        assert_eq!((world.count("POST"), world.mails_to(&email(ADA))), (1, 0), "{account:?}");
    }
}

#[tokio::test]
async fn four_processes_that_share_a_state_directory_meet_no_refusal() {
    let world = world(Account::Jaqpot).await;
    let home = tempfile::tempdir().expect("a directory");
    let process = || {
        let (mut config, clock) = (world.administrator_config(), Arc::clone(&world.clock));
        let state = StateDirectory::with_clock(home.path().join("state"), move || clock.now().into());
        config.coordination = Coordination::separate().with_store(Arc::new(state));
        JaqpotProvider::new(config, JaqpotSettings::default()).expect("a valid configuration")
    };
    let processes = ["a", "b", "c", "d"].map(|name| (process(), name));
    let begun = world.clock.elapsed();
    join_all(
        processes.iter().map(|(provider, name)| invite_all(provider, &world.organization, crowd(name, 50))),
    )
    .await;
    assert_paced(&world, world.waited_since(begun), 200, 20);
}
