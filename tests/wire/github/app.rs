//! A GitHub App: its proof, its tokens, and that its key is not shown.

use std::fmt::Write as _;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use orgport_core::config::AuthConfig;
use orgport_core::{Clock, Error, ErrorKind, ManualClock, Members, Organizations, Timestamp};
use orgport_github::{Credential, GitHubProvider, GitHubSettings};
use orgport_tests::wire::{Canned, Wire, fixture};
use serde_json::Value;

use super::{NOW, ORG, client, config, exchange, id, ok, refusal, snapshot, told};

/// The key of the simulator, which opens nothing.
const KEY: &str = include_str!("../../../crates/sandbox/src/github/app.pem");

fn settings() -> GitHubSettings {
    GitHubSettings::default().installation(777)
}

fn granted(name: &str) -> Canned {
    Canned::json(201, fixture(&format!("github/app/{name}.json")))
}

fn app(wire: &Wire, key: &str, settings: GitHubSettings) -> Result<GitHubProvider, Error> {
    GitHubProvider::new(config(wire).auth(AuthConfig::key_pair("424242", key)), settings)
}

fn authorization(wire: &Wire, request: usize) -> String {
    let request = &wire.received()[request];
    let header = request.headers.iter().find(|(name, _)| name == "authorization").expect("one");
    header.1.trim_start_matches("Bearer ").to_owned()
}

#[tokio::test]
async fn calls_of_the_app() {
    exchange("get_installation", "app/installation", async |github| github.get_installation(777).await).await;
    exchange("get_installation_of_an_enterprise", "app/enterprise", async |github| {
        github.get_installation(778).await
    })
    .await;
    exchange("create_installation_token", "app/token", async |github| {
        github.create_installation_token(777).await
    })
    .await;
    exchange("broken_installation_token", "app/broken_token", async |github| {
        github.create_installation_token(777).await
    })
    .await;
}

#[tokio::test]
async fn the_apps_proof_is_signed_and_short_lived() {
    let wire = Wire::answering([granted("token"), ok("organizations/one")]).await;
    let github = app(&wire, KEY, settings()).expect("valid");
    github.get_organization(&id(ORG)).await.expect("found");
    let proof = authorization(&wire, 0);
    let parts: Vec<_> = proof.split('.').collect();
    let read = |part: &str| -> Value {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64url");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    assert_eq!(read(parts[0])["alg"], "RS256");
    let now = Timestamp::parse(NOW).expect("valid").unix_seconds();
    let claims = read(parts[1]);
    assert_eq!(claims["iss"], "424242");
    assert_eq!(claims["iat"], now - 60);
    assert_eq!(claims["exp"], now + 540);
    assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(parts[2]).expect("base64url").len(), 256);
    assert_eq!(authorization(&wire, 1), "ghs_424242_the-installations-token");
    let sent: Vec<_> = wire.received().iter().map(ToString::to_string).collect();
    snapshot("app_token", &sent.join("\n"));
}

#[tokio::test]
async fn a_token_is_used_until_shortly_before_its_end() {
    let start = Timestamp::parse(NOW).expect("valid");
    let clock = std::sync::Arc::new(ManualClock::new(start));
    let wire = Wire::answering([
        granted("token"),
        ok("members/owners"),
        ok("members/owners"),
        granted("next_token"),
        ok("members/owners"),
    ])
    .await;
    let config = config(&wire).auth(AuthConfig::key_pair("424242", KEY)).clock(clock.clone());
    let github = GitHubProvider::new(config, settings()).expect("valid");
    for wait in [Duration::ZERO, Duration::from_mins(58), Duration::from_mins(3)] {
        clock.sleep(wait).await;
        github.list_members(&id(ORG), None).await.expect("a list");
    }
    let tokens: Vec<_> = (0..5).map(|request| authorization(&wire, request)).collect();
    assert_eq!(tokens[1], tokens[2]);
    assert_eq!(tokens[4], "ghs_424242_the-next-token");
}

#[tokio::test]
async fn a_refused_proof_says_what_to_check() {
    let mut text = String::new();
    for (name, answer) in [
        ("401", refusal("401_credentials")),
        ("404", refusal("404_not_found")),
        ("500", refusal("500_own")),
        ("a token that cannot be read", granted("broken_token")),
    ] {
        let wire = Wire::answering([answer]).await;
        let error = app(&wire, KEY, settings()).expect("valid").list_members(&id(ORG), None).await;
        let told = told(&error.expect_err("no token"));
        assert!(!told.contains("ghs_") && !told.contains("eyJ"), "{told}");
        writeln!(text, "{name}: {told}\n").expect("memory");
    }
    snapshot("app_refused", &text);
}

#[tokio::test]
async fn what_cannot_be_an_app_is_refused_at_once() {
    let wire = Wire::answering([ok("organizations/one")]).await;
    let body = KEY.lines().nth(3).expect("the key has lines");
    let mut text = String::new();
    for (name, key, settings) in [
        ("no PEM", "secret", settings()),
        ("half a key", &KEY[..400], settings()),
        ("a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", settings()),
        ("an empty key", "-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n", settings()),
        ("no installation", KEY, GitHubSettings::default()),
        ("a person", KEY, settings().credential(Credential::User)),
    ] {
        let error = app(&wire, key, settings).expect_err(name);
        assert_eq!(error.kind(), ErrorKind::Config, "{name}");
        assert!(!error.to_string().contains(body), "{name}");
        writeln!(text, "{name}: {error}").expect("memory");
    }
    let error = GitHubProvider::new(config(&wire), settings()).expect_err("a token has no installation");
    writeln!(text, "a token: {error}").expect("memory");
    snapshot("app_configuration", &text);
    assert_eq!(wire.received().len(), 0);
}

#[tokio::test]
async fn the_key_is_shown_nowhere() {
    let wire = Wire::answering([ok("organizations/one")]).await;
    let github = app(&wire, KEY, settings()).expect("valid");
    let shown = format!("{github:?} {:?} {:?}", github.client(), client(&wire));
    for line in KEY.lines().filter(|line| !line.starts_with("-----")) {
        assert!(!shown.contains(line), "{shown}");
    }
}
