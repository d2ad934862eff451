//! The one way out: every request of every vendor client goes through a [`Transport`].

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::attempt::read_whole;
use super::credential::{Anonymous, Authenticator};
use super::limiter::Limiters;
use super::{BaseUrl, BeforeSend, HttpClient, HttpSettings, Probe, Request, Response, Vendor, call};
use crate::clock::{Clock, SystemClock};
use crate::coordination::Coordination;
use crate::error::Error;
use crate::secret_cell::SecretSource;

/// Where and as whom a vendor client talks: what a configuration becomes.
#[derive(Clone)]
pub struct ClientOptions {
    name: String,
    base_url: BaseUrl,
    auth: Arc<dyn Authenticator>,
    settings: HttpSettings,
    clock: Arc<dyn Clock>,
    client: Option<HttpClient>,
    secret_source: Option<Arc<dyn SecretSource>>,
    coordination: Coordination,
}

impl ClientOptions {
    /// With default settings, on real time.
    pub fn new(base_url: BaseUrl, auth: impl Authenticator) -> Self {
        Self {
            name: String::new(),
            base_url,
            auth: Arc::new(auth),
            settings: HttpSettings::default(),
            clock: Arc::new(SystemClock::new()),
            client: None,
            secret_source: None,
            coordination: Coordination::process(),
        }
    }

    /// The configured name of the provider, for errors, spans and the token store; the vendor's
    /// kind by default.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Changes limits, retries and TLS.
    #[must_use]
    pub fn settings(mut self, settings: HttpSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Lets waits, expiry and limiters run on this clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Shares the vendor's limits so: with the whole process by default.
    #[must_use]
    pub fn coordination(mut self, coordination: Coordination) -> Self {
        self.coordination = coordination;
        self
    }

    /// Asks this source for the secrets that are there.
    #[must_use]
    pub fn secret_source(mut self, source: Arc<dyn SecretSource>) -> Self {
        self.secret_source = Some(source);
        self
    }

    /// Sends by this client instead of one made from the settings.
    #[must_use]
    pub fn client(mut self, client: HttpClient) -> Self {
        self.client = Some(client);
        self
    }
}

impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientOptions")
            .field("name", &self.name)
            .field("base_url", &self.base_url)
            .field("auth", &self.auth)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// Sends requests to one vendor as one credential.
///
/// Clones share connections, limiters, the limit on concurrent requests and the token.
#[derive(Clone)]
pub struct Transport {
    pub(super) shared: Arc<Shared>,
    pub(super) vendor: Arc<Vendor>,
    pub(super) base_url: BaseUrl,
    pub(super) auth: Arc<dyn Authenticator>,
    pub(super) limiters: Arc<Limiters>,
    pub(super) permits: Arc<Semaphore>,
    pub(super) read_only: bool,
    pub(super) patient: bool,
    pub(super) hooks: Vec<Arc<dyn BeforeSend>>,
}

/// What all transports of one provider have in common.
pub(super) struct Shared {
    pub(super) name: String,
    pub(super) client: HttpClient,
    pub(super) settings: HttpSettings,
    pub(super) clock: Arc<dyn Clock>,
    secret_source: Option<Arc<dyn SecretSource>>,
}

impl Transport {
    /// Prepares connections; none is opened yet.
    ///
    /// # Errors
    ///
    /// `Config` for an empty secret, settings that no client can work with, certificates that
    /// cannot be read, a proxy that is not a URL, or where no client was given and the feature `reqwest` is
    /// off.
    pub fn new(vendor: Vendor, options: ClientOptions) -> Result<Self, Error> {
        let ClientOptions { name, base_url, auth, settings, clock, client, secret_source, coordination } =
            options;
        settings.check()?;
        auth.check()?;
        let client = match client {
            Some(client) => client,
            None => HttpClient::from_settings(&settings, base_url.is_loopback())?,
        };
        let vendor =
            if vendor.wants_user_agent { vendor.header("user-agent", settings.user_agent()) } else { vendor };
        let name = if name.is_empty() { vendor.kind.to_owned() } else { name };
        // Whose limits they are is known by the credential, and where it does not say, by the name.
        let subject = auth.subject().unwrap_or_else(|| format!("of {name}"));
        let scope = format!("{} {} {subject}", vendor.kind, base_url.as_str());
        Ok(Self {
            limiters: coordination.limiters(vendor.limits, &scope, &*clock),
            permits: Arc::new(Semaphore::new(settings.max_concurrency.min(Semaphore::MAX_PERMITS))),
            shared: Arc::new(Shared { name, client, settings, clock, secret_source }),
            vendor: Arc::new(vendor),
            base_url,
            auth,
            read_only: false,
            patient: false,
            hooks: Vec::new(),
        })
    }

    /// Sends a request and returns the vendor's success, after waits, retries and a renewal of
    /// the credential where they are safe.
    ///
    /// # Errors
    ///
    /// `ReadOnly` and `InvalidInput` before anything is sent; what the vendor's `explain` makes
    /// of its refusals; `RateLimited`, `Unavailable`, `Timeout`, `Connection` and `Protocol` when
    /// no retry is left; `Ambiguous` for a write that may or may not have happened.
    pub async fn send(&self, request: Request) -> Result<Response, Error> {
        call::send(self, request, &read_whole).await
    }

    /// Sends a request as [`send`](Self::send) does, and reads the vendor's success: at once, without
    /// looking through the body before. A read whose response is not whole is made again.
    ///
    /// # Errors
    ///
    /// Those of `send` and of `read`.
    pub async fn fetch<R: Send>(
        &self,
        request: Request,
        read: impl Fn(&Response) -> Result<R, Error> + Send + Sync,
    ) -> Result<R, Error> {
        let value = Mutex::new(None);
        let keep = |_: &Request, response: &Response| {
            let read = read(response)?;
            *value.lock().expect("no holder panics") = Some(read);
            Ok(())
        };
        let response = call::send(self, request, &keep).await?;
        // A deletion that was done before was not read.
        value.into_inner().expect("no holder panics").map_or_else(|| read(&response), Ok)
    }

    /// Asks the base URL once, without the credential, and returns what comes back, whatever it
    /// means: to tell a wrong address or network from a refused credential.
    ///
    /// # Errors
    ///
    /// `Connection` or `Timeout` if nobody responds.
    pub async fn probe(&self) -> Result<Probe, Error> {
        super::probe::probe(self).await
    }

    /// A clone that refuses everything but reads and the renewal of its credential.
    #[must_use]
    pub fn read_only(&self) -> Self {
        Self { read_only: true, ..self.clone() }
    }

    /// A clone that waits for limiters as long as it takes.
    #[must_use]
    pub fn patient(&self) -> Self {
        Self { patient: true, ..self.clone() }
    }

    /// A clone that does this, too, before each attempt of every request that changes something; see
    /// [`BeforeSend`].
    #[must_use]
    pub fn before_send(&self, hook: Arc<dyn BeforeSend>) -> Self {
        let mut clone = self.clone();
        clone.hooks.push(hook);
        clone
    }

    /// A clone that acts as somebody else, at the same origin and under the same limits.
    #[must_use]
    pub fn with_auth(&self, auth: impl Authenticator) -> Self {
        Self { auth: Arc::new(auth), ..self.clone() }
    }

    /// Has the credential of each call.
    pub fn authenticator(&self) -> &dyn Authenticator {
        &*self.auth
    }

    /// Where the program keeps secrets, for [`SecretCell::get`](crate::SecretCell::get).
    pub fn secret_source(&self) -> Option<&dyn SecretSource> {
        self.shared.secret_source.as_deref()
    }

    /// The clock that waits and expiry run on.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// The vendor, as configuration spells it.
    pub fn kind(&self) -> &'static str {
        self.vendor.kind
    }

    /// The configured name of the provider.
    pub fn name(&self) -> &str {
        &self.shared.name
    }

    /// The address that requests go to.
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Says whether it refuses writes.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// How long until the last of so many more calls under this limit passes, as far as the vendor's
    /// limits are known.
    pub(crate) fn wait_of(&self, limit: Option<&str>, calls: u32) -> Duration {
        self.limiters.wait_of(limit, calls, self.clock().elapsed())
    }

    /// How it talks HTTP.
    pub fn settings(&self) -> &HttpSettings {
        &self.shared.settings
    }

    /// A clone without credential at another address. It has its own limits: a call that holds
    /// its place in the provider's may be waiting for this one.
    pub(crate) fn anonymous_at(&self, base_url: &BaseUrl) -> Self {
        Self {
            base_url: base_url.clone(),
            auth: Arc::new(Anonymous),
            permits: Arc::new(Semaphore::new(1)),
            ..self.clone()
        }
    }

    /// A clone that talks to something else than the provider's vendor.
    pub(crate) fn with_vendor(&self, vendor: Vendor) -> Self {
        Self { limiters: Arc::new(Limiters::new(vendor.limits)), vendor: Arc::new(vendor), ..self.clone() }
    }

    /// A clone that leaves out the path of its address.
    pub(crate) fn root(&self) -> Self {
        Self { base_url: self.base_url.root(), ..self.clone() }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("name", &self.shared.name)
            .field("base_url", &self.base_url)
            .field("auth", &self.auth)
            .field("read_only", &self.read_only)
            .finish_non_exhaustive()
    }
}
