//! How a configuration becomes a [`NuExtractProvider`].

use std::sync::Arc;

use orgport_core::auth::{Auth, OAuth2};
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::BaseUrl;
use orgport_core::{Error, ErrorKind};
use serde::Deserialize;

use crate::capability::{CAPABILITY, CAPABILITY_OF_API_KEY};
use crate::client::NuExtractClient;
use crate::provider::NuExtractProvider;

/// The `kind` in a configuration.
pub const KIND: &str = "nuextract";

/// Where the vendor's API is.
pub const DEFAULT_BASE_URL: &str = "https://nuextract.ai";

/// Where the vendor's access tokens are renewed.
pub const DEFAULT_TOKEN_URL: &str =
    "https://users.numind.ai/realms/extract-platform/protocol/openid-connect/token";

/// The client that the vendor documents for its users.
pub const DEFAULT_CLIENT_ID: &str = "user";

/// The values of `auth.type`. An `api_key` is taken, and everything is then `Unsupported`, because
/// the vendor answers 403 to it.
pub const AUTH_TYPES: &[&str] = &["oauth2", "bearer", "api_key"];

/// The keys of [`NuExtractSettings`]: none.
pub const SETTINGS: &[&str] = &[];

/// What is set for `NuExtract` beside what every provider has: nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct NuExtractSettings {}

impl NuExtractProvider {
    /// Makes a provider; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `Config` for a credential that is missing or of another type than [`AUTH_TYPES`], a
    /// `default_role` (no role can be given), or an address that cannot be used.
    #[expect(clippy::needless_pass_by_value, reason = "every vendor's provider is made in this form")]
    pub fn new(config: ProviderConfig, settings: NuExtractSettings) -> Result<Self, Error> {
        let NuExtractSettings {} = settings;
        config.check_default_role(CAPABILITY.roles_at_invite)?;
        let connection = config.connection(DEFAULT_BASE_URL, auth(&config)?);
        let client =
            connection.and_then(NuExtractClient::new).map_err(|error| error.from_provider(&config.name))?;
        Ok(Self {
            client: if config.read_only { client.read_only() } else { client },
            capability: match config.auth {
                Some(AuthConfig::ApiKey { .. }) => &CAPABILITY_OF_API_KEY,
                _ => &CAPABILITY,
            },
            engine: config.invite_engine(),
            name: config.name,
            organization: config.organization,
        })
    }
}

fn auth(config: &ProviderConfig) -> Result<Auth, Error> {
    match config.required_auth(AUTH_TYPES)? {
        AuthConfig::Bearer { token } => Ok(Auth::bearer(token.clone())),
        // On the wire an API key looks like a token; the vendor tells them apart.
        AuthConfig::ApiKey { key } => Ok(Auth::bearer(key.clone())),
        AuthConfig::OAuth2 { client_id, client_secret, access_token, refresh_token, token_url } => {
            let token_url = token_url.as_deref().unwrap_or(DEFAULT_TOKEN_URL);
            let token_url = BaseUrl::parse(token_url, config.http.allow_http).map_err(|error| {
                let message = format!("auth.token_url: {}", error.message());
                Error::new(ErrorKind::Config, message).from_provider(&config.name)
            })?;
            let oauth2 = OAuth2::new(token_url, client_id.as_deref().unwrap_or(DEFAULT_CLIENT_ID))
                .client_secret(client_secret.clone())
                .access_token(access_token.clone())
                .refresh_token(refresh_token.clone())
                .store(Arc::clone(&config.token_store));
            Ok(Auth::oauth2(oauth2))
        }
        _ => Err(config.wrong_auth(AUTH_TYPES)),
    }
}
