//! The credential, the configuration and the account.

use std::fmt::{Debug, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{Error, ErrorKind, Organizations, Role, Secret, SecretCell, SecretSource};
use orgport_losant::{Flags, LosantProvider, LosantSettings, MeQuery, Summary, UserCredentials};
use orgport_tests::wire::{Canned, Wire};
use serde_json::Value;

use super::{ORG, answer, client, clock, json, org, provider, requests, shown};

fn login(wire: &Wire, second_factor: Option<&str>) -> LosantProvider {
    let auth = AuthConfig::Login {
        email: "ada@example.com".into(),
        password: Some("a hidden password".into()),
        second_factor: second_factor.map(SecretCell::from),
    };
    let config = ProviderConfig::new("prod").auth(auth).base_url(wire.base_url()).clock(clock());
    LosantProvider::new(config, LosantSettings::default().domain("iot.example.com")).expect("valid")
}

/// Has another secret each time.
#[derive(Debug, Default)]
struct Vault(AtomicUsize);

#[async_trait]
impl SecretSource for Vault {
    async fn secret(&self, reference: &str, _refused: Option<&Secret>) -> Result<Secret, Error> {
        Ok(format!("{reference} {}", self.0.fetch_add(1, Ordering::SeqCst)).into())
    }
}

#[tokio::test]
async fn a_login_gets_the_token_and_again_when_it_is_refused() {
    let wire = Wire::answering([
        json("auth-user/token.json"),
        json("org-get/full.json"),
        answer(401, "errors/unauthorized.json"),
        Canned::json(200, r#"{"token":"the next"}"#),
        json("org-get/full.json"),
    ])
    .await;
    let provider = login(&wire, None);
    provider.get_organization(&org()).await.expect("logged in");
    provider.get_organization(&org()).await.expect("logged in again");
    insta::assert_snapshot!(requests(&wire));
    let tokens: Vec<_> = wire
        .received()
        .iter()
        .flat_map(|request| request.headers.clone())
        .filter(|(name, _)| name == "authorization")
        .map(|(_, value)| value)
        .collect();
    let first = "Bearer a-token-that-must-not-be-seen";
    assert_eq!(tokens, [first, first, "Bearer the next"]);
}

#[tokio::test]
async fn a_login_takes_what_a_source_has_and_again_what_it_has_after_a_refusal() {
    let wire = Wire::answering([
        answer(401, "errors/unauthorized.json"),
        json("auth-user/token.json"),
        json("org-get/full.json"),
        answer(401, "errors/unauthorized.json"),
        json("auth-user/token.json"),
        json("org-get/full.json"),
    ])
    .await;
    let auth = AuthConfig::Login {
        email: "ada@example.com".into(),
        password: Some(SecretCell::from_source("password")),
        second_factor: Some(SecretCell::from_source("code")),
    };
    let config = ProviderConfig::new("prod").auth(auth).base_url(wire.base_url()).clock(clock());
    let config = config.secret_source(Arc::new(Vault::default()));
    let provider = LosantProvider::new(config, LosantSettings::default()).expect("valid");
    for _ in 0..2 {
        provider.get_organization(&org()).await.expect("logged in");
    }
    let proofs: Vec<_> = wire
        .received()
        .iter()
        .filter(|request| request.line.starts_with("POST "))
        .map(|request| serde_json::from_str::<Value>(&request.body).expect("JSON"))
        .map(|body| format!("{}, {}", body["password"], body["twoFactorCode"]))
        .collect();
    let expected = [
        r#""password 1", "code 0""#,
        r#""password 2", "code 0""#,
        // A code works once, a password until it is refused.
        r#""password 2", "code 3""#,
    ];
    assert_eq!(proofs, expected);
}

#[tokio::test]
async fn a_refused_login_says_what_to_do_and_shows_no_secret() {
    let mut told = String::new();
    for (second_factor, refusal) in [
        (None, answer(401, "errors/unauthorized.json")),
        (Some("987654"), answer(401, "errors/unauthorized.json")),
        (None, answer(403, "errors/locked.json")),
        (None, answer(400, "errors/validation.json")),
        (None, Canned::json(200, r#"{"token":{"hidden":"a-token-that-must-not-be-seen"}}"#)),
    ] {
        let wire = Wire::answering([refusal]).await;
        let provider = login(&wire, second_factor);
        let error = provider.get_organization(&org()).await.expect_err("refused");
        writeln!(told, "{:?}: {error}", error.kind()).expect("a string");
        for text in [format!("{error:?}"), format!("{provider:?}")] {
            for secret in ["hidden password", "987654", "must-not-be-seen"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_wrong_configuration_says_what_is_wrong() {
    let base = || ProviderConfig::new("prod");
    let token = || AuthConfig::bearer("token");
    let login = |email: &str, password: &str| AuthConfig::Login {
        email: email.into(),
        password: Some(password.into()),
        second_factor: None,
    };
    let told: Vec<_> = [
        base(),
        base().auth(AuthConfig::api_key("key")),
        base().auth(AuthConfig::bearer("")),
        base().auth(login("", "long enough")),
        base().auth(login("ada@example.com", "")),
        base().auth(token()).base_url("http://losant.example.com"),
        base().auth(token()).default_role(Role::Owner),
    ]
    .into_iter()
    .map(|config| {
        let error = LosantProvider::new(config, LosantSettings::default()).expect_err("wrong");
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        error.to_string()
    })
    .collect();
    insta::assert_snapshot!(told.join("\n"));
    LosantProvider::new(base().auth(token()), LosantSettings::default()).expect("the vendor's own address");
}

#[tokio::test]
async fn a_read_only_provider_sends_no_write() {
    let wire = Wire::answering([json("org-get/full.json")]).await;
    let provider = provider(&wire).read_only();
    provider.get_organization(&org()).await.expect("a read");
    let error = provider.client().delete_org(ORG).await.expect_err("a write");
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
    assert_eq!(wire.received().len(), 1);
}

#[tokio::test]
async fn typed_calls_about_the_account() {
    typed!("me", json("me-get/me.json"), |client| client.me(&MeQuery {
        include_recent: Some(false),
        summary: Summary { include: vec!["orgCount".into()], ..Summary::default() },
    }));
    typed!("log_in", json("auth-user/token.json"), |client| client.log_in(&UserCredentials {
        two_factor_code: Some("123456".into()),
        requested_scopes: Some(vec!["all.User".into(), "org.*".into()]),
        token_ttl: Some(3600),
        ..UserCredentials::new("ada@example.com", "long enough")
    }));
    typed!("refresh_token", json("me-refresh-token/token.json"), |client| client.refresh_token());
}

#[tokio::test]
async fn flags_and_domain_can_be_set_for_each_call() {
    let wire = Wire::answering([json("org-get/full.json")]).await;
    let client = client(&wire).with_domain("iot.example.com");
    let bare = client.with_flags(Flags { actions: false, links: false, embedded: false });
    let all = client.with_flags(Flags { actions: true, ..Flags::default() }).with_domain("other.example.com");
    for client in [client, bare, all] {
        client.org(ORG, &Summary::default()).await.expect("the fixture");
    }
    insta::assert_snapshot!(requests(&wire));
}
