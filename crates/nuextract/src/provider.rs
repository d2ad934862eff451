//! The account: the adapter, its constructor, and whom its credential stands for.

use async_trait::async_trait;
use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{Adapter, Capability, Configured, Error, Guard, Identity, Typed};

use crate::capability::{best_capability, capability_of_api_key};
use crate::client::NuExtractClient;
use crate::config::{AUTH_TYPES, DEFAULT_BASE_URL, KIND, NuExtractSettings, OAUTH2_SERVER};
use crate::convert;

/// An account at `NuExtract` behind the neutral traits.
pub type NuExtractProvider = Guard<NuExtractAdapter>;

/// An account at `NuExtract`. Clones share the client, and with it the token.
#[derive(Debug, Clone)]
pub struct NuExtractAdapter {
    pub(crate) client: NuExtractClient,
    capability: Capability,
}

impl Configured for NuExtractAdapter {
    type Settings = NuExtractSettings;

    const KIND: &'static str = KIND;
    const AUTH_TYPES: &'static [&'static str] = AUTH_TYPES;
    const EXAMPLE: Option<&'static str> = Some(include_str!("example.toml"));

    fn best_capability() -> Capability {
        best_capability()
    }

    /// Refuses a `default_role`, too: no role can be given.
    fn new(config: &ProviderConfig, settings: NuExtractSettings) -> Result<Self, Error> {
        let NuExtractSettings {} = settings;
        Ok(Self {
            client: NuExtractClient::new(config.client_options(DEFAULT_BASE_URL, auth(config)?)?)?,
            capability: match config.auth {
                Some(AuthConfig::ApiKey { .. }) => capability_of_api_key(),
                _ => best_capability(),
            },
        })
    }
}

fn auth(config: &ProviderConfig) -> Result<Auth, Error> {
    match config.required_auth(AUTH_TYPES)? {
        AuthConfig::Bearer { token } => Ok(Auth::bearer(token.clone())),
        // On the wire an API key looks like a token; the vendor tells them apart.
        AuthConfig::ApiKey { key } => Ok(Auth::bearer(key.clone())),
        AuthConfig::OAuth2 { .. } => config.oauth2(&OAUTH2_SERVER),
        _ => Err(config.wrong_auth(AUTH_TYPES)),
    }
}

impl Typed for NuExtractAdapter {
    type Client = NuExtractClient;

    fn client(&self) -> &NuExtractClient {
        &self.client
    }
}

#[async_trait]
impl Adapter for NuExtractAdapter {
    orgport_core::adapter_over_client!(KIND, capability);

    async fn get_identity(&self) -> Result<Identity, Error> {
        convert::identity(self.client.me().await?)
    }
}
