//! The sandbox with an `orgport` configuration for it, both on one clock that waits move.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use orgport::auth::{MemoryTokenStore, TokenStore};
use orgport::{AnyProvider, Clock, Config, OrganizationId, Provider, Timestamp};
use orgport_sandbox::{Builder, Identity, MailKind, Sandbox};
use serde_json::Value;

/// The sandbox's clock, moved by whoever waits on it.
#[derive(Clone)]
pub struct SandboxClock(pub Arc<Sandbox>);

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
        self.0.now().duration_since(UNIX_EPOCH).expect("it is frozen after 1970")
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.elapsed() + duration;
        // Waits side by side overlap.
        tokio::task::yield_now().await;
        self.0.advance(until.saturating_sub(self.elapsed())).await;
    }
}

/// A sandbox that stands still unless somebody waits.
pub struct Stage {
    /// The vendors.
    pub sandbox: Arc<Sandbox>,
}

impl Stage {
    /// With the sandbox's defaults.
    pub async fn new() -> Self {
        Self::with(Sandbox::builder()).await
    }

    /// With a sandbox of this make.
    pub async fn with(builder: Builder) -> Self {
        let start = UNIX_EPOCH + Duration::from_mins(29_644_410);
        let sandbox = builder.frozen_at(start).start().await.expect("loopback has free ports");
        Self { sandbox: Arc::new(sandbox) }
    }

    /// The first identity that a vendor has.
    pub fn administrator(&self, vendor: &str) -> Identity {
        self.sandbox.identity(vendor).expect("a vendor of the sandbox's")
    }

    /// A configuration with one provider: this identity, by its vendor's name. `more` is put into
    /// its `http` table.
    pub fn config(&self, identity: &Identity, more: &str) -> Config {
        let mut text = format!("[providers.{0}]\nkind = \"{0}\"\n", identity.vendor);
        if let Some(organization) = &identity.organization {
            let _ = writeln!(text, "organization = {}", toml_text(organization));
        }
        for (key, value) in &identity.settings {
            let _ = writeln!(text, "{key} = {}", value.as_str().map_or_else(|| value.to_string(), toml_text));
        }
        let _ = writeln!(text, "[providers.{}.auth]", identity.vendor);
        for (key, value) in identity.credential.as_object().into_iter().flatten() {
            if let Value::String(value) = value {
                let _ = writeln!(text, "{key} = {}", toml_text(value));
            }
        }
        let _ = writeln!(text, "[providers.{}.http]\n{more}", identity.vendor);
        let config = Config::from_toml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        config.with_clock(Arc::new(SandboxClock(Arc::clone(&self.sandbox))))
    }

    /// A provider that acts as this identity, with its renewed tokens in `store`.
    pub fn provider_with(&self, identity: &Identity, more: &str, store: &Arc<dyn TokenStore>) -> AnyProvider {
        let config = self.config(identity, more).with_token_store(Arc::clone(store));
        config.provider(None).expect("the sandbox's settings are good")
    }

    /// A provider that acts as this identity.
    pub fn provider(&self, identity: &Identity) -> AnyProvider {
        self.provider_with(identity, "", &(Arc::new(MemoryTokenStore::new()) as Arc<dyn TokenStore>))
    }

    /// How many mails have invited an address.
    pub fn mails(&self, email: &str) -> usize {
        let mails = self.sandbox.mail();
        let inviting = mails.iter().filter(|mail| mail.kind != MailKind::Notice);
        inviting.filter(|mail| mail.email.eq_ignore_ascii_case(email)).count()
    }

    /// How many renewals the authorization server was asked for.
    pub fn renewals(&self) -> usize {
        self.sandbox.requests().iter().filter(|request| request.vendor == "auth").count()
    }
}

/// The organization that a provider is configured with.
///
/// # Panics
///
/// If there is none.
pub fn organization_of(provider: &AnyProvider) -> OrganizationId {
    provider.default_organization().expect("an organization is configured").clone()
}

/// A TOML string of this text; JSON's escapes are TOML's.
fn toml_text(text: &str) -> String {
    Value::from(text).to_string()
}
