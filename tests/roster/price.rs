//! What a plan costs, beside what it took.

use std::time::Duration;

use orgport_core::Clock;
use orgport_roster::{Ended, import};
use orgport_tests::world::{Account, World};

use crate::support::{Team, carry_out, crowd, planned, sites};

/// Plans so many new people, and carries it out: the price, and what it took.
async fn crowd_at(account: Account, list: &str, people: usize) -> (orgport_roster::Cost, Duration, usize) {
    let (world, team) = (World::start(account).await, Team::new());
    let roster = team.roster(&crowd(&import(&sites(&world).await), list, people));
    let plan = planned(&world, &roster).await;
    // Reading has drawn from the limits, too; a price counts from full ones.
    world.clock.sleep(Duration::from_hours(1)).await;
    assert_eq!((plan.actions().count(), plan.cost.mails), (people, people), "{plan}");
    let (began, mails) = (world.clock.elapsed(), world.sandbox.mail().len());
    let outcomes = carry_out(&world, &roster, &plan).await;
    let requests = world.sandbox.requests().len();
    assert!(outcomes.iter().all(|outcome| matches!(outcome.ended, Ended::Done)), "{outcomes:?}");
    assert_eq!(world.sandbox.mail().len() - mails, people);
    let took = world.clock.elapsed().checked_sub(began).expect("time goes on");
    (plan.cost, took, requests)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_people_on_jaqpot_take_as_long_as_they_were_priced() {
    // The clock of the test leaps over a wait as soon as it is begun, also while a reply is on its way, and
    // what that reply says of the limit is then taken for what is so behind the leap: such a run waits once
    // more. None is faster.
    let mut is_exact = false;
    for _ in 0..8 {
        let (cost, took, requests) = crowd_at(Account::Jaqpot, "member", 100).await;
        // Ten calls of ten people: four at once, and six more that come back every two minutes.
        assert_eq!(cost.wait, Duration::from_mins(12));
        assert!(took >= cost.wait && requests >= cost.requests, "{took:?} and {requests} requests of {cost}");
        is_exact = took == cost.wait;
        if is_exact {
            // A look before each of the six that wait, and who the credential stands for.
            assert!(requests <= cost.requests + 7, "{requests} requests of {cost}");
            break;
        }
    }
    assert!(is_exact, "no run took what it was priced");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_beyond_koyebs_limit_take_no_longer_than_they_were_priced() {
    let (cost, took, requests) = crowd_at(Account::Koyeb, "owner", 260).await;
    let tick = Duration::from_millis(300);
    assert!(cost.wait > Duration::from_secs(18), "{cost}");
    // The vendor says that more is left of its limit than it documents. Asking whom the credential stands
    // for has drawn from the limit, too.
    assert!(took <= cost.wait + tick, "{took:?} of {cost}");
    assert_eq!(requests, cost.requests);
}
