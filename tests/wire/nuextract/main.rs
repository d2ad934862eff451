//! What goes over the wire to `NuExtract`, and what comes of it.

mod account;
mod hard_values;
mod invitations;
mod members;
mod organizations;
mod refusals;

use std::fmt::{Debug, Write};
use std::sync::Arc;

use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::{BaseUrl, ClientOptions};
use orgport_core::{
    Email, Error, Invitations, InviteOutcome, ManualClock, NewInvitation, OrganizationId, Page, Timestamp,
};
use orgport_nuextract::{NuExtractClient, NuExtractProvider, NuExtractSettings};
use orgport_tests::wire::{Canned, Wire, fixture, whole};
use serde_json::{Value, json};

const TOKEN: &str = "access-token-of-the-test";

const MILL: &str = "7d1c4b52-3f0e-4a86-9c55-0b6f5e2f9a01";

/// Waits take no time.
fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::parse("2025-12-01T00:00:00Z").expect("a time")))
}

fn client(wire: &Wire) -> NuExtractClient {
    let base_url = BaseUrl::parse(&wire.base_url(), false).expect("loopback");
    let options = ClientOptions::new(base_url, Auth::bearer(TOKEN)).name("prod").clock(clock());
    NuExtractClient::new(options).expect("good options")
}

fn provider(wire: &Wire) -> NuExtractProvider {
    provider_as(wire, AuthConfig::bearer(TOKEN))
}

fn provider_as(wire: &Wire, auth: AuthConfig) -> NuExtractProvider {
    let config = ProviderConfig::new("prod").base_url(wire.base_url()).auth(auth).clock(clock());
    NuExtractProvider::new(config, NuExtractSettings::default()).expect("a valid configuration")
}

fn ok(endpoint: &str, case: &str) -> Canned {
    let body = fixture(&format!("nuextract/{endpoint}/{case}"));
    match case.rsplit_once('.') {
        Some((_, "txt")) => Canned::text(200, body),
        _ => Canned::json(200, body),
    }
}

fn mill() -> OrganizationId {
    OrganizationId::new(MILL).expect("not empty")
}

fn email(text: &str) -> Email {
    Email::parse(text).expect("an address")
}

/// The one request that a call of the typed client makes, and what the answer becomes.
async fn typed<T: Debug>(
    answer: Canned,
    call: impl AsyncFnOnce(&NuExtractClient) -> Result<T, Error>,
) -> String {
    let wire = Wire::answering([answer]).await;
    let outcome = call(&client(&wire)).await;
    format!("{}\n=> {outcome:#?}", wire.request())
}

/// The requests that a call of the provider makes, and how it ends.
async fn neutral(
    answers: impl IntoIterator<Item = Canned>,
    call: impl AsyncFnOnce(&NuExtractProvider) -> Result<Value, Error>,
) -> String {
    let wire = Wire::answering(answers).await;
    let outcome = call(&provider(&wire)).await;
    let mut text = String::new();
    for request in wire.received() {
        writeln!(text, "{} {}", request.line, request.body).expect("text grows");
    }
    match outcome {
        Ok(value) => write!(text, "=> {value:#}"),
        Err(error) => write!(text, "=> {error}"),
    }
    .expect("text grows");
    text
}

/// A page's rows, the unreadable ones in their places.
fn rows<T>(page: Page<T>, show: impl Fn(T) -> Value) -> Value {
    assert!(page.next.is_none() && page.total.is_none(), "the vendor answers whole lists");
    page.items.into_iter().map(|row| row.map_or_else(|error| json!(error.to_string()), &show)).collect()
}

/// Statuses with their bodies; fixtures name theirs.
fn answers() -> Vec<(String, Canned)> {
    let cases = [
        "api_key_403.json",
        "no_right_403.json",
        "missing_404.json",
        "undecoded_400.txt",
        "undecoded_detail_400.txt",
        "undecoded_query_400.txt",
        "token_401.json",
        "taken_409.json",
        "slow_down_429.json",
        "broken_500.json",
        "other_shape_500.json",
        "page_502.html",
        "page_403.html",
        "plain_503.txt",
    ];
    let files = cases.into_iter().map(|case| {
        let body = fixture(&format!("nuextract/errors/{case}"));
        let (stem, kind) = case.rsplit_once('.').expect("an extension");
        let status = stem.rsplit_once('_').expect("a status").1.parse().expect("a number");
        let answer = match kind {
            "json" => Canned::json(status, body),
            "txt" => Canned::text(status, body),
            _ => Canned::html(status, body),
        };
        (case.to_owned(), answer)
    });
    let bare = [400, 401, 403, 404, 405, 409, 422, 500, 502, 503, 504];
    files.chain(bare.map(|status| (format!("nothing at {status}"), Canned::empty(status)))).collect()
}

fn outcome(outcome: &InviteOutcome) -> Value {
    whole(outcome)
}

async fn invite(answers: impl IntoIterator<Item = Canned>, new: NewInvitation) -> String {
    neutral(answers, async |p| Ok(outcome(&p.invite(&mill(), new).await?))).await
}
