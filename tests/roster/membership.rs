//! A change of membership at GitHub, done here and the way Peribolos does it: the figures of `docs/compared.md`.

use std::fs;
use std::path::Path;

use orgport_core::{Email, NewInvitation};
use orgport_github::model::MembershipRole;
use orgport_github::request::{InvitationQuery, MemberQuery, Part};
use orgport_github::{GitHubClient, GitHubProvider, GitHubSettings, Listing};
use orgport_roster::{Ended, import};
use orgport_tests::world::{Account, World};
use serde::de::DeserializeOwned;

use crate::support::{Team, carry_out, planned, sites};

const FIRST: Part = Part { per_page: Some(100), page: None };

/// An organization of an owner, so many members, and an account outside.
async fn organization(members: usize) -> World {
    let world = World::start(Account::GitHub).await;
    for number in 0..members {
        let email = Email::verbatim(format!("p{number}@crowd.example"));
        let invited = world.provider.invite(&world.organization, NewInvitation::to(&email)).await;
        assert_eq!(invited.expect("an outcome").as_str(), "invited");
        world.sandbox.accept("github", email.as_str(), world.organization.as_str()).expect("accepted");
    }
    world.sandbox.add_user("github", "bea@crowd.example").expect("an account");
    world
}

/// How many requests it takes to plan that one comes, one is made an owner and one goes, and to do it.
async fn here(members: usize) -> [usize; 2] {
    let (world, team) = (organization(members).await, Team::new());
    let text = import(&sites(&world).await)
        .replacen("\"p0\",", "", 1)
        .replacen("\"p1\",", "", 1)
        .replacen("owner = [", "owner = [\"p0\", ", 1)
        .replacen("member = [", "member = [\"bea\", ", 1)
        .replacen("unmanaged = \"report\"", "unmanaged = \"remove\"", 1);
    let roster = team.roster(&format!("[people.bea]\nemail = \"bea@crowd.example\"\n\n{text}"));
    world.sandbox.clear_requests();
    let plan = planned(&world, &roster).await;
    let planning = world.sandbox.requests().len();
    assert_eq!(plan.actions().count(), 3, "{plan}");
    let outcomes = carry_out(&world, &roster, &plan).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome.ended, Ended::Done)), "{outcomes:?}");
    [planning, world.sandbox.requests().len()]
}

/// How many requests the same takes as `peribolos --fix-org-members` sends them: who asks, who is invited, whose
/// invitations failed, who is in, and a change of each login's membership.
async fn the_way_of_peribolos(members: usize) -> usize {
    let world = organization(members).await;
    let identity = world.identities().into_iter().find(|identity| identity.credential["key"].is_string());
    let config = world.config_of(&identity.expect("the sandbox has one"));
    let provider = GitHubProvider::new(config, GitHubSettings::default()).expect("valid");
    let (github, org) = (provider.client(), world.organization.as_str());
    world.sandbox.clear_requests();
    github.get_user().await.expect("the caller");
    let query = InvitationQuery { part: FIRST, ..InvitationQuery::default() };
    to_the_end(github, github.list_invitations(org, &query).await.expect("a list")).await;
    to_the_end(github, github.list_failed_invitations(org, FIRST).await.expect("a list")).await;
    for role in [MembershipRole::Admin, MembershipRole::Member] {
        let query = MemberQuery { part: FIRST, role: Some(role), filter: None };
        to_the_end(github, github.list_members(org, &query).await.expect("a list")).await;
    }
    github.set_membership(org, "bea", &MembershipRole::Member).await.expect("invited");
    github.set_membership(org, "p0", &MembershipRole::Admin).await.expect("raised");
    github.remove_membership(org, "p1").await.expect("removed");
    world.sandbox.requests().len()
}

async fn to_the_end<T: DeserializeOwned + Send>(github: &GitHubClient, mut listing: Listing<T>) {
    while let Some(next) = listing.next {
        listing = github.follow(&next).await.expect("a page");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_that_compares_tells_what_is_counted() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/compared.md");
    let page = fs::read_to_string(page).expect("it is there");
    for members in [3, 250] {
        let ([planning, doing], theirs) = (here(members).await, the_way_of_peribolos(members).await);
        let row = format!("| {} | {planning} | {doing} | {theirs} |", members + 1);
        assert!(page.contains(&row), "the page has no row {row}");
    }
}
