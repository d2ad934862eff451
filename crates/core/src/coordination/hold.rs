//! A call's hold on the people it is about, in the process and beyond it.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task_local;

use super::key::Key;
use super::patience::{Patience, within};
use super::store::{CoordinationStore, HoldError, Intent, Lease, Note};
use super::{OnFailure, warn_alone};
use crate::error::{Error, ErrorKind, Reach};

/// How long a call that is over waits for the store.
const FINISHED_WITHIN: Duration = Duration::from_secs(5);

/// A lease of one store, with the keys by which that store knows the people.
#[derive(Debug)]
pub(super) struct Leases {
    lease: Box<dyn Lease>,
    keys: HashMap<usize, Key>,
}

impl Leases {
    pub(super) async fn take(
        store: &dyn CoordinationStore,
        account: &str,
        organization: &str,
        people: &[(&str, usize)],
        patience: Patience,
    ) -> Result<Self, HoldError> {
        let hash_key = store.hash_key().await?;
        let key = |email: &str| hash_key.key(&["person", account, organization, email]);
        let keys: HashMap<_, _> = people.iter().map(|(email, index)| (*index, key(email))).collect();
        let all: Vec<_> = keys.values().copied().collect();
        let lease = store.hold(hash_key.key(&["account", account]), &all, patience.left()).await?;
        Ok(Self { lease, keys })
    }

    async fn intend(&self, people: &[usize], note: &Note) -> Result<(), Error> {
        let people: Vec<_> = people.iter().filter_map(|index| self.keys.get(index).copied()).collect();
        self.lease.intend(&people, note).await
    }

    fn release(&self, person: usize, settled: bool) {
        if let Some(key) = self.keys.get(&person) {
            self.lease.release(*key, settled);
        }
    }
}

/// People whom one call alone may invite, until they are released or this is dropped.
#[derive(Debug)]
pub(crate) struct Hold {
    process: Leases,
    shared: Option<Leases>,
    on_failure: OnFailure,
    /// The shared store has failed, and the call goes on without it.
    is_alone: AtomicBool,
    /// Those of whom a note was made under this hold.
    noted: Mutex<HashSet<usize>>,
}

impl Hold {
    pub(super) fn new(process: Leases, shared: Option<Leases>, on_failure: OnFailure) -> Self {
        Self { process, shared, on_failure, is_alone: AtomicBool::new(false), noted: Mutex::default() }
    }

    fn shared(&self) -> Option<&Leases> {
        self.shared.as_ref().filter(|_| !self.is_alone.load(Ordering::Relaxed))
    }

    /// Goes on without the shared store, if that is what is to be done when it fails.
    fn without_store(&self, error: Error) -> Result<(), Error> {
        if self.on_failure == OnFailure::Refuse || self.is_lost() {
            let message = format!("not sent: {}", error.message());
            return Err(error.with_message(message).with_reach(Reach::NotSent));
        }
        if !self.is_alone.swap(true, Ordering::Relaxed) {
            warn_alone(&error);
        }
        Ok(())
    }

    /// Says whether somebody else may hold these people by now.
    pub(crate) fn is_lost(&self) -> bool {
        self.shared().is_some_and(|shared| shared.lease.is_lost())
    }

    /// What was sent to these people and not settled, by the person's index.
    ///
    /// # Errors
    ///
    /// What the store says that failed.
    pub(crate) async fn intents(&self) -> Result<HashMap<usize, Intent>, Error> {
        let mut known: HashMap<usize, Intent> = HashMap::new();
        for leases in std::iter::once(&self.process).chain(self.shared()) {
            let found = match leases.lease.intents().await {
                Ok(found) => found,
                Err(error) => {
                    self.without_store(error)?;
                    continue;
                }
            };
            for (index, key) in &leases.keys {
                if let Some(intent) = found.get(key) {
                    let both = known.entry(*index).or_default();
                    both.left = both.left.max(intent.left);
                    both.memo = both.memo.take().or_else(|| intent.memo.clone());
                }
            }
        }
        Ok(known)
    }

    /// Notes that these people are about to be sent to.
    ///
    /// # Errors
    ///
    /// What the store says that failed; nothing must be sent then.
    pub(crate) async fn intend(&self, people: &[usize], note: &Note) -> Result<(), Error> {
        if self.is_lost() {
            return Err(lost());
        }
        if let Some(shared) = self.shared()
            && let Err(error) = shared.intend(people, note).await
        {
            self.without_store(error)?;
        }
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).extend(people);
        self.process.intend(people, note).await
    }

    /// Lets what was noted of a person by an earlier call end with this one, to whom it was told.
    pub(crate) fn take_over(&self, person: usize) {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).insert(person);
    }

    /// Says whether it was noted under this hold that this person is about to be sent to.
    pub(crate) fn has_noted(&self, person: usize) -> bool {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).contains(&person)
    }

    /// Lets go of a person; see [`Lease::release`].
    pub(crate) fn release(&self, person: usize, settled: bool) {
        // Whoever waits in this process is to find the outer one free.
        if let Some(shared) = &self.shared {
            shared.release(person, settled);
        }
        self.process.release(person, settled);
    }

    /// Waits until the store knows of all who were let go of, within reason.
    pub(crate) async fn finished(&self) {
        if let Some(shared) = self.shared() {
            within(Some(FINISHED_WITHIN), shared.lease.finished()).await;
        }
    }

    /// Does some sending, and notes its people before each attempt of a request that leaves for it.
    pub(crate) async fn noting<F: Future>(
        self: &Arc<Self>,
        people: Vec<usize>,
        lasts: Duration,
        sending: F,
    ) -> F::Output {
        let note = Note { lasts, memo: None };
        SENDING.scope(Arc::new(Sending { hold: Arc::clone(self), people, note }), sending).await
    }
}

struct Sending {
    hold: Arc<Hold>,
    people: Vec<usize>,
    note: Note,
}

task_local! {
    static SENDING: Arc<Sending>;
}

/// Notes what the present attempt is about to send, if it is part of an inviting.
///
/// # Errors
///
/// What the store says that failed; nothing must be sent then.
pub(crate) async fn note_attempt() -> Result<(), Error> {
    match SENDING.try_with(Arc::clone) {
        Ok(sending) => sending.hold.intend(&sending.people, &sending.note).await,
        Err(_) => Ok(()),
    }
}

/// The error of those who are not sent to, because others may be at it.
pub(crate) fn lost() -> Error {
    let message = "not sent: the hold on these people was lost, and somebody else may be inviting them; invite \
                   again later, which looks first";
    Error::new(ErrorKind::Cancelled, message).with_reach(Reach::NotSent)
}
