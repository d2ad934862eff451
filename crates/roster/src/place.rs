//! Places: organizations at providers, and finding those that are meant.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::sync::Arc;

use futures_util::stream::StreamExt;
use orgport_core::{Error, ErrorKind, Organization, OrganizationId, Provider, find};
use serde::{Deserialize, Serialize};

/// How many places are worked on at once; within a provider its own `http.max_concurrency` holds too.
pub(crate) const PLACES_AT_ONCE: usize = 32;

/// Names a place: one organization at one configured provider.
///
/// Displayed as it is written: `prod` for a provider's configured organization, `prod/ORG` for any
/// other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlaceId {
    /// The provider's name in the configuration.
    pub provider: String,
    /// The organization.
    pub organization: OrganizationId,
    /// The provider's kind, such as `memory`.
    pub kind: String,
    /// Whether the organization is the one that is configured for the provider.
    pub is_default: bool,
}

impl PlaceId {
    /// An organization at a provider that is configured with another one, or with none.
    pub fn new(provider: impl Into<String>, kind: impl Into<String>, organization: OrganizationId) -> Self {
        Self { provider: provider.into(), kind: kind.into(), organization, is_default: false }
    }

    /// The same as the provider's configured organization.
    #[must_use]
    pub fn configured(mut self) -> Self {
        self.is_default = true;
        self
    }

    /// The place of this organization at this provider.
    pub fn of(provider: &dyn Provider, organization: OrganizationId) -> Self {
        let is_default = provider.default_organization() == Some(&organization);
        Self { is_default, ..Self::new(provider.name(), provider.kind(), organization) }
    }

    /// Where people do themselves what the vendor has no call for.
    pub(crate) fn by_hand(&self) -> String {
        format!("in {}'s own pages, where they have it, else by its support", self.kind)
    }
}

impl fmt::Display for PlaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.provider)?;
        if self.is_default { Ok(()) } else { write!(f, "/{}", self.organization) }
    }
}

/// One organization at one provider, to be read or changed.
#[derive(Clone)]
pub struct Place {
    id: PlaceId,
    provider: Arc<dyn Provider>,
    known: Option<Organization>,
}

impl Place {
    /// The organization of this id.
    pub fn new(provider: Arc<dyn Provider>, organization: OrganizationId) -> Self {
        Self { id: PlaceId::of(&*provider, organization), provider, known: None }
    }

    /// An organization as it was just listed or found, which is not read once more.
    pub fn found(provider: Arc<dyn Provider>, organization: Organization) -> Self {
        let id = PlaceId::of(&*provider, organization.id.clone());
        Self { id, provider, known: Some(organization) }
    }

    /// Its name.
    pub fn id(&self) -> &PlaceId {
        &self.id
    }

    /// The organization's id.
    pub fn organization(&self) -> &OrganizationId {
        &self.id.organization
    }

    /// The provider.
    pub fn provider(&self) -> &Arc<dyn Provider> {
        &self.provider
    }

    /// The organization, where it has been read already.
    pub(crate) fn known(&self) -> Option<&Organization> {
        self.known.as_ref()
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Place").field(&self.id).finish()
    }
}

/// Which organizations of a provider are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// The configured one.
    Configured,
    /// The one of this id or name.
    Organization(String),
    /// Every one that the credential lists.
    All,
}

/// Organizations of one provider, to be found.
#[derive(Clone)]
#[non_exhaustive]
pub struct Target {
    /// The provider.
    pub provider: Arc<dyn Provider>,
    /// Its organizations.
    pub scope: Scope,
}

impl Target {
    /// These organizations of this provider.
    pub fn new(provider: Arc<dyn Provider>, scope: Scope) -> Self {
        Self { provider, scope }
    }
}

/// A target of which nothing, or not everything, could be found.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Missed {
    /// The provider's name in the configuration.
    pub provider: String,
    /// The provider's kind; empty where the provider could not be built.
    pub kind: String,
    /// The organization as it was asked for, where one was.
    pub organization: Option<String>,
    /// Why.
    pub error: Error,
}

impl Missed {
    /// A provider that could not be built from its configuration.
    pub fn provider(name: impl Into<String>, error: Error) -> Self {
        Self { provider: name.into(), kind: String::new(), organization: None, error }
    }

    fn of(target: &Target, error: Error) -> Self {
        let organization = match &target.scope {
            Scope::Organization(text) => Some(text.clone()),
            Scope::Configured | Scope::All => None,
        };
        let kind = target.provider.kind().to_owned();
        Self { kind, organization, ..Self::provider(target.provider.name(), error) }
    }
}

/// As the place would be written.
impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.provider)?;
        self.organization.as_ref().map_or(Ok(()), |organization| write!(f, "/{organization}"))
    }
}

/// Finds the places that are meant, each once, in the order of the targets, and tells what could
/// not be found.
///
/// A configured organization costs no request, one that is named costs those of
/// [`find::organization`], and all of them cost the pages of the provider's list.
pub async fn locate(targets: &[Target]) -> (Vec<Place>, Vec<Missed>) {
    let found = futures_util::stream::iter(targets).map(locate_one).buffered(PLACES_AT_ONCE);
    let (mut places, mut missed) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for outcome in found.collect::<Vec<_>>().await.into_iter().flatten() {
        match outcome {
            Ok(place) if seen.insert(place.id.clone()) => places.push(place),
            Ok(_) => {}
            Err(error) => missed.push(error),
        }
    }
    (places, missed)
}

/// The same for providers that are known by their names in a configuration; each is made once, by
/// `provider`, and one that cannot be made is among what was not found.
pub async fn locate_named(
    wanted: Vec<(String, Scope)>,
    provider: impl Fn(&str) -> Result<Arc<dyn Provider>, Error>,
) -> (Vec<Place>, Vec<Missed>) {
    let providers = providers(wanted.iter().map(|(name, _)| name.as_str()), &provider);
    let failed = providers.iter().filter_map(|(name, made)| made.as_ref().err().map(|error| (name, error)));
    let failed: Vec<_> = failed.map(|(name, error)| Missed::provider(*name, error.clone())).collect();
    let targets = wanted.iter().filter_map(|(name, scope)| {
        let provider = providers[name.as_str()].as_ref().ok()?;
        Some(Target::new(Arc::clone(provider), scope.clone()))
    });
    let (places, mut missed) = locate(&targets.collect::<Vec<_>>()).await;
    missed.splice(0..0, failed);
    (places, missed)
}

/// The providers of these names, each made once.
pub(crate) fn providers<'a>(
    names: impl Iterator<Item = &'a str>,
    provider: impl Fn(&str) -> Result<Arc<dyn Provider>, Error>,
) -> BTreeMap<&'a str, Result<Arc<dyn Provider>, Error>> {
    let names: BTreeSet<_> = names.collect();
    names.into_iter().map(|name| (name, provider(name))).collect()
}

async fn locate_one(target: &Target) -> Vec<Result<Place, Missed>> {
    let provider = &target.provider;
    let missed = |error| Missed::of(target, error);
    match &target.scope {
        Scope::Configured => vec![configured(provider).map_err(missed)],
        Scope::Organization(text) => vec![named(provider, text).await.map_err(missed)],
        Scope::All => {
            let all = orgport_core::stream::organizations(&**provider);
            all.map(|item| item.map(|found| Place::found(Arc::clone(provider), found)).map_err(missed))
                .collect()
                .await
        }
    }
}

fn configured(provider: &Arc<dyn Provider>) -> Result<Place, Error> {
    let organization = provider.default_organization().cloned().ok_or_else(|| {
        let name = provider.name();
        let what = format!("{name} has no configured organization: name one as {name}/ORG, or ask for all");
        Error::new(ErrorKind::Config, what)
    })?;
    Ok(Place::new(Arc::clone(provider), organization))
}

async fn named(provider: &Arc<dyn Provider>, text: &str) -> Result<Place, Error> {
    if provider.default_organization().is_some_and(|id| id.as_str() == text) {
        return configured(provider);
    }
    match find::organization(&**provider, text).await {
        Ok(found) => Ok(Place::found(Arc::clone(provider), found)),
        // Some credentials may use an organization without looking it up.
        Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::Unsupported) => {
            Ok(Place::new(Arc::clone(provider), OrganizationId::new(text)?))
        }
        Err(error) => Err(error),
    }
}
