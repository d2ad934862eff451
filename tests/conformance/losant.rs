//! The conformance suite over Losant, against the sandbox.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_conformance::{Subject, run_all};
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{
    Describe, Email, ManualClock, OrganizationId, Organizations, Provider, Secret, Timestamp,
};
use orgport_losant::{AUTH_TYPES, KIND, LosantProvider, LosantSettings, MeQuery};
use orgport_sandbox::{Identity, Mail, Sandbox};

struct World {
    sandbox: Sandbox,
    administrator: LosantProvider,
    organization: OrganizationId,
}

impl World {
    async fn start() -> Self {
        let sandbox = Sandbox::start().await.expect("loopback has free ports");
        let identity = sandbox.identity(KIND).expect("it has an administrator");
        let administrator = provider(&sandbox, &identity);
        let organization = administrator.default_organization().expect("the administrator has one").clone();
        Self { sandbox, administrator, organization }
    }

    fn mails_to(&self, email: &Email) -> Vec<Mail> {
        let mut mails = self.sandbox.mail();
        mails.retain(|mail| mail.vendor == KIND && Email::verbatim(&mail.email) == *email);
        mails
    }
}

/// A provider configured as this identity, whose waits take no time.
fn provider(sandbox: &Sandbox, identity: &Identity) -> LosantProvider {
    let text = |key: &str| identity.credential[key].as_str().map(str::to_owned);
    let auth = match text("type").as_deref() {
        Some("bearer") => AuthConfig::bearer(text("token").expect("a bearer has a token")),
        Some("login") => AuthConfig::Login {
            email: text("email").expect("a login has an address"),
            password: text("password").map(Secret::from),
            second_factor: text("two_factor_code").map(Secret::from),
        },
        other => panic!("a credential of the type {other:?}"),
    };
    let clock = Arc::new(ManualClock::new(Timestamp::from(sandbox.now())));
    let mut config = ProviderConfig::new(KIND).auth(auth).base_url(sandbox.base_url(KIND)).clock(clock);
    if let Some(organization) = &identity.organization {
        config = config.organization(OrganizationId::new(organization.as_str()).expect("not empty"));
    }
    LosantProvider::new(config, LosantSettings::default()).expect("a valid configuration")
}

#[async_trait]
impl Subject for World {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(self.administrator.clone())
    }

    fn organization(&self) -> OrganizationId {
        self.organization.clone()
    }

    async fn person(&self, email: &Email) -> Option<Arc<dyn Provider>> {
        let identity = self.sandbox.add_user(KIND, email.as_str()).ok()?;
        Some(Arc::new(provider(&self.sandbox, &identity)))
    }

    fn read_only(&self) -> Option<Arc<dyn Provider>> {
        Some(Arc::new(self.administrator.read_only()))
    }

    async fn accept(&self, organization: &OrganizationId, email: &Email) -> bool {
        self.sandbox.accept(KIND, email.as_str(), organization.as_str()).is_ok()
    }

    async fn expire(&self, _: &OrganizationId, _: &Email) -> bool {
        self.sandbox.advance(Duration::from_hours(8 * 24)).await;
        true
    }

    async fn mails(&self, email: &Email) -> Option<usize> {
        Some(self.mails_to(email).len())
    }

    async fn token_of(&self, email: &Email) -> Option<Secret> {
        // A token is answered by somebody with an account; strangers sign up in the browser first.
        self.sandbox.add_user(KIND, email.as_str()).ok()?;
        self.mails_to(email).pop()?.link.map(Secret::from)
    }

    async fn requests(&self) -> Option<usize> {
        Some(self.sandbox.requests().len())
    }
}

#[tokio::test]
async fn every_kind_of_credential_opens_its_account() {
    let sandbox = Sandbox::start().await.expect("loopback has free ports");
    let identities = sandbox.identities().into_iter().filter(|identity| identity.vendor == KIND);
    let mut kinds = BTreeSet::new();
    for identity in identities {
        let provider = provider(&sandbox, &identity);
        match provider.default_organization() {
            Some(organization) => provider.get_organization(organization).await.map(drop),
            None => provider.client().me(&MeQuery::default()).await.map(drop),
        }
        .expect("it is let in");
        kinds.insert(identity.credential["type"].as_str().expect("it has a type").to_owned());
    }
    assert!(kinds.iter().map(String::as_str).eq(AUTH_TYPES.iter().copied()), "{kinds:?}");
}

#[tokio::test]
async fn losant_passes_everything() {
    let report = run_all(|| async { Ok(World::start().await) }).await;
    assert!(report.is_success(), "{report}");
}
