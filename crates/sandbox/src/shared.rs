//! One running sandbox, as its ports, its control endpoints and its owner see it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;

use crate::auth_server::{self, REALMS};
use crate::control;
use crate::door::Door;
use crate::faults::{Fault, FaultBook, FaultId};
use crate::late::LateWork;
use crate::layer;
use crate::requests::{Authority, RequestLog};
use crate::vendor::{Identity, Vendor};
use crate::vendors::{Start, VENDORS};
use crate::world::World;

/// Why the sandbox did not do what it was told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// It serves no vendor of this name.
    #[error("the sandbox has no vendor {0:?}")]
    UnknownVendor(String),
    /// It cannot be done; the text says why.
    #[error("{0}")]
    Impossible(String),
}

pub(crate) struct Shared {
    pub(crate) world: Arc<World>,
    pub(crate) vendors: Vec<Arc<dyn Vendor>>,
    pub(crate) faults: FaultBook,
    pub(crate) requests: RequestLog,
    pub(crate) late: Arc<LateWork>,
    pub(crate) api: Door,
    pub(crate) auth: Door,
    seed: u64,
}

impl Shared {
    pub(crate) fn new(world: World, seed: u64, api: Door, auth: Door) -> Self {
        let world = Arc::new(world);
        let start = |(name, start): &(&str, Start)| {
            world.ids.restart(seed, name);
            start(Arc::clone(&world))
        };
        let vendors = VENDORS.iter().map(start).collect();
        world.ids.restart(seed, "run");
        Self {
            world,
            vendors,
            faults: FaultBook::default(),
            requests: RequestLog::default(),
            late: Arc::default(),
            api,
            auth,
            seed,
        }
    }

    /// What the api port serves.
    pub(crate) fn api_app(self: &Arc<Self>) -> Router {
        let nest = |app: Router, vendor: &Arc<dyn Vendor>| {
            app.nest(&format!("/{}", vendor.name()), Arc::clone(vendor).router())
        };
        let vendors =
            self.vendors.iter().fold(Router::new(), nest).fallback(|| async { StatusCode::NOT_FOUND });
        layer::guarded(vendors, self, Authority::Api).merge(control::router(Arc::clone(self)))
    }

    /// What the auth port serves.
    pub(crate) fn auth_app(self: &Arc<Self>) -> Router {
        let server = auth_server::router(Arc::clone(self));
        layer::guarded(server, self, Authority::Auth).merge(control::router(Arc::clone(self)))
    }

    pub(crate) fn base_url(&self, vendor: &str) -> String {
        format!("{}/{vendor}", origin(self.api.address()))
    }

    pub(crate) fn auth_url(&self) -> String {
        origin(self.auth.address())
    }

    pub(crate) fn vendor(&self, name: &str) -> Result<&Arc<dyn Vendor>, Refused> {
        let vendor = self.vendors.iter().find(|vendor| vendor.name() == name);
        vendor.ok_or_else(|| Refused::UnknownVendor(name.to_owned()))
    }

    pub(crate) fn identities(&self) -> Vec<Identity> {
        let identities = self.vendors.iter().flat_map(|vendor| vendor.identities());
        identities.map(|identity| self.addressed(identity)).collect()
    }

    pub(crate) fn add_user(&self, vendor: &str, email: &str) -> Result<Identity, Refused> {
        Ok(self.addressed(self.vendor(vendor)?.add_user(email)))
    }

    pub(crate) fn accept(&self, vendor: &str, email: &str, organization: &str) -> Result<(), Refused> {
        self.vendor(vendor)?.accept(email, organization).map_err(Refused::Impossible)
    }

    /// Adds what a vendor cannot know: where it and its authorization server are reached.
    fn addressed(&self, mut identity: Identity) -> Identity {
        identity.settings.insert("base_url".to_owned(), self.base_url(&identity.vendor).into());
        let realm = REALMS.iter().find(|realm| realm.vendor == identity.vendor);
        if let Some(realm) = realm.filter(|_| identity.credential["type"] == "oauth2") {
            identity.credential["token_url"] = realm.url(&self.auth_url(), "token").into();
            identity.credential["authorize_url"] = realm.url(&self.auth_url(), "auth").into();
        }
        identity
    }

    pub(crate) fn fault(&self, fault: Fault) -> Result<FaultId, Refused> {
        if fault.vendor != auth_server::NAME && !self.vendor(&fault.vendor)?.plays(&fault.fault) {
            let problem = format!("{} does not play this fault", fault.vendor);
            return Err(Refused::Impossible(problem));
        }
        match fault.problem() {
            Some(problem) => Err(Refused::Impossible(problem)),
            None => Ok(self.faults.add(fault)),
        }
    }

    pub(crate) async fn accept_connections(&self, accept: bool) -> io::Result<()> {
        self.api.accept(accept).await
    }

    pub(crate) async fn close_idle(&self) {
        tokio::join!(self.api.close_idle(), self.auth.close_idle());
    }

    pub(crate) async fn advance(&self, by: Duration) {
        self.world.clock.advance(by);
        self.late.run_due(&self.world).await;
    }

    pub(crate) async fn reset(&self) -> io::Result<()> {
        self.faults.clear();
        self.late.clear();
        self.world.tokens.clear();
        for vendor in &self.vendors {
            self.world.ids.restart(self.seed, vendor.name());
            vendor.reset();
        }
        self.world.ids.restart(self.seed, "run");
        self.world.mail.clear();
        self.requests.clear();
        self.accept_connections(true).await
    }
}

fn origin(address: SocketAddr) -> String {
    format!("http://{address}")
}
