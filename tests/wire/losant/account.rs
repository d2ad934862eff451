//! Credentials and configuration.

use std::fmt::Write as _;

use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{ErrorKind, Organizations, Role, Secret};
use orgport_losant::{LosantProvider, LosantSettings};
use orgport_tests::wire::{Canned, Wire};

use super::{answer, clock, json, org, requests};

fn login(wire: &Wire, second_factor: Option<&str>) -> LosantProvider {
    let auth = AuthConfig::Login {
        email: "ada@example.com".into(),
        password: Some("a hidden password".into()),
        second_factor: second_factor.map(Secret::from),
    };
    let config = ProviderConfig::new("prod").auth(auth).base_url(wire.base_url()).clock(clock());
    LosantProvider::new(config, LosantSettings::default().domain("iot.example.com")).expect("valid")
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
