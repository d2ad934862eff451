//! What goes over the wire to Jaqpot, and what its answers become.

#[path = "jaqpot_flows.rs"]
mod flows;

use std::fmt::{Debug, Write as _};
use std::sync::Arc;

use insta::assert_snapshot;
use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::{BaseUrl, ClientOptions, HttpSettings};
use orgport_core::{
    Email, Error, Invitation, InvitationFilter, InvitationId, Invitations, ManualClock, Member, Members,
    Operation, Organization, OrganizationId, Organizations, Page, Timestamp,
};
use orgport_jaqpot::model::{OrganizationInvitationStatus, Visibility};
use orgport_jaqpot::request::{
    CreateOrganization, ExpirationTime, PartialUpdateOrganization, UpdateApiKey, UpdateInvitation, UsersQuery,
};
use orgport_jaqpot::{JaqpotClient, JaqpotProvider, JaqpotSettings};
use orgport_tests::wire::{Canned, Recorded, Wire, fixture, whole};
use serde_json::Value;

const ORG: &str = "delta-lab";
const UUID: &str = "3c9e0001-52ab-4e0d-8f17-6b1d0a94c201";

/// A fixture as the vendor answers it, at a moment when it can be told what has expired.
fn ok(file: &str) -> Canned {
    answer(200, file)
}

fn answer(status: u16, file: &str) -> Canned {
    let body = fixture(&format!("jaqpot/{file}"));
    let canned = match file.rsplit_once('.').expect("a fixture has an ending").1 {
        "html" => Canned::html(status, body),
        "txt" => Canned::text(status, body),
        _ => Canned::json(status, body),
    };
    canned.header("date", "Wed, 13 May 2026 09:30:00 GMT")
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::parse("2026-05-13T09:30:00Z").expect("valid")))
}

/// A client that makes one attempt.
fn client(wire: &Wire) -> JaqpotClient {
    let mut once = HttpSettings::default();
    (once.read_attempts, once.write_attempts) = (1, 1);
    client_with(wire, once)
}

fn client_with(wire: &Wire, settings: HttpSettings) -> JaqpotClient {
    let base_url = BaseUrl::parse(&wire.base_url(), false).expect("loopback");
    let options = ClientOptions::new(base_url, Auth::bearer("t0ken")).clock(clock()).settings(settings);
    JaqpotClient::new(options).expect("valid")
}

fn provider(wire: &Wire) -> JaqpotProvider {
    let auth = AuthConfig::key_pair("jq_public", "s3cret");
    let mut config = ProviderConfig::new("lab").auth(auth).base_url(wire.base_url()).clock(clock());
    (config.http.read_attempts, config.http.write_attempts) = (1, 1);
    let mut settings = JaqpotSettings::default();
    settings.contact_email = Some("desk@delta.example".into());
    settings.visibility = Some(Visibility::Private);
    JaqpotProvider::new(config, settings).expect("valid")
}

fn org() -> OrganizationId {
    OrganizationId::new(ORG).expect("not empty")
}

fn uuid() -> InvitationId {
    InvitationId::new(UUID).expect("not empty")
}

fn email(text: &str) -> Email {
    Email::parse(text).expect("valid")
}

/// Makes one call of the typed client against one answer.
async fn call<T>(
    canned: Canned,
    make: impl AsyncFnOnce(JaqpotClient) -> Result<T, Error>,
) -> (Recorded, Result<T, Error>) {
    let wire = Wire::answering([canned]).await;
    let outcome = make(client(&wire)).await;
    (wire.request(), outcome)
}

/// Makes one call of the provider against answers in this order, and tells what was sent.
async fn play<T>(
    answers: impl IntoIterator<Item = Canned>,
    make: impl AsyncFnOnce(JaqpotProvider) -> T,
) -> (String, T) {
    let wire = Wire::answering(answers).await;
    let outcome = make(provider(&wire)).await;
    let sent: Vec<_> =
        wire.received().iter().map(|request| format!("{} {}", request.line, request.body)).collect();
    (sent.iter().map(|line| line.trim().to_owned() + "\n").collect(), outcome)
}

/// Collects what a snapshot shows.
#[derive(Default)]
struct Report(String);

impl Report {
    fn add(&mut self, title: &str, text: impl AsRef<str>) {
        writeln!(self.0, "## {title}\n{}\n", text.as_ref().trim_end()).expect("a string takes all");
    }

    fn debug<T: Debug>(&mut self, title: &str, outcome: &Result<T, Error>) {
        match outcome {
            Ok(value) => self.add(title, format!("{value:#?}")),
            Err(error) => self.add(title, told(error)),
        }
    }

    fn neutral(&mut self, title: &str, items: impl IntoIterator<Item = Result<Value, Error>>) {
        let lines = items.into_iter().map(|item| match item {
            Ok(mut value) => {
                let fields = value.as_object_mut().expect("a model is an object");
                assert!(fields.remove("native").is_some_and(|native| native.is_object()), "the JSON is kept");
                format!("{value:#}")
            }
            Err(error) => told(&error),
        });
        self.add(title, lines.collect::<Vec<_>>().join("\n"));
    }
}

/// All that a caller can tell of an error.
fn told(error: &Error) -> String {
    let retry = if error.is_retryable() { ", retryable" } else { "" };
    format!(
        "{error}\n    [{}, {:?}{retry}, vendor says {:?}]",
        error.kind(),
        error.reach(),
        error.vendor_message()
    )
}

fn page<T: serde::Serialize>(page: Result<Page<T>, Error>) -> Vec<Result<Value, Error>> {
    match page {
        Ok(page) => {
            assert!(page.next.is_none() && page.total.is_none(), "the vendor answers whole lists");
            page.items.into_iter().map(|item| item.map(whole)).collect()
        }
        Err(error) => vec![Err(error)],
    }
}

#[tokio::test]
async fn list_invitations() {
    let mut report = Report::default();
    let (request, _) =
        call(ok("invitations/empty.json"), async |client| client.list_invitations(ORG).await).await;
    report.add("request", request.to_string());
    for case in ["line_b", "line_a", "odd", "empty"] {
        let file = format!("invitations/{case}.json");
        let (_, typed) = call(ok(&file), async |client| client.list_invitations(ORG).await).await;
        let typed = typed.expect("a list").value;
        report.add(
            &format!("{case}, typed"),
            format!(
                "{:#?}",
                typed.iter().map(|row| row.as_ref().map(|doc| &doc.value).map_err(told)).collect::<Vec<_>>()
            ),
        );
        let all = InvitationFilter::all();
        let list = async |provider: JaqpotProvider| provider.list_invitations(&org(), &all, None).await;
        let (_, neutral) = play([ok(&file)], list).await;
        report.neutral(&format!("{case}, neutral"), page::<Invitation>(neutral));
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn a_filter_keeps_what_was_asked_for_and_what_cannot_be_read() {
    let mut report = Report::default();
    for filter in [
        InvitationFilter::pending(),
        InvitationFilter::all().with_status(orgport_core::InvitationStatus::Expired),
        InvitationFilter::all().with_email(email("OMAR@people.example")),
    ] {
        let list = async |provider: JaqpotProvider| provider.list_invitations(&org(), &filter, None).await;
        for file in ["invitations/line_b.json", "invitations/odd.json"] {
            let (_, found) = play([ok(file)], list).await;
            let rows = found.expect("a list").items.into_iter();
            let rows = rows.map(|row| {
                row.map_or_else(
                    |error| error.kind().to_string(),
                    |row| format!("{:?} {}", row.email, row.status),
                )
            });
            report.add(&format!("{filter:?} of {file}"), rows.collect::<Vec<_>>().join("\n"));
        }
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn get_invitation() {
    let mut report = Report::default();
    let get = async |client: JaqpotClient| Ok(client.get_invitation(ORG, UUID).await?.value.value);
    let (request, _) = call(ok("invitation/pending.json"), get).await;
    report.add("request", request.to_string());
    for case in ["pending", "expired", "accepted", "rejected"] {
        let file = format!("invitation/{case}.json");
        report.debug(&format!("{case}, typed"), &call(ok(&file), get).await.1);
        let get = async |provider: JaqpotProvider| provider.get_invitation(&org(), &uuid()).await;
        report.neutral(&format!("{case}, neutral"), [play([ok(&file)], get).await.1.map(whole)]);
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn update_invitation() {
    let update = UpdateInvitation {
        id: Some(UUID.into()),
        user_id: Some("a3d0".into()),
        user_email: "ines@people.example".into(),
        status: OrganizationInvitationStatus::Rejected,
        expiration_date: "2026-05-19T08:00:00.25Z".into(),
    };
    let mut report = Report::default();
    let put =
        async |client: JaqpotClient| Ok(client.update_invitation(ORG, UUID, &update).await?.value.value);
    let (request, reply) = call(ok("invitation/rejected.json"), put).await;
    report.add("request with all members", request.to_string());
    report.debug("reply", &reply);
    let required = UpdateInvitation { id: None, user_id: None, ..update.clone() };
    let put =
        async |client: JaqpotClient| Ok(client.update_invitation(ORG, UUID, &required).await?.value.value);
    let (request, reply) = call(Canned::json(200, "[]"), put).await;
    report.add("request with the required members", request.to_string());
    report.debug("an answer of another form", &reply);
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn create_invitations() {
    let mut report = Report::default();
    let emails = ["ines@people.example", "o'mar+lab@people.example", "jürgen@bücher.example"];
    let post = async |client: JaqpotClient| client.create_invitations(ORG, &emails).await;
    let (request, reply) = call(Canned::json(200, "{}"), post).await;
    report.add("request", request.to_string());
    report.debug("200 {}", &reply);
    report.debug("201 empty, as documented", &call(Canned::empty(201), post).await.1);
    report.debug("502 page", &call(answer(502, "errors/502_page.html"), post).await.1);
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn resend_invitation() {
    let mut report = Report::default();
    let post = async |client: JaqpotClient| client.resend_invitation(7301, UUID).await;
    let (request, reply) = call(Canned::json(200, "{}"), post).await;
    report.add("request", request.to_string());
    report.debug("200 {}", &reply);
    report.debug("200 empty, as documented", &call(Canned::empty(200), post).await.1);
    report.debug("200 of another call", &call(ok("invitation/pending.json"), post).await.1);
    report.debug("200 page", &call(answer(200, "errors/502_page.html"), post).await.1);
    let wire = Wire::answering([Canned::empty(200)]).await;
    for id in [
        "",
        "x",
        "1-1-1-1-1",
        "3c9e0001-52ab-4e0d-8f17-6b1d0a94c20g",
        "{3c9e0001-52ab-4e0d-8f17-6b1d0a94c201}",
    ] {
        report.debug(&format!("{id:?}"), &client(&wire).resend_invitation(7301, id).await);
    }
    assert!(wire.received().is_empty(), "a malformed id costs no call");
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn list_organizations() {
    let mut report = Report::default();
    let all = async |client: JaqpotClient| client.list_organizations().await;
    let own = async |client: JaqpotClient| client.list_own_organizations().await;
    report.add("request of all", call(ok("organizations/empty.json"), all).await.0.to_string());
    let (request, typed) = call(ok("organizations/own.json"), own).await;
    report.add("request of one's own", request.to_string());
    let typed =
        typed.expect("a list").into_iter().map(|row| row.map(|doc| doc.value).map_err(|error| told(&error)));
    report.add("typed", format!("{:#?}", typed.collect::<Vec<_>>()));
    for file in ["organizations/own.json", "organizations/empty.json"] {
        let list = async |provider: JaqpotProvider| provider.list_organizations(None).await;
        let (sent, neutral) = play([ok(file)], list).await;
        report.add("sent", sent);
        report.neutral(file, page::<Organization>(neutral));
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn get_organization() {
    let mut report = Report::default();
    let get = async |client: JaqpotClient| client.get_organization(ORG).await;
    report.add("request", call(ok("organization/bare.json"), get).await.0.to_string());
    for case in ["line_b", "line_a", "odd", "bare", "without_number"] {
        let file = format!("organization/{case}.json");
        match call(ok(&file), get).await.1 {
            Ok(found) => report.add(&format!("{case}, typed"), format!("{:#?}", found.organization.value)),
            Err(error) => report.add(&format!("{case}, typed"), told(&error)),
        }
        let get = async |provider: JaqpotProvider| provider.get_organization(&org()).await;
        report.neutral(&format!("{case}, neutral"), [play([ok(&file)], get).await.1.map(whole)]);
        let list = async |provider: JaqpotProvider| provider.list_members(&org(), None).await;
        report.neutral(&format!("{case}, members"), page::<Member>(play([ok(&file)], list).await.1));
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn create_organization() {
    let mut report = Report::default();
    let least = CreateOrganization::new(ORG, Visibility::Public, "desk@delta.example");
    let mut most = least.clone();
    most.description = Some("Toxicity \"of\" small\nmolecules".into());
    most.contact_phone = Some("+30 210".into());
    most.website = Some("https://delta.example/?a=b#c".into());
    most.address = Some("Πατησίων 42".into());
    for (title, body) in [("least", &least), ("most", &most)] {
        let post = async |client: JaqpotClient| client.create_organization(body).await;
        let (request, reply) = call(Canned::empty(201).header("location", "/v1/organizations/x"), post).await;
        report.add(title, request.to_string());
        report.debug("reply", &reply);
    }
    let post = async |client: JaqpotClient| client.create_organization(&least).await;
    report.debug("502 page", &call(answer(502, "errors/502_page.html"), post).await.1);
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn update_organization() {
    let mut report = Report::default();
    let least = PartialUpdateOrganization {
        name: "delta-works".into(),
        contact_email: "desk@delta.example".into(),
        visibility: Visibility::Other("LISTED".into()),
        description: None,
    };
    let most = PartialUpdateOrganization { description: Some("Now with solvents".into()), ..least.clone() };
    for (title, body) in [("least", &least), ("most", &most)] {
        let patch = async |client: JaqpotClient| client.update_organization(7301, body).await;
        let (request, reply) = call(ok("organization/renamed.json"), patch).await;
        report.add(title, request.to_string());
        report.add("reply", format!("{:#?}", reply.expect("an organization").organization.value));
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn api_keys() {
    let mut report = Report::default();
    for note in [None, Some("night \"jobs\"")] {
        let post = async |client: JaqpotClient| client.create_api_key(ExpirationTime::SixMonths, note).await;
        let (request, created) = call(ok("api_keys/created.json"), post).await;
        report.add("create", request.to_string());
        let created = created.expect("a key");
        assert!(created.client_secret.expose().starts_with("Sx9Qm"));
        report.add("created", format!("{created:#?}"));
    }
    let post = async |client: JaqpotClient| client.create_api_key(ExpirationTime::ThreeMonths, None).await;
    let (_, broken) = call(answer(201, "api_keys/created_odd.json"), post).await;
    assert!(!format!("{broken:?}").contains("Sx9Qm"), "no error shows the secret");
    report.debug("created without a key", &broken);
    let list = async |client: JaqpotClient| client.list_api_keys().await;
    let (request, keys) = call(ok("api_keys/list.json"), list).await;
    report.add("list", request.to_string());
    report.add(
        "listed",
        format!("{:#?}", keys.expect("a list").iter().flatten().map(|doc| &doc.value).collect::<Vec<_>>()),
    );
    for update in [UpdateApiKey::default(), UpdateApiKey { note: Some(String::new()), enabled: Some(false) }]
    {
        let patch = async |client: JaqpotClient| Ok(client.update_api_key("jq_Fx2m", &update).await?.value);
        let (request, updated) = call(ok("api_keys/updated.json"), patch).await;
        report.add("update", request.to_string());
        report.debug("updated", &updated);
    }
    let delete = async |client: JaqpotClient| client.delete_api_key("jq_Fx2m").await;
    let (request, deleted) = call(Canned::empty(204), delete).await;
    report.add("delete", request.to_string());
    report.debug("deleted", &deleted);
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn accounts() {
    let mut report = Report::default();
    let validate = async |client: JaqpotClient| client.validate().await;
    let (request, reply) = call(Canned::empty(200), validate).await;
    report.add("validate", request.to_string());
    report.debug("validated", &reply);
    let get = async |client: JaqpotClient| Ok(client.get_user("mara").await?.value);
    let (request, user) = call(ok("user/line_b.json"), get).await;
    report.add("get_user", request.to_string());
    report.debug("user", &user);
    for query in [
        UsersQuery::default(),
        UsersQuery { page: Some(0), size: Some(2), sort: vec!["email,desc".into(), "a&b=c d".into()] },
    ] {
        let list = async |client: JaqpotClient| client.list_users(&query).await;
        let (request, page) = call(ok("users/page.json"), list).await;
        report.add("list_users", request.to_string());
        let page = page.expect("a page");
        let content: Vec<_> =
            page.content.iter().map(|row| row.as_ref().map(|doc| &doc.value).map_err(told)).collect();
        report.add("content", format!("{content:#?}"));
        report.add(
            "page",
            format!(
                "{:?} of {:?}, {:?} in all, last {:?}",
                page.number, page.total_pages, page.total_elements, page.last
            ),
        );
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn a_key_pair_goes_in_its_two_headers() {
    let wire = Wire::answering([ok("organizations/empty.json")]).await;
    provider(&wire).list_organizations(None).await.expect("a list");
    let headers = wire.request().headers;
    let value = |name| headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str());
    assert_eq!((value("x-api-key"), value("x-api-secret")), (Some("jq_public"), Some("s3cret")));
    assert_eq!(value("authorization"), None);
}

/// The endpoints whose parameters are names, with a value in every one of them.
async fn with_parameter(client: &JaqpotClient, endpoint: &str, value: &str) -> Result<(), Error> {
    let update = UpdateInvitation {
        id: None,
        user_id: None,
        user_email: value.into(),
        status: OrganizationInvitationStatus::Accepted,
        expiration_date: value.into(),
    };
    match endpoint {
        "list_invitations" => client.list_invitations(value).await.map(drop),
        "create_invitations" => client.create_invitations(value, &[value]).await,
        "get_invitation" => client.get_invitation(value, value).await.map(drop),
        "update_invitation" => client.update_invitation(value, value, &update).await.map(drop),
        "get_organization" => client.get_organization(value).await.map(drop),
        "update_api_key" => client.update_api_key(value, &UpdateApiKey::default()).await.map(drop),
        "delete_api_key" => client.delete_api_key(value).await,
        "get_user" => client.get_user(value).await.map(drop),
        "list_users" => client
            .list_users(&UsersQuery { sort: vec![value.into()], ..UsersQuery::default() })
            .await
            .map(drop),
        _ => unreachable!("{endpoint}"),
    }
}

#[tokio::test]
async fn hard_values_stay_one_segment() {
    let long = "x".repeat(4096);
    let mut report = Report::default();
    for endpoint in [
        "list_invitations",
        "create_invitations",
        "get_invitation",
        "update_invitation",
        "get_organization",
        "update_api_key",
        "delete_api_key",
        "get_user",
        "list_users",
    ] {
        let mut lines = String::new();
        for value in [
            "",
            ".",
            "..",
            "a b",
            "a/b",
            "../admin",
            "a?b#c",
            "%2e%2e",
            "50%",
            "a+b",
            "naïve☃",
            "nul\0",
            "a;b=c,\\\"",
            &long,
        ] {
            let wire = Wire::answering([Canned::empty(403)]).await;
            let refused = with_parameter(&client(&wire), endpoint, value).await.expect_err("all are refused");
            let line = match wire.received().as_slice() {
                [] => format!("not sent: {refused}"),
                [request] => format!("{} {}", request.line, request.body),
                more => panic!("{more:?}"),
            };
            writeln!(lines, "{}", line.replace(&long, "<4096 x>")).expect("a string takes all");
        }
        report.add(endpoint, lines);
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn refusals() {
    let cases: &[(&str, u16, Operation)] = &[
        ("400_answered_already.json", 400, Operation::RespondToInvitation),
        ("400_answered_already.json", 400, Operation::ResendInvitation),
        ("400_expired.json", 400, Operation::RespondToInvitation),
        ("400_wrong_person.json", 400, Operation::RespondToInvitation),
        ("400_unverified.json", 400, Operation::RespondToInvitation),
        ("400_name_taken.json", 400, Operation::CreateOrganization),
        ("400_id_given.json", 400, Operation::CreateOrganization),
        ("400_validation.json", 400, Operation::Invite),
        ("400_documented.json", 400, Operation::CreateOrganization),
        ("400_documented.json", 400, Operation::Invite),
        ("400_framework_line_b.json", 400, Operation::GetInvitation),
        ("400_framework_line_a.json", 400, Operation::GetInvitation),
        ("400_page.html", 400, Operation::GetOrganization),
        ("400_page.html", 400, Operation::Invite),
        ("401_key_line_b.json", 401, Operation::Invite),
        ("401_key_line_a.json", 401, Operation::GetOrganization),
        ("", 401, Operation::GetOrganization),
        ("", 403, Operation::GetOrganization),
        ("", 403, Operation::Invite),
        ("403_foreign.json", 403, Operation::Invite),
        ("404_line_b.json", 404, Operation::GetOrganization),
        ("404_organization_line_a.json", 404, Operation::GetOrganization),
        ("404_invitation_line_a.json", 404, Operation::ResendInvitation),
        ("404_creator_line_a.json", 404, Operation::UpdateOrganization),
        ("", 404, Operation::GetOrganization),
        ("404_other_status.json", 404, Operation::Invite),
        ("405_line_b.json", 405, Operation::UpdateOrganization),
        ("", 408, Operation::Invite),
        ("409_line_b.json", 409, Operation::UpdateOrganization),
        ("409_line_a.json", 409, Operation::UpdateOrganization),
        ("415_line_b.json", 415, Operation::Invite),
        ("429_limit.json", 429, Operation::Invite),
        ("429_limit.json", 429, Operation::ResendInvitation),
        ("429_limit.json", 429, Operation::UpdateOrganization),
        ("500_line_b.json", 500, Operation::GetOrganization),
        ("500_line_b.json", 500, Operation::Invite),
        ("500_line_b.json", 500, Operation::ResendInvitation),
        ("500_key_expired_line_a.json", 500, Operation::GetOrganization),
        ("500_foreign.json", 500, Operation::Invite),
        ("500_foreign_with_status.json", 500, Operation::Invite),
        ("500_text.txt", 500, Operation::GetOrganization),
        ("", 500, Operation::Invite),
        ("502_page.html", 502, Operation::GetOrganization),
        ("502_page.html", 502, Operation::CreateOrganization),
        ("503_line_b.json", 503, Operation::Invite),
    ];
    let mut report = Report::default();
    for (file, status, operation) in cases {
        let canned =
            if file.is_empty() { Canned::empty(*status) } else { answer(*status, &format!("errors/{file}")) };
        let (request, refused) = call(canned, async |client| refusal_of(&client, *operation).await).await;
        let error = refused.expect_err("it is a refusal").during("lab", *operation);
        let retry_after =
            error.retry_after().map(|wait| format!("    retry after {wait:?}\n")).unwrap_or_default();
        let method = request.line.split(' ').next().expect("a method").to_owned();
        report.add(&format!("{status} {file} to {method}"), format!("{}\n{retry_after}", told(&error)));
    }
    assert_snapshot!(report.0);
}

/// The one write or read of the typed client behind an operation.
async fn refusal_of(client: &JaqpotClient, operation: Operation) -> Result<(), Error> {
    let name = "delta-works".to_owned();
    match operation {
        Operation::GetOrganization => client.get_organization(ORG).await.map(drop),
        Operation::CreateOrganization => {
            let new = CreateOrganization::new(ORG, Visibility::Public, "desk@delta.example");
            client.create_organization(&new).await
        }
        Operation::UpdateOrganization => {
            let (contact_email, visibility) = ("desk@delta.example".into(), Visibility::Public);
            let update = PartialUpdateOrganization { name, contact_email, visibility, description: None };
            client.update_organization(7301, &update).await.map(drop)
        }
        Operation::GetInvitation => client.get_invitation(ORG, UUID).await.map(drop),
        Operation::Invite => client.create_invitations(ORG, &["ines@people.example"]).await,
        Operation::ResendInvitation => client.resend_invitation(7301, UUID).await,
        Operation::RespondToInvitation => {
            let update = UpdateInvitation {
                id: None,
                user_id: None,
                user_email: "ines@people.example".into(),
                status: OrganizationInvitationStatus::Accepted,
                expiration_date: "2026-05-19T08:00:00Z".into(),
            };
            client.update_invitation(ORG, UUID, &update).await.map(drop)
        }
        other => unreachable!("{other}"),
    }
}
