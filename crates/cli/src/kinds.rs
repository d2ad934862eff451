//! The kinds of providers that this command knows.

use orgport::{Capability, Config, Kind};

/// The built-in kinds and those of the program.
#[derive(Debug, Clone)]
pub(crate) struct Kinds(Vec<Kind>);

impl Kinds {
    /// The built-in ones and these, which come first where names are the same.
    pub(crate) fn with(own: impl IntoIterator<Item = Kind>) -> Self {
        let mut kinds = Kind::built_in();
        for kind in own {
            kinds.retain(|other| other.name() != kind.name());
            kinds.push(kind);
        }
        Self(kinds)
    }

    /// Lets a configuration name them.
    pub(crate) fn known_to(&self, config: Config) -> Config {
        self.0.iter().cloned().fold(config, Config::with_kind)
    }

    /// The names of those that can write a configuration to begin with.
    pub(crate) fn with_example(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().filter(|kind| kind.example().is_some()).map(Kind::name)
    }

    /// What to begin a configuration of this kind with.
    pub(crate) fn example(&self, name: &str) -> Option<&'static str> {
        self.0.iter().find(|kind| kind.name() == name)?.example()
    }

    /// What each can do at its best, where somebody has said.
    pub(crate) fn best_capabilities(&self) -> Vec<(&'static str, Capability)> {
        self.0.iter().filter_map(|kind| Some((kind.name(), kind.best_capability()?))).collect()
    }
}
