//! The conformance suite over `NuExtract`, with each of what the vendor leaves open: what inviting
//! an existing account does, and which credential is sent.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_conformance::{Subject, run_all};
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{
    Clock, Email, Error, ErrorKind, Invitations, InviteOutcome, ManualClock, Members, NewInvitation,
    OrganizationId, Organizations, Provider, Secret, Timestamp,
};
use orgport_nuextract::{NuExtractProvider, NuExtractSettings};
use orgport_sandbox::{Fault, FaultKind, Identity, Sandbox};

const VENDOR: &str = "nuextract";

struct World {
    sandbox: Arc<Sandbox>,
    provider: NuExtractProvider,
    organization: OrganizationId,
    clock: Arc<dyn Clock>,
}

/// Time that passes at the vendor too while the provider waits.
#[derive(Debug)]
struct Together {
    here: ManualClock,
    there: Arc<Sandbox>,
}

#[async_trait]
impl Clock for Together {
    fn now(&self) -> Timestamp {
        self.here.now()
    }

    fn elapsed(&self) -> Duration {
        self.here.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        self.here.sleep(duration).await;
        self.there.advance(duration).await;
    }
}

impl World {
    async fn new() -> Result<Self, Error> {
        Self::of(Sandbox::start().await.map_err(outside)?, token)
    }

    /// A vendor that makes an invited account a member at once.
    async fn adding_accounts() -> Result<Self, Error> {
        Self::of(Sandbox::builder().nuextract_adds_accounts(true).start().await.map_err(outside)?, token)
    }

    fn of(sandbox: Sandbox, auth: fn(&Identity) -> AuthConfig) -> Result<Self, Error> {
        let administrator = sandbox.identity(VENDOR).map_err(outside)?;
        let organization = administrator.organization.as_deref().expect("an administrator has one");
        let organization = OrganizationId::new(organization)?;
        let sandbox = Arc::new(sandbox);
        let here = ManualClock::new(Timestamp::now());
        let clock: Arc<dyn Clock> = Arc::new(Together { here, there: Arc::clone(&sandbox) });
        let provider = provider(&sandbox, auth(&administrator), &clock)?;
        Ok(Self { sandbox, provider, organization, clock })
    }
}

fn provider(sandbox: &Sandbox, auth: AuthConfig, clock: &Arc<dyn Clock>) -> Result<NuExtractProvider, Error> {
    let config =
        ProviderConfig::new(VENDOR).base_url(sandbox.base_url(VENDOR)).auth(auth).clock(Arc::clone(clock));
    NuExtractProvider::new(config, NuExtractSettings::default())
}

/// The identity's tokens as they are configured.
fn token(identity: &Identity) -> AuthConfig {
    let text = |key: &str| identity.credential[key].as_str().map(str::to_owned);
    AuthConfig::OAuth2 {
        client_id: text("client_id"),
        client_secret: None,
        access_token: text("access_token").map(Secret::from),
        refresh_token: text("refresh_token").map(Secret::from),
        token_url: text("token_url"),
        authorize_url: None,
        redirect_uri: None,
    }
}

/// The sandbox itself failed.
fn outside(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Config, "the sandbox does not do its part").with_source(error)
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
        let identity = self.sandbox.add_user(VENDOR, email.as_str()).expect("nuextract is a vendor");
        let person = provider(&self.sandbox, token(&identity), &self.clock);
        Some(Arc::new(person.expect("the tokens are good")))
    }

    fn read_only(&self) -> Option<Arc<dyn Provider>> {
        Some(Arc::new(self.provider.read_only()))
    }

    async fn accept(&self, organization: &OrganizationId, email: &Email) -> bool {
        self.sandbox.accept(VENDOR, email.as_str(), organization.as_str()).is_ok()
    }

    async fn mails(&self, email: &Email) -> Option<usize> {
        let mails = self.sandbox.mail();
        Some(mails.iter().filter(|mail| Email::verbatim(&mail.email) == *email).count())
    }

    async fn requests(&self) -> Option<usize> {
        Some(self.sandbox.requests().len())
    }
}

#[tokio::test]
async fn with_an_access_token() {
    let report = run_all(World::new).await;
    println!("{report}");
    assert!(report.is_success(), "{report}");
}

#[tokio::test]
async fn where_accounts_are_members_at_once() {
    let report = run_all(World::adding_accounts).await;
    assert!(report.is_success(), "{report}");
}

#[tokio::test]
async fn with_an_api_key() {
    let with_a_key = || async {
        let sandbox = Sandbox::start().await.map_err(outside)?;
        World::of(sandbox, |_| AuthConfig::api_key("any-key"))
    };
    let report = run_all(with_a_key).await;
    assert!(report.is_success(), "{report}");
}

fn ada() -> Email {
    Email::verbatim("ada@x.example")
}

/// Invites while this goes wrong once with the create; answers the outcome and the mails.
async fn invite_during(world: &World, fault: FaultKind) -> (Result<InviteOutcome, Error>, Option<usize>) {
    let fault =
        world.sandbox.fault(Fault::new(VENDOR, fault).method("POST")).expect("a fault of the sandbox's");
    let outcome = world.provider.invite(&world.organization, NewInvitation::to(ada())).await;
    assert_eq!(world.sandbox.fired(fault), 1, "{outcome:?}");
    (outcome, world.mails(&ada()).await)
}

#[tokio::test]
async fn a_lost_answer_ends_in_one_invitation_and_one_mail() {
    let faults = [
        FaultKind::ResetBefore,
        FaultKind::ResetAfter,
        FaultKind::Html { status: 502, commit: false },
        FaultKind::Html { status: 502, commit: true },
        FaultKind::Html { status: 200, commit: false },
        FaultKind::Html { status: 200, commit: true },
        FaultKind::Status { status: 503, headers: BTreeMap::new(), body: None, commit: false },
        FaultKind::LateCommit { status: 502, seconds: 5 },
    ];
    for fault in faults {
        let world = World::new().await.expect("a fresh world");
        let (outcome, mails) = invite_during(&world, fault.clone()).await;
        let outcome = outcome.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!((outcome.word(), mails), ("invited", Some(1)), "{fault:?}");
    }
}

#[tokio::test]
async fn an_invitation_that_was_accepted_and_shows_nowhere_is_ambiguous_and_not_sent_again() {
    let world = World::new().await.expect("a fresh world");
    let (outcome, mails) = invite_during(&world, FaultKind::NothingCreated).await;
    assert_eq!(outcome.expect_err("nothing shows").kind(), ErrorKind::Ambiguous);
    assert_eq!(mails, Some(0));
    let sent = world.sandbox.requests().into_iter().filter(|request| request.method == "POST").count();
    assert_eq!(sent, 1);
}

#[tokio::test]
async fn a_create_that_the_vendor_refuses_is_looked_for_once() {
    let world = World::new().await.expect("a fresh world");
    let body = Some(serde_json::json!({ "code": "Quota", "message": "no seats left" }));
    let refused =
        |commit| FaultKind::Status { status: 409, headers: BTreeMap::new(), body: body.clone(), commit };
    let error = invite_during(&world, refused(false)).await.0.expect_err("refused");
    assert_eq!((error.kind(), error.vendor_message()), (ErrorKind::Conflict, Some("no seats left")));
    let (outcome, mails) = invite_during(&world, refused(true)).await;
    assert_eq!((outcome.expect("it is there").word(), mails), ("invited", Some(1)));
}

#[tokio::test]
async fn a_deletion_answered_by_a_page_is_not_called_done() {
    let world = World::new().await.expect("a fresh world");
    let page = Fault::new(VENDOR, FaultKind::Html { status: 200, commit: false }).method("DELETE");
    world.sandbox.fault(page.always()).expect("a fault of the sandbox's");
    let deleted = world.provider.delete_organization(&world.organization).await;
    assert_eq!(deleted.expect_err("nothing was deleted").kind(), ErrorKind::Protocol);
}

#[tokio::test]
async fn a_token_that_ended_is_renewed_once_for_all() {
    let world = World::new().await.expect("a fresh world");
    world.provider.list_members(&world.organization, None).await.expect("the first token is good");
    world.sandbox.advance(Duration::from_hours(1)).await;
    world.sandbox.clear_requests();
    let read = || world.provider.list_members(&world.organization, None);
    let (one, two, three) = tokio::join!(read(), read(), read());
    for page in [one, two, three] {
        page.expect("renewed");
    }
    let renewals = world.sandbox.requests().into_iter().filter(|request| request.method == "POST").count();
    assert_eq!(renewals, 1);
}
