//! Invitations: what the calls send, and what the operations make of them.

use futures_util::StreamExt;
use orgport_core::{
    Answer, Email, ErrorKind, InvitationFilter, InvitationId, InvitationRef, InvitationStatus, Invitations,
    NewInvitation, Role,
};
use orgport_github::model::{InvitationRole, InvitationSource};
use orgport_github::request::{InvitationQuery, Invitee};
use orgport_github::{GitHubProvider, GitHubSettings};
use orgport_tests::wire::{Canned, Wire};

use super::{
    GRACE, INVITATION, ORG, PART, client, exchange, followed_by, id, invitation, json, lines, ok, page,
    provider, refusal, run, snapshot,
};

fn grace() -> NewInvitation {
    NewInvitation::to(Email::parse(GRACE).expect("valid"))
}

fn created(name: &str) -> Canned {
    ok(&format!("invitations/{name}"))
}

fn nobody() -> Canned {
    ok("invitations/empty")
}

#[tokio::test]
async fn invitations_of_an_organization() {
    exchange("list_invitations", "invitations/page", async |github| {
        let query = InvitationQuery {
            part: PART,
            role: Some(InvitationRole::DirectMember),
            source: Some(InvitationSource::Scim),
        };
        github.list_invitations(ORG, &query).await
    })
    .await;
    exchange("list_invitations_odd", "invitations/odd", async |github| {
        github.list_invitations(ORG, &InvitationQuery::default()).await
    })
    .await;
    exchange("list_failed_invitations", "invitations/failed", async |github| {
        github.list_failed_invitations(ORG, PART).await
    })
    .await;
    exchange("create_invitation", "invitations/created", async |github| {
        github.create_invitation(ORG, &super::to_grace()).await
    })
    .await;
    exchange("create_invitation_of_an_account", "invitations/created", async |github| {
        let mut new = orgport_github::request::NewInvitation::of(Invitee::InviteeId(1906));
        new.role = Some(InvitationRole::Reinstate);
        new.team_ids = Some(vec![12, 26]);
        github.create_invitation(ORG, &new).await
    })
    .await;
    exchange("list_invitation_teams", "invitations/teams", async |github| {
        github.list_invitation_teams(ORG, INVITATION, PART).await
    })
    .await;
    let wire = Wire::answering([Canned::empty(204)]).await;
    client(&wire).delete_invitation(ORG, INVITATION).await.expect("cancelled");
    snapshot("delete_invitation", &wire.request().to_string());
}

#[tokio::test]
async fn both_lists_are_read_as_one() {
    let waiting =
        followed_by(ok("invitations/page"), "/organizations/92288976/invitations?per_page=100&page=2");
    run("neutral_invitations", [waiting, ok("invitations/odd"), ok("invitations/failed")], async |github| {
        let mut told = String::new();
        let mut cursor = None;
        loop {
            let shown = github.list_invitations(&id(ORG), &InvitationFilter::all(), cursor.as_ref()).await?;
            cursor = shown.next.clone();
            told.push_str(&page(shown));
            if cursor.is_none() {
                return Ok(told);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_filter_decides_which_list_is_read() {
    let asked = async |filter: InvitationFilter| {
        let wire = Wire::answering([ok("invitations/empty")]).await;
        let github = provider(&wire);
        let rows: Vec<_> = orgport_core::stream::invitations(&github, &id(ORG), &filter).collect().await;
        assert!(rows.is_empty());
        lines(&wire).join(", ")
    };
    let waiting = "GET /orgs/acme/invitations?per_page=100";
    let failed = "GET /orgs/acme/failed_invitations?per_page=100";
    assert_eq!(asked(InvitationFilter::all()).await, format!("{waiting}, {failed}"));
    assert_eq!(asked(InvitationFilter::pending()).await, waiting);
    let status = |status| InvitationFilter::all().with_status(status);
    assert_eq!(asked(status(InvitationStatus::Expired)).await, failed);
    assert_eq!(asked(status(InvitationStatus::Failed)).await, failed);
    let either = InvitationFilter::pending().with_status(InvitationStatus::Failed);
    assert_eq!(asked(either).await, format!("{waiting}, {failed}"));
}

#[tokio::test]
async fn one_invitation_is_looked_for_in_both_lists() {
    let get = async |github: GitHubProvider, number: &str| {
        let wanted = InvitationId::new(number).expect("not empty");
        github.get_invitation(&id(ORG), &wanted).await.map(|found| json(&found))
    };
    run("get_waiting", [ok("invitations/page")], async |github| get(github, "28984231").await).await;
    let both = || [ok("invitations/page"), ok("invitations/failed")];
    run("get_failed", both(), async |github| get(github, "28980002").await).await;
    run("get_none", both(), async |github| get(github, "1").await).await;
    run("get_not_a_number", [], async |github| get(github, "acme").await).await;
    run("get_not_allowed", [refusal("404_not_found")], async |github| get(github, "1").await).await;
}

#[tokio::test]
async fn inviting_looks_first_and_settles_by_the_reply() {
    let invite =
        async |github: GitHubProvider| github.invite(&id(ORG), grace()).await.map(|outcome| json(&outcome));
    run("invite", [nobody(), created("created")], invite).await;
    run("invite_somebody_invited", [ok("invitations/page")], invite).await;
    run("invite_a_member", [nobody(), refusal("422_member_address")], invite).await;
    run("invite_finds_an_older_one", [nobody(), created("found")], invite).await;
    run("invite_beyond_the_day", [nobody(), refusal("422_daily")], invite).await;
    run("invite_without_a_seat", [nobody(), refusal("422_seat"), nobody()], invite).await;
    run("invite_somebody_blocked", [nobody(), refusal("422_blocked"), nobody()], invite).await;
    run("invite_owner", [nobody(), created("created_as_owner")], async |github| {
        let owner = grace().with_role(Role::Owner);
        github.invite(&id(ORG), owner).await.map(|outcome| json(&outcome))
    })
    .await;
}

#[tokio::test]
async fn rows_that_failed_are_cleared_where_they_may_stand_in_the_way() {
    let invite =
        async |github: GitHubProvider| github.invite(&id(ORG), grace()).await.map(|outcome| json(&outcome));
    let refused = [nobody(), refusal("422_bare")];
    let cleared = [ok("invitations/failed"), Canned::empty(204), created("created")];
    run("invite_clears_the_failed", refused.clone().into_iter().chain(cleared), invite).await;
    let nothing_there = refused.into_iter().chain([nobody(), nobody()]);
    run("invite_refused_for_good", nothing_there, invite).await;
}

#[tokio::test]
async fn a_job_ends_with_the_days_allowance() {
    let wire = Wire::answering([nobody(), created("created"), refusal("422_daily_bare")]).await;
    let mut config = super::config(&wire);
    config.http.max_concurrency = 1;
    let github = GitHubProvider::new(config, GitHubSettings::default()).expect("valid");
    let others = (0..3).map(|number| NewInvitation::to(Email::verbatim(format!("p{number}@x.example"))));
    let people = [grace()].into_iter().chain(others).collect();
    let mut outcomes: Vec<_> = github.invite_many(&id(ORG), people).collect().await;
    outcomes.sort_by_key(|(index, _)| *index);
    let kinds: Vec<_> = outcomes
        .iter()
        .map(|(_, outcome)| {
            outcome.as_ref().map_or_else(|error| error.kind().to_string(), |ok| ok.as_str().to_owned())
        })
        .collect();
    assert_eq!(kinds[0], "invited");
    assert_eq!(kinds.iter().filter(|kind| *kind == "rate limited").count(), 1, "{kinds:?}");
    assert_eq!(kinds.iter().filter(|kind| *kind == "cancelled").count(), 2, "{kinds:?}");
    assert_eq!(
        lines(&wire).iter().filter(|line| line.starts_with("POST")).count(),
        2,
        "nothing is sent behind it"
    );
}

#[tokio::test]
async fn an_organization_of_ten_thousand_is_not_read_for_an_invitation() {
    let wire = Wire::answering([nobody(), refusal("422_member_address")]).await;
    let outcome = provider(&wire).invite(&id(ORG), grace()).await.expect("a member");
    assert_eq!(outcome.as_str(), "already_member");
    assert_eq!(lines(&wire), ["GET /orgs/acme/invitations?per_page=100", "POST /orgs/acme/invitations"]);
}

#[tokio::test]
async fn revoking_and_resending() {
    run("revoke", [Canned::empty(204)], async |github| {
        github.revoke_invitation(&id(ORG), &invitation()).await.map(|()| "revoked".to_owned())
    })
    .await;
    run("revoke_none", [refusal("404_not_found")], async |github| {
        github.revoke_invitation(&id(ORG), &invitation()).await.map(|()| "revoked".to_owned())
    })
    .await;
    let resend = async |github: GitHubProvider| {
        github.resend_invitation(&id(ORG), &invitation()).await.map(|resent| json(&resent))
    };
    let anew = [ok("invitations/page"), Canned::empty(204), nobody(), created("created")];
    run("resend", anew, resend).await;
    let waiting = || ok("invitations/with_teams");
    let pages = || {
        let path = format!("/organizations/92288976/invitations/{INVITATION}/teams?per_page=100&page=2");
        [waiting(), followed_by(ok("invitations/teams"), &path), ok("invitations/teams_rest")]
    };
    let anew = pages().into_iter().chain([Canned::empty(204), nobody(), created("created")]);
    run("resend_with_teams", anew, resend).await;
    run("resend_with_hidden_teams", [waiting(), ok("invitations/teams")], resend).await;
    run("resend_with_unreadable_teams", [waiting(), refusal("404_not_found")], resend).await;
    let failed = [ok("invitations/empty"), ok("invitations/failed")];
    run("resend_of_an_expired_one_with_teams", failed, async |github| {
        let expired = InvitationId::new("28980001").expect("not empty");
        github.resend_invitation(&id(ORG), &expired).await.map(|resent| json(&resent))
    })
    .await;
}

#[tokio::test]
async fn accepting_goes_by_the_organization() {
    let accept = async |github: GitHubProvider| {
        let asked = InvitationRef::by_id(InvitationId::new(ORG).expect("not empty"));
        github.respond_to_invitation(&asked, Answer::Accept).await.map(|answered| json(&answered))
    };
    let waiting = || ok("memberships/pending");
    let lost = || Canned::html(502, "<html></html>");
    run("accept", [waiting(), ok("memberships/member")], accept).await;
    run("accept_under_way", [waiting(), waiting(), waiting(), ok("memberships/member")], accept).await;
    run("accept_again", [ok("memberships/member")], accept).await;
    run("accept_not_mine", [refusal("404_not_found")], accept).await;
    run("accept_lost_and_done", [waiting(), lost(), ok("memberships/member")], accept).await;
    run("accept_without_a_second_factor", [waiting(), refusal("403_second_factor")], accept).await;
    let wire = Wire::answering([waiting()]).await;
    let asked = InvitationRef::new(id(ORG), invitation());
    let error = provider(&wire).respond_to_invitation(&asked, Answer::Accept).await.expect_err("never done");
    assert_eq!(error.kind(), ErrorKind::Ambiguous, "{error}");
    assert_eq!(lines(&wire).len(), 2 + 16, "every two seconds for half a minute");
    let error = provider(&wire).respond_to_invitation(&asked, Answer::Decline).await.expect_err("no call");
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn ones_own_invitations_are_known_by_their_organizations() {
    run("my_invitations", [ok("memberships/mine")], async |github| {
        github.my_invitations(None).await.map(page)
    })
    .await;
}
