//! What a configuration can set.

use serde::Deserialize;

/// The vendor, as configuration spells it.
pub const KIND: &str = "losant";

/// Where Losant's API is.
pub const DEFAULT_BASE_URL: &str = "https://api.losant.com";

/// The credentials that Losant takes: a user's token, or a login that gets one.
pub const AUTH_TYPES: &[&str] = &["bearer", "login"];

/// The settings that only Losant has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct LosantSettings {
    /// The domain that requests are scoped to (header `losantdomain`), for white-label
    /// installations; none by default.
    pub domain: Option<String>,
}

impl LosantSettings {
    /// With this domain.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = Some(domain.into());
        self
    }
}
