//! Locks for people, by a fixed number of files.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::Mutex;

use super::fault::fault;
use super::files::{blocking, lock_in_turn, open_lock};
use crate::coordination::key::Key;
use crate::error::Error;

/// How many lock files an account has. People who share one wait for each other across processes.
const STRIPES: u8 = 128;

/// The longest pause between two looks at a lock that another process has.
const PAUSE: Duration = Duration::from_millis(50);

/// The lock files of one account. This process has each of them open once at most, and shares it
/// among its tasks.
pub(super) struct Stripes {
    root: PathBuf,
    directory: PathBuf,
    /// Locked by the task that waits for the file.
    gates: Vec<Mutex<Weak<Stripe>>>,
}

/// A lock file that is locked as long as it is open.
pub(super) struct Stripe {
    _file: File,
}

impl Stripes {
    pub(super) fn new(root: PathBuf, directory: PathBuf) -> Self {
        Self { root, directory, gates: (0..STRIPES).map(|_| Mutex::default()).collect() }
    }

    /// The stripe of a person.
    pub(super) fn of(person: Key) -> u8 {
        person.as_bytes()[0] % STRIPES
    }

    /// Locks the stripes of these people, all in one order: whoever waits for a stripe holds lower ones
    /// only, so that no two processes wait for each other.
    pub(super) async fn take(&self, people: &[Key]) -> Result<HashMap<u8, Arc<Stripe>>, Error> {
        let stripes: BTreeSet<_> = people.iter().map(|person| Self::of(*person)).collect();
        let mut held = HashMap::with_capacity(stripes.len());
        for stripe in stripes {
            held.insert(stripe, self.take_one(stripe).await?);
        }
        Ok(held)
    }

    async fn take_one(&self, stripe: u8) -> Result<Arc<Stripe>, Error> {
        let mut known = self.gates[usize::from(stripe)].lock().await;
        if let Some(held) = known.upgrade() {
            return Ok(held);
        }
        let (path, root) = (self.directory.join(format!("{stripe:03}")), self.root.clone());
        let failed = move |error| fault(&root, "cannot be locked", error);
        let file = {
            let failed = failed.clone();
            blocking(move || open_lock(&path).map_err(failed)).await?
        };
        lock_in_turn(&file, PAUSE).await.map_err(failed)?;
        let held = Arc::new(Stripe { _file: file });
        *known = Arc::downgrade(&held);
        Ok(held)
    }
}
