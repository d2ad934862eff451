//! One call at a time per person: clones of a provider that invite the same address at the same
//! moment wait for each other, and the second one then finds what the first one did.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, Weak};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

type Key = (String, String);

/// Locks by organization and address key, kept only while somebody holds or awaits them.
#[derive(Debug, Default)]
pub(super) struct Locks(Mutex<HashMap<Key, Weak<AsyncMutex<()>>>>);

impl Locks {
    /// Waits until this call alone may invite these people, and answers each one's lock by the
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
        let mut locks = self.0.lock().expect("no holder panics");
        locks.retain(|_, lock| lock.strong_count() > 0);
        let entry = locks.entry((organization.to_owned(), email.to_owned())).or_default();
        entry.upgrade().unwrap_or_else(|| {
            let lock = Arc::default();
            *entry = Arc::downgrade(&lock);
            lock
        })
    }
}
