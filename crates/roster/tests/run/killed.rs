//! Runs that end in the middle, as by a kill: at every line that the journal would write.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::{FutureExt, pending};
use futures_util::stream::StreamExt;
use orgport_core::{Clock, Role, Timestamp};
use orgport_roster::{Journal, Outcome, Plan, Roster, apply, plan};

use crate::support::{World, shown};

/// Ends the run when the journal asks for the time once too often, which it does for every line,
/// before the line is written. Nothing runs behind it, as behind a kill.
#[derive(Debug)]
struct Killer {
    clock: Arc<dyn Clock>,
    left: AtomicUsize,
}

#[async_trait]
impl Clock for Killer {
    fn now(&self) -> Timestamp {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 0 {
            self.left.store(0, Ordering::SeqCst);
            // Without the panic's message.
            resume_unwind(Box::new("killed"));
        }
        self.clock.now()
    }

    fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration).await;
    }
}

const ACCESS: &str = r#"
[[access]]
place = "memory"
owner = ["olive"]
admin = ["bob"]
member = ["ada", "cem", "dua", "eve"]
unmanaged = "remove"

[[access]]
place = "memory/b"
owner = ["olive"]
viewer = ["ada", "fay"]
unmanaged = "remove"
"#;

async fn world() -> World {
    let world = World::with_team().await;
    world.invite(&world.a, "eve", Role::Admin).await;
    world.member(&world.b, "xia", Role::Viewer);
    world
}

/// Plans, and runs until the journal is about to write its line of this number; says whether it got so
/// far.
async fn run_until(world: &World, roster: &Roster, line: usize) -> bool {
    let carried = world.journal(roster).carried();
    let plan = plan(roster, &world.sites(roster).await, &carried);
    apply_until(world, roster, &plan, line).await
}

async fn apply_until(world: &World, roster: &Roster, plan: &Plan, line: usize) -> bool {
    let clock =
        Arc::new(Killer { clock: Arc::clone(&world.clock) as Arc<dyn Clock>, left: AtomicUsize::new(line) });
    let journal = Journal::open(roster, None, clock).expect("the lock ended with the run before");
    let located = world.located(roster).await;
    let run = apply(roster, plan, &located, &journal, &*world.clock, pending().boxed()).collect::<Vec<_>>();
    AssertUnwindSafe(run).catch_unwind().await.is_err()
}

fn assert_ended(outcomes: &[Outcome], line: usize) {
    let is_so = |one: &Outcome| matches!(one.ended.as_str(), "done" | "already");
    assert!(outcomes.iter().all(is_so), "{line}: {:?}", shown(outcomes));
}

#[tokio::test]
async fn a_run_that_is_killed_at_any_line_is_followed_by_one_that_ends_it() {
    let mut line = 0;
    loop {
        let world = world().await;
        let roster = world.roster(ACCESS);
        let was_killed = run_until(&world, &roster, line).await;
        if !was_killed {
            break;
        }
        let journal = world.journal(&roster);
        assert_eq!(journal.unfinished().is_some(), line > 0, "only a run that began is told");
        drop(journal);
        let rest = world.run(&roster).await;
        assert_ended(&rest, line);
        finished(&world, &roster, line).await;
        line += 1;
    }
    assert!(line > 20, "it was killed {line} times");
}

#[tokio::test]
async fn a_saved_plan_whose_run_is_killed_at_any_line_ends_right_when_it_is_run_again() {
    let mut line = 0;
    loop {
        let world = world().await;
        let roster = world.roster(ACCESS);
        let plan = world.plan(&roster).await;
        if !apply_until(&world, &roster, &plan, line).await {
            break;
        }
        let rest = world.apply(&roster, &plan, &world.journal(&roster)).await;
        assert_ended(&rest, line);
        finished(&world, &roster, line).await;
        line += 1;
    }
    assert!(line > 20, "it was killed {line} times");
}

#[tokio::test]
async fn a_run_that_is_killed_again_and_again_mails_nobody_twice_and_stays_within_its_rails() {
    for step in 1..12 {
        let world = world().await;
        let roster = world.roster(ACCESS);
        let mut runs = 0;
        // Each run gets a little further than the one before it.
        while run_until(&world, &roster, step + runs).await {
            runs += 1;
            assert!(runs < 100, "it gets to its end");
        }
        finished(&world, &roster, step).await;
    }
}

async fn finished(world: &World, roster: &Roster, line: usize) {
    assert!(world.plan(roster).await.is_empty(), "{line}: {}", world.plan(roster).await);
    let a = ["ada? member", "bob admin", "cem member", "dua? member", "eve? member", "olive owner"];
    assert_eq!(world.people(&world.a).await, a, "{line}");
    assert_eq!(world.people(&world.b).await, ["ada? viewer", "fay? viewer", "olive owner"], "{line}");
    // Ada is invited to both; Dua and Eve had a mail before the run, and one that replaces it.
    let mails = ["ada", "bob", "cem", "dua", "eve", "fay"].map(|person| world.mails(person));
    assert_eq!(mails, [2, 0, 0, 2, 2, 1], "{line}");
    assert!(world.journal(roster).unfinished().is_none(), "{line}");
}

#[tokio::test]
async fn a_run_goes_on_with_the_counts_of_the_one_that_was_killed() {
    let world = World::new();
    for person in ["uma", "vic", "wes", "xia", "yan", "zoe"] {
        world.member(&world.a, person, Role::Viewer);
    }
    let access = "[[access]]\nplace = \"memory\"\nowner = [\"olive\"]\nunmanaged = \"remove\"\n[rails]\nmax_removals = 6\n";
    let roster = world.roster(access);
    // Begun, counted, and one removal whose end was not noted.
    assert!(run_until(&world, &roster, 3).await);
    assert_eq!(world.people(&world.a).await.len(), 6);
    let journal = world.journal(&roster);
    let unfinished = journal.unfinished().expect("killed");
    assert_eq!(unfinished.in_doubt.len(), 1);
    assert_eq!(unfinished.carried.removals.values().collect::<Vec<_>>(), [&(1, 7)]);
    drop(journal);
    // Somebody else comes who is not in the roster: with the one before, that is one too many.
    world.member(&world.a, "wim", Role::Viewer);
    let outcomes = world.run(&roster).await;
    assert!(outcomes.is_empty(), "{:?}", shown(&outcomes));
    // That run came to its end; the next one counts anew.
    assert_eq!(world.run(&roster).await.len(), 6);
    assert_eq!(world.people(&world.a).await, ["olive owner"]);
}
