//! The places of a roster, found and read.

use std::sync::Arc;

use orgport_core::{Clock, Error, Provider};

use crate::place::{Missed, Place, Scope, Target, locate};
use crate::plan::{Caller, Site};
use crate::roster::{PlaceName, Roster};
use crate::snapshot::observe;

/// A place of a roster at its provider, to be read or changed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Located {
    /// The place as the roster writes it.
    pub name: PlaceName,
    /// The place.
    pub place: Place,
    /// Whom the credential stands for, where the vendor tells.
    pub caller: Option<Caller>,
}

impl Located {
    /// A place at which nothing is known of the credential.
    pub fn new(name: PlaceName, place: Place) -> Self {
        Self { name, place, caller: None }
    }

    /// Finds the places of a roster, with the providers of these names, and tells what could not be
    /// found.
    pub async fn all(
        roster: &Roster,
        provider: impl Fn(&str) -> Result<Arc<dyn Provider>, Error>,
    ) -> (Vec<Self>, Vec<Missed>) {
        let (mut located, mut missed) = (Vec::new(), Vec::new());
        for (name, _) in roster.access() {
            let scope = match name.organization() {
                Some(organization) => Scope::Organization(organization.to_owned()),
                None => Scope::Configured,
            };
            match provider(name.provider()) {
                Ok(provider) => {
                    // One by one, so that each keeps the name it has in the roster.
                    let (places, others) = locate(&[Target::new(provider, scope)]).await;
                    located.extend(places.into_iter().map(|place| Self::new(name.clone(), place)));
                    missed.extend(others);
                }
                Err(error) => missed.push(Missed::provider(name.as_str(), error)),
            }
        }
        (located, missed)
    }

    /// Reads places side by side.
    pub async fn observe(located: &[Self], clock: &dyn Clock) -> Vec<Site> {
        let places: Vec<_> = located.iter().map(|one| one.place.clone()).collect();
        let snapshots = observe(&places, clock).await;
        located.iter().zip(snapshots).map(|(one, snapshot)| one.site(snapshot)).collect()
    }

    pub(crate) fn site(&self, snapshot: crate::snapshot::Snapshot) -> Site {
        let provider = self.place.provider();
        Site {
            name: self.name.clone(),
            snapshot,
            capability: provider.capability().clone(),
            default_role: provider.default_role().cloned(),
            caller: self.caller.clone(),
        }
    }
}
