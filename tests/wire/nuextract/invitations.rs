//! Invitations: what the calls send, and what the operations make of them.

use orgport_core::{InvitationFilter, InvitationId, InvitationStatus, Invitations, NewInvitation, Role};
use orgport_nuextract::{NuExtractClient, NuExtractProvider};
use orgport_tests::wire::{Canned, Wire, fixture, whole};
use serde_json::{Value, json};

use super::{MILL, email, invite, mill, neutral, ok, provider, rows, typed};

fn none() -> Canned {
    ok("list_invitations", "none.json")
}

#[tokio::test]
async fn invite_member() {
    let call = async |c: &NuExtractClient| c.invite_member(MILL, "Yuki+1@Ink.example").await;
    insta::assert_snapshot!(typed(Canned::empty(200), call).await);
}

#[tokio::test]
async fn list_invitations() {
    let answer = ok("list_invitations", "two.json");
    insta::assert_snapshot!(typed(answer, async |c| c.list_invitations(MILL).await).await);
}

#[tokio::test]
async fn delete_invitation() {
    let call = async |c: &NuExtractClient| c.delete_invitation(MILL, "invitation-1").await;
    insta::assert_snapshot!(typed(Canned::empty(200), call).await);
}

#[tokio::test]
async fn inviting_looks_sends_and_learns_the_id_by_looking_again() {
    let answers =
        [none(), ok("list_members", "three.json"), Canned::empty(200), ok("list_invitations", "two.json")];
    insta::assert_snapshot!(invite(answers, NewInvitation::to(email("yuki@ink.example"))).await);
}

#[tokio::test]
async fn inviting_somebody_who_waits_or_is_in_sends_nothing() {
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
async fn inviting_with_a_role_is_refused_before_sending() {
    let new = NewInvitation::to(email("a@b.example")).with_role(Role::Member);
    insta::assert_snapshot!(invite([none()], new).await);
}

#[tokio::test]
async fn resending_deletes_the_old_invitation_and_drops_its_roles() {
    let old = || ok("list_invitations", "two.json");
    let new = r#"[{"id": "new-id", "email": "zoe+mill@ink.example", "roles": []}]"#;
    let answers = [old(), Canned::empty(200), none(), none(), Canned::empty(200), Canned::json(200, new)];
    let id = InvitationId::new("d9f2e3a4-1c5b-46a7-9e8f-2a3b4c5d6e72").expect("not empty");
    let resend = async |p: &NuExtractProvider| Ok(whole(p.resend_invitation(&mill(), &id).await?));
    insta::assert_snapshot!(neutral(answers, resend).await);
}

#[tokio::test]
async fn are_listed_as_pending() {
    let list = async |p: &NuExtractProvider| {
        let page = p.list_invitations(&mill(), &InvitationFilter::all(), None).await?;
        Ok(rows(page, whole))
    };
    insta::assert_snapshot!(neutral([ok("list_invitations", "two.json")], list).await);
    insta::assert_snapshot!(neutral([ok("list_invitations", "odd_rows.json")], list).await);
}

#[tokio::test]
async fn are_found_by_address_in_any_case() {
    let list = async |p: &NuExtractProvider| {
        let filter = InvitationFilter::pending().with_email(email("yuki@ink.EXAMPLE"));
        Ok(rows(p.list_invitations(&mill(), &filter, None).await?, |row| json!(row.id)))
    };
    insta::assert_snapshot!(neutral([ok("list_invitations", "two.json")], list).await);
}

#[tokio::test]
async fn that_were_accepted_are_not_shown_and_cannot_be_asked_for() {
    let list = async |p: &NuExtractProvider| {
        let filter = InvitationFilter::all().with_status(InvitationStatus::Accepted);
        Ok(rows(p.list_invitations(&mill(), &filter, None).await?, whole))
    };
    insta::assert_snapshot!(neutral([ok("list_invitations", "two.json")], list).await);
}

#[tokio::test]
async fn that_are_gone_are_not_told_apart() {
    let gone = InvitationId::new("gone").expect("not empty");
    let get = async |p: &NuExtractProvider| Ok(whole(p.get_invitation(&mill(), &gone).await?));
    insta::assert_snapshot!(neutral([ok("list_invitations", "two.json")], get).await);
    let revoke = async |p: &NuExtractProvider| {
        p.revoke_invitation(&mill(), &gone).await?;
        Ok(Value::Null)
    };
    let missing = Canned::json(404, fixture("nuextract/errors/missing_404.json"));
    insta::assert_snapshot!(neutral([missing], revoke).await);
}
