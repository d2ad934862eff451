//! Identities and their credentials.

use super::*;

#[tokio::test]
async fn every_seeded_credential_is_good() {
    let bench = Bench::new();
    for identity in bench.jaqpot.identities() {
        bench.by(&identity, "GET", "/v1/auth/validate", None).await.assert_empty(200);
    }
    let first = bench.identity(ADMINISTRATOR);
    assert_eq!(first.organization.as_deref(), Some(ORGANIZATION));
    assert_eq!(first.settings["visibility"], "PRIVATE");
}

#[tokio::test]
async fn the_refresh_token_renews_the_administrators_access_once() {
    let bench = Bench::new();
    let refresh_token = bench.identity(1).credential["refresh_token"].clone();
    let refresh_token = refresh_token.as_str().expect("a text");
    let creator = bench.organization().await["creator"]["id"].clone();
    let renewed = bench.world.tokens.use_refresh(refresh_token, NAME).expect("a good token");
    assert_eq!(creator, renewed);
    assert_eq!(bench.world.tokens.use_refresh(refresh_token, NAME), None);
}

#[tokio::test]
async fn it_serves_below_a_prefix() {
    let bench = Bench::new();
    let nested = Router::new().nest("/jaqpot", Arc::clone(&bench.jaqpot).router());
    for (path, status) in [("/jaqpot/v1/organizations/open-data", 200), ("/jaqpot/v1/nowhere", 401)] {
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        let response = nested.clone().oneshot(request).await.expect("routers answer");
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert!(response.headers().contains_key("cache-control"), "{path}");
    }
}
