//! What goes over the wire to Koyeb, and what comes of it.

mod account;
mod hard_values;
mod invitations;
mod members;
mod organizations;
mod refusals;
mod scope;

use std::fmt::{Debug, Write as _};
use std::sync::Arc;

use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{
    Context, Cursor, Error, ErrorKind, InvitationFilter, InvitationId, Invitations, ManualClock, Members,
    Operation, OrganizationId, Organizations, Timestamp,
};
use orgport_koyeb::request::Part;
use orgport_koyeb::{KoyebClient, KoyebProvider, KoyebSettings};
use orgport_tests::wire::{Canned, Wire, fixture, json, page, shown, told};

const ORG: &str = "0f6a1c52-2b0e-4c57-9a41-6d1f5f0c7a10";

const INVITATION: &str = "d3c9f502-7e86-4b50-8f8d-3b4a5f6e7d8c";

const MEMBERSHIP: &str = "7d039fac-1820-4ffa-8327-d5e4f2a20626";

/// A success of the vendor's.
fn ok(path: &str) -> Canned {
    Canned::json(200, fixture(&format!("koyeb/{path}.json")))
}

/// A failure in the vendor's own form, whose status begins the fixture's name.
fn refusal(name: &str) -> Canned {
    let status = name[..3].parse().expect("a status");
    Canned::json(status, fixture(&format!("koyeb/errors/{name}.json")))
}

fn config(wire: &Wire) -> ProviderConfig {
    let start = Timestamp::parse("2026-08-17T09:15:00Z").expect("valid");
    let mut config = ProviderConfig::new("koyeb")
        .base_url(wire.base_url())
        .auth(AuthConfig::api_key("the-users-own-token"))
        .clock(Arc::new(ManualClock::new(start)));
    config.http.read_attempts = 1;
    config.http.write_attempts = 1;
    config
}

fn provider(wire: &Wire) -> KoyebProvider {
    KoyebProvider::new(config(wire), KoyebSettings::default()).expect("valid")
}

fn client(wire: &Wire) -> KoyebClient {
    provider(wire).client().clone()
}

fn id(text: &str) -> OrganizationId {
    OrganizationId::new(text).expect("not empty")
}

fn snapshot(name: &str, text: &str) {
    insta::assert_snapshot!(name, text);
}

/// Everything that was asked, in order, with the headers of the first request only.
fn conversation(wire: &Wire) -> String {
    let received = wire.received();
    let mut text = String::new();
    for (number, request) in received.iter().enumerate() {
        if number == 0 {
            writeln!(text, "{request}").expect("memory");
        } else {
            writeln!(text, "{} {}", request.line, request.body).expect("memory");
        }
    }
    text
}

fn lines(wire: &Wire) -> Vec<String> {
    wire.received().into_iter().map(|request| request.line).collect()
}

const PART: Part = Part { limit: Some(50), offset: Some(150) };

async fn exchange<T: Debug>(
    name: &str,
    answer: &str,
    call: impl AsyncFnOnce(KoyebClient) -> Result<T, Error>,
) {
    let wire = Wire::answering([ok(answer)]).await;
    let outcome = call(client(&wire)).await;
    snapshot(name, &format!("{}\n{}", wire.request(), shown(&outcome)));
}

async fn refused<T: Debug>(
    answer: Canned,
    operation: Operation,
    call: impl AsyncFnOnce(KoyebClient) -> Result<T, Error>,
) -> String {
    let wire = Wire::answering([answer]).await;
    let error = call(client(&wire)).await.during("koyeb", operation).expect_err("a refusal");
    told(&error)
}

async fn invite(answer: Canned) -> String {
    refused(answer, Operation::Invite, async |koyeb| koyeb.create_invitation("ada@lovelace.example").await)
        .await
}

/// Runs a call against these answers, the first of which tells the token's organization.
async fn run(
    name: &str,
    answers: impl IntoIterator<Item = Canned>,
    call: impl AsyncFnOnce(KoyebProvider) -> Result<String, Error>,
) {
    let wire = Wire::answering(answers).await;
    let outcome = call(provider(&wire)).await;
    let outcome = outcome.unwrap_or_else(|error| told(&error));
    snapshot(name, &format!("{}\n{outcome}", conversation(&wire)));
}

fn home() -> Canned {
    ok("account/organization")
}

fn invitation() -> InvitationId {
    InvitationId::new(INVITATION).expect("not empty")
}

/// An invitation of whatever organization is asked about.
fn there() -> Canned {
    Canned::json(200, format!(r#"{{"invitation":{{"id":"{INVITATION}","status":"PENDING"}}}}"#))
}

/// The confirmation of an invitation's deletion.
fn deleted() -> Canned {
    Canned::json(200, "{}")
}

#[tokio::test]
async fn lists() {
    run("neutral_invitations", [home(), ok("organization_invitations/page")], async |koyeb| {
        koyeb.list_invitations(&id(ORG), &InvitationFilter::all(), None).await.map(page)
    })
    .await;
    run("neutral_invitations_odd", [home(), ok("organization_invitations/odd")], async |koyeb| {
        koyeb.list_invitations(&id(ORG), &InvitationFilter::all(), None).await.map(page)
    })
    .await;
    run("neutral_members", [home(), ok("organization_members/page")], async |koyeb| {
        koyeb.list_members(&id(ORG), None).await.map(page)
    })
    .await;
    run("neutral_members_odd", [home(), ok("organization_members/odd")], async |koyeb| {
        koyeb.list_members(&id(ORG), None).await.map(page)
    })
    .await;
    run("neutral_organizations", [ok("account/organizations")], async |koyeb| {
        koyeb.list_organizations(Some(&Cursor::new("koyeb/list_organizations/#200"))).await.map(page)
    })
    .await;
    run("neutral_my_invitations", [ok("organization_invitations/page")], async |koyeb| {
        koyeb.my_invitations(None).await.map(page)
    })
    .await;
}

#[tokio::test]
async fn a_page_that_leads_nowhere_is_an_error() {
    let bodies = [
        r#"{"members":[],"limit":100,"offset":0,"count":7}"#,
        r#"{"members":[],"limit":100,"offset":0,"has_next":true}"#,
    ];
    for body in bodies {
        let wire = Wire::answering([home(), Canned::json(200, body)]).await;
        let error = provider(&wire).list_members(&id(ORG), None).await.expect_err(body);
        assert_eq!(error.kind(), ErrorKind::Protocol);
    }
    let wire = Wire::answering([home()]).await;
    let error =
        provider(&wire).list_members(&id(ORG), Some(&Cursor::new("-1"))).await.expect_err("no offset");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(lines(&wire).len(), 0);
}
