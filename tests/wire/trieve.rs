//! What goes over the wire to Trieve, and what becomes of its answers.

use std::fmt::{Debug, Write as _};

use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::{BaseUrl, ClientOptions, HttpSettings};
use orgport_core::{
    Email, Error, ErrorKind, InvitationFilter, InvitationId, InvitationStatus, Invitations, MemberId,
    Members, NewInvitation, NewOrganization, OrganizationId, OrganizationUpdate, Organizations, Page, Role,
    Timestamp,
};
use orgport_tests::wire::{Canned, Wire, fixture, fixtures};
use orgport_trieve::request::{
    ApiKeysQuery, DateRange, InvitationData, NewApiKey, OrganizationChanges, Scopes, UsageQuery, UserUpdate,
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

macro_rules! endpoints {
    ($($name:ident: |$client:ident| $call:expr;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let exchanges = exchanges(stringify!($name), async |$client: TrieveClient| $call.await).await;
            insta::assert_snapshot!(stringify!($name), exchanges);
        }
    )*};
}

endpoints! {
    create_invitation: |client| client.create_invitation(ORG, &invitation_data());
    list_invitations: |client| client.list_invitations(ORG);
    delete_invitation: |client| client.delete_invitation(ORG, INVITATION);
    get_organization: |client| client.get_organization(ORG);
    create_organization: |client| client.create_organization("northwind");
    update_organization: |client| client.update_organization(ORG, &organization_changes());
    delete_organization: |client| client.delete_organization(ORG);
    usage: |client| client.usage(ORG, &usage_query());
    list_users: |client| client.list_users(ORG);
    update_user: |client| client.update_user(ORG, &UserUpdate::of(ADA).role(1).scopes(scopes()));
    remove_user: |client| client.remove_user(ORG, ADA);
    me: |client| client.me();
    create_api_key: |client| client.create_api_key(ORG, &new_api_key());
    list_api_keys: |client| client.list_api_keys(ORG, &api_keys_query());
    delete_api_key: |client| client.delete_api_key(ORG, KEY);
    list_user_api_keys: |client| client.list_user_api_keys(ORG);
    delete_user_api_key: |client| client.delete_user_api_key(ORG, KEY);
    health: |client| client.health();
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
        Ok(item) => {
            let mut json = serde_json::to_value(item).expect("models are JSON");
            json.as_object_mut().expect("models are objects").remove("native");
            format!("{json:#}")
        }
        Err(error) => shown(&error),
    };
    items.into_iter().map(item).collect::<Vec<_>>().join("\n")
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

#[tokio::test]
async fn updating_an_organization_sends_its_partner_configuration_along() {
    let answers = ["get_organization/200-free.json", "update_organization/200.json"];
    let update = OrganizationUpdate::new().with_name("R&D");
    insta::assert_snapshot!(
        told(&answers, async |provider| provider.update_organization(&organization(), update.clone()).await)
            .await
    );
}

#[tokio::test]
async fn creating_an_organization_reads_the_person_first() {
    let create = async |provider: TrieveProvider| {
        provider.create_organization(NewOrganization::new("northwind")).await
    };
    insta::assert_snapshot!("create", told(&["me/200.json", "create_organization/200.json"], create).await);
    insta::assert_snapshot!("create_refused", told(&["me/400-organization-key.json"], create).await);
}

#[tokio::test]
async fn a_creation_that_ends_unclearly_says_so() {
    let create = async |provider: TrieveProvider| {
        provider.create_organization(NewOrganization::new("northwind")).await
    };
    let lost = told(&["me/200.json", "create_organization/200-empty.txt"], create).await;
    assert!(lost.contains("ambiguous, Unanswered, retryable: false"), "{lost}");
    let orphan = told(&["me/200.json", "create_organization/500-orphan.json"], create).await;
    assert!(orphan.contains("incomplete, Answered, retryable: false"), "{orphan}");
}

#[tokio::test]
async fn a_deletion_behind_which_the_cache_failed_is_looked_up() {
    let delete = async |provider: TrieveProvider| provider.delete_organization(&organization()).await;
    let gone = ["delete_organization/500-deleted.json", "get_organization/404.json"];
    assert!(told(&gone, delete).await.ends_with("ends with\n()"));
    let there = ["delete_organization/500-deleted.json", "get_organization/200-free.json"];
    let text = told(&there, delete).await;
    assert!(text.contains("ends with\nambiguous, Unanswered"), "{text}");
    // The cache fails before the deletion: nothing is deleted, unless an attempt before had done it.
    let there = ["delete_organization/500-cache.json", "get_organization/200-free.json"];
    let text = told(&there, delete).await;
    assert!(text.contains("ends with\nunavailable, Answered, retryable: true"), "{text}");
    let gone = ["delete_organization/500-cache.json", "get_organization/404.json"];
    assert!(told(&gone, delete).await.ends_with("ends with\n()"));
}

#[tokio::test]
async fn a_change_behind_which_the_vendor_failed_is_looked_up() {
    let rename = async |provider: TrieveProvider| {
        let update = OrganizationUpdate::new().with_name("Elsewhere");
        provider.update_organization(&organization(), update).await.map(|organization| organization.name)
    };
    let (before, after) = ("get_organization/200-free.json", "get_organization/200-usage-based.json");
    for failed in ["update_organization/500-cache.json", "update_organization/400-behind.json"] {
        let text = told(&[before, failed, after], rename).await;
        assert!(!text.contains("ambiguous"), "{text}");
        let text = told(&[before, failed, before], rename).await;
        assert!(text.contains("ends with\nambiguous"), "{text}");
    }
    let set = |role: Role| {
        async move |provider: TrieveProvider| {
            let bob = MemberId::new("7a3d9e60-5c1b-4c8e-8f6a-2b1d0c9e8f22").expect("not empty");
            provider.set_member_role(&organization(), &bob, &role).await
        }
    };
    let answers = ["list_users/200.json", "update_user/500-cache.json", "list_users/200.json"];
    assert!(told(&answers, set(Role::Member)).await.ends_with("ends with\n()"));
    let text = told(&answers, set(Role::Owner)).await;
    assert!(text.contains("ends with\nambiguous"), "{text}");
    let remove = async |provider: TrieveProvider| {
        let bob = MemberId::new("7a3d9e60-5c1b-4c8e-8f6a-2b1d0c9e8f22").expect("not empty");
        provider.remove_member(&organization(), &bob).await
    };
    let answers = ["list_users/200.json", "remove_user/500-cache.json", "list_users/200.json"];
    let text = told(&answers, remove).await;
    assert!(text.contains("ends with\nambiguous"), "{text}");
    let answers = ["list_users/200.json", "remove_user/500-cache.json", "list_users/200-one.json"];
    assert!(told(&answers, remove).await.ends_with("ends with\n()"));
}

#[tokio::test]
async fn the_last_member_is_not_removed() {
    let remove = async |provider: TrieveProvider| {
        provider.remove_member(&organization(), &MemberId::new(ADA).expect("not empty")).await
    };
    for listed in ["list_users/200-one.json", "list_users/200-one-scoped.json"] {
        let text = told(&[listed], remove).await;
        assert!(text.contains("ends with\nconflict, NotSent"), "{text}");
    }
}

#[tokio::test]
async fn changing_a_member_looks_at_the_members_first() {
    let set = |member: &'static str, role: Role| {
        async move |provider: TrieveProvider| {
            let member = MemberId::new(member).expect("not empty");
            provider.set_member_role(&organization(), &member, &role).await
        }
    };
    let bob = "7A3D9E60-5C1B-4C8E-8F6A-2B1D0C9E8F22";
    let answers = ["list_users/200.json", "update_user/204.txt"];
    insta::assert_snapshot!("set_member_role", told(&answers, set(bob, Role::Admin)).await);
    let looked = ["list_users/200.json"];
    let scoped = told(&looked, set("3bcf1de9-afc6-4b8e-a2f7-809faebdcdaa", Role::Owner)).await;
    assert!(scoped.contains("ends with\nconflict, NotSent") && scoped.contains("has scopes"), "{scoped}");
    let last = told(&looked, set(ADA, Role::Admin)).await;
    assert!(last.contains("ends with\nconflict, NotSent") && last.contains("last owner"), "{last}");
    let unknown = told(&looked, set(KEY, Role::Admin)).await;
    assert!(unknown.contains("ends with\nnot found, Answered"), "{unknown}");
    // A row without the member's id is somebody else's.
    let others = told(&["list_users/200-odd-rows.json"], set(KEY, Role::Admin)).await;
    assert!(others.contains("ends with\nnot found"), "{others}");
    let unreadable =
        told(&["list_users/200-odd-rows.json"], set("6EF24A1C-D2F9-4EB1-952A-B3C2D1E0F0DD", Role::Admin))
            .await;
    assert!(unreadable.contains("ends with\nprotocol"), "{unreadable}");
    let remove = async |provider: TrieveProvider| {
        provider.remove_member(&organization(), &MemberId::new(ADA).expect("not empty")).await
    };
    let last = told(&looked, remove).await;
    assert!(last.contains("ends with\nconflict, NotSent"), "{last}");
}

#[tokio::test]
async fn only_an_invitation_of_this_organization_that_waits_is_revoked() {
    let revoke = |id: &'static str| {
        async move |provider: TrieveProvider| {
            provider.revoke_invitation(&organization(), &InvitationId::new(id).expect("not empty")).await
        }
    };
    let listed = "list_invitations/200.json";
    insta::assert_snapshot!("revoke", told(&[listed, "delete_invitation/204.txt"], revoke(INVITATION)).await);
    for id in [KEY, "d5c9b7e3-4f60-4b28-8c91-2a3f4e5d6c44"] {
        let text = told(&[listed], revoke(id)).await;
        assert!(text.contains("ends with\nnot found, "), "{text}");
        assert!(!text.contains(id), "{text}");
    }
}

#[tokio::test]
async fn inviting_looks_sends_and_looks_again() {
    let answers = [
        "list_invitations/200-empty.json",
        "list_users/200.json",
        "create_invitation/204.txt",
        "list_invitations/200.json",
    ];
    let invite = async |provider: TrieveProvider| {
        let cleo = NewInvitation::to(Email::parse("cleo@example.org")?).with_role(Role::Admin);
        provider.invite(&organization(), cleo).await
    };
    insta::assert_snapshot!(told(&answers, invite).await);
}

#[tokio::test]
async fn a_used_invitation_in_the_way_is_deleted() {
    let wire = Wire::answering([
        canned("trieve/list_invitations/200.json"),
        canned("trieve/list_users/200.json"),
        Canned::json(400, r#"{"message":"User with email Dan@Example.org has already been invited"}"#),
        canned("trieve/list_invitations/200.json"),
        canned("trieve/list_users/200.json"),
        canned("trieve/list_invitations/200.json"),
        canned("trieve/delete_invitation/204.txt"),
        canned("trieve/create_invitation/400-invalid-email.json"),
        canned("trieve/list_invitations/200.json"),
        canned("trieve/list_users/200.json"),
    ])
    .await;
    let dan = NewInvitation::to(Email::parse("Dan@Example.org").expect("an address")).with_role(Role::Member);
    let result = provider(&wire, Credential::Organization).invite(&organization(), dan).await;
    assert_eq!(result.expect_err("refused").kind(), ErrorKind::InvalidInput);
    let lines: Vec<_> = wire.received().into_iter().map(|request| request.line).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn resending_carries_role_and_scopes_over() {
    let answers = [
        "list_invitations/200.json",
        "list_invitations/200.json",
        "delete_invitation/204.txt",
        "list_invitations/200-empty.json",
        "list_users/200.json",
        "create_invitation/204.txt",
        "list_invitations/200.json",
    ];
    let eve = InvitationId::new("f7ebd9a5-6b82-4d4a-8eb3-4c5b6a7f8e66").expect("not empty");
    let resend = async |provider: TrieveProvider| provider.resend_invitation(&organization(), &eve).await;
    insta::assert_snapshot!(told(&answers, resend).await);
}

#[tokio::test]
async fn what_cannot_be_made_again_is_not_deleted() {
    let id = InvitationId::new(INVITATION).expect("not empty");
    for (rest, kind) in [
        (r#""role":0,"scopes":[]"#, ErrorKind::Conflict),
        (r#""role":0,"scopes":[null]"#, ErrorKind::Conflict),
        (r#""scopes":null"#, ErrorKind::InvalidInput),
    ] {
        let row = format!(r#"[{{"id":"{INVITATION}","email":"a@x.io","used":false,{rest}}}]"#);
        let wire = Wire::answering([Canned::json(200, row)]).await;
        let error = provider(&wire, Credential::Organization).resend_invitation(&organization(), &id).await;
        assert_eq!(error.expect_err("it could not be made again").kind(), kind, "{rest}");
        assert!(wire.received().iter().all(|request| request.line.starts_with("GET ")));
    }
    let wire = Wire::answering([canned("trieve/list_invitations/200.json")]).await;
    let config =
        ProviderConfig::new("search").base_url(wire.base_url()).auth(AuthConfig::api_key("tr-secret"));
    let without_link = TrieveProvider::new(config, TrieveSettings::default()).expect("valid");
    let error = without_link.resend_invitation(&organization(), &id).await.expect_err("no link");
    assert!(error.kind() == ErrorKind::Config && error.message().contains("redirect_uri"), "{error}");
    assert!(wire.received().iter().all(|request| request.line.starts_with("GET ")));
}

#[tokio::test]
async fn ids_that_are_no_uuid_never_leave() {
    let wire = Wire::answering([Canned::empty(204)]).await;
    let (client, provider) = (client(&wire), provider(&wire, Credential::User));
    let long = "a".repeat(4096);
    for id in
        ["", " ", ".", "..", "../admin", "a/b", "a?b#c", "%2e%2e", "a b", "ü", "nul\0", "a\r\nX: y", &long]
    {
        let results = [
            client.create_invitation(id, &invitation_data()).await,
            client.list_invitations(id).await.map(drop),
            client.delete_invitation(id, INVITATION).await,
            client.delete_invitation(ORG, id).await,
            client.get_organization(id).await.map(drop),
            client.update_organization(id, &organization_changes()).await.map(drop),
            client.delete_organization(id).await,
            client.usage(id, &usage_query()).await.map(drop),
            client.list_users(id).await.map(drop),
            client.update_user(id, &UserUpdate::of(ADA).role(1)).await,
            client.update_user(ORG, &UserUpdate::of(id).role(1)).await,
            client.remove_user(id, ADA).await,
            client.remove_user(ORG, id).await,
            client.create_api_key(id, &new_api_key()).await.map(drop),
            client.list_api_keys(id, &api_keys_query()).await.map(drop),
            client.delete_api_key(id, KEY).await,
            client.delete_api_key(ORG, id).await,
            client.list_user_api_keys(id).await.map(drop),
            client.delete_user_api_key(id, KEY).await,
            client.delete_user_api_key(ORG, id).await,
        ];
        for result in results {
            assert_eq!(result.expect_err(id).kind(), ErrorKind::InvalidInput, "{id:?}");
        }
        if let Ok(organization) = OrganizationId::new(id) {
            let error = provider.list_members(&organization, None).await.expect_err(id);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id:?}");
        }
    }
    assert!(wire.received().is_empty());
}

#[tokio::test]
async fn every_spelling_of_a_uuid_is_sent_as_one() {
    for id in [
        "5E1F0C1A-90F4-4D6E-B1A7-3C2F7D1E8A01",
        "5e1f0c1a90f44d6eb1a73c2f7d1e8a01",
        "{5e1f0c1a-90f4-4d6e-b1a7-3c2f7d1e8a01}",
        "urn:uuid:5e1f0c1a-90f4-4d6e-b1a7-3c2f7d1e8a01",
    ] {
        let wire = Wire::answering([canned("trieve/list_invitations/200-empty.json")]).await;
        client(&wire).list_invitations(id).await.expect("a UUID");
        let request = wire.request();
        assert_eq!(request.line, format!("GET /api/invitations/{ORG}"));
        assert!(request.headers.contains(&("tr-organization".to_owned(), ORG.to_owned())));
    }
}

#[tokio::test]
async fn hostile_texts_arrive_as_they_are() {
    let long = "é".repeat(4096);
    for text in ["", " a b ", "a/b?c#d%2e+..", "\"quoted\\", "line\r\nbreak", "nul\0", "ünï 🦀", &long] {
        let wire = Wire::answering([canned("trieve/create_organization/200.json")]).await;
        client(&wire).create_organization(text).await.expect("answered");
        assert_eq!(body(&wire)["name"], text);

        let wire = Wire::answering([Canned::empty(204)]).await;
        let data = InvitationData::new(text, 0, text, text)
            .scopes(Some(Scopes::new([format!("x{text}")]).expect("one")));
        client(&wire).create_invitation(ORG, &data).await.expect("answered");
        for field in ["email", "app_url", "redirect_uri"] {
            assert_eq!(body(&wire)[field], text);
        }
        assert_eq!(body(&wire)["scopes"], serde_json::json!([format!("x{text}")]));
    }
    let wire = Wire::answering([canned("trieve/list_api_keys/200-last.json")]).await;
    let query = ApiKeysQuery { cursor: Some("a b/?#%+..ü&limit=9".into()), limit: None };
    client(&wire).list_api_keys(ORG, &query).await.expect("answered");
    let encoded = "a%20b%2F%3F%23%25%2B..%C3%BC%26limit%3D9";
    assert_eq!(wire.request().line, format!("GET /api/organization/api_key?cursor={encoded}"));
}

fn body(wire: &Wire) -> serde_json::Value {
    serde_json::from_str(&wire.request().body).expect("JSON")
}

#[tokio::test]
async fn scopes_that_do_harm_cannot_be_built() {
    for scopes in [&[][..], &[""], &["GET /api/organization", " "]] {
        let error = Scopes::new(scopes.iter().copied()).expect_err("locks out, or in");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    // What is not set is not sent, and so is never `[]` or `null`.
    let wire = Wire::answering([Canned::empty(204)]).await;
    client(&wire).update_user(ORG, &UserUpdate::of(ADA)).await.expect("answered");
    assert_eq!(body(&wire), serde_json::json!({ "user_id": ADA }));
}

#[tokio::test]
async fn what_trieve_has_not_is_refused_before_sending() {
    let wire = Wire::answering([Canned::empty(204)]).await;
    let with_key = provider(&wire, Credential::Organization);
    let provider = provider(&wire, Credential::User);
    let (org, ada) = (organization(), MemberId::new(ADA).expect("not empty"));
    let declined = InvitationFilter::all().with_status(InvitationStatus::Declined);
    let described = NewOrganization::new("n").with_description("d");
    let long = format!("{}@{}.example.org", "a".repeat(60), "b".repeat(50));
    let errors = [
        provider.create_organization(described).await.map(drop),
        with_key.create_organization(NewOrganization::new("n")).await.map(drop),
        provider
            .update_organization(&org, OrganizationUpdate::new().with_name("n").with_description("d"))
            .await
            .map(drop),
        provider.set_member_role(&org, &ada, &Role::Editor).await,
        provider.set_member_role(&org, &ada, &Role::Other("1".into())).await,
        provider.list_invitations(&org, &declined, None).await.map(drop),
        provider.my_invitations(None).await.map(drop),
    ];
    for error in errors {
        assert_eq!(error.expect_err("unsupported").kind(), ErrorKind::Unsupported);
    }
    let nothing = provider.update_organization(&org, OrganizationUpdate::new()).await;
    assert_eq!(nothing.expect_err("changes nothing").kind(), ErrorKind::InvalidInput);
    let unnamed = provider.invite(&org, NewInvitation::to(Email::verbatim("a@x.io"))).await;
    assert_eq!(unnamed.expect_err("no role").kind(), ErrorKind::InvalidInput);
    assert!(wire.received().is_empty());

    let wire = Wire::answering([canned("trieve/list_invitations/200-empty.json")]).await;
    let invitation = NewInvitation::to(Email::parse(&long).expect("valid")).with_role(Role::Member);
    let error = self::provider(&wire, Credential::User).invite(&org, invitation).await.expect_err("too long");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(wire.received().iter().all(|request| request.line.starts_with("GET ")));
}

#[tokio::test]
async fn mailed_links_lead_to_the_base_url_unless_told_otherwise() {
    let wire = Wire::answering([
        canned("trieve/list_invitations/200-empty.json"),
        canned("trieve/list_users/200.json"),
        canned("trieve/create_invitation/204.txt"),
        canned("trieve/list_invitations/200.json"),
    ])
    .await;
    let config =
        ProviderConfig::new("search").base_url(wire.base_url()).auth(AuthConfig::api_key("tr-secret"));
    let provider = TrieveProvider::new(config, TrieveSettings::default().redirect_uri(REDIRECT));
    let cleo = NewInvitation::to(Email::verbatim("cleo@example.org")).with_role(Role::Admin);
    provider.expect("valid").invite(&organization(), cleo).await.expect("invited");
    let body: serde_json::Value = serde_json::from_str(&wire.received()[2].body).expect("JSON");
    assert_eq!(body["app_url"], format!("{}/api", wire.base_url()));
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
