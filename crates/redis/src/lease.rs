//! People held on the server, as long as somebody renews it.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use orgport_core::http::Deadline;
use orgport_core::{Error, ErrorKind, HashKey, HoldError, Intent, Key, Lease, Note};
use redis::Script;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::script::{INTEND, INTENTS, RELEASE, RENEW};
use crate::store::{Asked, Inner, millis};

/// How many people one script is about, so that the server is never busy for long.
const CHUNK: usize = 500;
/// How often it is asked for people whom somebody else holds.
const ASK_AGAIN: Duration = Duration::from_millis(40);
/// How long a note is kept after it has nothing more to say.
const KEPT: Duration = Duration::from_hours(1);

/// People of one account.
pub(crate) struct RedisLease {
    held: Arc<Held>,
    orders: UnboundedSender<Order>,
}

/// What the lease's task works on.
struct Held {
    store: Arc<Inner>,
    account: Key,
    /// Who holds them, as the server knows it.
    holder: String,
    people: Mutex<BTreeSet<Key>>,
    is_lost: AtomicBool,
    /// Until when the server is sure to keep it, by clocks that count what the process slept through.
    sure_until: Mutex<Deadline>,
}

enum Order {
    Release(Key, bool),
    /// Tells when all before it is done.
    Tell(oneshot::Sender<()>),
}

impl RedisLease {
    /// Waits for these people, and until the server can have forgotten nothing within `quiet`.
    pub(crate) async fn take(
        store: Arc<Inner>,
        account: Key,
        people: &[Key],
        quiet: Duration,
        patience: Option<Duration>,
    ) -> Result<Self, HoldError> {
        let Ok(runtime) = Handle::try_current() else {
            let message = "a store on a Redis server needs a tokio runtime";
            return Err(Error::new(ErrorKind::Config, message).into());
        };
        let begun = Instant::now();
        // In one order, so that no two wait for each other.
        let people: Vec<_> = people.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let lease = Self::begin(store, account, &runtime)?;
        for chunk in people.chunks(CHUNK) {
            let names: Vec<_> = chunk.iter().map(|person| lease.held.lease(*person)).collect();
            loop {
                let sure_until = lease.held.sure();
                let wait = match lease.held.store.ask(&lease.held.holder, &names, quiet).await? {
                    Asked::Held => {
                        lease.held.people().extend(chunk);
                        if chunk.as_ptr() == people.as_ptr() {
                            *lease.held.sure_until() = sure_until;
                        }
                        break;
                    }
                    Asked::Busy(time) => time.clamp(Duration::from_millis(5), ASK_AGAIN),
                    Asked::Quiet(left) => {
                        if patience.is_some_and(|patience| begun.elapsed() + left > patience) {
                            return Err(lease.held.store.forgetful(left).into());
                        }
                        tracing::warn!(?left, "waiting, because the server may have forgotten what was sent");
                        left + Duration::from_millis(1)
                    }
                };
                if patience.is_some_and(|patience| begun.elapsed() + wait > patience) {
                    return Err(HoldError::Busy);
                }
                sleep(wait).await;
            }
        }
        Ok(lease)
    }

    /// Nobody is held yet; whoever will be is let go when it is dropped.
    fn begin(store: Arc<Inner>, account: Key, runtime: &Handle) -> Result<Self, Error> {
        let holder = HashKey::random()?.key(&[]).to_string();
        let sure_until = Mutex::new(Deadline::after(store.lease));
        let (people, is_lost) = (Mutex::default(), AtomicBool::new(false));
        let held = Arc::new(Held { store, account, holder, people, is_lost, sure_until });
        let (orders, received) = unbounded_channel();
        runtime.spawn(tend(Arc::clone(&held), received));
        Ok(Self { held, orders })
    }
}

/// Renews a lease and lets go of people, until nobody is there that uses it.
async fn tend(held: Arc<Held>, mut orders: UnboundedReceiver<Order>) {
    let every = held.store.lease / 3;
    let mut renewed = Instant::now();
    loop {
        tokio::select! {
            order = orders.recv() => {
                let Some(order) = order else { break };
                let mut all = vec![order];
                while let Ok(order) = orders.try_recv() {
                    all.push(order);
                }
                held.carry_out(all).await;
            }
            () = sleep(every.saturating_sub(renewed.elapsed())) => {
                renewed = Instant::now();
                held.renew().await;
            }
        }
    }
    let left: Vec<_> =
        std::mem::take(&mut *held.people()).into_iter().map(|person| (person, false)).collect();
    held.release(&left).await;
}

impl Held {
    fn people(&self) -> MutexGuard<'_, BTreeSet<Key>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sure_until(&self) -> MutexGuard<'_, Deadline> {
        self.sure_until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long the server is sure to keep what it is asked for now. What clocks differ by is left out.
    fn sure(&self) -> Deadline {
        Deadline::after(self.store.lease * 4 / 5)
    }

    fn lease(&self, person: Key) -> String {
        self.store.name(&[&"lease", &self.account, &person])
    }

    fn note(&self, person: Key) -> String {
        self.store.name(&[&"note", &self.account, &person])
    }

    fn both(&self, people: impl Iterator<Item = Key>) -> Vec<String> {
        people.flat_map(|person| [self.lease(person), self.note(person)]).collect()
    }

    fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::SeqCst) || self.sure_until().is_past()
    }

    fn lose(&self) {
        self.is_lost.store(true, Ordering::SeqCst);
    }

    async fn renew(&self) {
        if self.is_lost() {
            // It is not taken up again: somebody else may have held them in between.
            return self.lose();
        }
        let (people, sure_until) = (self.people().iter().copied().collect::<Vec<_>>(), self.sure());
        let script: &Script = &RENEW;
        for chunk in people.chunks(CHUNK) {
            let mut renew = script.prepare_invoke();
            renew.key(chunk.iter().map(|person| self.lease(*person)).collect::<Vec<_>>());
            renew.arg(&self.holder).arg(millis(self.store.lease));
            match self.store.server.run::<usize>(&renew).await {
                Ok(0) => {}
                Ok(_) => {
                    tracing::warn!("the server has let go of people who are being invited");
                    return self.lose();
                }
                // It may get better before the time is over.
                Err(error) => return tracing::debug!(%error, "the lease could not be renewed"),
            }
        }
        *self.sure_until() = sure_until;
    }

    async fn carry_out(&self, orders: Vec<Order>) {
        let (mut people, mut waiting) = (Vec::new(), Vec::new());
        for order in orders {
            match order {
                Order::Release(person, settled) => {
                    if self.people().remove(&person) {
                        people.push((person, settled));
                    }
                }
                Order::Tell(done) => waiting.push(done),
            }
        }
        self.release(&people).await;
        for done in waiting {
            // Whoever does not wait any more need not be told.
            let _ = done.send(());
        }
    }

    async fn release(&self, people: &[(Key, bool)]) {
        let script: &Script = &RELEASE;
        for chunk in people.chunks(CHUNK) {
            let mut release = script.prepare_invoke();
            release.key(self.both(chunk.iter().map(|(person, _)| *person)));
            release.arg(&self.holder);
            release.arg(chunk.iter().map(|(_, settled)| i64::from(*settled)).collect::<Vec<_>>());
            if let Err(error) = self.store.server.run::<u8>(&release).await {
                // They are let go of when the lease ends.
                return tracing::debug!(%error, "people could not be let go of");
            }
        }
    }
}

#[async_trait]
impl Lease for RedisLease {
    fn is_lost(&self) -> bool {
        self.held.is_lost()
    }

    async fn intents(&self) -> Result<HashMap<Key, Intent>, Error> {
        let people: Vec<_> = self.held.people().iter().copied().collect();
        let script: &Script = &INTENTS;
        let mut intents = HashMap::new();
        for chunk in people.chunks(CHUNK) {
            let mut ask = script.prepare_invoke();
            ask.key(chunk.iter().map(|person| self.held.note(*person)).collect::<Vec<_>>());
            let found: Vec<(i64, Option<String>)> = self.held.store.server.run(&ask).await?;
            for (person, (left, memo)) in chunk.iter().zip(found) {
                if let Ok(left) = u64::try_from(left) {
                    intents.insert(*person, Intent { left: Duration::from_millis(left), memo });
                }
            }
        }
        Ok(intents)
    }

    async fn intend(&self, people: &[Key], note: &Note) -> Result<(), Error> {
        let Held { store, holder, .. } = &*self.held;
        if note.lasts > store.quiet {
            let message = format!(
                "nothing was sent: coordination.quiet is {:?}, and must be {:?} at least: http.attempt_timeout and \
                 settle together",
                store.quiet, note.lasts
            );
            return Err(Error::new(ErrorKind::Config, message));
        }
        let script: &Script = &INTEND;
        for chunk in people.chunks(CHUNK) {
            let mut intend = script.prepare_invoke();
            intend.key(self.held.both(chunk.iter().copied()));
            intend.arg(holder).arg(millis(note.lasts)).arg(millis(KEPT));
            intend.arg(u8::from(note.memo.is_some())).arg(note.memo.as_deref().unwrap_or_default());
            if store.server.run::<u8>(&intend).await? == 0 {
                self.held.lose();
            }
        }
        if self.is_lost() {
            let message = "not attempted: the server has let go of the people who were to be invited";
            return Err(Error::new(ErrorKind::Unavailable, message));
        }
        Ok(())
    }

    fn release(&self, person: Key, settled: bool) {
        // The task ends after this lease does.
        let _ = self.orders.send(Order::Release(person, settled));
    }

    async fn finished(&self) {
        let (done, told) = oneshot::channel();
        if self.orders.send(Order::Tell(done)).is_ok() {
            let _ = told.await;
        }
    }
}

impl fmt::Debug for RedisLease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLease").field("people", &self.held.people().len()).finish_non_exhaustive()
    }
}
