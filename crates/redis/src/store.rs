//! The store: its options, and what it is asked.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use hmac_sha256::Hash as Sha256;
use orgport_core::auth::TokenStore;
use orgport_core::{Change, CoordinationStore, Error, ErrorKind, HashKey, Held, Key, Secret};
use redis::Script;
use tokio::time::sleep;

use crate::lease::RedisLease;
use crate::script::{HOLD, READ, WRITE};
use crate::seal::Seal;
use crate::server::Server;
use crate::tokens::RedisTokens;

/// A shorter secret can be guessed.
const SHORTEST_KEY: usize = 16;
/// How long a cell is kept that nobody changes.
const CELL_LIFE: Duration = Duration::from_hours(48);
/// How often a cell is tried to be changed while others change it.
const TRIES: usize = 1_000;

/// How a [`RedisStore`] is reached, and what it is trusted with.
#[derive(Debug, Clone)]
pub struct RedisOptions {
    url: Secret,
    key: Secret,
    token_key: Option<Secret>,
    namespace: String,
    quiet: Duration,
    lease: Duration,
}

impl RedisOptions {
    /// The server at `url` (`redis://` or `rediss://`), in the namespace `orgport`. All who use it must
    /// have the same `key`, of 16 characters at least: it keeps whoever reads the server from finding out
    /// whom it is about.
    pub fn new(url: impl Into<Secret>, key: impl Into<Secret>) -> Self {
        Self {
            url: url.into(),
            key: key.into(),
            token_key: None,
            namespace: "orgport".to_owned(),
            quiet: Duration::from_secs(46),
            lease: Duration::from_secs(15),
        }
    }

    /// Keeps tokens that are renewed there, encrypted (AES-256-GCM) under this key of 16 characters at
    /// least; by default none are kept there.
    #[must_use]
    pub fn token_key(mut self, key: impl Into<Secret>) -> Self {
        self.token_key = Some(key.into());
        self
    }

    /// What all keys on the server begin with; those of another namespace see nothing of each other.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = namespace.into();
        self
    }

    /// How long nobody is held after the server may have forgotten what was sent: `http.attempt_timeout`
    /// and `settle` together, the longest of any provider; 46 s by default.
    #[must_use]
    pub fn quiet(mut self, quiet: Duration) -> Self {
        self.quiet = quiet;
        self
    }

    /// How long people stay held by a process that is gone; 15 s by default. It is renewed three times as
    /// often.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }
}

/// A Redis or Valkey server (6 or newer) that several machines share. Clones are the same store.
#[derive(Clone)]
pub struct RedisStore(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) server: Server,
    namespace: String,
    hash_key: HashKey,
    seal: Option<Seal>,
    pub(crate) quiet: Duration,
    pub(crate) lease: Duration,
    is_checked: OnceLock<()>,
}

/// How asking for people ended.
pub(crate) enum Asked {
    Held,
    /// By somebody else, for so long if nothing renews it.
    Busy(Duration),
    /// The server may have forgotten what was sent; so much of the quiet time is left.
    Quiet(Duration),
}

impl RedisStore {
    /// Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `Config` for an address that is none, keys that are too short, and a namespace that is empty or has
    /// braces or spaces in it.
    pub fn new(options: &RedisOptions) -> Result<Self, Error> {
        let RedisOptions { url, key, token_key, namespace, quiet, lease } = options;
        let wrong = |what: &str| Error::new(ErrorKind::Config, what);
        if key.expose().len() < SHORTEST_KEY {
            return Err(wrong(
                "coordination.key must have 16 characters at least, the same for all who use the server",
            ));
        }
        if token_key.as_ref().is_some_and(|key| key.expose().len() < SHORTEST_KEY) {
            return Err(wrong("coordination.token_key must have 16 characters at least"));
        }
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '{' | '}');
        if namespace.is_empty() || namespace.contains(is_odd) {
            return Err(wrong("coordination.namespace must be a word without spaces and braces"));
        }
        if lease.is_zero() {
            return Err(wrong("the lease of a Redis store must be more than 0"));
        }
        Ok(Self(Arc::new(Inner {
            server: Server::new(url)?,
            namespace: namespace.clone(),
            hash_key: HashKey::from_bytes(derived("orgport hash key", key)),
            seal: token_key.as_ref().map(|key| Seal::new(&derived("orgport token key", key))).transpose()?,
            quiet: *quiet,
            lease: *lease,
            is_checked: OnceLock::new(),
        })))
    }
}

/// Another key for each purpose.
fn derived(purpose: &str, key: &Secret) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in [purpose, "\0", key.expose()] {
        hasher.update(part);
    }
    hasher.finalize()
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("server", &self.0.server)
            .field("namespace", &self.0.namespace)
            .finish_non_exhaustive()
    }
}

impl Inner {
    /// A name on the server. The braces keep all of a namespace on one machine of a cluster.
    pub(crate) fn name(&self, parts: &[&dyn fmt::Display]) -> String {
        let parts = parts.iter().map(|part| format!(":{part}")).collect::<String>();
        format!("{{{}}}{parts}", self.namespace)
    }

    pub(crate) fn token_key(&self, key: &str) -> Key {
        self.hash_key.key(&["login", key])
    }

    /// Takes these leases, all or none, unless the server may have forgotten something within `quiet`.
    pub(crate) async fn ask(&self, holder: &str, leases: &[String], quiet: Duration) -> Result<Asked, Error> {
        let script: &Script = &HOLD;
        let mut ask = script.prepare_invoke();
        ask.key(self.name(&[&"mark"])).key(self.name(&[&"fingerprint"])).key(leases);
        ask.arg(holder).arg(millis(self.lease)).arg(millis(quiet));
        ask.arg(self.hash_key.key(&["fingerprint"]).to_string());
        let (what, millis): (i64, i64) = self.server.run(&ask).await?;
        let time = Duration::from_millis(u64::try_from(millis).unwrap_or_default());
        match what {
            1 => Ok(Asked::Held),
            0 => Ok(Asked::Busy(time)),
            -2 => Ok(Asked::Quiet(time)),
            _ => {
                let message = format!(
                    "others use the namespace {} of the Redis server at {} with another coordination.key; all must \
                     have the same",
                    self.namespace,
                    self.server.place()
                );
                Err(Error::new(ErrorKind::Config, message))
            }
        }
    }

    /// The error of a call that cannot wait until what may have been forgotten must show.
    pub(crate) fn forgetful(&self, left: Duration) -> Error {
        let message = format!(
            "the Redis server at {} is new, was restarted or has lost its data, so that it may \
             have forgotten what was sent; inviting is safe in {} s",
            self.server.place(),
            left.as_secs() + 1
        );
        Error::new(ErrorKind::Unavailable, message).with_retry_after(Some(left))
    }
}

pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[async_trait]
impl CoordinationStore for RedisStore {
    fn describe(&self) -> String {
        format!("the Redis server at {}, namespace {}", self.0.server.place(), self.0.namespace)
    }

    async fn hash_key(&self) -> Result<HashKey, Error> {
        if self.0.is_checked.get().is_none() {
            // Whoever has another key is told so before anything else.
            self.0.ask("", &[], Duration::ZERO).await?;
            let _ = self.0.is_checked.set(());
        }
        Ok(self.0.hash_key.clone())
    }

    async fn hold(&self, account: Key, people: &[Key], patience: Option<Duration>) -> Held {
        let lease = RedisLease::take(Arc::clone(&self.0), account, people, self.0.quiet, patience).await?;
        Ok(Box::new(lease))
    }

    async fn swap(&self, cell: Key, change: Change<'_>) -> Result<(), Error> {
        let name = self.0.name(&[&"cell", &cell]);
        let (read, write): (&Script, &Script) = (&READ, &WRITE);
        for _ in 0..TRIES {
            let (now, known): (u64, Option<Vec<u8>>) =
                self.0.server.run(read.prepare_invoke().key(&name)).await?;
            let Some(changed) = change(Duration::from_millis(now), known.as_deref()) else { return Ok(()) };
            let mut write = write.prepare_invoke();
            write.key(&name).arg(u8::from(known.is_some())).arg(known.unwrap_or_default());
            write.arg(changed).arg(millis(CELL_LIFE)).arg(HashKey::random()?.key(&[]).to_string());
            if self.0.server.run::<u8>(&write).await? == 1 {
                return Ok(());
            }
            sleep(Duration::from_millis(1)).await;
        }
        let message = format!("the Redis server at {} is too busy with one number", self.0.server.place());
        Err(Error::new(ErrorKind::Unavailable, message))
    }

    fn tokens(&self) -> Option<Arc<dyn TokenStore>> {
        let seal = self.0.seal.clone()?;
        Some(Arc::new(RedisTokens::new(Arc::clone(&self.0), seal)))
    }
}
