//! Organizations: what the calls send, and what the operations make of them.

use super::{
    ORG, Report, UUID, accepted, answer, call, lost, missing, ok, org, page, play, provider, told, uuid,
};
use insta::assert_snapshot;
use orgport_core::{
    ErrorKind, Invitations, Member, Members, NewOrganization, Organization, OrganizationUpdate, Organizations,
};
use orgport_jaqpot::model::Visibility;
use orgport_jaqpot::request::{CreateOrganization, PartialUpdateOrganization};
use orgport_jaqpot::{JaqpotClient, JaqpotProvider};
use orgport_tests::wire::{Canned, Wire, whole};

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
async fn creating_reads_back_by_name() {
    let mut report = Report::default();
    let new = NewOrganization::new(ORG).with_description("Toxicity of small molecules");
    let create = async |provider: JaqpotProvider| provider.create_organization(new.clone()).await;
    for (title, answers) in [
        ("made", vec![Canned::empty(201), ok("organization/line_b.json")]),
        ("made and not read back", vec![Canned::empty(201), missing()]),
        ("taken", vec![answer(400, "errors/400_name_taken.json")]),
        ("answer lost", vec![lost()]),
    ] {
        let (sent, made) = play(answers, create).await;
        report.add(title, sent);
        report.neutral("outcome", [made.map(whole)]);
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn updating_repeats_what_was_read() {
    let mut report = Report::default();
    for (title, update, answers) in [
        (
            "name",
            OrganizationUpdate::new().with_name("delta-works"),
            vec![ok("organization/line_b.json"), ok("organization/renamed.json")],
        ),
        (
            "description",
            OrganizationUpdate::new().with_description("Now with solvents"),
            vec![ok("organization/line_b.json"), ok("organization/described.json")],
        ),
        (
            "name taken",
            OrganizationUpdate::new().with_name("delta-works"),
            vec![ok("organization/line_b.json"), answer(409, "errors/409_line_b.json")],
        ),
        ("nothing", OrganizationUpdate::new(), vec![missing()]),
        ("no organization", OrganizationUpdate::new().with_name("delta-works"), vec![missing()]),
        (
            "fields not shown",
            OrganizationUpdate::new().with_name("delta-works"),
            vec![ok("organization/bare.json")],
        ),
    ] {
        let run = async |provider: JaqpotProvider| provider.update_organization(&org(), update).await;
        let (sent, updated) = play(answers, run).await;
        report.add(title, sent);
        report.neutral("outcome", [updated.map(whole)]);
    }
    assert_snapshot!(report.0);
}

#[tokio::test]
async fn names_that_the_vendor_does_not_take_are_not_sent() {
    let long = "x".repeat(201);
    for name in ["", "ab", "a b c", "naïve", "a/b/c", "abc\n", "ab.c", &long] {
        let wire = Wire::answering([missing()]).await;
        let provider = provider(&wire);
        let created = provider.create_organization(NewOrganization::new(name)).await.expect_err(name);
        let renamed = OrganizationUpdate::new().with_name(name);
        let renamed = provider.update_organization(&org(), renamed).await.expect_err(name);
        assert_eq!([created.kind(), renamed.kind()], [ErrorKind::InvalidInput; 2], "{name:?}");
        assert!(wire.received().is_empty(), "{name:?}");
    }
}

#[tokio::test]
async fn a_name_that_means_another_organization_is_a_conflict() {
    let wire = Wire::answering([
        ok("organization/line_b.json"),
        ok("organization/other_number.json"),
        ok("organization/other_number.json"),
        missing(),
        ok("organization/other_number.json"),
    ])
    .await;
    let provider = provider(&wire);
    provider.get_organization(&org()).await.expect("the first one");
    let get = provider.get_organization(&org()).await.expect_err("another one");
    let members = provider.list_members(&org(), None).await.expect_err("still another one");
    assert_eq!([get.kind(), members.kind()], [ErrorKind::Conflict; 2]);
    assert_snapshot!(told(&get));
    provider.get_organization(&org()).await.expect_err("gone");
    provider.get_organization(&org()).await.expect("a name that was free in between is a new one");
}

#[tokio::test]
async fn a_rename_takes_the_number_along() {
    let wire = Wire::answering([
        ok("organization/line_b.json"),
        ok("organization/renamed.json"),
        ok("invitation/pending.json"),
        accepted(),
        ok("invitation/moved.json"),
    ])
    .await;
    let provider = provider(&wire);
    let update = OrganizationUpdate::new().with_name("delta-works");
    let renamed = provider.update_organization(&org(), update).await.expect("renamed").id;
    provider.resend_invitation(&renamed, &uuid()).await.expect("resent");
    let lines: Vec<_> = wire.received().into_iter().map(|request| request.line).collect();
    assert_eq!(lines[2], format!("GET /v1/organizations/delta-works/invitations/{UUID}"));
    assert_eq!(lines[3], format!("POST /v1/organizations/7301/invitations/{UUID}/resend"));
}
