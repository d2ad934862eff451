//! What goes over the wire to Jaqpot, and what comes of it.

mod account;
mod hard_values;
mod invitations;
mod limits;
mod members;
mod organizations;
mod refusals;

use std::fmt::{Debug, Write as _};
use std::sync::Arc;

use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::{BaseUrl, ClientOptions, HttpSettings};
use orgport_core::{Email, Error, InvitationId, ManualClock, OrganizationId, Page, Timestamp};
use orgport_jaqpot::model::Visibility;
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

fn accepted() -> Canned {
    Canned::json(200, "{}")
}

fn lost() -> Canned {
    answer(502, "errors/502_page.html")
}

fn missing() -> Canned {
    answer(404, "errors/404_line_b.json")
}

/// The lists of an organization with these invitations.
fn look(invitations: &str) -> [Canned; 2] {
    [ok(invitations), ok("organization/line_b.json")]
}
