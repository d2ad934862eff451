//! Several processes that share nothing but a store, killed at each step of an invitation and run again.
//!
//! A process is an engine with a registry, a runtime and a clock of its own. What it does besides
//! computing is a step: a request, a question to the store, a wait. A schedule kills processes at some
//! of these, as `kill -9` does: what was sent stays sent, and nothing is tidied up.
//!
//! `CHAOS_PROCESSES` says how many schedules there are on each provider, `CHAOS_FROM` the first seed.

mod life;
#[cfg(feature = "real-server")]
mod server;
mod time;
mod wired;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use fastrand::Rng;
use futures_util::future::join_all;
use orgport_core::{CoordinationStore, Email, Error, ErrorKind, InviteOutcome, ProcessStore, StateDirectory};
use orgport_tests::world::Account;

use self::life::End;
use self::life::Life;
use self::time::Time;
pub(crate) use self::wired::{WiredClock, WiredNetwork, WiredStore, Wires};
use crate::arena::{Arena, Vendor};
use crate::plan::{Action, Kind, PEOPLE, trouble};
use crate::{REST, WATCHDOG, WORKERS, invitation, number, runtime};

/// How many schedules are played on each provider, unless `CHAOS_PROCESSES` says otherwise.
const SCHEDULES: u64 = 20;
/// Of whom nobody is there at first.
const STRANGERS: [usize; 2] = [2, 3];
/// More steps than an invitation of each of them has where little goes wrong.
const STEPS: u64 = 60;
/// How often whoever was killed or failed is run again.
const RERUNS: usize = 8;

/// Troubles that hide nothing of what is there and promise no mail that is not sent.
const TROUBLES: [Kind; 12] = [
    Kind::ResetBefore,
    Kind::ResetAfter,
    Kind::LateCommit,
    Kind::ActLate,
    Kind::Latency,
    Kind::RequestTimeout,
    Kind::RateLimited,
    Kind::ServerError,
    Kind::ErrorPage,
    Kind::Truncate,
    Kind::Hang,
    Kind::Race,
];

/// A way into what the processes share, as another one has it.
type Open<'a> = &'a (dyn Fn(&Vendor) -> Arc<dyn CoordinationStore> + Sync);

/// What processes share.
#[derive(Clone, Copy)]
pub(crate) struct Shared<'a> {
    open: Open<'a>,
    /// Whether it goes by real time.
    is_real: bool,
}

/// What a number of schedules came to.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    schedules: u64,
    processes: u64,
    troubles: u64,
    /// How often a process was killed at each step.
    kills: BTreeMap<&'static str, u64>,
    failures: Vec<String>,
}

impl Figures {
    fn add(&mut self, other: Self) {
        self.schedules += other.schedules;
        self.processes += other.processes;
        self.troubles += other.troubles;
        for (step, times) in other.kills {
            *self.kills.entry(step).or_default() += times;
        }
        self.failures.extend(other.failures);
    }
}

/// Plays these seeds on one kind of account, several at once, until `stop` says that it is enough.
fn play(
    account: Account,
    seeds: std::ops::Range<u64>,
    shared: Shared<'_>,
    stop: fn(&Figures) -> bool,
) -> Figures {
    let (next, figures) = (AtomicU64::new(seeds.start), Mutex::new(Figures::default()));
    let work = || {
        let runtime = runtime();
        let mut arena = runtime.block_on(Vendor::start(account, None));
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end || stop(&figures.lock().expect("no holder panics")) {
                break;
            }
            let mut own = Figures { schedules: 1, ..Figures::default() };
            let played = runtime.block_on(async {
                tokio::time::timeout(2 * WATCHDOG, run(&mut arena, seed, shared, &mut own)).await
            });
            if let Err(why) = played.unwrap_or_else(|_| Err("it hangs".to_owned())) {
                own.failures.push(format!("{}, seed {seed}: {why}", account.name()));
                arena = runtime.block_on(Vendor::start(account, None));
            }
            figures.lock().expect("no holder panics").add(own);
        }
    };
    std::thread::scope(|scope| (0..WORKERS).for_each(|_| drop(scope.spawn(work))));
    figures.into_inner().expect("no holder panics")
}

/// Plays one schedule: two or four processes invite the same people at one moment, and whoever was
/// killed or failed is run again.
async fn run(arena: &mut Vendor, seed: u64, shared: Shared<'_>, figures: &mut Figures) -> Result<(), String> {
    let mut rng = Rng::with_seed(seed);
    arena.reset().await;
    arm(arena, &mut rng);
    let time = Time::of(arena.sandbox(), shared.is_real);
    let count = rng.choice([2, 2, 4]).expect("some");
    let mut wants: Vec<Vec<Email>> = (0..count).map(|_| people(&mut rng)).collect();
    let wanted = wants.concat();
    for attempt in 0..=2 * RERUNS {
        let is_last = attempt >= RERUNS;
        if attempt > 0 && (is_last || rng.bool()) {
            figures.troubles += arena.disarm().values().sum::<u64>();
        }
        let lives = wants.iter().map(|people| {
            let dies = !is_last && rng.u8(0..3) > 0;
            let life = Life::new(dies.then(|| rng.u64(1..=STEPS)));
            (life, people.clone())
        });
        let lives: Vec<_> = lives.collect();
        figures.processes += lives.len() as u64;
        let ends = lives.into_iter().map(|(life, people)| {
            let wires =
                Wires { life: Arc::clone(&life), time: Arc::clone(&time), work: Arc::new(time.work()) };
            let work = Arc::clone(&wires.work);
            let provider = arena.process(wires, (shared.open)(arena));
            let new = people.iter().map(|email| invitation(provider.capability(), email)).collect();
            life.live(work, provider, arena.organization().clone(), new)
        });
        let (mut left, mut safe_in) = (Vec::new(), Duration::ZERO);
        for (end, people) in join_all(ends).await.into_iter().zip(wants) {
            match end {
                End::Killed(step) => {
                    *figures.kills.entry(step).or_default() += 1;
                    left.push(people);
                }
                End::Done(outcomes) if outcomes.iter().all(Result::is_ok) => check_said(&outcomes)?,
                End::Done(outcomes) if is_last && (attempt == 2 * RERUNS || !may_wait(&outcomes)) => {
                    return Err(format!("at last: {outcomes:?}"));
                }
                End::Done(outcomes) => {
                    let errors = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
                    safe_in = errors.filter_map(Error::retry_after).fold(safe_in, Duration::max);
                    left.push(people);
                }
            }
        }
        mailed_once(arena, &wanted, false)?;
        if left.is_empty() {
            break;
        }
        wants = left;
        // Some come back when they are told to, some at once.
        if attempt + 1 >= RERUNS || rng.bool() {
            arena.pass(safe_in).await;
        }
    }
    figures.troubles += arena.disarm().values().sum::<u64>();
    arena.pass(REST).await;
    mailed_once(arena, &wanted, true)
}

/// Some of them, in some order.
fn people(rng: &mut Rng) -> Vec<Email> {
    let mut people = STRANGERS.to_vec();
    rng.shuffle(&mut people);
    people.truncate(rng.usize(1..=people.len()));
    people.into_iter().map(|person| Email::verbatim(PEOPLE[person])).collect()
}

fn arm(arena: &Vendor, rng: &mut Rng) {
    let mut kinds = arena.kinds();
    kinds.retain(|kind| TROUBLES.contains(kind));
    for _ in 0..rng.usize(0..=3) {
        arena.arm(&Action::Invite(STRANGERS[0]), &trouble(rng, &kinds));
    }
}

/// Says whether nothing stood in the way but a limit, which several processes can use up for long.
fn may_wait(outcomes: &[Result<InviteOutcome, Error>]) -> bool {
    outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .all(|error| error.kind() == ErrorKind::RateLimited)
}

fn check_said(outcomes: &[Result<InviteOutcome, Error>]) -> Result<(), String> {
    let is_known = |outcome: &InviteOutcome| {
        matches!(outcome, InviteOutcome::Invited(..) | InviteOutcome::AlreadyInvited(..))
    };
    match outcomes.iter().flatten().find(|outcome| !is_known(outcome)) {
        Some(other) => Err(format!("nobody has an account, and it is said: {other:?}")),
        None => Ok(()),
    }
}

fn mailed_once(arena: &Vendor, wanted: &[Email], is_over: bool) -> Result<(), String> {
    let mails = arena.mails();
    for person in wanted {
        let count = mails.iter().filter(|mail| *mail == person).count();
        if count > 1 || is_over && count == 0 {
            return Err(format!("{count} mails went to {person}"));
        }
    }
    Ok(())
}

/// Plays all schedules with a store, and tells the figures.
fn hold_the_promise(name: &str, wanted: u64, shared: Shared<'_>) {
    let count = number("CHAOS_PROCESSES").unwrap_or(wanted);
    let from = number("CHAOS_FROM").unwrap_or(0);
    let begun = Instant::now();
    let mut all = Figures::default();
    for figures in std::thread::scope(|scope| {
        let play = |account| scope.spawn(move || play(account, from..from + count, shared, |_| false));
        let started: Vec<_> = Account::ALL.into_iter().map(play).collect();
        started.into_iter().map(|handle| handle.join().expect("it ends")).collect::<Vec<_>>()
    }) {
        all.add(figures);
    }
    let Figures { schedules, processes, troubles, kills, failures } = &all;
    println!(
        "{name}: {schedules} schedules, {processes} processes, {} killed, {troubles} faults fired, {} failures, \
         in {:.0} s\n{kills:#?}",
        kills.values().sum::<u64>(),
        failures.len(),
        begun.elapsed().as_secs_f64()
    );
    assert!(failures.is_empty(), "{} schedules failed:\n{}", failures.len(), failures.join("\n"));
    if count >= wanted {
        let idle: Vec<_> = life::STEPS.iter().filter(|step| !kills.contains_key(**step)).collect();
        assert!(idle.is_empty(), "nobody was killed at {idle:?}");
    }
}

#[test]
fn no_schedule_of_processes_that_share_a_state_directory_mails_twice() {
    let open: Open<'_> = &|arena| {
        let sandbox = Arc::clone(arena.sandbox());
        Arc::new(StateDirectory::with_clock(arena.folder(), move || sandbox.now()))
    };
    hold_the_promise("the state directory", SCHEDULES, Shared { open, is_real: false });
}

#[test]
fn processes_that_share_no_store_are_caught() {
    let open: Open<'_> = &|_| Arc::new(ProcessStore::default());
    let alone = Shared { open, is_real: true };
    let figures = play(Account::Jaqpot, 0..200, alone, |figures| !figures.failures.is_empty());
    let failure = figures.failures.first().expect("two processes that know nothing of each other mail twice");
    assert!(failure.contains("2 mails") || failure.contains("3 mails"), "{failure}");
}

#[cfg(feature = "real-server")]
#[test]
fn no_schedule_of_processes_that_share_a_redis_server_mails_twice() {
    let server = server::Server::start();
    let open: Open<'_> = &|arena| server.store(&arena.namespace());
    hold_the_promise("the Redis server", SCHEDULES, Shared { open, is_real: true });
}
