//! The sandbox as its owner holds it.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::configuration;
use crate::door::Door;
use crate::faults::{Fault, FaultId, FaultState};
use crate::mail::Mail;
use crate::requests::Received;
use crate::shared::{Refused, Shared};
use crate::vendor::Identity;
use crate::world::{Options, World};

/// Simulated vendors on loopback, until it is dropped.
///
/// Each sandbox is a world of its own; any number of them run in one process. It has to be started
/// and dropped within a Tokio runtime.
#[must_use = "a sandbox stops when it is dropped"]
pub struct Sandbox {
    shared: Arc<Shared>,
    ports: Vec<JoinHandle<()>>,
}

/// How a [`Sandbox`] is to start.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    seed: u64,
    port: u16,
    auth_port: u16,
    frozen_at: Option<SystemTime>,
    options: Options,
}

impl Builder {
    /// Where ids and secrets start; 0 by default. The same seed gives the same identities.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The api port; a free one by default.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// The auth port; a free one by default.
    #[must_use]
    pub fn auth_port(self, auth_port: u16) -> Self {
        Self { auth_port, ..self }
    }

    /// Stops the clock at this instant; it then moves by [`Sandbox::advance`] only. By default it
    /// runs from the present.
    #[must_use]
    pub fn frozen_at(self, instant: SystemTime) -> Self {
        Self { frozen_at: Some(instant), ..self }
    }

    /// How long the authorization server's access tokens live; 300 s by default.
    #[must_use]
    pub fn access_token_life(mut self, life: Duration) -> Self {
        self.options.access_token_life = life;
        self
    }

    /// `NuExtract` does not say what inviting an existing account does: by default it makes a pending
    /// invitation, with `true` the person is a member at once.
    #[must_use]
    pub fn nuextract_adds_accounts(mut self, at_once: bool) -> Self {
        self.options.nuextract_adds_accounts = at_once;
        self
    }

    /// Opens both ports and serves.
    ///
    /// # Errors
    ///
    /// A port is taken, or [`Builder::frozen_at`] is outside the years -9999 to 9999.
    #[allow(clippy::unused_async, reason = "says that a runtime is needed")]
    pub async fn start(self) -> io::Result<Sandbox> {
        let clock = match self.frozen_at {
            Some(instant) => Clock::frozen_at(Timestamp::try_from(instant).map_err(io::Error::other)?),
            None => Clock::running(),
        };
        let (api, api_doorway) = Door::open(self.port)?;
        let (auth, auth_doorway) = Door::open(self.auth_port)?;
        let world = World { options: self.options, ..World::new(clock, self.seed) };
        let shared = Arc::new(Shared::new(world, self.seed, api, auth));
        let ports = vec![
            tokio::spawn(api_doorway.serve(shared.api_app())),
            tokio::spawn(auth_doorway.serve(shared.auth_app())),
        ];
        Ok(Sandbox { shared, ports })
    }
}

impl Sandbox {
    /// Starts with the defaults of [`Builder`].
    ///
    /// # Errors
    ///
    /// As [`Builder::start`].
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// A sandbox with other ports, another seed or a frozen clock.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The base URL of a vendor, for example `http://127.0.0.1:PORT/koyeb`.
    pub fn base_url(&self, vendor: &str) -> String {
        self.shared.base_url(vendor)
    }

    /// The origin of the authorization server, a foreign origin to every vendor.
    pub fn auth_url(&self) -> String {
        self.shared.auth_url()
    }

    /// The URL below which the control endpoints are reached, also while connections are refused.
    pub fn control_url(&self) -> String {
        format!("{}/_sandbox", self.auth_url())
    }

    /// An `orgport` configuration with one provider per vendor: its administrator's.
    pub fn configuration_toml(&self) -> String {
        configuration::toml(&self.shared.identities())
    }

    /// Every account with a credential, each vendor's administrator first.
    pub fn identities(&self) -> Vec<Identity> {
        self.shared.identities()
    }

    /// A vendor's administrator.
    ///
    /// # Errors
    ///
    /// There is no such vendor.
    pub fn identity(&self, vendor: &str) -> Result<Identity, Refused> {
        let mut identities = self.shared.identities().into_iter();
        identities
            .find(|identity| identity.vendor == vendor)
            .ok_or_else(|| Refused::UnknownVendor(vendor.to_owned()))
    }

    /// Makes an account at a vendor, or finds the one there is.
    ///
    /// # Errors
    ///
    /// There is no such vendor.
    pub fn add_user(&self, vendor: &str, email: &str) -> Result<Identity, Refused> {
        self.shared.add_user(vendor, email)
    }

    /// Does what an invited person does in a browser: signs up if need be, and accepts.
    ///
    /// # Errors
    ///
    /// There is no such vendor, organization or invitation.
    pub fn accept(&self, vendor: &str, email: &str, organization: &str) -> Result<(), Refused> {
        self.shared.accept(vendor, email, organization)
    }

    /// Every mail that would have been sent, oldest first.
    pub fn mail(&self) -> Vec<Mail> {
        self.shared.world.mail.all()
    }

    /// Every request received on both ports, oldest first; control requests excepted.
    pub fn requests(&self) -> Vec<Received> {
        self.shared.requests.all()
    }

    /// Forgets the requests received so far.
    pub fn clear_requests(&self) {
        self.shared.requests.clear();
    }

    /// Sets a fault.
    ///
    /// # Errors
    ///
    /// There is no such vendor, or a status or probability is out of range.
    pub fn fault(&self, fault: Fault) -> Result<FaultId, Refused> {
        self.shared.fault(fault)
    }

    /// Every fault that was set, with how often it fired.
    pub fn faults(&self) -> Vec<FaultState> {
        self.shared.faults.all()
    }

    /// How often a fault fired; 0 once it was cleared.
    pub fn fired(&self, id: FaultId) -> u32 {
        self.faults().iter().find(|fault| fault.id == id).map_or(0, |fault| fault.fired)
    }

    /// Removes all faults. Requests that one holds up stay so.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// Makes the api port refuse connections (and closes its idle ones), or accept again.
    ///
    /// # Errors
    ///
    /// The port cannot be taken again.
    pub async fn accept_connections(&self, accept: bool) -> io::Result<()> {
        self.shared.accept_connections(accept).await
    }

    /// Closes connections to both ports that wait for a next request, as a server does after a
    /// while; the others close once they have answered.
    pub async fn close_idle_connections(&self) {
        self.shared.close_idle().await;
    }

    /// Moves the clock, and returns when late work that became due is done.
    pub async fn advance(&self, by: Duration) {
        self.shared.advance(by).await;
    }

    /// The time by the sandbox's clock.
    pub fn now(&self) -> SystemTime {
        self.shared.world.clock.now().into()
    }

    /// Back to a fresh start with the same identities: no mail, requests, faults or late work,
    /// connections accepted. The clock stays where it is.
    ///
    /// # Errors
    ///
    /// The api port was closed and cannot be taken again.
    pub async fn reset(&self) -> io::Result<()> {
        self.shared.reset().await
    }

    /// Stops, and returns when both ports are free.
    pub async fn stop(mut self) {
        for port in std::mem::take(&mut self.ports) {
            port.abort();
            let _ = port.await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for port in &self.ports {
            port.abort();
        }
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (api, auth) = (self.shared.api.address(), self.shared.auth.address());
        f.debug_struct("Sandbox").field("api", &api).field("auth", &auth).finish_non_exhaustive()
    }
}
