//! Seeded chaos: schedules of faults over all that writes, each checked against what is really
//! there and the mail ledger.
//!
//! A schedule follows from its seed. `CHAOS_SCHEDULES` says how many there are on each provider,
//! `CHAOS_FROM` the first seed; `CHAOS_SEED` with `CHAOS_VENDOR` plays one and tells what happens.

mod arena;
mod flaw;
mod judge;
mod memory;
mod plan;
mod processes;
mod tally;
mod trouble;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::join;
use orgport_core::{Capability, Email, InvitationId, MemberId, NewInvitation, Role, UnnamedRole};
use orgport_tests::world::Account;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use self::arena::{Arena, Fired, Vendor};
use self::flaw::Flaw;
use self::judge::{Reported, Truth};
use self::memory::InMemory;
use self::plan::{Action, MEMBER, PEOPLE, Step, WAITING, schedule};
use self::tally::{Tally, table};

/// How many schedules are played on each provider, unless `CHAOS_SCHEDULES` says otherwise.
const SCHEDULES: u64 = 250;
/// Schedules side by side on one provider: those that wait for a hanging vendor cost no work.
const WORKERS: usize = 3;
/// Real time after which an operation hangs.
const WATCHDOG: Duration = Duration::from_mins(1);
/// Virtual time within which whatever is under way at a vendor comes to its end.
const REST: Duration = Duration::from_mins(1);
/// Virtual time that one operation may take at most: a call that Jaqpot refuses for its limit can
/// pass four minutes later, and a list is sent to again after as many as 30 of those.
const LONGEST_WAIT: Duration = Duration::from_hours(3);

const MEMORY: &str = "memory";

fn names() -> Vec<&'static str> {
    Account::ALL.into_iter().map(Account::name).chain([MEMORY]).collect()
}

async fn open(name: &str, flaw: Option<Flaw>) -> Box<dyn Arena> {
    if let Some(account) = Account::ALL.into_iter().find(|account| account.name() == name) {
        return Box::new(Vendor::start(account, flaw).await);
    }
    assert_eq!(name, MEMORY, "CHAOS_VENDOR can be one of {:?}", names());
    Box::new(InMemory::start())
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Plays these seeds on one provider, several at once, until `stop` says that it is enough.
fn play(name: &str, seeds: std::ops::Range<u64>, flaw: Option<Flaw>, stop: fn(&Tally) -> bool) -> Tally {
    let (next, tally) = (AtomicU64::new(seeds.start), Mutex::new(Tally::default()));
    let work = || {
        let runtime = runtime();
        let mut arena = runtime.block_on(open(name, flaw));
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end || stop(&tally.lock().expect("no holder panics")) {
                break;
            }
            let mut own = Tally { schedules: 1, ..Tally::default() };
            let played = AssertUnwindSafe(|| runtime.block_on(run(&mut *arena, seed, &mut own, false)));
            let outcome = catch_unwind(played).unwrap_or_else(|_| Err("a panic".to_owned()));
            if let Err(why) = outcome {
                own.failures.push(format!("{name}, seed {seed}: {why}\n    {}", replay(name, seed)));
                // Whatever state a failure has left.
                arena = runtime.block_on(open(name, flaw));
            }
            tally.lock().expect("no holder panics").add(own);
        }
    };
    std::thread::scope(|scope| (0..WORKERS).for_each(|_| drop(scope.spawn(work))));
    tally.into_inner().expect("no holder panics")
}

fn replay(name: &str, seed: u64) -> String {
    format!(
        "CHAOS_SEED={seed} CHAOS_VENDOR={name} cargo test -p orgport-tests --test chaos -- --nocapture no_schedule"
    )
}

/// Plays one schedule.
async fn run(arena: &mut dyn Arena, seed: u64, tally: &mut Tally, aloud: bool) -> Result<(), String> {
    // The jitter of retries comes from here.
    fastrand::seed(seed);
    arena.reset().await;
    furnish(&*arena).await;
    let steps = schedule(seed, &arena.kinds());
    let mut clean = look(&*arena).await?;
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    let mut at_rest = true;
    for step in &steps {
        let before = if at_rest { None } else { Some(look(&*arena).await?) };
        let known = before.as_ref().unwrap_or(&clean);
        let (reported, fired) = perform(&*arena, step, known, tally).await?;
        if aloud {
            println!("{step:#?}\n→ {reported:#?}\n  {fired:?}");
        }
        for key in reported.may_mail() {
            *calls.entry(key).or_default() += 1;
        }
        if step.settles {
            arena.pass(REST).await;
        }
        let now = look(&*arena).await?;
        if at_rest && step.settles {
            reported.check(&clean, &now, &fired).map_err(|why| format!("{why}\n    during {step:?}"))?;
        }
        // What came to its end later belongs to one of the calls before.
        for (key, mails) in &now.mails {
            let sent = mails - clean.mails.get(key).copied().unwrap_or_default();
            if sent > calls.get(key).copied().unwrap_or_default() {
                return Err(format!("{sent} mails went to {key}, more than calls\n    during {steps:?}"));
            }
        }
        if step.settles {
            clean = now;
            calls.clear();
        }
        at_rest = step.settles;
    }
    Ok(())
}

/// One person waits, one is a member.
async fn furnish(arena: &dyn Arena) {
    for (index, person) in [PEOPLE[WAITING], PEOPLE[MEMBER]].into_iter().enumerate() {
        let email = Email::verbatim(person);
        let witness = arena.witness();
        let made = witness.invite(arena.organization(), invitation(witness.capability(), &email)).await;
        assert_eq!(made.expect("nothing is wrong yet").as_str(), "invited");
        if index == MEMBER {
            arena.accept(&email).await;
        }
    }
    // The vendor's limiters forget.
    arena.pass(Duration::from_mins(30)).await;
}

async fn look(arena: &dyn Arena) -> Result<Truth, String> {
    Truth::read(&*arena.witness(), arena.organization(), arena.mails()).await
}

fn invitation(capability: &Capability, email: &Email) -> NewInvitation {
    let new = NewInvitation::to(email.clone());
    match (&capability.unnamed_role, capability.roles_at_invite.first()) {
        (UnnamedRole::Required, Some(role)) => new.with_role(role.clone()),
        _ => new,
    }
}

/// Does what a step says while it goes wrong.
async fn perform(
    arena: &dyn Arena,
    step: &Step,
    known: &Truth,
    tally: &mut Tally,
) -> Result<(Reported, Fired), String> {
    for trouble in &step.troubles {
        arena.arm(&step.action, trouble);
    }
    let begun = arena.elapsed();
    let reported = timeout(WATCHDOG, act(arena, &step.action, known)).await;
    let waited = arena.elapsed().saturating_sub(begun);
    let fired = arena.disarm();
    tally.steps += 1;
    tally.longest_wait = tally.longest_wait.max(waited);
    for (kind, times) in &fired {
        *tally.fired.entry(*kind).or_default() += times;
    }
    let reported = reported.map_err(|_| format!("it hangs\n    during {step:?}"))??;
    if waited > LONGEST_WAIT {
        return Err(format!("it took {waited:?} of virtual time\n    during {step:?}"));
    }
    Ok((reported, fired))
}

async fn act(arena: &dyn Arena, action: &Action, known: &Truth) -> Result<Reported, String> {
    let (provider, organization) = (arena.provider(), arena.organization());
    let capability = provider.capability();
    let person = |index: usize| Email::verbatim(PEOPLE[index]);
    let waiting = person(WAITING);
    let invitation_id: Option<InvitationId> = known.live(&waiting).map(|row| row.id.clone());
    let member: Option<MemberId> = known.member(&person(MEMBER)).map(|row| row.id.clone());
    Ok(match (action, invitation_id, member) {
        (Action::Invite(index), ..) => {
            let email = person(*index);
            let outcome = provider.invite(organization, invitation(capability, &email)).await;
            Reported::Invited(vec![(email, outcome)])
        }
        (Action::InviteAtOnce(index), ..) => {
            let email = person(*index);
            let second = arena.second();
            let (first, second) = join(
                provider.invite(organization, invitation(capability, &email)),
                second.invite(organization, invitation(capability, &email)),
            )
            .await;
            Reported::InvitedAtOnce(email, Box::new([first, second]))
        }
        (Action::InviteMany(people), ..) => {
            let emails: Vec<_> = people.iter().map(|index| person(*index)).collect();
            let list = emails.iter().map(|email| invitation(capability, email)).collect();
            let mut outcomes: Vec<_> = provider.invite_many(organization, list).collect().await;
            outcomes.sort_by_key(|(index, _)| *index);
            if !outcomes.iter().map(|(index, _)| *index).eq(0..emails.len()) {
                return Err(format!("{} people have {} outcomes", emails.len(), outcomes.len()));
            }
            Reported::Invited(
                emails.into_iter().zip(outcomes.into_iter().map(|(_, outcome)| outcome)).collect(),
            )
        }
        (Action::Resend, Some(id), _) => {
            let result = provider.resend_invitation(organization, &id).await;
            Reported::Resent { id, email: waiting, result: result.map(Box::new) }
        }
        (Action::Revoke, Some(id), _) => {
            let result = provider.revoke_invitation(organization, &id).await;
            Reported::Revoked { id, result }
        }
        (Action::Remove, _, Some(id)) => {
            let result = provider.remove_member(organization, &id).await;
            Reported::Removed { id, result }
        }
        (Action::SetRole(index), _, Some(id)) => {
            let roles = &capability.roles_at_set_role;
            // Where no role can be set, the call must say so and change nothing.
            let role = roles.get(index % roles.len().max(1)).cloned().unwrap_or(Role::Member);
            let result = provider.set_member_role(organization, &id, &role).await;
            Reported::RoleSet { id, role, result }
        }
        _ => Reported::Nothing,
    })
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is not a number: {text}")))
}

fn replay_one(seed: u64) {
    let name = std::env::var("CHAOS_VENDOR").expect("CHAOS_VENDOR says which provider the seed is for");
    let runtime = runtime();
    let mut tally = Tally::default();
    let mut arena = runtime.block_on(open(&name, None));
    let outcome = runtime.block_on(run(&mut *arena, seed, &mut tally, true));
    outcome.unwrap_or_else(|why| panic!("{name}, seed {seed}: {why}"));
}

#[test]
fn no_schedule_of_faults_mails_twice_or_makes_an_outcome_untrue() {
    if let Some(seed) = number("CHAOS_SEED") {
        return replay_one(seed);
    }
    let count = number("CHAOS_SCHEDULES").unwrap_or(SCHEDULES);
    let from = number("CHAOS_FROM").unwrap_or(0);
    let only = std::env::var("CHAOS_VENDOR").ok();
    let wanted = names().into_iter().filter(|name| only.as_deref().is_none_or(|only| only == *name));
    let begun = Instant::now();
    let tallies: Vec<_> = std::thread::scope(|scope| {
        let started: Vec<_> = wanted
            .map(|name| (name, scope.spawn(move || play(name, from..from + count, None, |_| false))))
            .collect();
        started.into_iter().map(|(name, handle)| (name, handle.join().expect("it ends"))).collect()
    });
    println!("{}", table(&tallies, begun.elapsed()));
    let failures: Vec<_> = tallies.iter().flat_map(|(_, tally)| &tally.failures).cloned().collect();
    assert!(failures.is_empty(), "{} schedules failed:\n{}", failures.len(), failures.join("\n"));
    if count >= SCHEDULES {
        for (name, tally) in &tallies {
            let kinds = runtime().block_on(open(name, None)).kinds();
            let idle: Vec<_> = kinds.iter().filter(|kind| !tally.fired.contains_key(kind)).collect();
            assert!(idle.is_empty(), "{name} was never met by {idle:?}");
            assert!(tally.fired.values().all(|times| *times > 0), "{name}: {:?}", tally.fired);
        }
    }
}

/// The first failure of an engine that is broken like this, on a vendor that accepts duplicates.
fn caught(flaw: Flaw) -> String {
    let tally = play("jaqpot", 0..600, Some(flaw), |tally| !tally.failures.is_empty());
    tally.failures.into_iter().next().expect("a broken engine is caught")
}

#[test]
fn an_engine_that_sends_again_at_once_is_caught() {
    let failure = caught(Flaw::SendsAgainAtOnce);
    assert!(failure.contains("2 mails"), "{failure}");
}

#[test]
fn an_engine_that_does_not_wait_is_caught() {
    let failure = caught(Flaw::DoesNotWait);
    assert!(failure.contains("mail"), "{failure}");
}
