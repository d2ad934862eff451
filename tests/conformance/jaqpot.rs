//! The conformance suite over Jaqpot, on both of its server lines.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_conformance::{Subject, run_all};
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{Clock, Email, Error, ErrorKind, OrganizationId, Organizations, Provider, Timestamp};
use orgport_jaqpot::{AUTH_TYPES, JaqpotProvider, JaqpotSettings, KIND, Visibility};
use orgport_sandbox::{Identity, Sandbox};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;

/// The sandbox's clock, moved by whoever waits on it.
#[derive(Clone)]
struct SandboxClock(Arc<Sandbox>);

impl std::fmt::Debug for SandboxClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SandboxClock")
    }
}

#[async_trait]
impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.0.now().into()
    }

    fn elapsed(&self) -> Duration {
        self.0.now().duration_since(std::time::UNIX_EPOCH).expect("it is frozen after 1970")
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.elapsed() + duration;
        // Waits side by side overlap.
        tokio::task::yield_now().await;
        let rest = until.saturating_sub(self.elapsed());
        self.0.advance(rest).await;
    }
}

struct World {
    line: Line,
    sandbox: Arc<Sandbox>,
    provider: JaqpotProvider,
    organization: OrganizationId,
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Config, error.to_string())
}

fn auth_of(identity: &Identity) -> AuthConfig {
    let text = |key: &str| identity.credential[key].as_str().unwrap_or_default().to_owned();
    match identity.credential["type"].as_str() {
        Some("bearer") => AuthConfig::bearer(text("token")),
        Some("key_pair") => AuthConfig::key_pair(text("key"), text("secret")),
        // Without the access token the first call has to renew.
        Some("oauth2") => AuthConfig::OAuth2 {
            client_id: None,
            client_secret: None,
            access_token: None,
            refresh_token: Some(text("refresh_token").into()),
            token_url: Some(text("token_url")),
            authorize_url: None,
            redirect_uri: None,
        },
        other => panic!("a credential of the type {other:?}"),
    }
}

/// A line of the vendor's servers.
#[derive(Clone, Copy)]
enum Line {
    /// Up to 7.3.4.
    A,
    /// From 7.4.0.
    B,
}

impl Line {
    /// A client that asks for this line. It follows no redirect and repeats nothing.
    fn client(self) -> reqwest::Client {
        let line = HeaderValue::from_static(match self {
            Self::A => "A",
            Self::B => "B",
        });
        let headers = HeaderMap::from_iter([(HeaderName::from_static("x-sandbox-jaqpot-line"), line)]);
        let client = reqwest::Client::builder().no_proxy().redirect(Policy::none()).default_headers(headers);
        client.build().expect("nothing is asked of it that it cannot do")
    }
}

fn provider_of(sandbox: &Arc<Sandbox>, identity: &Identity, line: Line) -> Result<JaqpotProvider, Error> {
    let mut config = ProviderConfig::new(KIND)
        .auth(auth_of(identity))
        .base_url(sandbox.base_url(KIND))
        .clock(Arc::new(SandboxClock(Arc::clone(sandbox))));
    config.client = Some(line.client());
    let settings = JaqpotSettings {
        contact_email: Some("office@conformance.example".into()),
        visibility: Some(Visibility::Private),
    };
    JaqpotProvider::new(config, settings)
}

impl World {
    async fn new(line: Line) -> Result<Self, Error> {
        let start = std::time::UNIX_EPOCH + Duration::from_mins(29_644_410);
        let sandbox = Arc::new(Sandbox::builder().frozen_at(start).start().await.map_err(failed)?);
        let identity = sandbox.identity(KIND).map_err(failed)?;
        let organization = OrganizationId::new(identity.organization.clone().unwrap_or_default())?;
        let provider = provider_of(&sandbox, &identity, line)?;
        Ok(Self { line, sandbox, provider, organization })
    }
}

#[async_trait]
impl Subject for World {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(self.provider.clone())
    }

    fn organization(&self) -> OrganizationId {
        self.organization.clone()
    }

    async fn person(&self, email: &Email) -> Option<Arc<dyn Provider>> {
        let identity = self.sandbox.add_user(KIND, email.as_str()).ok()?;
        Some(Arc::new(provider_of(&self.sandbox, &identity, self.line).ok()?))
    }

    fn read_only(&self) -> Option<Arc<dyn Provider>> {
        Some(Arc::new(self.provider.read_only()))
    }

    async fn accept(&self, organization: &OrganizationId, email: &Email) -> bool {
        self.sandbox.accept(KIND, email.as_str(), organization.as_str()).is_ok()
    }

    async fn expire(&self, _: &OrganizationId, _: &Email) -> bool {
        self.sandbox.advance(Duration::from_hours(8 * 24)).await;
        true
    }

    async fn mails(&self, email: &Email) -> Option<usize> {
        let mails = self.sandbox.mail();
        Some(mails.iter().filter(|mail| Email::verbatim(&mail.email) == *email).count())
    }

    async fn requests(&self) -> Option<usize> {
        Some(self.sandbox.requests().len())
    }

    /// More batches than the vendor lets pass at once, and the last one not full.
    fn crowd(&self) -> usize {
        52
    }
}

#[tokio::test]
async fn jaqpot_passes_the_suite_on_its_newer_servers() {
    let report = run_all(|| World::new(Line::B)).await;
    assert!(report.is_success(), "{report}");
}

#[tokio::test]
async fn jaqpot_passes_the_suite_on_its_older_servers() {
    let report = run_all(|| World::new(Line::A)).await;
    assert!(report.is_success(), "{report}");
}

#[tokio::test]
async fn the_two_lines_are_two() {
    for (line, has_words) in [(Line::A, true), (Line::B, false)] {
        let world = World::new(line).await.expect("a world");
        let nowhere = OrganizationId::new("nowhere").expect("not empty");
        let error = world.provider().get_organization(&nowhere).await.expect_err("there is none");
        assert_eq!(
            (error.kind(), error.vendor_message().is_some()),
            (ErrorKind::NotFound, has_words),
            "{error}"
        );
    }
}

#[tokio::test]
async fn every_kind_of_credential_is_accepted() {
    let world = World::new(Line::B).await.expect("a world");
    let mut kinds = HashSet::new();
    for identity in world.sandbox.identities().into_iter().filter(|identity| identity.vendor == KIND) {
        let provider = provider_of(&world.sandbox, &identity, Line::B).expect("a provider");
        kinds.insert(identity.credential["type"].as_str().unwrap_or_default().to_owned());
        provider.list_organizations(None).await.expect("the credential is good");
    }
    assert_eq!(kinds, AUTH_TYPES.iter().map(ToString::to_string).collect());
}
