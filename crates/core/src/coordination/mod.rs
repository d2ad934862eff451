//! What everything that speaks to one account shares, so that nobody is mailed twice.
//!
//! Calls in one process share a registry that is always there. A [`CoordinationStore`] beside it
//! reaches further: to other processes of a machine, or to other machines.

mod directory;
mod hold;
mod key;
mod patience;
mod process;
mod store;

use std::collections::HashMap;
use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::Duration;

use serde::Deserialize;

pub use self::directory::StateDirectory;
use self::hold::Leases;
pub(crate) use self::hold::{Hold, lost, note_attempt};
pub use self::key::{HashKey, Key};
pub(crate) use self::patience::Patience;
use self::patience::within;
pub use self::process::ProcessStore;
pub use self::store::{Change, CoordinationStore, Held, HoldError, Intent, Lease, Note};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Reach};
use crate::http::{Bucket, Limiters};

/// How long it takes until a call says that it waits for another process.
const TELL_AFTER: Duration = Duration::from_secs(2);

static PROCESS: LazyLock<Coordination> = LazyLock::new(Coordination::separate);

/// Where the callers of one account wait for each other, and where it is noted what was sent and is
/// not settled.
///
/// An account is a vendor at an address, whatever provider speaks to it: a configuration that is
/// read again makes new providers, which find the old ones' calls here.
#[derive(Clone)]
pub struct Coordination {
    process: Arc<ProcessStore>,
    shared: Option<Arc<dyn CoordinationStore>>,
    on_failure: OnFailure,
    missing: Option<Arc<Missing>>,
    limiters: Arc<Mutex<HashMap<LimitKey, Weak<Limiters>>>>,
}

/// Whose limits, on which timeline, and by which store.
type LimitKey = (String, usize, Option<usize>);

/// Why there is no store where one is expected.
struct Missing {
    why: String,
    is_told: AtomicBool,
}

/// What becomes of calls when the shared store fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OnFailure {
    /// Nothing is sent, and the error says so: `refuse`, the default.
    #[default]
    Refuse,
    /// They go on with the promise of one process, and a warning is logged: `process`.
    Process,
}

impl Coordination {
    /// Shared by the whole process: the default.
    pub fn process() -> Self {
        PROCESS.clone()
    }

    /// Shared by nobody but its clones, as another process would have it; for tests.
    pub fn separate() -> Self {
        Self {
            process: Arc::default(),
            shared: None,
            on_failure: OnFailure::Refuse,
            missing: None,
            limiters: Arc::default(),
        }
    }

    /// Shared by all who use this store, too.
    #[must_use]
    pub fn with_store(mut self, store: Arc<dyn CoordinationStore>) -> Self {
        self.shared = Some(store);
        self.missing = None;
        self
    }

    /// Shared by no other process, although that is expected: the first call that sends something
    /// logs a warning with the reason.
    #[must_use]
    pub fn without_store(mut self, why: impl Into<String>) -> Self {
        self.shared = None;
        self.missing = Some(Arc::new(Missing { why: why.into(), is_told: AtomicBool::new(false) }));
        self
    }

    /// Says what becomes of calls when the store fails.
    #[must_use]
    pub fn on_failure(mut self, on_failure: OnFailure) -> Self {
        self.on_failure = on_failure;
        self
    }

    /// The store that reaches beyond the process.
    pub fn store(&self) -> Option<&Arc<dyn CoordinationStore>> {
        self.shared.as_ref()
    }

    /// The vendor's limits, shared by all who name this scope and live by the same time.
    pub(crate) fn limiters(&self, buckets: &[Bucket], scope: &str, clock: &dyn Clock) -> Arc<Limiters> {
        let store = self.shared.as_ref();
        let place = store.map(|store| Arc::as_ptr(store).cast::<()>().addr());
        let key = (scope.to_owned(), clock.timeline(), place);
        let mut limiters = self.limiters.lock().unwrap_or_else(PoisonError::into_inner);
        limiters.retain(|_, limiters| limiters.strong_count() > 0);
        let known = limiters.entry(key).or_default();
        known.upgrade().unwrap_or_else(|| {
            let made = Arc::new(match store {
                Some(store) => Limiters::shared(buckets, Arc::clone(store), scope.to_owned()),
                None => Limiters::new(buckets),
            });
            *known = Arc::downgrade(&made);
            made
        })
    }

    /// The account of this name; one that nobody else has for an adapter whose account has none.
    pub(crate) fn account(&self, name: Option<String>) -> Account {
        static UNNAMED: AtomicU64 = AtomicU64::new(0);
        match name {
            Some(name) => Account { coordination: self.clone(), name },
            None => Account {
                coordination: Self { shared: None, ..self.clone() },
                name: format!("unnamed {}", UNNAMED.fetch_add(1, Ordering::Relaxed)),
            },
        }
    }
}

impl fmt::Debug for Coordination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Coordination")
            .field("store", &self.shared)
            .field("on_failure", &self.on_failure)
            .finish_non_exhaustive()
    }
}

/// One account at a vendor, as all see it who coordinate with each other.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    coordination: Coordination,
    name: String,
}

impl Account {
    /// Waits until this call alone may invite these people of an organization, each known by an index,
    /// until `patience` ends.
    ///
    /// # Errors
    ///
    /// `Unavailable` if others hold them that long, and what the store says that failed. Nothing was
    /// sent.
    pub(crate) async fn hold(
        &self,
        organization: &str,
        people: impl IntoIterator<Item = (&str, usize)>,
        patience: Patience,
    ) -> Result<Hold, Error> {
        let Coordination { process, shared, on_failure, missing, .. } = &self.coordination;
        if let Some(missing) = missing
            && !missing.is_told.swap(true, Ordering::Relaxed)
        {
            tracing::warn!("{}: a second mail is prevented within this run alone", missing.why);
        }
        let people: Vec<_> = people.into_iter().collect();
        // First within the process, where waiting costs nothing.
        let inner = Leases::take(&**process, &self.name, organization, &people, patience)
            .await
            .map_err(|error| not_held(error, patience))?;
        let outer = match shared {
            None => None,
            Some(store) => {
                match telling(&**store, Leases::take(&**store, &self.name, organization, &people, patience))
                    .await
                {
                    Ok(leases) => Some(leases),
                    Err(HoldError::Failed(error)) if *on_failure == OnFailure::Process => {
                        warn_alone(&error);
                        None
                    }
                    Err(error) => return Err(not_held(error, patience)),
                }
            }
        };
        Ok(Hold::new(inner, outer, *on_failure))
    }
}

/// Says it when something takes long in the store, where somebody else may have what is wanted.
async fn telling<T>(store: &dyn CoordinationStore, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    if let Some(done) = within(Some(TELL_AFTER), &mut work).await {
        return done;
    }
    tracing::warn!(
        "waiting for another process, which may be inviting the same people, in {}",
        store.describe()
    );
    work.await
}

fn warn_alone(error: &Error) {
    tracing::warn!(%error, "going on within this process alone: a second mail by another process is not prevented");
}

fn not_held(error: HoldError, patience: Patience) -> Error {
    match error {
        HoldError::Busy => {
            let limit = patience.limit().unwrap_or_default();
            let message = format!(
                "nothing was sent: somebody else has been inviting the same people for longer than {limit:?}; \
                 try again later"
            );
            Error::new(ErrorKind::Unavailable, message)
        }
        HoldError::Failed(error) => {
            let message = format!("nothing was sent: {}", error.message());
            error.with_message(message)
        }
    }
    .with_reach(Reach::NotSent)
}
