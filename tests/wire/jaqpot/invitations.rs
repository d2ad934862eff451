//! Invitations: what the calls send, and what the operations make of them.

use super::{
    ORG, Report, UUID, accepted, answer, call, client, email, look, lost, missing, ok, org, page, play, told,
    uuid,
};
use futures_util::StreamExt;
use insta::assert_snapshot;
use orgport_core::{
    Answer, ErrorKind, Invitation, InvitationFilter, InvitationId, InvitationRef, Invitations, NewInvitation,
};
use orgport_jaqpot::model::OrganizationInvitationStatus;
use orgport_jaqpot::request::UpdateInvitation;
use orgport_jaqpot::{JaqpotClient, JaqpotProvider};
use orgport_tests::wire::{Canned, Wire, fixture, whole};

#[tokio::test]
async fn list_invitations() {
    let mut report = Report::default();
    let (request, _) =
        call(ok("invitations/empty.json"), async |client| client.list_invitations(ORG).await).await;
    report.add("request", request.to_string());
    for case in ["line_b", "line_a", "odd", "empty"] {
        let file = format!("invitations/{case}.json");
        let (_, typed) = call(ok(&file), async |client| client.list_invitations(ORG).await).await;
        let typed = typed.expect("a list").value;
        report.add(
            &format!("{case}, typed"),
            format!(
                "{:#?}",
                typed.iter().map(|row| row.as_ref().map(|doc| &doc.value).map_err(told)).collect::<Vec<_>>()
            ),
        );
        let all = InvitationFilter::all();
        let list = async |provider: JaqpotProvider| provider.list_invitations(&org(), &all, None).await;
        let (_, neutral) = play([ok(&file)], list).await;
        report.neutral(&format!("{case}, neutral"), page::<Invitation>(neutral));
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn a_filter_keeps_what_was_asked_for_and_what_cannot_be_read() {
    let mut report = Report::default();
    for filter in [
        InvitationFilter::pending(),
        InvitationFilter::all().with_status(orgport_core::InvitationStatus::Expired),
        InvitationFilter::all().with_email(email("OMAR@people.example")),
    ] {
        let list = async |provider: JaqpotProvider| provider.list_invitations(&org(), &filter, None).await;
        for file in ["invitations/line_b.json", "invitations/odd.json"] {
            let (_, found) = play([ok(file)], list).await;
            let rows = found.expect("a list").items.into_iter();
            let rows = rows.map(|row| {
                row.map_or_else(
                    |error| error.kind().to_string(),
                    |row| format!("{:?} {}", row.email, row.status),
                )
            });
            report.add(&format!("{filter:?} of {file}"), rows.collect::<Vec<_>>().join("\n"));
        }
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn get_invitation() {
    let mut report = Report::default();
    let get = async |client: JaqpotClient| Ok(client.get_invitation(ORG, UUID).await?.value.value);
    let (request, _) = call(ok("invitation/pending.json"), get).await;
    report.add("request", request.to_string());
    for case in ["pending", "expired", "accepted", "rejected"] {
        let file = format!("invitation/{case}.json");
        report.debug(&format!("{case}, typed"), &call(ok(&file), get).await.1);
        let get = async |provider: JaqpotProvider| provider.get_invitation(&org(), &uuid()).await;
        report.neutral(&format!("{case}, neutral"), [play([ok(&file)], get).await.1.map(whole)]);
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn update_invitation() {
    let update = UpdateInvitation {
        id: Some(UUID.into()),
        user_id: Some("a3d0".into()),
        user_email: "ines@people.example".into(),
        status: OrganizationInvitationStatus::Rejected,
        expiration_date: "2026-05-19T08:00:00.25Z".into(),
    };
    let mut report = Report::default();
    let put =
        async |client: JaqpotClient| Ok(client.update_invitation(ORG, UUID, &update).await?.value.value);
    let (request, reply) = call(ok("invitation/rejected.json"), put).await;
    report.add("request with all members", request.to_string());
    report.debug("reply", &reply);
    let required = UpdateInvitation { id: None, user_id: None, ..update.clone() };
    let put =
        async |client: JaqpotClient| Ok(client.update_invitation(ORG, UUID, &required).await?.value.value);
    let (request, reply) = call(Canned::json(200, "[]"), put).await;
    report.add("request with the required members", request.to_string());
    report.debug("an answer of another form", &reply);
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn create_invitations() {
    let mut report = Report::default();
    let emails = ["ines@people.example", "o'mar+lab@people.example", "jürgen@bücher.example"];
    let post = async |client: JaqpotClient| client.create_invitations(ORG, &emails).await;
    let (request, reply) = call(Canned::json(200, "{}"), post).await;
    report.add("request", request.to_string());
    report.debug("200 {}", &reply);
    report.debug("201 empty, as documented", &call(Canned::empty(201), post).await.1);
    report.debug("502 page", &call(answer(502, "errors/502_page.html"), post).await.1);
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn resend_invitation() {
    let mut report = Report::default();
    let post = async |client: JaqpotClient| client.resend_invitation(7301, UUID).await;
    let (request, reply) = call(Canned::json(200, "{}"), post).await;
    report.add("request", request.to_string());
    report.debug("200 {}", &reply);
    report.debug("200 empty, as documented", &call(Canned::empty(200), post).await.1);
    report.debug("200 of another call", &call(ok("invitation/pending.json"), post).await.1);
    report.debug("200 page", &call(answer(200, "errors/502_page.html"), post).await.1);
    let wire = Wire::answering([Canned::empty(200)]).await;
    for id in [
        "",
        "x",
        "1-1-1-1-1",
        "3c9e0001-52ab-4e0d-8f17-6b1d0a94c20g",
        "{3c9e0001-52ab-4e0d-8f17-6b1d0a94c201}",
    ] {
        report.debug(&format!("{id:?}"), &client(&wire).resend_invitation(7301, id).await);
    }
    assert!(wire.received().is_empty(), "a malformed id costs no call");
    assert_snapshot!(report.0);
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
        (
            "resent and read back without a date",
            vec![
                accepted(),
                Canned::json(200, fixture("jaqpot/invitation/moved.json").replace("2026-", "soon-")),
            ],
        ),
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
