//! What a configuration can set.

use serde::Deserialize;

/// How a configuration spells this vendor.
pub const KIND: &str = "koyeb";
/// Where Koyeb's API is.
pub const DEFAULT_BASE_URL: &str = "https://app.koyeb.com";
/// The credentials it takes: an API token as `api_key`, any other token as `bearer`.
pub const AUTH_TYPES: &[&str] = &["api_key", "bearer"];
/// Whom a token stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Credential {
    /// A person, who may belong to several organizations.
    #[default]
    User,
    /// One organization.
    Organization,
}

/// The settings that only this vendor has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct KoyebSettings {
    /// Whom the token stands for; a user by default.
    pub credential: Credential,
    /// Takes the configured organization for the token's where Koyeb does not say which one that
    /// is. Without it such a provider refuses to write, since the token alone decides where
    /// invitations go.
    pub trust_organization: bool,
}

impl KoyebSettings {
    /// With this kind of token.
    #[must_use]
    pub fn credential(mut self, credential: Credential) -> Self {
        self.credential = credential;
        self
    }

    /// With the configured organization taken for the token's.
    #[must_use]
    pub fn trust_organization(mut self, trust: bool) -> Self {
        self.trust_organization = trust;
        self
    }
}
