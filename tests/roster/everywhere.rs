//! The same on every vendor.

use orgport_roster::{Roster, import};
use orgport_tests::world::{Account, World};

use crate::support::{Team, carry_out, planned, sites};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_plans_to_nothing() {
    for account in Account::ALL {
        let world = World::start(account).await;
        let sites = sites(&world).await;
        assert!(sites[0].snapshot.is_whole() && !sites[0].snapshot.members.rows.is_empty(), "{account:?}");
        let text = import(&sites);
        let roster = Roster::parse(&text).unwrap_or_else(|faults| panic!("{faults}"));
        world.sandbox.clear_requests();
        let plan = planned(&world, &roster).await;
        assert!(plan.is_empty() && !plan.is_unsure() && !plan.is_blocked(), "{account:?}: {plan}");
        let writes: Vec<_> =
            world.sandbox.requests().into_iter().filter(|request| request.method != "GET").collect();
        assert!(writes.iter().all(|request| request.path.contains("token")), "{account:?}: {writes:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_is_invited_once_and_then_waited_for() {
    for account in Account::ALL {
        let (world, team) = (World::start(account).await, Team::new());
        let capability = world.provider.capability();
        let role = capability.roles_at_invite.last();
        let list = role.map_or_else(|| "any_role".to_owned(), ToString::to_string);
        let roster = team.roster(&crate::support::crowd(&import(&sites(&world).await), &list, 1));
        let plan = planned(&world, &roster).await;
        let before = world.sandbox.mail().len();
        let outcomes = carry_out(&world, &roster, &plan).await;
        assert_eq!(outcomes.len(), 1, "{account:?}");
        assert_eq!(outcomes[0].ended.as_str(), "done", "{account:?}: {}", outcomes[0]);
        let sent = world.sandbox.requests();
        // A price is the least that there can be: GitHub's members are two lists, and its invitations, too.
        let beside = usize::from(world.provider.kind() == "github");
        assert_eq!(sent.len(), plan.cost.requests + beside, "{account:?}: {sent:#?}");
        assert!(planned(&world, &roster).await.is_empty(), "{account:?}");
        assert_eq!(world.sandbox.mail().len(), before + 1, "{account:?}");
    }
}
