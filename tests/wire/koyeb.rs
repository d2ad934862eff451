//! What the Koyeb adapter sends, and what it makes of what comes back.

#[path = "koyeb/client.rs"]
mod client;
#[path = "koyeb/errors.rs"]
mod errors;
#[path = "koyeb/hard_inputs.rs"]
mod hard_inputs;
#[path = "koyeb/provider.rs"]
mod provider;
#[path = "koyeb/scope.rs"]
mod scope;

use std::fmt::{Debug, Write as _};
use std::sync::Arc;

use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{Error, ManualClock, OrganizationId, Timestamp};
use orgport_koyeb::{KoyebClient, KoyebProvider, KoyebSettings};
use orgport_tests::wire::{Canned, Wire, fixture};

const ORG: &str = "0f6a1c52-2b0e-4c57-9a41-6d1f5f0c7a10";
const OTHER: &str = "7c9de1b4-83aa-4d0c-b6d2-90e4c1a2f311";
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

fn shown<T: Debug>(outcome: &Result<T, Error>) -> String {
    match outcome {
        Ok(value) => format!("{value:#?}"),
        Err(error) => told(error),
    }
}

fn told(error: &Error) -> String {
    let mut text = format!("{error}\n  kind: {}", error.kind());
    write!(text, "\n  reach: {:?}, retryable: {}", error.reach(), error.is_retryable()).expect("memory");
    for (name, value) in [("code", error.vendor_code()), ("words", error.vendor_message())] {
        if let Some(value) = value {
            write!(text, "\n  {name}: {value}").expect("memory");
        }
    }
    if let Some(left) = error.left_behind() {
        write!(text, "\n  left behind: {}", left.description).expect("memory");
    }
    text
}
