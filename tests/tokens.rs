//! Tokens that end: renewed once for all who wait, and never lost.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use orgport::auth::{MemoryTokenStore, TokenStore};
use orgport::{AnyProvider, Error, ErrorKind, Members};
use orgport_sandbox::{Fault, FaultKind, Identity, Received, Sandbox};
use orgport_tests::stage::{Stage, organization_of};
use serde_json::json;

/// The vendors whose tokens an authorization server renews.
const VENDORS: [&str; 2] = ["nuextract", "jaqpot"];
const LIFE: Duration = Duration::from_mins(1);

async fn stage() -> Stage {
    Stage::with(Sandbox::builder().access_token_life(LIFE)).await
}

/// An account with nothing but a refresh token, so that its first call has to renew.
fn account(stage: &Stage, vendor: &str) -> Identity {
    let renewable = |one: &Identity| one.vendor == vendor && one.credential["type"] == "oauth2";
    let mut identity = stage.sandbox.identities().into_iter().find(renewable).expect("the vendor has one");
    identity.credential.as_object_mut().expect("a table").remove("access_token");
    identity
}

async fn ask(provider: &AnyProvider) -> Result<(), Error> {
    provider.list_members(&organization_of(provider), None).await.map(drop)
}

/// Asks so often at once, by clones of the provider.
async fn ask_often(provider: &AnyProvider, times: usize) -> Vec<Result<(), Error>> {
    let asking = async || ask(&provider.clone()).await;
    join_all((0..times).map(|_| asking())).await
}

fn refused(request: &Received) -> bool {
    request.status == Some(401)
}

#[tokio::test]
async fn many_calls_share_one_renewal_ahead_of_the_tokens_end() {
    for vendor in VENDORS {
        let stage = stage().await;
        let provider = stage.provider(&account(&stage, vendor));
        ask(&provider).await.expect("the first token");
        for round in 1..=3 {
            let before = stage.renewals();
            // Within the last tenth of its life, and behind it.
            stage.sandbox.advance(if round == 1 { LIFE.mul_f64(0.95) } else { LIFE * 2 }).await;
            stage.sandbox.clear_requests();
            for outcome in ask_often(&provider, 32).await {
                outcome.unwrap_or_else(|error| panic!("{vendor}: {error}"));
            }
            assert!(stage.renewals() <= 1, "{vendor}: {} renewals", stage.renewals());
            assert!(before == 0 || round == 1 || stage.renewals() == 1, "{vendor}: none");
            assert!(
                !stage.sandbox.requests().iter().any(refused),
                "{vendor}: nobody had to be refused first"
            );
        }
    }
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_for_all_calls() {
    for vendor in VENDORS {
        let stage = stage().await;
        let provider = stage.provider(&account(&stage, vendor));
        ask(&provider).await.expect("the first token");
        stage.sandbox.clear_requests();
        stage.sandbox.fault(Fault::new(vendor, status(401, json!({}))).times(16)).expect("set");
        for outcome in ask_often(&provider, 16).await {
            outcome.unwrap_or_else(|error| panic!("{vendor}: {error}"));
        }
        assert_eq!(stage.renewals(), 1, "{vendor}");
    }
}

#[tokio::test]
async fn a_vendor_that_refuses_every_token_is_not_stormed() {
    for vendor in VENDORS {
        let stage = stage().await;
        let provider = stage.provider(&account(&stage, vendor));
        ask(&provider).await.expect("the first token");
        stage.sandbox.clear_requests();
        stage.sandbox.fault(Fault::new(vendor, status(401, json!({}))).always()).expect("set");
        for outcome in ask_often(&provider, 16).await {
            assert_eq!(outcome.expect_err("refused").kind(), ErrorKind::Unauthenticated, "{vendor}");
        }
        let requests = stage.sandbox.requests();
        assert_eq!(stage.renewals(), 1, "{vendor}");
        assert_eq!(
            requests.iter().filter(|request| refused(request)).count(),
            32,
            "{vendor}: two tries each"
        );
    }
}

fn status(status: u16, body: serde_json::Value) -> FaultKind {
    FaultKind::Status { status, headers: BTreeMap::new(), body: Some(body), commit: false }
}

#[tokio::test]
async fn a_renewal_that_fails_fails_once_for_all_who_wait() {
    let refused = json!({ "error": "invalid_grant", "error_description": "Token is not active" });
    for (fault, kind) in [
        (status(400, refused), ErrorKind::Unauthenticated),
        (status(500, json!({})), ErrorKind::Unavailable),
        (FaultKind::Html { status: 200, commit: false }, ErrorKind::Unavailable),
        (FaultKind::Hang { commit: false }, ErrorKind::Unavailable),
        (FaultKind::ResetBefore, ErrorKind::Unavailable),
    ] {
        for vendor in VENDORS {
            let stage = stage().await;
            let store: Arc<dyn TokenStore> = Arc::new(MemoryTokenStore::new());
            let settings = "attempt_timeout = '400ms'";
            let provider = stage.provider_with(&account(&stage, vendor), settings, &store);
            ask(&provider).await.expect("the first token");
            stage.sandbox.advance(LIFE * 2).await;
            stage.sandbox.clear_requests();
            stage.sandbox.fault(Fault::new("auth", fault.clone()).always()).expect("set");
            for outcome in ask_often(&provider, 16).await {
                let error = outcome.expect_err("no token");
                assert_eq!(error.kind(), kind, "{vendor} {fault:?}: {error}");
                assert_eq!(error.reach(), orgport::Reach::NotSent, "{vendor}: the call itself never left");
            }
            assert_eq!(stage.renewals(), 1, "{vendor} {fault:?}");
            assert_eq!(stage.sandbox.requests().len(), 1, "{vendor}: nothing is asked without a token");
            stage.sandbox.clear_faults();
            ask(&provider).await.unwrap_or_else(|error| panic!("{vendor}: it is tried again: {error}"));
        }
    }
}

#[tokio::test]
async fn rotated_tokens_survive_a_restart_through_the_store() {
    for vendor in VENDORS {
        let stage = stage().await;
        let identity = account(&stage, vendor);
        let store: Arc<dyn TokenStore> = Arc::new(MemoryTokenStore::new());
        for _ in 0..3 {
            // Each run begins with the configuration, whose refresh token is used up by the first.
            let provider = stage.provider_with(&identity, "", &store);
            stage.sandbox.advance(LIFE * 2).await;
            ask(&provider).await.unwrap_or_else(|error| panic!("{vendor}: {error}"));
        }
        let forgetful = stage.provider(&identity);
        stage.sandbox.advance(LIFE * 2).await;
        let error = ask(&forgetful).await.expect_err("without the store, the first token is all there is");
        assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{vendor}: {error}");
    }
}
