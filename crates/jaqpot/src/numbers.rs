//! The numbers behind organizations' names, which resending wants.

use std::collections::HashMap;
use std::sync::Mutex;

use orgport_core::{Error, ErrorKind, OrganizationId};

/// The number that each name has had so far. Names can be given away; numbers stay, so they tell
/// when a name has come to mean another organization.
#[derive(Debug, Default)]
pub(crate) struct Numbers(Mutex<HashMap<OrganizationId, i64>>);

impl Numbers {
    /// Takes down what a name resolves to now.
    ///
    /// # Errors
    ///
    /// `Conflict` if it was another number before.
    pub(crate) fn note(&self, name: &OrganizationId, number: i64) -> Result<(), Error> {
        let before = *self.lock().entry(name.clone()).or_insert(number);
        if before == number {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Conflict,
            format!(
                "the name {name} belonged to organization number {before} and now belongs to number {number}: \
                 make sure that it is the one you mean, then begin with a new provider"
            ),
        ))
    }

    pub(crate) fn get(&self, name: &OrganizationId) -> Option<i64> {
        self.lock().get(name).copied()
    }

    /// Forgets a name that is free or means something else by our own doing.
    pub(crate) fn forget(&self, name: &OrganizationId) {
        self.lock().remove(name);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<OrganizationId, i64>> {
        self.0.lock().expect("no holder panics")
    }
}
