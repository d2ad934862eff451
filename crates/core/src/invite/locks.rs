//! One call at a time per person: whoever invites the same address at the same moment waits, and
//! then finds what the first one did.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, Weak};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

type Key = (String, String);

/// Locks by organization and address key, kept only while somebody holds or awaits them.
#[derive(Debug, Default)]
pub(crate) struct Locks(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    locks: HashMap<Key, Weak<AsyncMutex<()>>>,
    /// How many there may be before those that nobody wants any more are swept out.
    sweep_at: usize,
}

impl Locks {
    /// Waits until this call alone may invite these people, and returns each one's lock by the
    /// person's index. All calls lock in the same order, so that no two wait for each other.
    pub(super) async fn hold(
        &self,
        organization: &str,
        people: &BTreeMap<String, usize>,
    ) -> HashMap<usize, OwnedMutexGuard<()>> {
        let mut held = HashMap::with_capacity(people.len());
        for (email, index) in people {
            held.insert(*index, self.lock(organization, email).lock_owned().await);
        }
        held
    }

    fn lock(&self, organization: &str, email: &str) -> Arc<AsyncMutex<()>> {
        let Table { locks, sweep_at } = &mut *self.0.lock().expect("no holder panics");
        if locks.len() >= *sweep_at {
            locks.retain(|_, lock| lock.strong_count() > 0);
            *sweep_at = 2 * locks.len() + 64;
        }
        let entry = locks.entry((organization.to_owned(), email.to_owned())).or_default();
        entry.upgrade().unwrap_or_else(|| {
            let lock = Arc::default();
            *entry = Arc::downgrade(&lock);
            lock
        })
    }
}
