//! What refusals and broken responses become.

use std::fmt::Write as _;

use orgport_core::Operation;
use orgport_tests::wire::{Canned, Wire, fixture};

use super::{INVITATION, ORG, client, invite, refusal, refused, snapshot};

async fn get(answer: Canned) -> String {
    refused(answer, Operation::GetInvitation, async |koyeb| koyeb.get_invitation(INVITATION).await).await
}

#[tokio::test]
async fn each_refusal_of_a_read() {
    let mut text = String::new();
    for name in [
        "400_bare",
        "400_id",
        "401_token",
        "401_rejected",
        "403_locked",
        "403_denied",
        "404_resource",
        "404_gateway",
        "429_json",
        "500_own",
        "500_gateway",
        "503_own",
    ] {
        writeln!(text, "{name}: {}\n", get(refusal(name)).await).expect("memory");
    }
    snapshot("refused_reads", &text);
}

#[tokio::test]
async fn each_refusal_of_a_write() {
    let mut text = String::new();
    for name in [
        "400_field",
        "400_fields",
        "400_already_field",
        "400_already_message",
        "400_precondition",
        "402_plan",
        "409_conflict",
        "409_already",
        "429_json",
        "500_own",
        "500_gateway",
        "503_own",
    ] {
        writeln!(text, "{name}: {}\n", invite(refusal(name)).await).expect("memory");
    }
    snapshot("refused_writes", &text);
}

#[tokio::test]
async fn responses_that_are_not_the_vendors() {
    let page = fixture("koyeb/errors/502_page.html");
    let html = |status| Canned::empty(status).header("content-type", "text/html");
    let mut text = String::new();
    for (name, answer) in [
        ("429 without JSON", Canned::text(429, fixture("koyeb/errors/429_text.txt"))),
        ("502 page", Canned::text(502, page).header("server", "gateway")),
        ("403 page", html(403)),
        ("403 of a strange form", refusal("403_odd")),
        ("404 without a body", Canned::empty(404)),
        ("504 without a body", Canned::empty(504)),
        ("418 of an array", Canned::json(418, "[]")),
        ("200 page", html(200)),
        ("200 of half an answer", Canned::json(200, r#"{"invitation":{"id":"#)),
        ("200 of another thing", Canned::json(200, r#"{"organization":{"id":"x"}}"#)),
        ("302", Canned::empty(302).header("location", "https://elsewhere.example/")),
    ] {
        writeln!(text, "{name}, read: {}\n", get(answer.clone()).await).expect("memory");
        writeln!(text, "{name}, write: {}\n", invite(answer).await).expect("memory");
    }
    snapshot("strange_answers", &text);
}

#[tokio::test]
async fn hints_follow_the_call() {
    let mut text = String::new();
    let mut add = |name: &str, told: String| writeln!(text, "{name}: {told}\n").expect("memory");
    let told = refused(refusal("404_resource"), Operation::RespondToInvitation, async |koyeb| {
        koyeb.accept_invitation(INVITATION).await
    });
    add("404 to the invited person", told.await);
    let told =
        refused(refusal("403_denied"), Operation::ListOrganizations, async |koyeb| koyeb.profile(None).await);
    add("403 about an account", told.await);
    let told = refused(refusal("400_already_message"), Operation::CreateOrganization, async |koyeb| {
        koyeb.create_organization("taken").await
    });
    add("a name that is taken", told.await);
    let told = refused(refusal("400_id"), Operation::CreateOrganization, async |koyeb| {
        koyeb.create_organization("no-id-in-the-path").await
    });
    add("an id that was not asked for", told.await);
    let told = refused(refusal("403_denied"), Operation::ListMembers, async |koyeb| {
        koyeb.create_access_token(ORG, None).await
    });
    add("words that could hold a token", told.await);
    snapshot("hints", &text);
}

#[tokio::test]
async fn a_used_up_limit_says_when_it_is_fresh() {
    let wire = Wire::answering([refusal("429_json").header("x-ratelimit-reset", "42")]).await;
    let error = client(&wire).profile(None).await.expect_err("one attempt");
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(42)));
}
