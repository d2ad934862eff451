//! `[coordination]`: how far the promise reaches that nobody is mailed twice.

use std::sync::{Arc, OnceLock};

use orgport_core::auth::TokenStore;
use orgport_core::{Coordination, Error, OnFailure, StateDirectory};
use orgport_document::{Node, check_keys};
use serde::Deserialize;

use super::Config;
use super::decode::Place;
use super::fields::fields_of;

/// The table's name.
pub(super) const TABLE: &str = "coordination";

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// The state directory, relative to the configuration's file.
    directory: Option<String>,
    on_failure: Option<OnFailure>,
}

/// Refuses what the table cannot hold.
pub(super) fn check(node: &Node) -> Result<(), Error> {
    check_keys(node.table(TABLE)?, TABLE, fields_of::<Settings>())
}

impl Config {
    /// Coordinates so where the configuration does not name a state directory; within the process by
    /// default. Renewed tokens are kept in its store, if it has a place for them and no
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
    /// `Config` for a table that cannot be read. The directory is looked at when it is used.
    pub fn coordination(&self) -> Result<Coordination, Error> {
        if let Some(made) = self.coordinated.get() {
            return Ok(made.clone());
        }
        let Settings { directory, on_failure } = match &self.coordination_table {
            Some(node) => Place::new(node, TABLE, &self.sources).read()?,
            None => Settings::default(),
        };
        let mut coordination = match directory {
            Some(directory) => {
                let store = StateDirectory::new(self.sources.directory().join(directory));
                self.coordination.clone().with_store(Arc::new(store))
            }
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
