//! What takes Jaqpot more than one call.

use std::time::Duration;

use futures_util::StreamExt;
use insta::assert_snapshot;
use orgport_core::http::HttpSettings;
use orgport_core::{
    Answer, ErrorKind, InvitationId, InvitationRef, Invitations, InviteOutcome, Members, NewInvitation,
    NewOrganization, OrganizationUpdate, Organizations, Reach,
};
use orgport_jaqpot::{JaqpotClient, JaqpotProvider};
use orgport_tests::wire::{Canned, Wire};

use super::{
    ORG, Report, UUID, answer, client, client_with, email, ok, org, play, provider, told, uuid, whole,
};

fn accepted() -> Canned {
    Canned::json(200, "{}")
}

fn lost() -> Canned {
    answer(502, "errors/502_page.html")
}

fn missing() -> Canned {
    answer(404, "errors/404_line_b.json")
}

#[tokio::test]
async fn creating_reads_back_by_name() {
    let mut report = Report::default();
    let new = NewOrganization::new(ORG).with_description("Toxicity of small molecules");
    let create = async |provider: JaqpotProvider| provider.create_organization(new.clone()).await;
    for (title, answers) in [
        ("made", vec![Canned::empty(201), ok("organization/line_b.json")]),
        ("made and not read back", vec![Canned::empty(201), missing()]),
        ("taken", vec![answer(400, "errors/400_name_taken.json")]),
        ("answer lost", vec![lost()]),
    ] {
        let (sent, made) = play(answers, create).await;
        report.add(title, sent);
        report.neutral("outcome", [made.map(whole)]);
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn updating_repeats_what_was_read() {
    let mut report = Report::default();
    for (title, update, answers) in [
        (
            "name",
            OrganizationUpdate::new().with_name("delta-works"),
            vec![ok("organization/line_b.json"), ok("organization/renamed.json")],
        ),
        (
            "description",
            OrganizationUpdate::new().with_description("Now with solvents"),
            vec![ok("organization/line_b.json"), ok("organization/described.json")],
        ),
        (
            "name taken",
            OrganizationUpdate::new().with_name("delta-works"),
            vec![ok("organization/line_b.json"), answer(409, "errors/409_line_b.json")],
        ),
        ("nothing", OrganizationUpdate::new(), vec![missing()]),
        ("no organization", OrganizationUpdate::new().with_name("delta-works"), vec![missing()]),
        (
            "fields not shown",
            OrganizationUpdate::new().with_name("delta-works"),
            vec![ok("organization/bare.json")],
        ),
    ] {
        let run = async |provider: JaqpotProvider| provider.update_organization(&org(), update).await;
        let (sent, updated) = play(answers, run).await;
        report.add(title, sent);
        report.neutral("outcome", [updated.map(whole)]);
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn names_that_the_vendor_does_not_take_are_not_sent() {
    let long = "x".repeat(201);
    for name in ["", "ab", "a b c", "naïve", "a/b/c", "abc\n", "ab.c", &long] {
        let wire = Wire::answering([missing()]).await;
        let provider = provider(&wire);
        let created = provider.create_organization(NewOrganization::new(name)).await.expect_err(name);
        let renamed = OrganizationUpdate::new().with_name(name);
        let renamed = provider.update_organization(&org(), renamed).await.expect_err(name);
        assert_eq!([created.kind(), renamed.kind()], [ErrorKind::InvalidInput; 2], "{name:?}");
        assert!(wire.received().is_empty(), "{name:?}");
    }
}

#[tokio::test]
async fn a_name_that_means_another_organization_is_a_conflict() {
    let wire = Wire::answering([
        ok("organization/line_b.json"),
        ok("organization/other_number.json"),
        ok("organization/other_number.json"),
        missing(),
        ok("organization/other_number.json"),
    ])
    .await;
    let provider = provider(&wire);
    provider.get_organization(&org()).await.expect("the first one");
    let get = provider.get_organization(&org()).await.expect_err("another one");
    let members = provider.list_members(&org(), None).await.expect_err("still another one");
    assert_eq!([get.kind(), members.kind()], [ErrorKind::Conflict; 2]);
    assert_snapshot!(told(&get));
    provider.get_organization(&org()).await.expect_err("gone");
    provider.get_organization(&org()).await.expect("a name that was free in between is a new one");
}

#[tokio::test]
async fn a_rename_takes_the_number_along() {
    let wire = Wire::answering([
        ok("organization/line_b.json"),
        ok("organization/renamed.json"),
        ok("invitation/pending.json"),
        accepted(),
        ok("invitation/moved.json"),
    ])
    .await;
    let provider = provider(&wire);
    let update = OrganizationUpdate::new().with_name("delta-works");
    let renamed = provider.update_organization(&org(), update).await.expect("renamed").id;
    provider.resend_invitation(&renamed, &uuid()).await.expect("resent");
    let lines: Vec<_> = wire.received().into_iter().map(|request| request.line).collect();
    assert_eq!(lines[2], format!("GET /v1/organizations/delta-works/invitations/{UUID}"));
    assert_eq!(lines[3], format!("POST /v1/organizations/7301/invitations/{UUID}/resend"));
}

#[tokio::test]
async fn a_missing_invitation_is_told_from_a_missing_organization() {
    let mut report = Report::default();
    for (title, second) in [
        ("organization there", ok("organization/line_b.json")),
        ("organization private", Canned::empty(403)),
        ("organization missing", missing()),
        ("second read fails", answer(500, "errors/500_line_b.json")),
    ] {
        let get = async |provider: JaqpotProvider| provider.get_invitation(&org(), &uuid()).await;
        let (sent, found) = play([missing(), second], get).await;
        report.add(title, sent);
        report.debug("outcome", &found);
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn resending_shows_the_new_expiry() {
    let mut report = Report::default();
    let before = || [ok("invitation/pending.json"), ok("organization/line_b.json")];
    for (title, rest) in [
        ("resent", vec![accepted(), ok("invitation/moved.json")]),
        ("resent and not read back", vec![accepted(), answer(500, "errors/500_line_b.json")]),
        ("something else in the response", vec![Canned::json(200, "[]"), ok("invitation/moved.json")]),
        ("answer lost, expiry moved", vec![lost(), ok("invitation/moved.json")]),
        (
            "answer lost, expiry moved late",
            vec![lost(), ok("invitation/pending.json"), ok("invitation/moved.json")],
        ),
        ("answer lost, expiry stays", vec![lost(), ok("invitation/pending.json")]),
        ("answer lost, look fails", vec![lost(), answer(500, "errors/500_line_b.json")]),
        ("answered meanwhile", vec![answer(400, "errors/400_answered_already.json")]),
        ("not found by number", vec![missing()]),
    ] {
        let resend = async |provider: JaqpotProvider| provider.resend_invitation(&org(), &uuid()).await;
        let (sent, outcome) = play(before().into_iter().chain(rest), resend).await;
        report.add(title, sent);
        report.neutral("outcome", [outcome.map(whole)]);
    }
    let resend = async |provider: JaqpotProvider| provider.resend_invitation(&org(), &uuid()).await;
    let (sent, refused) = play([ok("invitation/accepted.json")], resend).await;
    report.add("answered before", sent);
    report.debug("outcome", &refused);
    let malformed = InvitationId::new("not-a-uuid").expect("not empty");
    let resend = async |provider: JaqpotProvider| provider.resend_invitation(&org(), &malformed).await;
    let (sent, refused) = play([missing()], resend).await;
    report.add("malformed", sent);
    report.debug("outcome", &refused);
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn answering_repeats_what_was_read() {
    let mut report = Report::default();
    let before = || ok("invitation/pending.json");
    for (title, answer, answers) in [
        ("accepted", Answer::Accept, vec![before(), ok("invitation/accepted.json")]),
        ("declined", Answer::Decline, vec![before(), ok("invitation/rejected.json")]),
        ("another answer confirmed", Answer::Decline, vec![before(), ok("invitation/accepted.json")]),
        ("nothing confirmed", Answer::Accept, vec![before(), before()]),
        ("lost, done", Answer::Accept, vec![before(), lost(), ok("invitation/accepted.json")]),
        ("lost, done late", Answer::Accept, vec![before(), lost(), before(), ok("invitation/accepted.json")]),
        ("lost, not done", Answer::Accept, vec![before(), lost(), before()]),
        ("lost, answered otherwise", Answer::Accept, vec![before(), lost(), ok("invitation/rejected.json")]),
        ("already answered", Answer::Accept, vec![ok("invitation/accepted.json")]),
        (
            "expired",
            Answer::Accept,
            vec![ok("invitation/expired.json"), answer(400, "errors/400_expired.json")],
        ),
        ("somebody else's", Answer::Accept, vec![before(), answer(400, "errors/400_wrong_person.json")]),
    ] {
        let to = InvitationRef::new(org(), uuid());
        let respond = async |provider: JaqpotProvider| provider.respond_to_invitation(&to, answer).await;
        let (sent, answered) = play(answers, respond).await;
        report.add(title, sent);
        let outcome = answered.map(|answered| {
            format!(
                "{}, {:?}, {:?}",
                answered.status,
                answered.organization_id,
                answered.invitation.map(|now| now.status)
            )
        });
        report.debug("outcome", &outcome);
    }
    let nowhere = InvitationRef::by_id(uuid());
    let respond =
        async |provider: JaqpotProvider| provider.respond_to_invitation(&nowhere, Answer::Accept).await;
    let (sent, refused) = play([missing()], respond).await;
    report.add("no organization", sent);
    report.debug("outcome", &refused);
    let token = InvitationRef::by_token(email("ines@people.example"), "t".into());
    let respond =
        async |provider: JaqpotProvider| provider.respond_to_invitation(&token, Answer::Accept).await;
    let (sent, refused) = play([missing()], respond).await;
    report.add("by token", sent);
    report.debug("outcome", &refused);
    assert_snapshot!(report.0);
}

/// The lists of an organization with these invitations.
fn look(invitations: &str) -> [Canned; 2] {
    [ok(invitations), ok("organization/line_b.json")]
}

#[tokio::test]
async fn inviting_looks_before_and_after() {
    let mut report = Report::default();
    let empty = || look("invitations/empty.json");
    for (title, answers) in [
        ("invited", [&empty()[..], &[accepted()], &look("invitations/line_b.json")].concat()),
        ("accepted and not made", [&empty()[..], &[accepted()], &empty()].concat()),
        ("refused", [&empty()[..], &[answer(400, "errors/400_validation.json")], &empty()].concat()),
        ("not allowed", vec![Canned::empty(403)]),
        ("answer lost, made", [&empty()[..], &[lost()], &look("invitations/line_b.json")].concat()),
        ("invited before", vec![ok("invitations/line_b.json")]),
        ("list not readable", [look("invitations/odd.json"), look("invitations/odd.json")].concat()),
    ] {
        // `odd.json` has no live invitation of this address and rows that cannot be read.
        let to = NewInvitation::to(email("ines@people.example"));
        let invite = async |provider: JaqpotProvider| provider.invite(&org(), to).await;
        let (sent, outcome) = play(answers, invite).await;
        report.add(title, sent);
        report.debug(
            "outcome",
            &outcome.map(|outcome| format!("{} via {:?}", outcome.as_str(), outcome.via())),
        );
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn the_creator_and_members_are_not_invited() {
    for address in ["mara@delta.example", "LEA@people.example"] {
        let to = NewInvitation::to(email(address));
        let invite = async |provider: JaqpotProvider| provider.invite(&org(), to).await;
        let (_, outcome) = play(look("invitations/empty.json"), invite).await;
        assert!(matches!(outcome.expect("a member"), InviteOutcome::AlreadyMember(..)), "{address}");
    }
}

#[tokio::test]
async fn eleven_addresses_take_two_calls() {
    let people: Vec<_> =
        (0..11).map(|number| NewInvitation::to(email(&format!("p{number}@people.example")))).collect();
    let answers =
        [&look("invitations/empty.json")[..], &[accepted(), accepted()], &look("invitations/empty.json")];
    let invite =
        async |provider: JaqpotProvider| provider.invite_many(&org(), people).collect::<Vec<_>>().await;
    let (sent, outcomes) = play(answers.concat(), invite).await;
    let mut counts: Vec<_> =
        sent.lines().filter(|line| line.starts_with("POST")).map(|line| line.matches('@').count()).collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 10]);
    assert!(
        outcomes
            .iter()
            .all(|(_, outcome)| outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::Protocol))
    );
}

#[tokio::test]
async fn limits_are_kept_without_asking() {
    let wire = Wire::answering([accepted()]).await;
    let client = client(&wire);
    let invite = async |client: &JaqpotClient| client.create_invitations(ORG, &["ines@people.example"]).await;
    for call in 0..4 {
        invite(&client).await.unwrap_or_else(|error| panic!("call {call} passes: {error}"));
    }
    let fifth = invite(&client).await.expect_err("the fifth would be refused");
    assert_eq!((fifth.kind(), fifth.reach()), (ErrorKind::RateLimited, Reach::NotSent));
    assert_eq!(fifth.retry_after(), Some(Duration::from_mins(2)));
    assert_eq!(wire.received().len(), 4);
    let before = client.transport().clock().elapsed();
    invite(&client.with_transport(client.transport().patient())).await.expect("a patient one waits");
    assert_eq!(client.transport().clock().elapsed(), before + Duration::from_mins(2));
    client.resend_invitation(7301, UUID).await.expect("another endpoint has its own limit");
}

#[tokio::test]
async fn a_refusal_costs_two_tokens_and_no_call_in_between() {
    let wire = Wire::answering([answer(429, "errors/429_limit.json"), accepted()]).await;
    let client = client_with(&wire, HttpSettings::default());
    let refused = client.create_invitations(ORG, &["ines@people.example"]).await.expect_err("no room");
    assert_eq!((refused.kind(), refused.reach()), (ErrorKind::RateLimited, Reach::NotSent));
    assert_eq!(refused.retry_after(), Some(Duration::from_mins(4)));
    let before = client.transport().clock().elapsed();
    client
        .with_transport(client.transport().patient())
        .create_invitations(ORG, &["ines@people.example"])
        .await
        .expect("it waits");
    assert_eq!(client.transport().clock().elapsed(), before + Duration::from_mins(4));
    assert_eq!(wire.received().len(), 2);
}

#[tokio::test]
async fn what_other_programs_used_is_learnt() {
    // Two tokens are left, and one of them is refused.
    let wire = Wire::answering([accepted().header("x-rate-limit-remaining", "2")]).await;
    let client = client(&wire);
    let invite = async |client: &JaqpotClient| client.create_invitations(ORG, &["ines@people.example"]).await;
    invite(&client).await.expect("passes");
    invite(&client).await.expect("passes");
    let third = invite(&client).await.expect_err("would be refused");
    assert_eq!(third.retry_after(), Some(Duration::from_mins(2)));
}

#[tokio::test]
async fn read_only_reads_and_writes_nothing() {
    let wire = Wire::answering(look("invitations/empty.json")).await;
    let provider = provider(&wire).read_only();
    let to = NewInvitation::to(email("ines@people.example"));
    let invite = provider.invite(&org(), to).await.expect_err("a write");
    let create = provider.create_organization(NewOrganization::new("delta-two")).await.expect_err("a write");
    let typed =
        provider.client().create_invitations(ORG, &["ines@people.example"]).await.expect_err("a write");
    assert_eq!([invite.kind(), create.kind(), typed.kind()], [ErrorKind::ReadOnly; 3]);
    assert!(wire.received().is_empty(), "refused before anything is sent");
    provider.get_organization(&org()).await.expect_err("another list came, for what is a read");
    assert_eq!(wire.received().len(), 1);
}
