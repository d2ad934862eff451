//! Where schedules are played: a vendor's sandbox, or memory.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_core::config::ProviderConfig;
use orgport_core::http::{HttpClient, HttpSettings};
use orgport_core::{Clock, Coordination, CoordinationStore, Email, OrganizationId, Provider};
use orgport_sandbox::{FaultId, MailKind, Sandbox};
use orgport_tests::world::{Account, World};
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::flaw::{Flaw, Hasty};
use crate::plan::{Action, Kind, Trouble};
use crate::processes::{WiredClock, WiredNetwork, WiredStore, Wires};
use crate::trouble::fault;

/// How often each kind of trouble came true.
pub(crate) type Fired = BTreeMap<Kind, u64>;

#[async_trait(?Send)]
pub(crate) trait Arena {
    /// The kinds of trouble that mean something here.
    fn kinds(&self) -> Vec<Kind>;

    /// Begins anew.
    async fn reset(&mut self);

    /// The provider under test.
    fn provider(&self) -> &dyn Provider;

    /// Another one of the same account in the same process.
    fn second(&self) -> Arc<dyn Provider>;

    /// A provider that nobody disturbs, to see what is really there.
    fn witness(&self) -> Arc<dyn Provider>;

    fn organization(&self) -> &OrganizationId;

    async fn accept(&self, email: &Email);

    /// The address of every mail so far.
    fn mails(&self) -> Vec<Email>;

    fn elapsed(&self) -> Duration;

    async fn pass(&self, time: Duration);

    fn arm(&self, action: &Action, trouble: &Trouble);

    /// Ends all trouble, and says what came true.
    fn disarm(&self) -> Fired;
}

/// A vendor's simulator.
pub(crate) struct Vendor {
    world: World,
    provider: Arc<dyn Provider>,
    second: Arc<dyn Provider>,
    witness: Arc<dyn Provider>,
    flaw: Option<Flaw>,
    armed: RefCell<Vec<(FaultId, Kind)>>,
    folder: TempDir,
}

impl Vendor {
    pub(crate) async fn start(account: Account, flaw: Option<Flaw>) -> Self {
        let mut http = HttpSettings::default();
        // Of what takes real time, an attempt that hangs takes most.
        http.attempt_timeout = Duration::from_millis(1500);
        http.stall_timeout = Duration::from_millis(500);
        let mut world = World::with_http(account, http).await;
        world.share_client();
        let provider = Arc::clone(&world.provider);
        let second = Arc::clone(&provider);
        let witness = world.another();
        let folder = tempfile::tempdir().expect("a folder");
        Self { world, provider, second, witness, flaw, armed: RefCell::default(), folder }
    }

    fn vendor(&self) -> &'static str {
        self.world.account.vendor()
    }

    pub(crate) fn sandbox(&self) -> &Arc<Sandbox> {
        &self.world.sandbox
    }

    /// Where processes share a state directory; another one for each schedule.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// What names this schedule alone.
    #[cfg(feature = "real-server")]
    pub(crate) fn namespace(&self) -> String {
        self.folder.path().file_name().expect("it has a name").to_string_lossy().into_owned()
    }

    /// The provider of another process, with a way of its own into the store.
    pub(crate) fn process(&self, wires: Wires, store: Arc<dyn CoordinationStore>) -> Arc<dyn Provider> {
        self.world.configured(|config| {
            let client = config.client.take().expect("all share one");
            let network = WiredNetwork { wires: wires.clone(), client, home: Handle::current() };
            config.client = Some(HttpClient::new(network));
            config.clock = Arc::new(WiredClock(wires.clone()));
            config.coordination = Coordination::separate().with_store(Arc::new(WiredStore { wires, store }));
        })
    }
}

#[async_trait(?Send)]
impl Arena for Vendor {
    fn kinds(&self) -> Vec<Kind> {
        let applies = |kind: &Kind| match (kind, self.vendor()) {
            // The others make one row per call, in a transaction.
            (Kind::FailAfterRows, vendor) => matches!(vendor, "jaqpot" | "nuextract"),
            // Their answers hold the invitation, which is taken for their word.
            (Kind::NothingCreated, vendor) => !matches!(vendor, "koyeb" | "github"),
            (Kind::Slide | Kind::LyingTotal, vendor) => vendor == "koyeb",
            (Kind::Race | Kind::Outage, vendor) => vendor == "trieve",
            _ => true,
        };
        Kind::ALL.into_iter().filter(applies).collect()
    }

    async fn reset(&mut self) {
        self.world.reset().await;
        self.folder = tempfile::tempdir().expect("a folder");
        // What the vendor's limiters still count is forgotten with the time.
        self.world.sandbox.advance(Duration::from_hours(1)).await;
        self.witness = self.world.another();
        let coordination = Coordination::separate();
        let shares = |config: &mut ProviderConfig| config.coordination = coordination.clone();
        self.second = self.world.configured(shares);
        self.provider = match self.flaw {
            None => self.world.configured(shares),
            // They wait for the second one as sound engines do: only their flaw is to show.
            Some(Flaw::SendsAgainAtOnce) => self.world.configured(|config| {
                shares(config);
                config.client = config.client.take().map(|client| HttpClient::new(Hasty(client)));
            }),
            Some(Flaw::DoesNotWait) => self.world.configured(|config| {
                shares(config);
                config.settle = Duration::ZERO;
            }),
        };
    }

    fn provider(&self) -> &dyn Provider {
        &*self.provider
    }

    fn second(&self) -> Arc<dyn Provider> {
        Arc::clone(&self.second)
    }

    fn witness(&self) -> Arc<dyn Provider> {
        Arc::clone(&self.witness)
    }

    fn organization(&self) -> &OrganizationId {
        &self.world.organization
    }

    async fn accept(&self, email: &Email) {
        let organization = self.world.organization.as_str();
        self.world.sandbox.accept(self.vendor(), email.as_str(), organization).expect("is invited");
    }

    fn mails(&self) -> Vec<Email> {
        {
            let mails = self.world.sandbox.mail();
            let inviting = mails.iter().filter(|mail| mail.kind != MailKind::Notice);
            inviting.map(|mail| Email::verbatim(&mail.email)).collect()
        }
    }

    fn elapsed(&self) -> Duration {
        self.world.clock.elapsed()
    }

    async fn pass(&self, time: Duration) {
        self.world.sandbox.advance(time).await;
    }

    fn arm(&self, action: &Action, trouble: &Trouble) {
        let fault = fault(self.vendor(), action, trouble, self.world.clock.now());
        let id = self.world.sandbox.fault(fault).expect("the sandbox knows it");
        self.armed.borrow_mut().push((id, trouble.kind));
    }

    fn disarm(&self) -> Fired {
        let mut fired = Fired::new();
        for (id, kind) in self.armed.take() {
            *fired.entry(kind).or_default() += u64::from(self.world.sandbox.fired(id));
        }
        self.world.sandbox.clear_faults();
        fired
    }
}
