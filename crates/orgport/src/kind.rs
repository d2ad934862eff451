//! The kinds of providers there are, and how a configuration becomes a provider of each.

use std::fmt;
use std::sync::Arc;

use orgport_core::config::ProviderConfig;
use orgport_core::{Capability, Configured, Error, Guard, Operation, Provider};
use serde::de::DeserializeOwned;

use crate::any::AnyProvider;
use crate::config::{Place, fields_of};

/// Every kind of this crate, with this build's features or not.
pub const KINDS: [&str; 7] = ["memory", "nuextract", "jaqpot", "koyeb", "trieve", "losant", "github"];

/// Other words for a kind.
const ALIASES: [(&str, &str); 1] = [("rel", "losant")];

/// The kind that a word means, whether it is there or not.
pub(crate) fn meant(word: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == word).map_or(word, |(_, name)| *name)
}

/// A kind of provider: what a configuration can say of it, and how it becomes one.
///
/// Those of this crate are there from the start; a program adds its own by
/// [`Config::with_kind`](crate::Config::with_kind).
///
/// ```
/// use orgport::{Config, Email, Error, Kind, memory::Memory};
/// use serde::Deserialize;
///
/// /// The keys of the kind's own, checked like all others.
/// #[derive(Deserialize)]
/// struct Settings {
///     owner: Email,
/// }
///
/// let kind = Kind::new("house", |config, settings: Settings| {
///     Memory::new().provider_with(&settings.owner, config)
/// });
/// let config = Config::from_toml(
///     r#"
///     [providers.ours]
///     kind = "house"
///     owner = "ada@acme.example"
///     "#,
/// )?;
/// let provider = config.with_kind(kind).provider(None)?;
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Kind {
    name: &'static str,
    keys: &'static [&'static str],
    needed: &'static [(&'static str, Operation)],
    auth_types: &'static [&'static str],
    example: Option<&'static str>,
    best: Option<fn() -> Capability>,
    build: Build,
}

/// Makes a provider, with the kind's own settings from its table.
type Build = Arc<dyn Fn(ProviderConfig, &Place<'_>) -> Result<AnyProvider, Error> + Send + Sync>;

impl Kind {
    /// The kind of an adapter that says itself how it is configured.
    pub fn of<A: Configured + 'static>() -> Self {
        Self::wrapped::<A>(|guard| AnyProvider::custom(Arc::new(guard)))
    }

    /// The kind `name`, whose providers are what `build` makes of the settings that all providers
    /// have and of its own: a struct `S` that serde reads without a flattened part, or `()`. A
    /// [`Secret`](crate::Secret) in it may stand in a variable or a file. A field of a name that all
    /// providers have takes the place of theirs: `auth`, for credentials of another form.
    pub fn new<S, P>(
        name: &'static str,
        build: impl Fn(ProviderConfig, S) -> Result<P, Error> + Send + Sync + 'static,
    ) -> Self
    where
        S: DeserializeOwned,
        P: Provider + 'static,
    {
        Self::any(name, move |config, settings: S| {
            Ok(AnyProvider::custom(Arc::new(build(config, settings)?)))
        })
    }

    fn any<S: DeserializeOwned>(
        name: &'static str,
        build: impl Fn(ProviderConfig, S) -> Result<AnyProvider, Error> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            keys: fields_of::<S>(),
            needed: &[],
            auth_types: &[],
            example: None,
            best: None,
            build: Arc::new(move |config, place| build(config, place.read()?)),
        }
    }

    fn wrapped<A: Configured + 'static>(wrap: fn(Guard<A>) -> AnyProvider) -> Self {
        Self::any(A::KIND, move |config, settings| Guard::<A>::new(config, settings).map(wrap))
            .with_auth_types(A::AUTH_TYPES)
            .with_needed_settings(A::NEEDED_SETTINGS)
            .with_best_capability(A::best_capability)
            .with_example(A::EXAMPLE)
    }

    /// The kinds of this crate that this build has.
    pub fn built_in() -> Vec<Self> {
        vec![
            Self::wrapped(AnyProvider::Memory),
            #[cfg(feature = "nuextract")]
            Self::wrapped(AnyProvider::NuExtract),
            #[cfg(feature = "jaqpot")]
            Self::wrapped(AnyProvider::Jaqpot),
            #[cfg(feature = "koyeb")]
            Self::wrapped(AnyProvider::Koyeb),
            #[cfg(feature = "trieve")]
            Self::wrapped(AnyProvider::Trieve),
            #[cfg(feature = "losant")]
            Self::wrapped(AnyProvider::Losant),
            #[cfg(feature = "github")]
            Self::wrapped(AnyProvider::GitHub),
        ]
    }

    /// With these values of `auth.type`; none by default.
    #[must_use]
    pub fn with_auth_types(mut self, types: &'static [&'static str]) -> Self {
        self.auth_types = types;
        self
    }

    /// With these settings without which an operation is refused; none by default.
    #[must_use]
    pub fn with_needed_settings(mut self, needed: &'static [(&'static str, Operation)]) -> Self {
        self.needed = needed;
        self
    }

    /// With what it can do with the credential that can do most; not known by default.
    #[must_use]
    pub fn with_best_capability(mut self, best: fn() -> Capability) -> Self {
        self.best = Some(best);
        self
    }

    /// With a commented table to begin with, `[providers.KIND]`, which `orgport config init` writes; none
    /// by default.
    #[must_use]
    pub fn with_example(mut self, toml: impl Into<Option<&'static str>>) -> Self {
        self.example = toml.into();
        self
    }

    /// The word in `kind = "…"`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The keys of its own settings.
    pub fn keys(&self) -> &'static [&'static str] {
        self.keys
    }

    /// The values of `auth.type` that it takes.
    pub fn auth_types(&self) -> &'static [&'static str] {
        self.auth_types
    }

    /// What it can do with the credential that can do most, without any configuration; `None` where
    /// nobody has said. What one credential can do is its provider's
    /// [`capability`](Provider::capability).
    pub fn best_capability(&self) -> Option<Capability> {
        self.best.map(|best| best())
    }

    /// A commented table to begin with, `[providers.KIND]`, that says where the credential comes from.
    pub fn example(&self) -> Option<&'static str> {
        self.example
    }

    /// The settings without which an operation is refused.
    pub(crate) fn needed_settings(&self) -> &'static [(&'static str, Operation)] {
        self.needed
    }

    pub(crate) fn build(&self, config: ProviderConfig, place: &Place<'_>) -> Result<AnyProvider, Error> {
        (self.build)(config, place)
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kind").field("name", &self.name).field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// What each kind in this build can do with the credential that can do most, without any
/// configuration.
///
/// ```
/// let kinds = orgport::best_capabilities();
/// let (_, memory) = kinds.iter().find(|(kind, _)| *kind == "memory").expect("always there");
/// assert!(memory.support(orgport::Operation::SetMemberRole).works());
/// ```
pub fn best_capabilities() -> Vec<(&'static str, Capability)> {
    Kind::built_in().iter().filter_map(|kind| Some((kind.name, kind.best_capability()?))).collect()
}
