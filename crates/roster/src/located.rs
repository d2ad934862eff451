//! The places of a roster, found and read.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use orgport_core::{Clock, Error, Identity, Operation, Provider};

use crate::place::{Missed, Place, Target, locate, providers};
use crate::plan::Site;
use crate::roster::PlaceName;
use crate::snapshot::{Snapshot, observe};

/// A place of a roster at its provider, to be read or changed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Located {
    /// The place as the roster writes it.
    pub name: PlaceName,
    /// The place.
    pub place: Place,
    /// Whom the credential stands for, where the vendor tells.
    pub caller: Option<Identity>,
}

impl Located {
    /// A place at which nothing is known of the credential.
    pub fn new(name: PlaceName, place: Place) -> Self {
        Self { name, place, caller: None }
    }

    /// Finds the places of these names with the providers of theirs, each asked once whom its credential
    /// stands for, and tells what could not be found.
    pub async fn find(
        names: &[PlaceName],
        provider: impl Fn(&str) -> Result<Arc<dyn Provider>, Error>,
    ) -> (Vec<Self>, Vec<Missed>) {
        let providers = providers(names.iter().map(PlaceName::provider), &provider);
        let found = providers.values().filter_map(|provider| provider.as_ref().ok());
        let callers = join_all(
            found.map(|provider| async { (provider.name().to_owned(), identity(&**provider).await) }),
        );
        let callers: BTreeMap<_, _> = callers.await.into_iter().collect();
        let located = names.iter().map(|name| async {
            match &providers[name.provider()] {
                Ok(provider) => {
                    Self::one(name, provider, callers.get(provider.name()).cloned().flatten()).await
                }
                Err(error) => Err(Missed::provider(name.as_str(), error.clone())),
            }
        });
        let (mut places, mut missed) = (Vec::new(), Vec::new());
        for one in join_all(located).await {
            match one {
                Ok(one) => places.push(one),
                Err(one) => missed.push(one),
            }
        }
        (places, missed)
    }

    async fn one(
        name: &PlaceName,
        provider: &Arc<dyn Provider>,
        caller: Option<Identity>,
    ) -> Result<Self, Missed> {
        let (places, mut missed) = locate(&[Target::new(Arc::clone(provider), name.scope())]).await;
        match (places.into_iter().next(), missed.pop()) {
            (Some(place), _) => Ok(Self { name: name.clone(), place, caller }),
            (None, Some(missed)) => Err(missed),
            (None, None) => unreachable!("a target is found or missed"),
        }
    }

    /// Reads places side by side.
    pub async fn observe(located: &[Self], clock: &dyn Clock) -> Vec<Site> {
        let places: Vec<_> = located.iter().map(|one| one.place.clone()).collect();
        let snapshots = observe(&places, clock).await;
        located.iter().zip(snapshots).map(|(one, snapshot)| one.site(snapshot)).collect()
    }

    pub(crate) fn site(&self, snapshot: Snapshot) -> Site {
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

/// Whom the credential stands for, as far as the vendor tells.
async fn identity(provider: &dyn Provider) -> Option<Identity> {
    if provider.capability().support(Operation::GetIdentity).works() {
        provider.get_identity().await.ok()
    } else {
        None
    }
}
