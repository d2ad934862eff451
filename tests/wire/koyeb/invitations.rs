//! Invitations: what the calls send, and what the operations make of them.

use futures_util::StreamExt;
use orgport_core::{
    Answer, Cursor, Email, ErrorKind, InvitationFilter, InvitationRef, InvitationStatus, Invitations,
    NewInvitation, Role,
};
use orgport_koyeb::KoyebProvider;
use orgport_koyeb::model;
use orgport_koyeb::request::{InvitationQuery, MyInvitationQuery};
use orgport_tests::wire::{Canned, Wire};

use super::{
    INVITATION, ORG, PART, client, exchange, home, id, invitation, json, lines, ok, page, provider, refusal,
    run,
};

fn to_ada() -> NewInvitation {
    NewInvitation::to(Email::parse("Ada@lovelace.example").expect("valid")).with_role(Role::Owner)
}

#[tokio::test]
async fn invitations_of_an_organization() {
    exchange("list_invitations", "organization_invitations/page", async |koyeb| {
        let statuses = vec![model::InvitationStatus::Pending, model::InvitationStatus::Expired];
        koyeb.list_invitations(&InvitationQuery { part: PART, statuses, user_id: Some("me".into()) }).await
    })
    .await;
    exchange("list_invitations_odd", "organization_invitations/odd", async |koyeb| {
        koyeb.list_invitations(&InvitationQuery::default()).await
    })
    .await;
    exchange("list_invitations_left_out", "organization_invitations/left_out", async |koyeb| {
        koyeb.list_invitations(&InvitationQuery::default()).await
    })
    .await;
    exchange("create_invitation", "organization_invitations/one", async |koyeb| {
        koyeb.create_invitation("ada+lab@lovelace.example").await
    })
    .await;
    exchange("get_invitation", "organization_invitations/one", async |koyeb| {
        koyeb.get_invitation(INVITATION).await
    })
    .await;
    exchange("delete_invitation", "organizations/confirmed", async |koyeb| {
        koyeb.delete_invitation(INVITATION).await
    })
    .await;
    exchange("resend_invitation", "organization_invitations/resent", async |koyeb| {
        koyeb.resend_invitation(INVITATION).await
    })
    .await;
}

#[tokio::test]
async fn a_list_that_is_missing_is_not_an_empty_one() {
    for body in
        [r#"{"limit":100}"#, r#"{"invitations":null,"count":3}"#, r#"{"invitations":{}}"#, "[]", "null"]
    {
        let wire = Wire::answering([Canned::json(200, body)]).await;
        let outcome = client(&wire).list_invitations(&InvitationQuery::default()).await;
        assert_eq!(outcome.expect_err(body).kind(), ErrorKind::Protocol, "{body}");
    }
}

#[tokio::test]
async fn invitations_to_a_user() {
    exchange("list_my_invitations", "organization_invitations/empty", async |koyeb| {
        let statuses = vec![model::InvitationStatus::Pending];
        koyeb.list_my_invitations(&MyInvitationQuery { part: PART, statuses }).await
    })
    .await;
    exchange("get_my_invitation", "organization_invitations/one", async |koyeb| {
        koyeb.get_my_invitation(INVITATION).await
    })
    .await;
    exchange("accept_invitation", "account/accepted", async |koyeb| {
        koyeb.accept_invitation(INVITATION).await
    })
    .await;
    exchange("decline_invitation", "account/declined", async |koyeb| {
        koyeb.decline_invitation(INVITATION).await
    })
    .await;
}

#[tokio::test]
async fn filters_are_the_vendors_where_it_has_them() {
    run("filtered_by_status", [home(), ok("organization_invitations/page")], async |koyeb| {
        let filter = InvitationFilter::pending().with_status(InvitationStatus::Declined);
        let cursor = Cursor::new(format!("koyeb/list_invitations/{ORG}#100"));
        koyeb.list_invitations(&id(ORG), &filter, Some(&cursor)).await.map(page)
    })
    .await;
    run("filtered_by_address", [home(), ok("organization_invitations/page")], async |koyeb| {
        let filter = InvitationFilter::all().with_email(Email::verbatim("GRACE@hopper.example"));
        koyeb.list_invitations(&id(ORG), &filter, None).await.map(page)
    })
    .await;
    run("filtered_by_nothing_known", [home()], async |koyeb| {
        let filter = InvitationFilter::all().with_status(InvitationStatus::Unknown("INVALID".into()));
        koyeb.list_invitations(&id(ORG), &filter, None).await.map(page)
    })
    .await;
}

#[tokio::test]
async fn inviting() {
    let nobody = Canned::json(200, r#"{"members":[],"limit":100,"offset":0,"count":0}"#);
    let look = [home(), ok("organization_invitations/empty"), nobody];
    let answers = look.clone().into_iter().chain([ok("organization_invitations/one")]);
    run("neutral_invite", answers, async |koyeb| {
        let outcome = koyeb.invite(&id(ORG), to_ada()).await?;
        Ok(format!(
            "{} via {:?}\n{}",
            outcome.as_str(),
            outcome.via(),
            json(outcome.invitation().expect("made"))
        ))
    })
    .await;
    let wire = Wire::answering([home(), ok("organization_invitations/page")]).await;
    let outcome = provider(&wire).invite(&id(ORG), to_ada()).await.expect("she waits");
    assert_eq!(outcome.as_str(), "already_invited");
    assert!(lines(&wire).iter().all(|line| line.starts_with("GET")));
    let wire = Wire::answering(look.into_iter().chain([refusal("403_denied")])).await;
    let koyeb = provider(&wire);
    let other = NewInvitation::to(Email::parse("g@hopper.example").expect("valid")).with_role(Role::Owner);
    let org = id(ORG);
    let outcomes: Vec<_> = koyeb.invite_many(&org, vec![to_ada(), other]).collect().await;
    let kinds: Vec<_> =
        outcomes.iter().map(|(_, outcome)| outcome.as_ref().expect_err("refused").kind()).collect();
    assert_eq!(kinds, [ErrorKind::PermissionDenied; 2]);
}

#[tokio::test]
async fn one_invitation() {
    run("neutral_get_invitation", [home(), ok("organization_invitations/one")], async |koyeb| {
        koyeb.get_invitation(&id(ORG), &invitation()).await.map(|found| json(&found))
    })
    .await;
    run(
        "neutral_get_invitation_elsewhere",
        [home(), ok("organization_invitations/elsewhere")],
        async |koyeb| koyeb.get_invitation(&id(ORG), &invitation()).await.map(|found| json(&found)),
    )
    .await;
    run("neutral_get_invitation_none", [home(), refusal("404_resource")], async |koyeb| {
        koyeb.get_invitation(&id(ORG), &invitation()).await.map(|found| json(&found))
    })
    .await;
    run("neutral_resend", [home(), ok("organization_invitations/resent")], async |koyeb| {
        koyeb.resend_invitation(&id(ORG), &invitation()).await.map(|resent| json(&resent))
    })
    .await;
    for refused in ["400_precondition", "400_bare"] {
        let answers = [home(), refusal(refused), ok("account/accepted")];
        run(&format!("neutral_resend_answered_{refused}"), answers, async |koyeb| {
            koyeb.resend_invitation(&id(ORG), &invitation()).await.map(|resent| json(&resent))
        })
        .await;
    }
    run("neutral_resend_lost", [home(), refusal("503_own")], async |koyeb| {
        koyeb.resend_invitation(&id(ORG), &invitation()).await.map(|resent| json(&resent))
    })
    .await;
}

#[tokio::test]
async fn an_accepted_invitation_is_not_revoked() {
    let there = ok("organization_invitations/one");
    for (name, answers) in [
        ("neutral_revoke", vec![home(), there.clone(), ok("organizations/confirmed")]),
        ("neutral_revoke_accepted", vec![home(), ok("account/accepted")]),
        ("neutral_revoke_elsewhere", vec![home(), ok("organization_invitations/elsewhere")]),
        ("neutral_revoke_none", vec![home(), refusal("404_resource")]),
        ("neutral_revoke_gone_meanwhile", vec![home(), there, refusal("404_resource")]),
    ] {
        run(name, answers, async |koyeb| {
            koyeb.revoke_invitation(&id(ORG), &invitation()).await.map(|()| "revoked".into())
        })
        .await;
    }
}

#[tokio::test]
async fn answering() {
    let answer = async |koyeb: KoyebProvider, answer| {
        let answered = koyeb.respond_to_invitation(&InvitationRef::new(id(ORG), invitation()), answer).await;
        answered.map(|answered| json(&answered))
    };
    let accept = async |koyeb| answer(koyeb, Answer::Accept).await;
    let decline = async |koyeb| answer(koyeb, Answer::Decline).await;
    run("accept", [ok("account/accepted")], accept).await;
    run("decline", [ok("account/declined")], decline).await;
    run("accept_confirmed_otherwise", [ok("account/declined")], accept).await;
    run("accept_not_mine", [refusal("404_resource")], accept).await;
    run("accept_refused", [refusal("403_locked"), ok("organization_invitations/one")], accept).await;
    run("accept_lost_and_found", [Canned::empty(502), ok("account/accepted")], accept).await;
    run("decline_lost_and_found", [Canned::json(200, "{"), ok("account/declined")], decline).await;
    run("accept_lost_and_waiting", [Canned::empty(502), ok("organization_invitations/one")], accept).await;
    run("accept_lost_and_declined", [Canned::empty(502), ok("account/declined")], accept).await;
    run("accept_lost_twice", [Canned::empty(502), Canned::empty(502)], accept).await;
    run("accept_expired", [refusal("400_precondition"), ok("account/expired")], accept).await;
    run("accept_again", [refusal("400_precondition"), ok("account/accepted")], accept).await;
    run("accept_again_in_other_words", [refusal("400_bare"), ok("account/declined")], accept).await;
}
