//! The seam to what reaches beyond one process.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::key::{HashKey, Key};
use crate::auth::TokenStore;
use crate::error::Error;

/// Exclusive holds, notes of what was sent, and small shared numbers: for all processes that use the
/// same store.
///
/// A store sees [keys](Key) only, never an address, an organization or a secret of an account.
/// Times are by the store's own clock: what it returns says how much is left.
#[async_trait]
pub trait CoordinationStore: fmt::Debug + Send + Sync + 'static {
    /// What it is and where, in words that follow "in": "the state directory /home/ada/…".
    fn describe(&self) -> String;

    /// What keys are made with. It lives in the store, and is made by whoever uses the store first.
    ///
    /// # Errors
    ///
    /// `Unavailable` or `Config` if the store fails, with what to do.
    async fn hash_key(&self) -> Result<HashKey, Error>;

    /// Waits until nobody else holds any of these people of an account, at most as long as `patience`
    /// where that is limited. All take them in one order, so that no two wait for each other. A store may
    /// keep some people together, and hold with one of them the others.
    ///
    /// Between the tasks of one process that share this store the caller has seen to it already.
    ///
    /// # Errors
    ///
    /// [`HoldError::Busy`] after `patience`; [`HoldError::Failed`] if the store fails. Nothing is
    /// held then.
    async fn hold(&self, account: Key, people: &[Key], patience: Option<Duration>) -> Held;

    /// Changes what is kept in a cell, with nobody else changing it meanwhile. `change` is given the
    /// store's present time since 1970 and what is there, and may be asked again where somebody else
    /// was faster; `None` keeps what is there. A cell that nobody has changed for a day may be lost.
    ///
    /// # Errors
    ///
    /// `Unavailable` or `Config` if the store fails.
    async fn swap(&self, cell: Key, change: Change<'_>) -> Result<(), Error>;

    /// Where tokens that are renewed are kept for all who use this store, if it can keep secrets.
    fn tokens(&self) -> Option<Arc<dyn TokenStore>> {
        None
    }
}

/// See [`CoordinationStore::hold`].
pub type Held = Result<Box<dyn Lease>, HoldError>;

/// See [`CoordinationStore::swap`].
pub type Change<'a> = &'a mut (dyn FnMut(Duration, Option<&[u8]>) -> Option<Vec<u8>> + Send);

/// People of one account who are held until they are released, or until this is dropped.
#[async_trait]
pub trait Lease: fmt::Debug + Send + Sync {
    /// Says whether the store has let go of it, so that somebody else may hold these people. Nothing
    /// must be sent any more.
    fn is_lost(&self) -> bool {
        false
    }

    /// What was noted of these people and not settled since, by whomever. People of whom nothing is
    /// noted are left out.
    ///
    /// # Errors
    ///
    /// `Unavailable` or `Config` if the store fails.
    async fn intents(&self) -> Result<HashMap<Key, Intent>, Error>;

    /// Notes that these people are about to be sent to. When it returns, a note survives whatever the
    /// store is made to survive. It takes the place of an earlier one, whose memo it keeps where it
    /// has none of its own.
    ///
    /// # Errors
    ///
    /// `Unavailable` or `Config` if the store fails or the lease is lost; nothing must be sent then.
    async fn intend(&self, people: &[Key], note: &Note) -> Result<(), Error>;

    /// Lets go of one person. If `settled`, what was noted is over and forgotten before anybody else
    /// holds the person; a store that cannot is believed to have the note still, which costs the next
    /// one a wait and nothing else.
    fn release(&self, person: Key, settled: bool);

    /// Returns when all who were let go of are so in the store, for one that does it behind the caller's
    /// back; by default none does. Asked before a call ends, since its process may end with it.
    async fn finished(&self) {}
}

/// What is noted before a request leaves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a store that overlooks a part of it loses that part")]
pub struct Note {
    /// How long from now the request may still change the vendor's lists.
    pub lasts: Duration,
    /// What is to be told to whoever holds the person next, if this one does not get to settle it.
    pub memo: Option<String>,
}

/// A note that nobody has settled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "made by every store")]
pub struct Intent {
    /// How long from now what was sent may still change the vendor's lists. It is zero for what was
    /// noted long ago, and the whole time again if the store's clock has gone back since.
    pub left: Duration,
    /// See [`Note::memo`].
    pub memo: Option<String>,
}

/// Why people cannot be held.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "made by every store")]
pub enum HoldError {
    /// Somebody else holds one of them, and patience has ended.
    Busy,
    /// The store failed.
    Failed(Error),
}

impl From<Error> for HoldError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
