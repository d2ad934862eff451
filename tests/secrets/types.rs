//! `Debug` of every public type that holds a secret.

use std::fmt::Debug;
use std::sync::Arc;

use orgport::Secret;
use orgport_core::auth::{Auth, MemoryTokenStore, OAuth2, StoredToken, Token, TokenStore};
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::{
    BaseUrl, ClientOptions, Failure, HttpSettings, Refusal, Request, Safety, Transport, Vendor,
};
use orgport_core::{Email, InvitationRef};
use orgport_tests::taint::Taint;

const SECRET: &str = "canary-9d2c41e7f05b/+=é\"";

fn base() -> BaseUrl {
    BaseUrl::parse("https://api.example.com", false).expect("a URL")
}

fn auths() -> Vec<Auth> {
    let oauth2 = OAuth2::new(base(), "client")
        .client_secret(Some(SECRET.into()))
        .access_token(Some(SECRET.into()))
        .refresh_token(Some(SECRET.into()));
    vec![
        Auth::bearer(SECRET),
        Auth::api_key("x-key", "ApiKey ", SECRET),
        Auth::key_pair([("x-key", SECRET.into()), ("x-secret", SECRET.into())]),
        Auth::oauth2(oauth2),
    ]
}

fn settings() -> HttpSettings {
    let mut settings = HttpSettings::default();
    settings.proxy = Some(SECRET.into());
    settings.client_identity = Some(SECRET.into());
    settings
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let taint = Taint::new([("the canary".to_owned(), SECRET)]);
    let clean = |place: &str, value: &dyn Debug| {
        taint.assert_clean(place, &format!("{value:?} {value:#?}"));
    };
    clean("Secret", &Secret::from(SECRET));
    for auth in auths() {
        clean("Auth", &auth);
        clean("ClientOptions", &ClientOptions::new(base(), auth.clone()).settings(settings()));
        let vendor = Vendor::new("test", |failure: &Failure<'_>| Refusal::from_status(failure.status));
        let vendor = vendor.header("x-fixed", SECRET);
        clean("Vendor", &vendor);
        clean("Transport", &Transport::new(vendor, ClientOptions::new(base(), auth)).expect("good"));
    }
    for auth in [
        AuthConfig::bearer(SECRET),
        AuthConfig::api_key(SECRET),
        AuthConfig::key_pair(SECRET, SECRET),
        AuthConfig::Login {
            email: "a@x.example".to_owned(),
            password: Some(SECRET.into()),
            second_factor: Some(SECRET.into()),
        },
        AuthConfig::OAuth2 {
            client_id: None,
            client_secret: Some(SECRET.into()),
            access_token: Some(SECRET.into()),
            refresh_token: Some(SECRET.into()),
            token_url: None,
            authorize_url: None,
            redirect_uri: None,
        },
    ] {
        let mut config = ProviderConfig::new("prod").auth(auth);
        config.http = settings();
        clean("ProviderConfig", &config);
    }
    let token = Token::new(SECRET).refresh(Some(SECRET.into()));
    let stored = StoredToken::new(token.clone(), Some(SECRET.into()));
    clean("Token", &token);
    clean("StoredToken", &stored);
    let store = Arc::new(MemoryTokenStore::new());
    store.save("key", &stored).await.expect("in memory");
    clean("MemoryTokenStore", &store);
    clean("InvitationRef", &InvitationRef::by_token(Email::verbatim("a@x.example"), SECRET.into()));
    let request = Request::post("/tokens/{id}", Safety::Auth).segment(SECRET).query("token", SECRET);
    clean("Request", &request.header("x-token", SECRET).form(&[("refresh_token", SECRET)]));
    clean("losant's UserCredentials", &orgport_losant::UserCredentials::new("a@x.example", SECRET));
    let code = orgport_nuextract::request::TokenRequest::Refresh { token: SECRET.into() };
    clean("nuextract's TokenRequest", &code);
}
