//! The credential, the configuration and the account.

use super::{ORG, Report, answer, call, email, look, ok, org, provider, told};
use insta::assert_snapshot;
use orgport_core::{ErrorKind, Invitations, NewInvitation, NewOrganization, Organizations};
use orgport_jaqpot::JaqpotClient;
use orgport_jaqpot::request::{ExpirationTime, UpdateApiKey, UsersQuery};
use orgport_tests::wire::{Canned, Wire};

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

#[tokio::test]
async fn read_only_reads_and_writes_nothing() {
    let wire = Wire::answering(look("invitations/empty.json")).await;
    let provider = provider(&wire).read_only();
    let to = NewInvitation::to(email("ines@people.example"));
    let invite = provider.invite(&org(), to).await.expect_err("a write");
    let create = provider.create_organization(NewOrganization::new("delta-two")).await.expect_err("a write");
    let typed =
        provider.client().create_invitations(ORG, &["ines@people.example"]).await.expect_err("a write");
    assert_eq!([invite.kind(), create.kind(), typed.kind()], [ErrorKind::ReadOnly; 3]);
    assert!(wire.received().is_empty(), "refused before anything is sent");
    provider.get_organization(&org()).await.expect_err("another list came, for what is a read");
    assert_eq!(wire.received().len(), 1);
}
