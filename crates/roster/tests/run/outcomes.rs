use futures_util::future::{FutureExt, ready};
use futures_util::stream::TryStreamExt;
use orgport_core::{ErrorKind, MemberId, Members, Operation, Role, stream};
use orgport_memory::MemoryFault;

use crate::support::{World, all_done, email, shown};

const ACCESS: &str = r#"
[[access]]
place = "memory"
owner = ["olive", "ada"]
admin = ["bob"]
member = ["cem", "dua"]
unmanaged = "remove"

[[access]]
place = "memory/b"
owner = ["olive"]
viewer = ["ada", "fay"]
"#;

async fn world() -> World {
    let world = World::with_team().await;
    world.member(&world.b, "fay", Role::Viewer);
    world
}

/// The membership of somebody in the first organization.
async fn member_id(world: &World, person: &str) -> MemberId {
    let members: Vec<_> = stream::members(&world.olive, &world.a).try_collect().await.expect("a list");
    let row = members.into_iter().find(|row| row.email == Some(email(person)));
    row.expect("a member").id
}

#[tokio::test]
async fn everybody_gets_where_the_roster_says_and_then_nothing_is_left_to_do() {
    let world = world().await;
    let roster = world.roster(ACCESS);
    insta::assert_snapshot!(
        "plan",
        world.plan(&roster).await.to_string().replace("2026-01-01T00:00:00Z", "[time]")
    );
    let outcomes = world.run(&roster).await;
    assert!(all_done(&outcomes), "{:?}", shown(&outcomes));
    insta::assert_snapshot!("outcomes", shown(&outcomes).join("\n"));
    assert_eq!(
        world.people(&world.a).await,
        ["ada? owner", "bob admin", "cem member", "dua? member", "olive owner"]
    );
    assert_eq!(world.people(&world.b).await, ["ada? viewer", "fay viewer", "olive owner"]);

    assert!(world.plan(&roster).await.is_empty(), "whoever is invited is waited for");
    world.accept_all().await;
    assert!(world.plan(&roster).await.is_empty());
    assert_eq!(["ada", "bob", "dua"].map(|person| world.mails(person)), [2, 0, 2]);
}

#[tokio::test]
async fn what_changed_since_it_was_planned_is_stale_or_already_so() {
    let world = world().await;
    let roster = world.roster(ACCESS);
    let plan = world.plan(&roster).await;
    let (bob, cem, zoe) =
        (member_id(&world, "bob").await, member_id(&world, "cem").await, member_id(&world, "zoe").await);
    world.olive.set_member_role(&world.a, &bob, &Role::Admin).await.expect("set");
    world.olive.set_member_role(&world.a, &cem, &Role::Viewer).await.expect("set");
    world.olive.remove_member(&world.a, &zoe).await.expect("removed");
    world.member(&world.a, "dua", Role::Owner);
    world.member(&world.a, "ada", Role::Viewer);
    world.invite(&world.b, "ada", Role::Viewer).await;
    let before = world.memory.mails().len();
    let outcomes = world.apply(&roster, &plan, &world.journal(&roster)).await;
    insta::assert_snapshot!(shown(&outcomes).join("\n"));
    assert_eq!(world.memory.mails().len(), before, "nobody is mailed who is in by now");
}

#[tokio::test]
async fn rails_are_asked_again_on_what_is_there_by_then() {
    let world = World::new();
    world.member(&world.a, "ada", Role::Owner);
    world.member(&world.a, "bob", Role::Owner);
    let roster = world.roster(
        "[[access]]\nplace = \"memory\"\nowner = [\"olive\"]\nunmanaged = \"remove\"\n[rails]\nmin_owners = 2\n",
    );
    assert!(world.plan(&roster).await.is_blocked(), "two of three would go");
    let roster = world.roster(
        "[[access]]\nplace = \"memory\"\nowner = [\"olive\", \"bob\"]\nunmanaged = \"remove\"\n[rails]\nmin_owners = 2\n",
    );
    let plan = world.plan(&roster).await;
    assert_eq!(plan.actions().count(), 1);
    // Meanwhile somebody else has removed another one.
    let bob = member_id(&world, "bob").await;
    world.olive.remove_member(&world.a, &bob).await.expect("removed");
    let outcomes = world.apply(&roster, &plan, &world.journal(&roster)).await;
    assert_eq!(
        shown(&outcomes),
        [
            "memory blocked: remove ada@x.example (owner): of 2 with the role owner 1 would go, and at least 2 must stay"
        ]
    );
}

#[tokio::test]
async fn nobody_goes_for_an_owner_who_has_not_come() {
    let world = World::new();
    world.member(&world.a, "ada", Role::Admin);
    world.member(&world.a, "bob", Role::Owner);
    let roster = world.roster(
        "[[access]]\nplace = \"memory\"\nowner = [\"olive\", \"ada\"]\nadmin = [\"bob\"]\n[rails]\nmin_owners = 2\n",
    );
    world.memory.fault(MemoryFault::Fails(ErrorKind::Unavailable), Operation::SetMemberRole, 1);
    let outcomes = world.run(&roster).await;
    let told = shown(&outcomes);
    assert!(told[0].starts_with("memory failed: raise ada@x.example from admin to owner"), "{told:?}");
    assert_eq!(
        told[1..],
        [
            "memory blocked: lower bob@x.example from owner to admin: of 2 with the role owner 1 would go, and at least 2 must stay"
        ]
    );
    assert!(all_done(&world.run(&roster).await), "once she is, he may go");
    assert_eq!(world.people(&world.a).await, ["ada owner", "bob admin", "olive owner"]);
}

#[tokio::test]
async fn a_place_that_cannot_be_read_whole_any_more_loses_nobody() {
    let world = world().await;
    let roster = world.roster(ACCESS);
    let plan = world.plan(&roster).await;
    world.memory.fault(MemoryFault::Fails(ErrorKind::Unavailable), Operation::ListMembers, 100);
    let outcomes = world.apply(&roster, &plan, &world.journal(&roster)).await;
    assert!(outcomes.iter().all(|outcome| outcome.ended.as_str() == "stale"), "{:?}", shown(&outcomes));
    assert!(shown(&outcomes)[0].contains("was not read whole"), "{:?}", shown(&outcomes));
    world.memory.clear_faults();
    assert_eq!(world.people(&world.a).await.len(), 6);
}

#[tokio::test]
async fn what_fails_is_told_and_the_rest_goes_on() {
    let world = world().await;
    let roster = world.roster(ACCESS);
    world.memory.fault(MemoryFault::Fails(ErrorKind::Unavailable), Operation::SetMemberRole, 1);
    world.memory.fault(MemoryFault::ReplyLost, Operation::RemoveMember, 1);
    let outcomes = world.run(&roster).await;
    let failed: Vec<_> = outcomes.iter().filter(|outcome| outcome.ended.as_str() == "failed").collect();
    assert_eq!(failed.len(), 2, "{:?}", shown(&outcomes));
    assert!(!failed[0].ended.is_in_doubt() && failed[1].ended.is_in_doubt());
    let again = world.run(&roster).await;
    assert!(all_done(&again) && again.len() == 1, "{:?}", shown(&again));
    assert!(world.plan(&roster).await.is_empty());
}

#[tokio::test]
async fn a_credential_that_is_refused_ends_the_work_at_its_place() {
    let world = world().await;
    let roster = world.roster(ACCESS);
    world.memory.fault(MemoryFault::Fails(ErrorKind::Unauthenticated), Operation::SetMemberRole, 1);
    let outcomes = world.run(&roster).await;
    let at = |place: &str, ended: &str| {
        outcomes.iter().filter(|one| one.place.as_str() == place && one.ended.as_str() == ended).count()
    };
    assert_eq!((at("memory", "failed"), at("memory", "left"), at("memory", "done")), (1, 4, 1));
    assert_eq!(at("memory/b", "done"), 1);
}

#[tokio::test]
async fn a_run_that_is_stopped_begins_nothing_new_and_says_what_is_left() {
    let world = world().await;
    let roster = world.roster(ACCESS);
    let (plan, journal) = (world.plan(&roster).await, world.journal(&roster));
    let outcomes = world.apply_until(&roster, &plan, &journal, ready(()).boxed()).await;
    assert_eq!(outcomes.len(), plan.actions().count());
    assert!(outcomes.iter().all(|one| one.as_ref().expect("written").ended.as_str() == "left"));
    drop(journal);
    let journal = world.journal(&roster);
    assert!(journal.unfinished().expect("it was interrupted").in_doubt.is_empty());
}

#[tokio::test]
async fn mails_beyond_the_limit_are_refused_to_a_plan_that_was_saved_before() {
    let world = world().await;
    let roster = world.roster(&format!("{ACCESS}[rails]\nmax_mails = 3\n"));
    let plan = world.plan(&roster).await;
    assert_eq!(plan.cost.mails, 3);
    // The roster that is applied allows less than the one that was planned.
    let roster = world.roster(&format!("{ACCESS}[rails]\nmax_mails = 1\n"));
    let outcomes = world.apply(&roster, &plan, &world.journal(&roster)).await;
    let mails = outcomes.iter().filter(|one| one.action.change.mails() > 0);
    let mut words: Vec<_> = mails.map(|one| one.ended.as_str()).collect();
    words.sort_unstable();
    assert_eq!(words, ["blocked", "blocked", "done"]);
}
