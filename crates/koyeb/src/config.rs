//! A Koyeb provider's settings, and how they become one.

use std::sync::Arc;

use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{Error, Operation};
use serde::Deserialize;

use crate::KoyebClient;
use crate::capability::{ROLES_AT_INVITE, capability};
use crate::provider::{KoyebProvider, Shared};
use crate::scope::Scopes;

/// How a configuration spells this vendor.
pub const KIND: &str = "koyeb";
/// Where Koyeb's API is.
pub const DEFAULT_BASE_URL: &str = "https://app.koyeb.com";
/// The credentials it takes: an API token as `api_key`, any other token as `bearer`.
pub const AUTH_TYPES: &[&str] = &["api_key", "bearer"];
/// The keys of [`KoyebSettings`].
pub const SETTINGS: &[&str] = &["credential", "trust_organization"];
/// The settings without which an operation is refused: none.
pub const NEEDED_SETTINGS: &[(&str, Operation)] = &[];

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

impl KoyebProvider {
    /// A provider with this configuration. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `Config` for a missing credential or one of a type that is not in [`AUTH_TYPES`], a base
    /// URL that is none, a default role that is not Owner, or `trust_organization` without an
    /// organization.
    #[expect(clippy::needless_pass_by_value, reason = "as with every adapter, the settings are used up")]
    pub fn new(config: ProviderConfig, settings: KoyebSettings) -> Result<Self, Error> {
        let name = config.name.clone();
        Self::build(config, &settings).map_err(|error| error.from_provider(&name))
    }

    fn build(config: ProviderConfig, settings: &KoyebSettings) -> Result<Self, Error> {
        let KoyebSettings { credential, trust_organization } = *settings;
        config.check_default_role(ROLES_AT_INVITE)?;
        let trusted = config.organization.clone().filter(|_| trust_organization);
        if trust_organization && trusted.is_none() {
            let message = "needs the organization that is to be trusted";
            return Err(Error::wrong_setting("trust_organization", message));
        }

        let auth = match config.required_auth(AUTH_TYPES)? {
            AuthConfig::ApiKey { key: token } | AuthConfig::Bearer { token } => Auth::bearer(token.clone()),
            _ => return Err(config.wrong_auth(AUTH_TYPES)),
        };

        let client = KoyebClient::new(config.client_options(DEFAULT_BASE_URL, auth)?)?;
        let client = if config.read_only { client.read_only() } else { client };
        let shared = Shared {
            engine: config.invite_engine(),
            capability: capability(credential),
            scopes: Scopes::new(credential, trusted),
            credential,
            name: config.name,
            organization: config.organization,
            default_role: config.default_role,
        };
        Ok(Self { client, shared: Arc::new(shared) })
    }
}
