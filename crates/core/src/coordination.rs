//! What everything that speaks to one account shares, so that nobody is mailed twice.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, Weak};

use crate::invite::Locks;

static PROCESS: LazyLock<Coordination> = LazyLock::new(Coordination::separate);

/// Where the callers of one account wait for each other.
///
/// An account is a vendor at an address, whatever provider speaks to it: a configuration that is
/// read again makes new providers, which find the old ones' calls here.
#[derive(Clone)]
pub struct Coordination {
    accounts: Arc<Mutex<HashMap<String, Weak<Locks>>>>,
}

impl Coordination {
    /// Shared by the whole process: the default.
    pub fn process() -> Self {
        PROCESS.clone()
    }

    /// Shared by nobody but its clones, as another process would have it; for tests.
    pub fn separate() -> Self {
        Self { accounts: Arc::default() }
    }

    /// The locks of an account; of a new one for an adapter whose account has no name.
    pub(crate) fn locks(&self, account: Option<String>) -> Arc<Locks> {
        let Some(account) = account else { return Arc::default() };
        let mut accounts = self.accounts.lock().expect("no holder panics");
        accounts.retain(|_, locks| locks.strong_count() > 0);
        let entry = accounts.entry(account).or_default();
        entry.upgrade().unwrap_or_else(|| {
            let locks = Arc::default();
            *entry = Arc::downgrade(&locks);
            locks
        })
    }
}

impl fmt::Debug for Coordination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accounts = self.accounts.lock().expect("no holder panics").len();
        f.debug_struct("Coordination").field("accounts", &accounts).finish_non_exhaustive()
    }
}
