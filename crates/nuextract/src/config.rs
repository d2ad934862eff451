//! What a configuration can set.

use orgport_core::config::OAuth2Server;
use serde::Deserialize;

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
/// the vendor responds to it with 403.
pub const AUTH_TYPES: &[&str] = &["oauth2", "bearer", "api_key"];

/// What is set for `NuExtract` beside what every provider has: nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct NuExtractSettings {}
