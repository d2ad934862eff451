//! What goes over the wire to Losant, and what comes of it.

macro_rules! typed {
    ($name:literal, $answer:expr, |$client:ident| $call:expr) => {{
        let wire = Wire::answering([$answer]).await;
        let $client = client(&wire);
        let outcome = $call.await;
        insta::assert_snapshot!(concat!("typed_", $name), shown(&wire, &outcome));
    }};
}

macro_rules! neutral {
    ($name:literal, [$($answer:expr),+ $(,)?], |$provider:ident| $call:expr) => {{
        let wire = Wire::answering([$($answer),+]).await;
        let $provider = provider(&wire);
        let outcome = $call.await;
        insta::assert_snapshot!(concat!("neutral_", $name), neutral(&wire, &outcome));
    }};
}

mod account;
mod hard_values;
mod invitations;
mod members;
mod organizations;
mod refusals;

use std::fmt::Debug;
use std::sync::Arc;

use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::{BaseUrl, ClientOptions};
use orgport_core::{Email, Error, InvitationId, ManualClock, MemberId, OrganizationId, Page, Timestamp};
use orgport_losant::{LosantClient, LosantProvider, LosantSettings, ResourceRole, ResourceRoles};
use orgport_tests::wire::{self, Canned, Wire, fixture};
use serde::Serialize;
use serde_json::Value;

const ORG: &str = "64b0f3a1c2d4e5f60718293a";

const BOB: &str = "64a0000000000000000000b2";

const INVITE: &str = "64c0000000000000000000d1";

const APP: &str = "64d0000000000000000000e1";

/// The vendor's clock in every answer, which says what has expired.
const DATE: &str = "Wed, 05 Mar 2025 12:00:00 GMT";

fn json(name: &str) -> Canned {
    answer(200, name)
}

fn answer(status: u16, name: &str) -> Canned {
    Canned::json(status, fixture(&format!("losant/{name}"))).header("date", DATE)
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::parse("2030-01-01T00:00:00Z").expect("valid")))
}

fn client(wire: &Wire) -> LosantClient {
    let base = BaseUrl::parse(&wire.base_url(), false).expect("loopback");
    let options = ClientOptions::new(base, Auth::bearer("a-user-token")).clock(clock());
    LosantClient::new(options).expect("valid")
}

fn provider(wire: &Wire) -> LosantProvider {
    let auth = AuthConfig::bearer("a-user-token");
    let config = ProviderConfig::new("prod").auth(auth).base_url(wire.base_url()).clock(clock());
    LosantProvider::new(config, LosantSettings::default()).expect("valid")
}

fn org() -> OrganizationId {
    OrganizationId::new(ORG).expect("not empty")
}

fn invitation_id() -> InvitationId {
    InvitationId::new(INVITE).expect("not empty")
}

fn member_id(id: &str) -> MemberId {
    MemberId::new(id).expect("not empty")
}

fn email(text: &str) -> Email {
    Email::parse(text).expect("valid")
}

/// The requests as they arrived.
fn requests(wire: &Wire) -> String {
    let texts: Vec<_> = wire.received().iter().map(|request| format!("{request}\n")).collect();
    texts.concat()
}

/// The requests as they arrived, and what came out of the answers.
fn shown(wire: &Wire, outcome: &impl Debug) -> String {
    format!("{}=> {outcome:#?}", requests(wire))
}

/// The requests' lines and bodies, and the neutral form of what came out of the answers.
fn neutral(wire: &Wire, outcome: &Result<impl Serialize, Error>) -> String {
    let received = wire.received();
    let lines: Vec<_> =
        received.iter().map(|request| format!("{} {}\n", request.line, request.body)).collect();
    let outcome = match outcome {
        Ok(value) => wire::json(value),
        Err(error) => told(error),
    };
    format!("{}=> {outcome}", lines.concat())
}

fn page<T: Serialize>(page: Page<T>) -> Value {
    let items: Vec<_> = page
        .items
        .iter()
        .map(|item| match item {
            Ok(item) => serde_json::to_value(item).expect("a model"),
            Err(error) => told(error).into(),
        })
        .collect();
    serde_json::json!({ "items": items, "next": page.next.map(|next| next.to_string()), "total": page.total })
}

fn told(error: &Error) -> String {
    format!("{:?}, retryable {}, {error}", error.kind(), error.is_retryable())
}

fn in_app(role: &str) -> ResourceRoles {
    let role = ResourceRole { resource_id: APP.into(), role: role.into() };
    ResourceRoles { application_roles: Some(vec![role]), dashboard_roles: Some(Vec::new()) }
}
