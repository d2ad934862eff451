//! The authorization server.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac_sha256::Hash as Sha256;
use orgport_sandbox::{Fault, FaultKind, Identity};
use reqwest::{Method, Url};
use serde_json::{Value, json};

use crate::support::{Fixture, Reply, send};

const REDIRECT: &str = "http://localhost:5173/done?next=%2F";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn endpoint(fixture: &Fixture, realm: &str, name: &str) -> String {
    format!("{}/realms/{realm}/protocol/openid-connect/{name}", fixture.sandbox.auth_url())
}

async fn token(fixture: &Fixture, fields: &[(&str, &str)]) -> Reply {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = fixture.client.post(endpoint(fixture, "extract-platform", "token"));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    send(request).await.expect("an answer")
}

async fn renew(fixture: &Fixture, refresh_token: &str) -> Reply {
    let fields = [("grant_type", "refresh_token"), ("client_id", "user"), ("refresh_token", refresh_token)];
    token(fixture, &fields).await
}

async fn log_in(fixture: &Fixture, more: &[(&str, &str)]) -> Reply {
    let url = endpoint(fixture, "extract-platform", "auth");
    let fixed = [("response_type", "code"), ("client_id", "user"), ("login_hint", &*fixture.identity.email)];
    let url = Url::parse_with_params(&url, fixed.iter().chain(more)).expect("a URL");
    send(fixture.client.get(url)).await.expect("an answer")
}

fn code_in(reply: &Reply) -> String {
    let location = Url::parse(reply.header("location").expect("a redirect")).expect("a URL");
    let code = location.query_pairs().find(|(name, _)| name == "code").expect("a code");
    code.1.into_owned()
}

async fn exchange(fixture: &Fixture, code: &str, redirect_uri: &str, more: &[(&str, &str)]) -> Reply {
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "user"),
        ("code", code),
        ("redirect_uri", redirect_uri),
    ];
    token(fixture, &[&fields, more].concat()).await
}

async fn opens(fixture: &Fixture, token: &Value) -> u16 {
    let url = fixture.sandbox.base_url("nuextract") + "/api/auth/me";
    let token = token.as_str().expect("a token");
    send(fixture.client.get(url).bearer_auth(token)).await.expect("an answer").status
}

#[tokio::test]
async fn renewal_rotates_the_refresh_token() {
    let fixture = Fixture::start().await;
    fixture.sandbox.advance(Duration::from_mins(5)).await;
    assert_eq!(fixture.get("/api/auth/me").await.status, 401);

    let first = fixture.identity.credential["refresh_token"].as_str().expect("a refresh token");
    let renewed = renew(&fixture, first).await;
    assert_eq!(renewed.status, 200);
    let renewed = renewed.json();
    assert_eq!((&renewed["expires_in"], &renewed["token_type"]), (&json!(300), &json!("Bearer")));
    assert_eq!(opens(&fixture, &renewed["access_token"]).await, 200);

    let again = renew(&fixture, first).await;
    assert_eq!((again.status, &again.json()["error"]), (400, &json!("invalid_grant")));
    let next = renew(&fixture, renewed["refresh_token"].as_str().expect("a refresh token")).await;
    assert_eq!(next.status, 200);
    assert_ne!(next.json()["access_token"], renewed["access_token"]);
}

#[tokio::test]
async fn malformed_token_requests_are_refused() {
    let fixture = Fixture::start().await;
    let refresh = fixture.identity.credential["refresh_token"].as_str().expect("a refresh token");
    let grant = ("grant_type", "refresh_token");
    let client = ("client_id", "user");
    let cases = [
        (vec![client], 400, "invalid_request"),
        (vec![grant, client], 400, "invalid_request"),
        (vec![grant, client, client], 400, "invalid_request"),
        (vec![grant, ("client_id", "other"), ("refresh_token", refresh)], 401, "invalid_client"),
        (vec![grant, client, ("refresh_token", "bogus")], 400, "invalid_grant"),
        (vec![("grant_type", "password"), client], 400, "unsupported_grant_type"),
    ];
    for (fields, status, error) in cases {
        let reply = token(&fixture, &fields).await;
        assert_eq!((reply.status, &reply.json()["error"]), (status, &json!(error)), "{fields:?}");
    }
    let body = json!({ "grant_type": "refresh_token", "client_id": "user", "refresh_token": refresh });
    let url = endpoint(&fixture, "extract-platform", "token");
    let request = fixture.client.post(url).header("content-type", "application/json").body(body.to_string());
    assert_eq!(send(request).await.expect("an answer").status, 415);
    let unknown = fixture.client.post(endpoint(&fixture, "acme", "token"));
    assert_eq!(send(unknown).await.expect("an answer").status, 404);
    assert_eq!(renew(&fixture, refresh).await.status, 200);
}

#[tokio::test]
async fn a_code_is_exchanged_once_and_for_its_redirect_uri() {
    let fixture = Fixture::start().await;
    let parameters = [("redirect_uri", REDIRECT), ("state", "s&1")];
    let reply = log_in(&fixture, &parameters).await;
    assert_eq!(reply.status, 302);
    let location = reply.header("location").expect("a redirect");
    assert!(location.starts_with("http://localhost:5173/done?next=%2F&state=s%261&code="), "{location}");

    let code = code_in(&reply);
    let granted = exchange(&fixture, &code, REDIRECT, &[]).await;
    assert_eq!(granted.status, 200);
    assert_eq!(opens(&fixture, &granted.json()["access_token"]).await, 200);
    assert_eq!(exchange(&fixture, &code, REDIRECT, &[]).await.json()["error"], "invalid_grant");

    let code = code_in(&log_in(&fixture, &parameters).await);
    let elsewhere = exchange(&fixture, &code, "http://localhost:5173/", &[]).await;
    assert_eq!(elsewhere.json()["error"], "invalid_grant");

    let code = code_in(&log_in(&fixture, &parameters).await);
    fixture.sandbox.advance(Duration::from_mins(1)).await;
    assert_eq!(exchange(&fixture, &code, REDIRECT, &[]).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_challenge_needs_its_verifier() {
    let fixture = Fixture::start().await;
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::hash(VERIFIER.as_bytes()));
    assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "RFC 7636, appendix B");
    let parameters =
        [("redirect_uri", REDIRECT), ("code_challenge", &*challenge), ("code_challenge_method", "S256")];
    for (verifier, status) in [(None, 400), (Some("wrong"), 400), (Some(VERIFIER), 200)] {
        let code = code_in(&log_in(&fixture, &parameters).await);
        let more: Vec<_> = verifier.map(|verifier| ("code_verifier", verifier)).into_iter().collect();
        assert_eq!(exchange(&fixture, &code, REDIRECT, &more).await.status, status, "{verifier:?}");
    }
    let plain = [parameters[0], parameters[1], ("code_challenge_method", "plain")];
    assert_eq!(log_in(&fixture, &plain).await.status, 400);
}

#[tokio::test]
async fn out_of_band_shows_the_code() {
    let fixture = Fixture::start().await;
    let oob = "urn:ietf:wg:oauth:2.0:oob";
    let page = log_in(&fixture, &[("redirect_uri", oob)]).await;
    assert_eq!(page.status, 200);
    assert_eq!(exchange(&fixture, &page.text, oob, &[]).await.status, 200);
}

#[tokio::test]
async fn strangers_cannot_log_in() {
    let fixture = Fixture::start().await;
    let url = endpoint(&fixture, "extract-platform", "auth");
    let query = "?response_type=code&client_id=user&redirect_uri=http://x&login_hint=nobody@example.com";
    assert_eq!(send(fixture.client.get(url + query)).await.expect("an answer").status, 400);
}

#[tokio::test]
async fn faults_reach_the_authorization_server() {
    let fixture = Fixture::start().await;
    let refresh = fixture.identity.credential["refresh_token"].as_str().expect("a refresh token");
    let html = |status| FaultKind::Html { status, commit: false };
    let route = "/realms/{realm}/protocol/openid-connect/token";
    let set = |fault: Fault| fixture.sandbox.fault(fault).expect("a valid fault");
    set(Fault::new("auth", html(500)).method("POST"));
    assert_eq!(renew(&fixture, refresh).await.status, 500);
    set(Fault::new("nuextract", html(503)).route(route));
    assert_eq!(renew(&fixture, refresh).await.status, 503);
    let for_the_api = set(Fault::new("nuextract", html(502)));
    assert_eq!(renew(&fixture, refresh).await.status, 200);
    assert_eq!(fixture.sandbox.fired(for_the_api), 0);
}

#[tokio::test]
async fn discovery_names_the_endpoints() {
    let fixture = Fixture::start().await;
    let realm = format!("{}/realms/extract-platform", fixture.sandbox.auth_url());
    let url = format!("{realm}/.well-known/openid-configuration");
    let document = send(fixture.client.request(Method::GET, url)).await.expect("an answer").json();
    assert_eq!(document["token_endpoint"], fixture.identity.credential["token_url"]);
    assert_eq!(document["issuer"], realm);
}

fn claims(token: &Value) -> Value {
    let payload = token.as_str().and_then(|token| token.split('.').nth(1)).expect("three parts");
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).expect("base64")).expect("JSON")
}

#[tokio::test]
async fn tokens_and_the_realm_tell_whom_they_stand_for() {
    let fixture = Fixture::start().await;
    let credentials = |identity: &Identity| {
        ["access_token", "token"].into_iter().find_map(|name| identity.credential.get(name).cloned())
    };
    let realms = [("nuextract", "extract-platform"), ("jaqpot", "jaqpot")];
    for (vendor, realm) in realms {
        let identities =
            fixture.sandbox.identities().into_iter().filter(|identity| identity.vendor == vendor);
        let mut seen = 0;
        for (identity, token) in identities.filter_map(|it| credentials(&it).map(|token| (it, token))) {
            let told = claims(&token);
            assert_eq!(told["email"].as_str(), Some(&*identity.email.to_lowercase()), "{vendor}");
            let url = endpoint(&fixture, realm, "userinfo");
            let request = fixture.client.get(url).bearer_auth(token.as_str().expect("a token"));
            let reply = send(request).await.expect("a response");
            assert_eq!((reply.status, &reply.json()["sub"]), (200, &told["sub"]), "{vendor}");
            assert_eq!(reply.json()["realm_access"], Value::Null, "{vendor}");
            seen += 1;
        }
        assert!(seen > 1, "{vendor}");
    }
    let refresh = fixture.identity.credential["refresh_token"].as_str().expect("a refresh token");
    let renewed = claims(&renew(&fixture, refresh).await.json()["access_token"]);
    assert_eq!((&renewed["email"], &renewed["azp"]), (&json!(fixture.identity.email), &json!("user")));

    let bogus = fixture.client.get(endpoint(&fixture, "jaqpot", "userinfo")).bearer_auth(fixture.token());
    let refused = send(bogus).await.expect("a response");
    assert_eq!((refused.status, &refused.json()["error"]), (401, &json!("invalid_token")));
}
