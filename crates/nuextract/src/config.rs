//! How a configuration becomes a [`NuExtractProvider`].

use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, OAuth2Server, ProviderConfig};
use orgport_core::{Error, Operation};
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

/// Where a person logs in, as a client of the vendor's Keycloak. The vendor does not say which
/// addresses its client may be sent back to; the default is the one for pasting the code.
pub const OAUTH2_SERVER: OAuth2Server = OAuth2Server {
    token_url: DEFAULT_TOKEN_URL,
    authorize_url: "https://users.numind.ai/realms/extract-platform/protocol/openid-connect/auth",
    client_id: DEFAULT_CLIENT_ID,
    redirect_uri: "urn:ietf:wg:oauth:2.0:oob",
    scope: "openid email profile",
};

/// The values of `auth.type`. An `api_key` is taken, and everything is then `Unsupported`, because
/// the vendor answers 403 to it.
pub const AUTH_TYPES: &[&str] = &["oauth2", "bearer", "api_key"];

/// The keys of [`NuExtractSettings`]: none.
pub const SETTINGS: &[&str] = &[];

/// The settings without which an operation is refused: none.
pub const NEEDED_SETTINGS: &[(&str, Operation)] = &[];

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
        let options = config.client_options(DEFAULT_BASE_URL, auth(&config)?);
        let client =
            options.and_then(NuExtractClient::new).map_err(|error| error.from_provider(&config.name))?;
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
        AuthConfig::OAuth2 { .. } => config.oauth2(&OAUTH2_SERVER),
        _ => Err(config.wrong_auth(AUTH_TYPES)),
    }
}
