//! The registry of one process: exact locks, and notes that end with the process.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use super::key::{HashKey, Key};
use super::patience::within;
use super::store::{Change, CoordinationStore, Held, HoldError, Intent, Lease, Note};
use crate::error::Error;

/// What one process remembers. Clones are the same store.
#[derive(Clone, Default)]
pub struct ProcessStore(Arc<Shared>);

#[derive(Default)]
struct Shared {
    hash_key: OnceLock<HashKey>,
    tables: Mutex<Tables>,
}

type Person = (Key, Key);

#[derive(Default)]
struct Tables {
    /// Kept only while somebody holds or awaits them.
    locks: HashMap<Person, Weak<AsyncMutex<()>>>,
    /// Kept until they are settled or have nothing more to say.
    intents: HashMap<Person, Noted>,
    cells: HashMap<Key, Vec<u8>>,
    /// How many there may be before those that nobody wants any more are swept out.
    sweep_at: usize,
}

struct Noted {
    until: Instant,
    memo: Option<String>,
}

impl Tables {
    fn lock(&mut self, person: Person) -> Arc<AsyncMutex<()>> {
        if self.locks.len() + self.intents.len() >= self.sweep_at {
            self.locks.retain(|_, lock| lock.strong_count() > 0);
            let now = Instant::now();
            self.intents.retain(|_, noted| noted.until > now || noted.memo.is_some());
            self.sweep_at = 2 * (self.locks.len() + self.intents.len()) + 64;
        }
        let entry = self.locks.entry(person).or_default();
        entry.upgrade().unwrap_or_else(|| {
            let lock = Arc::default();
            *entry = Arc::downgrade(&lock);
            lock
        })
    }
}

impl Shared {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl CoordinationStore for ProcessStore {
    fn describe(&self) -> String {
        "this process".to_owned()
    }

    async fn hash_key(&self) -> Result<HashKey, Error> {
        if let Some(key) = self.0.hash_key.get() {
            return Ok(key.clone());
        }
        let key = HashKey::random()?;
        Ok(self.0.hash_key.get_or_init(|| key).clone())
    }

    async fn hold(&self, account: Key, people: &[Key], patience: Option<Duration>) -> Held {
        let mut people = people.to_vec();
        people.sort_unstable();
        people.dedup();
        let take_all = async {
            let mut held = HashMap::with_capacity(people.len());
            for person in people {
                let lock = self.0.tables().lock((account, person));
                held.insert(person, lock.lock_owned().await);
            }
            held
        };
        let held = within(patience, take_all).await.ok_or(HoldError::Busy)?;
        Ok(Box::new(ProcessLease { shared: Arc::clone(&self.0), account, held: Mutex::new(held) }))
    }

    async fn swap(&self, cell: Key, change: Change<'_>) -> Result<(), Error> {
        let mut tables = self.0.tables();
        let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        if let Some(changed) = change(now, tables.cells.get(&cell).map(Vec::as_slice)) {
            tables.cells.insert(cell, changed);
        }
        Ok(())
    }
}

impl fmt::Debug for ProcessStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProcessStore")
    }
}

struct ProcessLease {
    shared: Arc<Shared>,
    account: Key,
    held: Mutex<HashMap<Key, OwnedMutexGuard<()>>>,
}

impl ProcessLease {
    fn held(&self) -> MutexGuard<'_, HashMap<Key, OwnedMutexGuard<()>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Lease for ProcessLease {
    async fn intents(&self) -> Result<HashMap<Key, Intent>, Error> {
        let (held, tables, now) = (self.held(), self.shared.tables(), Instant::now());
        let intent = |person: &Key| {
            let noted = tables.intents.get(&(self.account, *person))?;
            let left = noted.until.saturating_duration_since(now);
            Some((*person, Intent { left, memo: noted.memo.clone() }))
        };
        Ok(held.keys().filter_map(intent).collect())
    }

    async fn intend(&self, people: &[Key], note: &Note) -> Result<(), Error> {
        let (mut tables, until) = (self.shared.tables(), Instant::now() + note.lasts);
        for person in people {
            let earlier = tables.intents.remove(&(self.account, *person));
            let memo = note.memo.clone().or_else(|| earlier.and_then(|noted| noted.memo));
            tables.intents.insert((self.account, *person), Noted { until, memo });
        }
        Ok(())
    }

    fn release(&self, person: Key, settled: bool) {
        if settled {
            self.shared.tables().intents.remove(&(self.account, person));
        }
        self.held().remove(&person);
    }
}

impl fmt::Debug for ProcessLease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessLease").field("people", &self.held().len()).finish_non_exhaustive()
    }
}
