//! What inviting sends, and how it is settled.

use super::*;

fn outcome(outcome: &InviteOutcome) -> Value {
    whole(outcome)
}

fn none() -> Canned {
    ok("list_invitations", "none.json")
}

async fn invite(answers: impl IntoIterator<Item = Canned>, new: NewInvitation) -> String {
    neutral(answers, async |p| Ok(outcome(&p.invite(&mill(), new).await?))).await
}

#[tokio::test]
async fn looks_sends_and_learns_the_id_by_looking_again() {
    let answers =
        [none(), ok("list_members", "three.json"), Canned::empty(200), ok("list_invitations", "two.json")];
    insta::assert_snapshot!(invite(answers, NewInvitation::to(email("yuki@ink.example"))).await);
}

#[tokio::test]
async fn somebody_who_waits_or_is_in_sends_nothing() {
    let waits = NewInvitation::to(email("YUKI@ink.example"));
    insta::assert_snapshot!(invite([ok("list_invitations", "two.json")], waits).await);
    let is_in = NewInvitation::to(email("tomasz.wilk@paper.example"));
    insta::assert_snapshot!(invite([none(), ok("list_members", "three.json")], is_in).await);
}

#[tokio::test]
async fn an_empty_refusal_is_sent_once_and_says_what_to_do() {
    let nobody = || Canned::json(200, "[]");
    for (status, word) in [(403, "no right to do this"), (402, ""), (400, "")] {
        let look = || [none(), nobody()];
        let answers = look().into_iter().chain([Canned::empty(status)]).chain(look());
        let wire = Wire::answering(answers).await;
        let new = NewInvitation::to(email("yuki@ink.example"));
        let error = provider(&wire).invite(&mill(), new).await.expect_err("refused");
        assert!(!error.is_retryable() && error.to_string().contains(word), "{error}");
        let posts = wire.received().iter().filter(|request| request.line.starts_with("POST")).count();
        assert_eq!((error.status(), posts), (Some(status), 1), "{error}");
    }
}

#[tokio::test]
async fn an_account_that_joins_at_once_is_seen() {
    let nobody = || Canned::json(200, "[]");
    let answers = [none(), nobody(), Canned::empty(200), none(), ok("list_members", "three.json")];
    insta::assert_snapshot!(invite(answers, NewInvitation::to(email("ngozi@paper.example"))).await);
}

#[tokio::test]
async fn what_shows_nowhere_is_ambiguous_and_sent_once() {
    let text =
        invite([none(), none(), Canned::empty(200), none()], NewInvitation::to(email("a@b.example"))).await;
    assert_eq!(text.matches("POST ").count(), 1, "{text}");
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn a_member_whose_row_is_unreadable_is_not_invited() {
    let answers = [none(), ok("list_members", "odd_rows.json"), none(), ok("list_members", "odd_rows.json")];
    let text = invite(answers, NewInvitation::to(email("noid@paper.example"))).await;
    assert!(!text.contains("POST "), "{text}");
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn with_a_role_is_refused_before_sending() {
    let new = NewInvitation::to(email("a@b.example")).with_role(Role::Member);
    insta::assert_snapshot!(invite([none()], new).await);
}

#[tokio::test]
async fn somebody_again_deletes_the_old_invitation_and_drops_its_roles() {
    let old = || ok("list_invitations", "two.json");
    let new = r#"[{"id": "new-id", "email": "zoe+mill@ink.example", "roles": []}]"#;
    let answers = [old(), Canned::empty(200), none(), none(), Canned::empty(200), Canned::json(200, new)];
    let id = InvitationId::new("d9f2e3a4-1c5b-46a7-9e8f-2a3b4c5d6e72").expect("not empty");
    let resend = async |p: &NuExtractProvider| Ok(whole(p.resend_invitation(&mill(), &id).await?));
    insta::assert_snapshot!(neutral(answers, resend).await);
}
