//! The vendors that this build knows, and how a configuration becomes a provider of each.

use std::collections::BTreeSet;

use orgport_core::config::ProviderConfig;
use orgport_core::{Capability, Error, ErrorKind, Operation};

use crate::any::AnyProvider;
use crate::config::{Place, fields_of};
use orgport_document::suggestion;
use orgport_memory::MemorySettings;

/// One vendor as configuration knows it.
pub(crate) struct Kind {
    /// The word in `kind = "…"`.
    pub(crate) name: &'static str,
    /// The keys of the vendor's own settings.
    pub(crate) fields: fn() -> &'static [&'static str],
    /// The settings without which an operation is refused.
    pub(crate) needed: &'static [(&'static str, Operation)],
    /// The values of `auth.type` that it takes.
    auth_types: &'static [&'static str],
    /// Makes the provider, with the vendor's own settings from its table.
    pub(crate) build: fn(ProviderConfig, &Place<'_>) -> Result<AnyProvider, Error>,
    /// What it can do with the credential that can do most.
    best: fn() -> Capability,
}

/// Every kind there is, with this build's features or not.
pub const KINDS: [&str; 6] = ["memory", "nuextract", "jaqpot", "koyeb", "trieve", "losant"];

/// Other words for a kind.
const ALIASES: [(&str, &str); 1] = [("rel", "losant")];

#[allow(unused_macros, reason = "a build with no vendor is one with memory alone")]
macro_rules! kind {
    ($crate_name:ident, $provider:ident, $settings:ident) => {
        Kind {
            name: $crate_name::KIND,
            fields: fields_of::<$crate_name::$settings>,
            needed: $crate_name::NEEDED_SETTINGS,
            auth_types: $crate_name::AUTH_TYPES,
            build: |config, place| Ok($crate_name::$provider::new(config, place.read()?)?.into()),
            best: $crate_name::best_capability,
        }
    };
}

/// The kinds that this build can make.
const BUILT: &[Kind] = &[
    Kind {
        name: orgport_memory::KIND,
        fields: fields_of::<MemorySettings>,
        needed: &[],
        auth_types: &[],
        build: |config, place| Ok(orgport_memory::MemoryProvider::new(config, place.read()?)?.into()),
        best: orgport_memory::best_capability,
    },
    #[cfg(feature = "nuextract")]
    kind!(orgport_nuextract, NuExtractProvider, NuExtractSettings),
    #[cfg(feature = "jaqpot")]
    kind!(orgport_jaqpot, JaqpotProvider, JaqpotSettings),
    #[cfg(feature = "koyeb")]
    kind!(orgport_koyeb, KoyebProvider, KoyebSettings),
    #[cfg(feature = "trieve")]
    kind!(orgport_trieve, TrieveProvider, TrieveSettings),
    #[cfg(feature = "losant")]
    kind!(orgport_losant, LosantProvider, LosantSettings),
];

impl Kind {
    /// The own settings of all kinds.
    pub(crate) fn all_fields() -> BTreeSet<&'static str> {
        BUILT.iter().flat_map(|kind| (kind.fields)().iter().copied()).collect()
    }

    /// The kind of this name or alias.
    ///
    /// # Errors
    ///
    /// `Config` if there is none, or this build was made without it.
    pub(crate) fn find(name: &str) -> Result<&'static Self, Error> {
        let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| *name);
        BUILT.iter().find(|kind| kind.name == name).ok_or_else(|| {
            let message = if KINDS.contains(&name) {
                format!("kind {name:?} is not in this build: enable the feature {name:?} of orgport")
            } else {
                format!("kind {name:?} does not exist{}", suggestion(name, &KINDS))
            };
            Error::new(ErrorKind::Config, message)
        })
    }
}

/// The values of `auth.type` that a kind takes; none for a kind that this build
/// does not have or that needs no credential.
pub fn auth_types(kind: &str) -> &'static [&'static str] {
    BUILT.iter().find(|built| built.name == kind).map_or(&[], |built| built.auth_types)
}

/// What each kind in this build can do with the credential that can do most, without any
/// configuration. What one credential can do is its provider's
/// [`capability`](crate::Provider::capability).
///
/// ```
/// let kinds = orgport::best_capabilities();
/// let (_, memory) = kinds.iter().find(|(kind, _)| *kind == "memory").expect("always there");
/// assert!(memory.support(orgport::Operation::SetMemberRole).works());
/// ```
pub fn best_capabilities() -> Vec<(&'static str, Capability)> {
    BUILT.iter().map(|kind| (kind.name, (kind.best)())).collect()
}
