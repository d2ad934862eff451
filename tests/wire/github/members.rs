//! Members: what the calls send, and what the operations make of them.

use orgport_core::{Error, Member, MemberId, Members, Role, stream};
use orgport_github::GitHubProvider;
use orgport_github::model::MembershipRole;
use orgport_github::request::MemberQuery;
use orgport_tests::wire::{Canned, Wire};

use futures_util::StreamExt;

use super::{ORG, PART, client, exchange, followed_by, id, ok, page, provider, refusal, run, snapshot};

fn grace() -> MemberId {
    MemberId::new("1906").expect("not empty")
}

fn reset() -> Canned {
    Canned::html(502, "<html><title>Unicorn</title></html>")
}

#[tokio::test]
async fn members_and_memberships() {
    exchange("list_members", "members/page", async |github| {
        let query = MemberQuery {
            part: PART,
            role: Some(MembershipRole::Admin),
            filter: Some("2fa_disabled".into()),
        };
        github.list_members(ORG, &query).await
    })
    .await;
    exchange("list_members_odd", "members/odd", async |github| {
        github.list_members(ORG, &MemberQuery::default()).await
    })
    .await;
    exchange("get_membership", "memberships/pending", async |github| {
        github.get_membership(ORG, "grace-hopper").await
    })
    .await;
    exchange("get_membership_of_a_deleted_account", "memberships/deleted_account", async |github| {
        github.get_membership(ORG, "ghost").await
    })
    .await;
    exchange("set_membership", "memberships/owner", async |github| {
        github.set_membership(ORG, "grace-hopper", &MembershipRole::Admin).await
    })
    .await;
    let wire = Wire::answering([Canned::empty(204)]).await;
    client(&wire).remove_membership(ORG, "grace-hopper").await.expect("removed");
    client(&wire).remove_member(ORG, "grace-hopper").await.expect("removed");
    client(&wire).check_member(ORG, "grace-hopper").await.expect("a member");
    let sent: Vec<_> = wire.received().iter().map(ToString::to_string).collect();
    snapshot("remove", &sent.join("\n"));
}

#[tokio::test]
async fn members_are_listed_by_their_roles() {
    let owners = followed_by(ok("members/owners"), "/organizations/92288976/members?role=admin&page=2");
    run("neutral_members", [owners, ok("members/two_owners"), ok("members/page")], async |github| {
        let mut told = String::new();
        let mut cursor = None;
        loop {
            let shown = github.list_members(&id(ORG), cursor.as_ref()).await?;
            cursor = shown.next.clone();
            told.push_str(&page(shown));
            if cursor.is_none() {
                return Ok(told);
            }
        }
    })
    .await;
    run("neutral_members_odd", [ok("members/odd")], async |github| {
        github.list_members(&id(ORG), None).await.map(page)
    })
    .await;
}

#[tokio::test]
async fn somebody_who_is_on_both_lists_is_an_owner() {
    let wire = Wire::answering([ok("members/two_owners"), ok("members/page")]).await;
    let github = provider(&wire);
    let all: Vec<Result<Member, Error>> = stream::members(&github, &id(ORG)).collect().await;
    let told = |member: &Member| format!("{} {}", member.id, member.role.as_ref().expect("told"));
    let all: Vec<_> =
        all.iter().map(|row| row.as_ref().map_or_else(|error| error.kind().to_string(), told)).collect();
    // The role was changed while the lists were read, which is told behind them.
    assert_eq!(all, ["1815 owner", "1906 owner", "1999 member", "conflict"]);
}

#[tokio::test]
async fn setting_a_role_makes_sure_of_the_person() {
    let set = async |github: GitHubProvider| {
        github.set_member_role(&id(ORG), &grace(), &Role::Owner).await.map(|()| "set".to_owned())
    };
    let found = || [ok("users/grace"), ok("memberships/member")];
    let then = |rest: Vec<Canned>| found().into_iter().chain(rest).collect::<Vec<_>>();
    run("set_role", then(vec![ok("memberships/owner")]), set).await;
    run("set_role_that_is_set", [ok("users/grace"), ok("memberships/owner")], set).await;
    run("set_role_of_no_account", [refusal("404_not_found")], set).await;
    run("set_role_of_no_member", [ok("users/grace"), refusal("404_not_found")], set).await;
    run("set_role_of_somebody_invited", [ok("users/grace"), ok("memberships/pending")], set).await;
    run("set_role_of_a_login_that_was_taken", [ok("users/grace"), ok("memberships/somebody_else")], set)
        .await;
    run("set_role_not_done", then(vec![ok("memberships/member")]), set).await;
    run("set_role_refused", then(vec![refusal("403_owner")]), set).await;
    run("set_role_without_a_seat", then(vec![refusal("422_seat")]), set).await;
    run("set_role_invites", then(vec![ok("memberships/pending"), Canned::empty(204)]), set).await;
    run("set_role_invites_for_good", then(vec![ok("memberships/pending"), refusal("403_owner")]), set).await;
    run("set_role_lost_and_done", then(vec![reset(), ok("memberships/owner")]), set).await;
    run("set_role_lost_and_not_done", then(vec![reset(), ok("memberships/member")]), set).await;
    run("set_role_lost_and_invited", then(vec![reset(), ok("memberships/pending"), Canned::empty(204)]), set)
        .await;
}

#[tokio::test]
async fn a_membership_of_another_organization_under_the_login_is_refused() {
    let answers = [ok("organizations/one"), ok("users/grace"), ok("memberships/other_organization")];
    run("set_role_elsewhere", answers, async |github| {
        orgport_core::Organizations::get_organization(&github, &id(ORG)).await?;
        github.set_member_role(&id(ORG), &grace(), &Role::Owner).await.map(|()| "set".to_owned())
    })
    .await;
}

#[tokio::test]
async fn the_last_owner_is_told_as_such() {
    let lower = async |github: GitHubProvider| {
        github.set_member_role(&id(ORG), &grace(), &Role::Member).await.map(|()| "set".to_owned())
    };
    let owner = || [ok("users/grace"), ok("memberships/owner"), refusal("403_owner")];
    let then = |last: &str| owner().into_iter().chain([ok(last)]).collect::<Vec<_>>();
    run("lower_the_last_owner", then("members/owners"), lower).await;
    run("lower_an_owner_without_the_right", then("members/two_owners"), lower).await;
    run("remove_the_last_owner", then("members/owners"), async |github| {
        github.remove_member(&id(ORG), &grace()).await.map(|()| "removed".to_owned())
    })
    .await;
}

#[tokio::test]
async fn removing_makes_sure_of_the_person() {
    let remove = async |github: GitHubProvider| {
        github.remove_member(&id(ORG), &grace()).await.map(|()| "removed".to_owned())
    };
    run("remove_member", [ok("users/grace"), ok("memberships/member"), Canned::empty(204)], remove).await;
    run("remove_somebody_invited", [ok("users/grace"), ok("memberships/pending")], remove).await;
    run("remove_somebody_else", [ok("users/grace"), ok("memberships/somebody_else")], remove).await;
    run("remove_a_member_by_a_team", [ok("users/grace"), ok("memberships/by_a_team")], remove).await;
    run(
        "remove_gone_meanwhile",
        [ok("users/grace"), ok("memberships/member"), refusal("404_not_found")],
        remove,
    )
    .await;
    run("remove_by_login", [], async |github| {
        let login = MemberId::new("grace-hopper").expect("not empty");
        github.remove_member(&id(ORG), &login).await.map(|()| "removed".to_owned())
    })
    .await;
    let wire = Wire::answering([ok("users/grace")]).await;
    let zeros = MemberId::new("01906").expect("not empty");
    provider(&wire).remove_member(&id(ORG), &zeros).await.expect_err("another text is another id");
    assert_eq!(wire.received().len(), 0);
}
