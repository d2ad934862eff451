//! What goes over the wire to GitHub, and what comes of it.

mod account;
mod app;
mod hard_values;
mod invitations;
mod limits;
mod members;
mod organizations;
mod refusals;

use std::fmt::{Debug, Write as _};
use std::sync::Arc;

use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{Context, Error, InvitationId, ManualClock, Operation, OrganizationId, Timestamp};
use orgport_github::request::{Invitee, NewInvitation, Part};
use orgport_github::{GitHubClient, GitHubProvider, GitHubSettings};
use orgport_tests::wire::{Canned, Wire, fixture, json, page, shown, told};

const ORG: &str = "acme";

const INVITATION: u64 = 28_984_230;

const GRACE: &str = "grace@hopper.example";

const PART: Part = Part { per_page: Some(50), page: Some(4) };

/// The present moment of both sides.
const NOW: &str = "2026-08-17T09:15:00Z";

/// A success of the vendor's.
fn ok(path: &str) -> Canned {
    Canned::json(200, fixture(&format!("github/{path}.json"))).header("date", "Mon, 17 Aug 2026 09:15:00 GMT")
}

/// A failure in the vendor's own form, whose status begins the fixture's name.
fn refusal(name: &str) -> Canned {
    let status = name[..3].parse().expect("a status");
    let body = fixture(&format!("github/errors/{name}.json"));
    Canned::json(status, body).header("x-github-request-id", "ADB2:4907:F9EF7D:10E5C1E:61651DEF")
}

/// With another page behind it, as links of the vendor's name one.
fn followed_by(page: Canned, path: &str) -> Canned {
    page.header("link", &format!("<{path}>; rel=\"next\", <{path}9>; rel=\"last\""))
}

fn config(wire: &Wire) -> ProviderConfig {
    let start = Timestamp::parse(NOW).expect("valid");
    let mut config = ProviderConfig::new("github")
        .base_url(wire.base_url())
        .auth(AuthConfig::api_key("ghp_the-persons-own-token"))
        .clock(Arc::new(ManualClock::new(start)));
    config.http.read_attempts = 1;
    config.http.write_attempts = 1;
    config
}

fn provider(wire: &Wire) -> GitHubProvider {
    GitHubProvider::new(config(wire), GitHubSettings::default()).expect("valid")
}

fn client(wire: &Wire) -> GitHubClient {
    provider(wire).client().clone()
}

fn id(text: &str) -> OrganizationId {
    OrganizationId::new(text).expect("not empty")
}

fn invitation() -> InvitationId {
    InvitationId::new(INVITATION.to_string()).expect("not empty")
}

fn to_grace() -> NewInvitation {
    NewInvitation::of(Invitee::Email(GRACE.to_owned()))
}

fn snapshot(name: &str, text: &str) {
    insta::assert_snapshot!(name, text);
}

/// Everything that was asked, in order, with the headers of the first request only.
fn conversation(wire: &Wire) -> String {
    let mut text = String::new();
    for (number, request) in wire.received().iter().enumerate() {
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

async fn exchange<T: Debug>(
    name: &str,
    answer: &str,
    call: impl AsyncFnOnce(GitHubClient) -> Result<T, Error>,
) {
    let wire = Wire::answering([ok(answer)]).await;
    let outcome = call(client(&wire)).await;
    snapshot(name, &format!("{}\n{}", wire.request(), shown(&outcome)));
}

async fn refused<T: Debug>(
    answer: Canned,
    operation: Operation,
    call: impl AsyncFnOnce(GitHubClient) -> Result<T, Error>,
) -> String {
    let wire = Wire::answering([answer]).await;
    let error = call(client(&wire)).await.during("github", operation).expect_err("a refusal");
    told(&error)
}

async fn invite(answer: Canned) -> String {
    refused(answer, Operation::Invite, async |github| github.create_invitation(ORG, &to_grace()).await).await
}

/// Runs a call against these answers.
async fn run(
    name: &str,
    answers: impl IntoIterator<Item = Canned>,
    call: impl AsyncFnOnce(GitHubProvider) -> Result<String, Error>,
) {
    let wire = Wire::answering(answers).await;
    let outcome = call(provider(&wire)).await;
    let outcome = outcome.unwrap_or_else(|error| told(&error));
    snapshot(name, &format!("{}\n{outcome}", conversation(&wire)));
}
