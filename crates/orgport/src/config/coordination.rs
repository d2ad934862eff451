//! `[coordination]`: how far the promise reaches that nobody is mailed twice.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use orgport_core::auth::TokenStore;
use orgport_core::config::duration;
use orgport_core::{Coordination, CoordinationStore, Error, OnFailure, Secret, StateDirectory};
use orgport_document::{Node, check_keys};
#[cfg(feature = "redis")]
use orgport_redis::{RedisOptions, RedisStore};
use serde::{Deserialize, Deserializer};

use super::Config;
use super::decode::Place;
use super::fields::fields_of;
use super::secret::Sources;

/// The table's name.
pub(super) const TABLE: &str = "coordination";

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// The state directory, relative to the configuration's file.
    directory: Option<String>,
    /// Instead, the Redis or Valkey server that several machines share.
    url: Option<Secret>,
    /// What all who use that server have in common.
    key: Option<Secret>,
    /// What renewed tokens are encrypted with there; without it none are kept there.
    token_key: Option<Secret>,
    namespace: Option<String>,
    #[serde(deserialize_with = "limit")]
    quiet: Option<Duration>,
    on_failure: Option<OnFailure>,
}

fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    duration(deserializer).map(Some)
}

impl Settings {
    /// The store that is named, if one is.
    fn store(self, sources: &Sources) -> Result<Option<Arc<dyn CoordinationStore>>, Error> {
        let wrong = |key, what: &str| Err(Error::wrong_setting(key, what));
        let Self { key, token_key, namespace, quiet, .. } = &self;
        let is_for_a_server = key.is_some() || token_key.is_some() || namespace.is_some() || quiet.is_some();
        match (&self.directory, &self.url) {
            (Some(_), Some(_)) => {
                wrong("coordination.url", "cannot stand beside coordination.directory: one of them")
            }
            (_, None) if is_for_a_server => wrong(
                "coordination.url",
                "is missing: key, token_key, namespace and quiet belong to a Redis server",
            ),
            (Some(directory), None) => {
                Ok(Some(Arc::new(StateDirectory::new(sources.directory().join(directory)))))
            }
            (None, Some(_)) => self.server().map(Some),
            (None, None) => Ok(None),
        }
    }

    #[cfg(feature = "redis")]
    fn server(self) -> Result<Arc<dyn CoordinationStore>, Error> {
        let Self { url: Some(url), key: Some(key), token_key, namespace, quiet, .. } = self else {
            let what = "is missing: all who use the server must have the same, of 16 characters at least";
            return Err(Error::wrong_setting("coordination.key", what));
        };
        let mut options = RedisOptions::new(url, key);
        if let Some(key) = token_key {
            options = options.token_key(key);
        }
        if let Some(namespace) = namespace {
            options = options.namespace(namespace);
        }
        if let Some(quiet) = quiet {
            options = options.quiet(quiet);
        }
        Ok(Arc::new(RedisStore::new(&options)?))
    }

    #[cfg(not(feature = "redis"))]
    #[expect(clippy::unused_self, reason = "the signature is that of the feature")]
    fn server(self) -> Result<Arc<dyn CoordinationStore>, Error> {
        let what = "needs a build with the feature redis, which this one is not";
        Err(Error::wrong_setting("coordination.url", what))
    }
}

/// Refuses what the table cannot hold.
pub(super) fn check(node: &Node) -> Result<(), Error> {
    check_keys(node.table(TABLE)?, TABLE, fields_of::<Settings>())
}

impl Config {
    /// Coordinates so where the configuration names neither a state directory nor a server; within the
    /// process by default. Renewed tokens are kept in its store, if it has a place for them and no
    /// [other](Config::with_token_store) is given.
    #[must_use]
    pub fn with_coordination(mut self, coordination: Coordination) -> Self {
        self.coordination = coordination;
        self.coordinated = OnceLock::new();
        self
    }

    /// How the providers coordinate, by the configuration's table `coordination` or as the program
    /// [says](Config::with_coordination).
    ///
    /// # Errors
    ///
    /// `Config` for a table that cannot be read. The directory or server is looked at when it is used.
    pub fn coordination(&self) -> Result<Coordination, Error> {
        if let Some(made) = self.coordinated.get() {
            return Ok(made.clone());
        }
        let settings: Settings = match &self.coordination_table {
            Some(node) => Place::new(node, TABLE, &self.sources).read()?,
            None => Settings::default(),
        };
        let on_failure = settings.on_failure;
        let mut coordination = match settings.store(&self.sources)? {
            Some(store) => self.coordination.clone().with_store(store),
            None => self.coordination.clone(),
        };
        if let Some(on_failure) = on_failure {
            coordination = coordination.on_failure(on_failure);
        }
        // One for all providers: what a process has locked, it shares.
        Ok(self.coordinated.get_or_init(|| coordination).clone())
    }

    /// Where renewed tokens are kept.
    pub(super) fn token_store(&self, coordination: &Coordination) -> Arc<dyn TokenStore> {
        let of_store = || coordination.store().and_then(|store| store.tokens());
        self.token_store.clone().or_else(of_store).unwrap_or_else(|| Arc::clone(&self.tokens_in_memory))
    }
}
