//! The credential, the configuration and the account.

use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{ErrorKind, OrganizationId, Role};
use orgport_tests::wire::{Canned, Wire};
use orgport_trieve::{Credential, TrieveClient, TrieveProvider, TrieveSettings};

use super::{KEY, ORG, api_keys_query, canned, client, exchanges, new_api_key, provider};

endpoints! {
    me: |client| client.me();
    create_api_key: |client| client.create_api_key(ORG, &new_api_key());
    list_api_keys: |client| client.list_api_keys(ORG, &api_keys_query());
    delete_api_key: |client| client.delete_api_key(ORG, KEY);
    list_user_api_keys: |client| client.list_user_api_keys(ORG);
    delete_user_api_key: |client| client.delete_user_api_key(ORG, KEY);
    health: |client| client.health();
}

#[test]
fn settings_that_cannot_work_are_refused_by_name() {
    let config = || ProviderConfig::new("search").auth(AuthConfig::api_key("tr-secret"));
    let build = |config, settings| TrieveProvider::new(config, settings).expect_err("refused").to_string();
    let text = [
        build(ProviderConfig::new("search"), TrieveSettings::default()),
        build(config().auth(AuthConfig::bearer("tr-secret")), TrieveSettings::default()),
        build(config().auth(AuthConfig::api_key("\n")), TrieveSettings::default()),
        build(config().base_url("http://api.example.org"), TrieveSettings::default()),
        build(config().default_role(Role::Viewer), TrieveSettings::default()),
        build(
            config().organization(OrganizationId::new("acme").expect("not empty")),
            TrieveSettings::default(),
        ),
        build(config(), TrieveSettings::default().redirect_uri("https://app.example.org/?a=1&b=2")),
        build(config(), TrieveSettings::default().app_url("")),
        build(config(), TrieveSettings::default().redirect_uri("https://app.example.org/?org=a%20b")),
        build(config(), TrieveSettings::default().redirect_uri("https://app.example.org/?org=a+b")),
    ];
    insta::assert_snapshot!(text.join("\n"));
    let error = serde_json::from_str::<TrieveSettings>(r#"{"redirect_url":""}"#).expect_err("a typo");
    assert!(error.to_string().contains("redirect_uri"), "{error}");
}

#[tokio::test]
async fn no_error_and_no_debug_shows_a_secret() {
    let wire = Wire::answering([canned("trieve/list_invitations/200-odd-rows.json")]).await;
    let client = client(&wire);
    assert!(!format!("{client:?}").contains("tr-secret"));
    let rows = client.list_invitations(ORG).await.expect("a list");
    let errors: Vec<_> = rows.into_iter().filter_map(Result::err).collect();
    assert!(!errors.is_empty());
    for error in errors {
        assert!(!format!("{error} {error:?}").contains("lost@example.org"), "{error:?}");
    }
    let wire = Wire::answering([canned("trieve/create_api_key/200-other-shape.json")]).await;
    let error = self::client(&wire).create_api_key(ORG, &new_api_key()).await.expect_err("no key");
    assert!(!format!("{error} {error:?}").contains("A1b2C3d4"), "{error:?}");
    let wire = Wire::answering([canned("trieve/create_api_key/200.json")]).await;
    let key = self::client(&wire).create_api_key(ORG, &new_api_key()).await.expect("made");
    assert!(key.api_key.expose().starts_with("tr-A1b2") && !format!("{key:?}").contains("A1b2"));
}

#[tokio::test]
async fn a_read_only_clone_refuses_writes_of_the_typed_client_too() {
    let wire = Wire::answering([Canned::empty(204)]).await;
    let provider = provider(&wire, Credential::Organization).read_only();
    let error = provider.client().delete_organization(ORG).await.expect_err("read-only");
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
    assert!(wire.received().is_empty());
}
