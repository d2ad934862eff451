//! What refusals and broken responses become.

use std::fmt::Write as _;

use orgport_core::Operation;
use orgport_tests::wire::{Canned, fixture};

use super::{ORG, invite, refusal, refused, snapshot};

async fn get(answer: Canned) -> String {
    refused(answer, Operation::GetOrganization, async |github| github.get_organization(ORG).await).await
}

#[tokio::test]
async fn each_refusal_of_a_read() {
    let mut text = String::new();
    for name in [
        "400_json",
        "401_credentials",
        "403_owner",
        "403_integration",
        "403_odd",
        "404_not_found",
        "410_version",
        "500_own",
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
        "403_owner",
        "403_second_factor",
        "404_not_found",
        "409_conflict",
        "422_member_address",
        "422_member_account",
        "422_daily",
        "422_seat",
        "422_blocked",
        "422_bare",
        "422_texts",
        "422_field",
        "451_trade",
        "500_own",
        "503_own",
    ] {
        writeln!(text, "{name}: {}\n", invite(refusal(name)).await).expect("memory");
    }
    snapshot("refused_writes", &text);
}

#[tokio::test]
async fn a_403_says_why_in_its_headers() {
    let url = "https://github.com/orgs/acme/sso?authorization_request=AZSCKtL4U8yX1H3sCQIVnVgmjmon5fWxks5YrqhJgah0b2tlbl9pZM4EuMz4";
    let mut text = String::new();
    for (name, answer) in [
        ("single sign-on", refusal("403_sso").header("x-github-sso", &format!("required; url={url}"))),
        ("single sign-on without a way", refusal("403_sso").header("x-github-sso", "required")),
        (
            "a permission",
            refusal("403_integration")
                .header("x-accepted-github-permissions", "members=write; administration=write"),
        ),
        (
            "a scope",
            refusal("403_owner")
                .header("x-oauth-scopes", "read:org, user")
                .header("x-accepted-oauth-scopes", "admin:org"),
        ),
        (
            "no scope at all",
            refusal("403_owner")
                .header("x-oauth-scopes", "")
                .header("x-accepted-oauth-scopes", "admin:org, repo"),
        ),
        (
            "the right scope, and no owner",
            refusal("403_owner")
                .header("x-oauth-scopes", "repo, admin:org")
                .header("x-accepted-oauth-scopes", "admin:org"),
        ),
    ] {
        writeln!(text, "{name}: {}\n", invite(answer).await).expect("memory");
    }
    assert!(text.contains(url), "{text}");
    snapshot("denied", &text);
}

#[tokio::test]
async fn responses_that_are_not_the_vendors() {
    let page = fixture("github/errors/502_page.html");
    let html = |status| Canned::empty(status).header("content-type", "text/html");
    let mut text = String::new();
    for (name, answer) in [
        ("502 page", Canned::html(502, page)),
        ("403 page", html(403)),
        ("404 without a body", Canned::empty(404)),
        ("504 without a body", Canned::empty(504)),
        ("422 of an array", Canned::json(422, "[]")),
        (
            "422 of strange reasons",
            Canned::json(422, r#"{"message":"no","errors":[7,null,{"code":9},{"a":1}]}"#),
        ),
        ("200 page", html(200)),
        ("200 of half an answer", Canned::json(200, r#"{"id":7,"login":"#)),
        ("200 of another thing", Canned::json(200, r#"{"total_count":0}"#)),
        ("302", Canned::empty(302).header("location", "https://elsewhere.example/")),
        ("301", Canned::empty(301).header("location", "https://api.github.com/organizations/7")),
    ] {
        writeln!(text, "{name}, read: {}\n", get(answer.clone()).await).expect("memory");
        writeln!(text, "{name}, write: {}\n", invite(answer).await).expect("memory");
    }
    snapshot("strange_answers", &text);
}
