//! What goes over the wire to Trieve, and what comes of it.

macro_rules! endpoints {
    ($($name:ident: |$client:ident| $call:expr;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let exchanges = exchanges(stringify!($name), async |$client: TrieveClient| $call.await).await;
            insta::assert_snapshot!(stringify!($name), exchanges);
        }
    )*};
}

mod account;
mod hard_values;
mod invitations;
mod members;
mod organizations;
mod refusals;

use std::fmt::{Debug, Write as _};

use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::{BaseUrl, ClientOptions, HttpSettings};
use orgport_core::{
    Error, InvitationFilter, Invitations, Members, OrganizationId, Organizations, Page, Timestamp,
};
use orgport_tests::wire::{Canned, Wire, fixture, fixtures, json};
use orgport_trieve::request::{
    ApiKeysQuery, DateRange, InvitationData, NewApiKey, OrganizationChanges, Scopes, UsageQuery,
};
use orgport_trieve::{Credential, TrieveClient, TrieveProvider, TrieveSettings};
use serde::Serialize;

const ORG: &str = "5e1f0c1a-90f4-4d6e-b1a7-3c2f7d1e8a01";

const ADA: &str = "0b7c2f52-1a7e-4f0b-9a55-6d0e3b9c4d11";

const INVITATION: &str = "c4b8a6d2-3e5f-4a17-9b80-1f2e3d4c5b33";

const KEY: &str = "e6dac8f4-5a71-4c39-9da2-3b4a5f6e7d55";

const APP_URL: &str = "https://api.example.org/api";

const REDIRECT: &str = "https://app.example.org/?org=1";

/// No answer is asked for twice, so that each fixture is one exchange.
fn once() -> HttpSettings {
    let mut settings = HttpSettings::default();
    (settings.read_attempts, settings.write_attempts) = (1, 1);
    settings
}

fn client(wire: &Wire) -> TrieveClient {
    let base_url = BaseUrl::parse(&wire.base_url(), false).expect("loopback");
    TrieveClient::new(ClientOptions::new(base_url, Auth::bearer("tr-secret")).settings(once()))
        .expect("valid")
}

fn provider(wire: &Wire, credential: Credential) -> TrieveProvider {
    let mut config = ProviderConfig::new("search")
        .base_url(wire.base_url())
        .auth(AuthConfig::api_key("tr-secret"))
        .organization(organization());
    config.http = once();
    let settings = TrieveSettings::default().credential(credential).app_url(APP_URL).redirect_uri(REDIRECT);
    TrieveProvider::new(config, settings).expect("valid")
}

fn organization() -> OrganizationId {
    OrganizationId::new(ORG).expect("not empty")
}

/// The answer in a fixture, by its path; the name begins with the status.
fn canned(path: &str) -> Canned {
    let name = path.rsplit('/').next().expect("a file name");
    let status = name[..3].parse().expect("a status");
    let body = fixture(path);
    match name.rsplit('.').next() {
        Some("json") => Canned::json(status, body),
        Some("html") => Canned::json(status, body).header("content-type", "text/html"),
        _ => Canned::empty(status),
    }
}

fn shown(error: &Error) -> String {
    let (kind, reach, retryable) = (error.kind(), error.reach(), error.is_retryable());
    let words = error.vendor_message();
    format!("{kind}, {reach:?}, retryable: {retryable}, vendor: {words:?}\n{error}")
}

fn outcome(result: Result<impl Debug, Error>) -> String {
    result.map_or_else(|error| shown(&error), |value| format!("{value:#?}"))
}

/// What the endpoint's request looks like, and what each of its fixtures becomes.
async fn exchanges<T: Debug>(endpoint: &str, call: impl AsyncFn(TrieveClient) -> Result<T, Error>) -> String {
    let mut text = String::new();
    for name in fixtures(&format!("trieve/{endpoint}")) {
        let wire = Wire::answering([canned(&format!("trieve/{endpoint}/{name}"))]).await;
        let result = call(client(&wire)).await;
        if text.is_empty() {
            write!(text, "{}", wire.request()).expect("a string takes all");
        }
        write!(text, "\n--- {name}\n{}\n", outcome(result)).expect("a string takes all");
    }
    text
}

fn scopes() -> Scopes {
    Scopes::new(["GET /api/invitations/{organization_id}"]).expect("there is one")
}

fn invitation_data() -> InvitationData {
    InvitationData::new("cleo@example.org", 0, APP_URL, REDIRECT).scopes(Some(scopes()))
}

fn organization_changes() -> OrganizationChanges {
    let partner_configuration = Some(serde_json::json!({"COMPANY_NAME": "Northwind"}));
    OrganizationChanges { name: Some("R&D".into()), partner_configuration }
}

fn usage_query() -> UsageQuery {
    let date_range = DateRange {
        gt: Some("2025-01-01T00:00:00".into()),
        gte: Some("2025-01-01T00:00:00".into()),
        lt: Some("2025-02-01T00:00:00".into()),
        lte: Some("2025-02-01T00:00:00".into()),
    };
    UsageQuery { date_range: Some(date_range), v1_usage: Some(true) }
}

fn new_api_key() -> NewApiKey {
    let mut key = NewApiKey::new("adapter", 1);
    key.dataset_ids = Some(vec![ADA.into()]);
    key.scopes = Some(scopes());
    key.expires_at = Some(Timestamp::parse("2027-01-01T00:00:00Z").expect("a date"));
    key.default_params = Some(serde_json::json!({"page_size": 5}));
    key
}

fn api_keys_query() -> ApiKeysQuery {
    ApiKeysQuery { cursor: Some(KEY.into()), limit: Some(100) }
}

/// Everything that a list holds, as the command prints it.
fn neutral<T: Serialize>(page: Result<Page<T>, Error>) -> String {
    let items = match page {
        Ok(page) => page.items,
        Err(error) => return shown(&error),
    };
    let item = |item: Result<T, Error>| match item {
        Ok(item) => json(&item),
        Err(error) => shown(&error),
    };
    items.into_iter().map(item).collect::<Vec<_>>().join("\n")
}

/// The requests of a neutral call, in order, and how it ended.
async fn told<T: Debug>(answers: &[&str], call: impl AsyncFn(TrieveProvider) -> Result<T, Error>) -> String {
    let wire = Wire::answering(answers.iter().map(|path| canned(&format!("trieve/{path}")))).await;
    let provider = provider(&wire, Credential::User);
    let result = call(provider).await;
    let requests: Vec<_> = wire.received().iter().map(ToString::to_string).collect();
    let text = format!("{}\n--- ends with\n{}", requests.join("\n"), outcome(result));
    assert_eq!(requests.len(), answers.len(), "every answer is asked for: {text}");
    text
}

fn body(wire: &Wire) -> serde_json::Value {
    serde_json::from_str(&wire.request().body).expect("JSON")
}

#[tokio::test]
async fn neutral_lists() {
    let mut text = String::new();
    for fixture in ["list_users/200.json", "list_users/200-odd-rows.json"] {
        let wire = Wire::answering([canned(&format!("trieve/{fixture}"))]).await;
        let page = provider(&wire, Credential::Organization).list_members(&organization(), None).await;
        write!(text, "--- {fixture}\n{}\n", neutral(page)).expect("a string takes all");
    }
    for fixture in ["list_invitations/200.json", "list_invitations/200-odd-rows.json"] {
        let wire = Wire::answering([canned(&format!("trieve/{fixture}"))]).await;
        let provider = provider(&wire, Credential::Organization);
        let page = provider.list_invitations(&organization(), &InvitationFilter::all(), None).await;
        write!(text, "--- {fixture}\n{}\n", neutral(page)).expect("a string takes all");
    }
    for fixture in ["me/200.json", "me/200-odd-organizations.json", "me/400-organization-key.json"] {
        let wire = Wire::answering([canned(&format!("trieve/{fixture}"))]).await;
        let page = provider(&wire, Credential::User).list_organizations(None).await;
        write!(text, "--- {fixture}\n{}\n", neutral(page)).expect("a string takes all");
    }
    let wire = Wire::answering([canned("trieve/get_organization/200-usage-based.json")]).await;
    let page = provider(&wire, Credential::Organization).list_organizations(None).await;
    write!(text, "--- the configured organization\n{}\n", neutral(page)).expect("a string takes all");
    insta::assert_snapshot!(text);
}
