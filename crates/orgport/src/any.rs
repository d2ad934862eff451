//! A provider of any vendor, chosen by configuration.

use std::sync::Arc;

use enum_dispatch::enum_dispatch;
#[cfg(feature = "github")]
use orgport_github::GitHubProvider;
#[cfg(feature = "jaqpot")]
use orgport_jaqpot::JaqpotProvider;
#[cfg(feature = "koyeb")]
use orgport_koyeb::KoyebProvider;
#[cfg(feature = "losant")]
use orgport_losant::LosantProvider;
use orgport_memory::MemoryProvider;
#[cfg(feature = "nuextract")]
use orgport_nuextract::NuExtractProvider;
#[cfg(feature = "trieve")]
use orgport_trieve::TrieveProvider;

use orgport_core::{Adapter, Guard, Provider, delegate_provider};

/// A provider of one of the vendors, or the program's own.
///
/// A `match` on it reaches the typed client of the vendor, for what the traits do not cover.
/// Clones are one provider: they share connections, limits, tokens and locks.
#[enum_dispatch(Inner)]
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AnyProvider {
    /// In process.
    Memory(MemoryProvider),
    /// [NuExtract](https://nuextract.ai).
    #[cfg(feature = "nuextract")]
    NuExtract(NuExtractProvider),
    /// [Jaqpot](https://jaqpot.org).
    #[cfg(feature = "jaqpot")]
    Jaqpot(JaqpotProvider),
    /// [Koyeb](https://www.koyeb.com).
    #[cfg(feature = "koyeb")]
    Koyeb(KoyebProvider),
    /// [Trieve](https://trieve.ai).
    #[cfg(feature = "trieve")]
    Trieve(TrieveProvider),
    /// [Losant](https://www.losant.com).
    #[cfg(feature = "losant")]
    Losant(LosantProvider),
    /// [GitHub](https://github.com).
    #[cfg(feature = "github")]
    GitHub(GitHubProvider),
    /// A provider that the program brings itself.
    Custom(Custom),
}

/// A provider that the program brings itself.
#[derive(Clone)]
#[expect(clippy::exhaustive_structs, reason = "it is a provider of the program's own, and nothing more")]
pub struct Custom(pub Arc<dyn Provider>);

impl std::fmt::Debug for Custom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Custom").field(&self.0.name()).finish()
    }
}

/// Hands out what is inside; the traits are implemented once, through it.
#[enum_dispatch]
trait Inner {
    fn inner(&self) -> &dyn Provider;
}

impl<A: Adapter + Clone> Inner for Guard<A> {
    fn inner(&self) -> &dyn Provider {
        self
    }
}

impl Inner for Custom {
    fn inner(&self) -> &dyn Provider {
        &*self.0
    }
}

impl AnyProvider {
    /// Wraps a provider of the program's own.
    pub fn custom(provider: Arc<dyn Provider>) -> Self {
        Self::Custom(Custom(provider))
    }
}

impl From<Arc<dyn Provider>> for AnyProvider {
    fn from(provider: Arc<dyn Provider>) -> Self {
        Self::custom(provider)
    }
}

delegate_provider!([] AnyProvider, |this| this.inner());
