//! A process's clock, store and network, each of which counts its steps.

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response};
use orgport_core::http::{Body, Deadline, ExchangeError, HttpClient, HttpService};
use orgport_core::{
    Change, Clock, CoordinationStore, Error, HashKey, Held, Intent, Key, Lease, Note, Timestamp,
};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::life::Life;
use super::time::{Time, Work};

/// What all of them need.
#[derive(Debug, Clone)]
pub(crate) struct Wires {
    pub(crate) life: Arc<Life>,
    pub(crate) time: Arc<Time>,
    pub(crate) work: Arc<Work>,
}

#[derive(Debug)]
pub(crate) struct WiredClock(pub(crate) Wires);

#[async_trait]
impl Clock for WiredClock {
    fn now(&self) -> Timestamp {
        (std::time::UNIX_EPOCH + self.elapsed()).into()
    }

    fn elapsed(&self) -> Duration {
        self.0.time.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        self.0.life.step("before a wait").await;
        self.0.work.sleep(duration).await;
    }
}

/// A network that carries on what was sent until the attempt's time is over, also for a process that is gone.
#[derive(Debug)]
pub(crate) struct WiredNetwork {
    pub(crate) wires: Wires,
    pub(crate) client: HttpClient,
    /// Where requests live on.
    pub(crate) home: Handle,
}

#[async_trait]
impl HttpService for WiredNetwork {
    async fn exchange(
        &self,
        request: Request<Bytes>,
        deadline: Deadline,
    ) -> Result<Response<Body>, ExchangeError> {
        let [before, behind] = if request.method() == Method::POST {
            ["before a create", "behind a created one"]
        } else {
            ["before a request", "behind a response"]
        };
        self.wires.life.step(before).await;
        let (client, work) = (self.client.clone(), self.wires.time.work());
        let exchange = self.home.spawn(async move {
            let _work = work;
            // As with the process that waited for it, however the vendor hangs.
            timeout(deadline.remaining(), client.exchange(request, deadline)).await
        });
        // The process itself gives up at the same moment.
        let Ok(response) = exchange.await.expect("no panic") else { return pending().await };
        self.wires.life.step(behind).await;
        response
    }
}

#[derive(Debug)]
pub(crate) struct WiredStore {
    pub(crate) wires: Wires,
    pub(crate) store: Arc<dyn CoordinationStore>,
}

#[async_trait]
impl CoordinationStore for WiredStore {
    fn describe(&self) -> String {
        self.store.describe()
    }

    async fn hash_key(&self) -> Result<HashKey, Error> {
        self.store.hash_key().await
    }

    async fn hold(&self, account: Key, people: &[Key], patience: Option<Duration>) -> Held {
        self.wires.life.step("before the hold").await;
        let held = {
            let _rest = self.wires.work.rest();
            self.store.hold(account, people, patience).await
        };
        self.wires.life.step("under the hold").await;
        Ok(Box::new(WiredLease { life: Arc::clone(&self.wires.life), lease: held? }))
    }

    async fn swap(&self, cell: Key, change: Change<'_>) -> Result<(), Error> {
        // A server's own time is not that of the schedule.
        let now = self.wires.time.elapsed();
        self.store.swap(cell, &mut |_, known| change(now, known)).await
    }
}

#[derive(Debug)]
struct WiredLease {
    life: Arc<Life>,
    lease: Box<dyn Lease>,
}

#[async_trait]
impl Lease for WiredLease {
    fn is_lost(&self) -> bool {
        self.lease.is_lost()
    }

    async fn intents(&self) -> Result<HashMap<Key, Intent>, Error> {
        self.life.step("before reading notes").await;
        let intents = self.lease.intents().await;
        self.life.step("behind reading notes").await;
        intents
    }

    async fn intend(&self, people: &[Key], note: &Note) -> Result<(), Error> {
        self.life.step("before a note").await;
        let noted = self.lease.intend(people, note).await;
        self.life.step("behind a note").await;
        noted
    }

    fn release(&self, person: Key, settled: bool) {
        self.lease.release(person, settled);
    }

    async fn finished(&self) {
        self.life.step("before the end of a call").await;
        self.lease.finished().await;
    }
}
