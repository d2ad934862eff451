//! What a configuration can say about memory.

use serde::Deserialize;

/// How a configuration spells this kind.
pub const KIND: &str = "memory";
/// The settings of `kind = "memory"`.
///
/// ```toml
/// [providers.play]
/// kind = "memory"
/// account = "ada@acme.example"        # owner@memory.example by default
/// organizations = ["Acme", "Globex"]  # there from the start, owned by the account
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct MemorySettings {
    /// Whose handle the provider is; `owner@memory.example` by default.
    pub account: String,
    /// The names of the organizations that are there from the start; none by default.
    pub organizations: Vec<String>,
}

impl Default for MemorySettings {
    fn default() -> Self {
        Self { account: "owner@memory.example".to_owned(), organizations: Vec::new() }
    }
}
