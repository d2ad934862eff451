//! What the calls of [`NuExtractClient`](crate::NuExtractClient) take beside ids and names.

use orgport_core::Secret;
use serde::Serialize;
use serde_json::{Value, json};

/// What to get a token with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenRequest {
    /// The code that a login came back with.
    Code {
        /// The code.
        code: Secret,
        /// The address that the login came back to.
        redirect_uri: String,
    },
    /// The refresh token of the token before.
    Refresh {
        /// The refresh token.
        token: Secret,
    },
}

impl TokenRequest {
    /// The body to send. It holds the secret, so it is made only where it is sent.
    pub(crate) fn body(&self) -> Value {
        match self {
            Self::Code { code, redirect_uri } => json!({
                "type": "ai.numind.extract.shared.TokenCodeRequest",
                "code": code.expose(),
                "redirectUri": redirect_uri,
            }),
            Self::Refresh { token } => json!({
                "type": "ai.numind.extract.shared.TokenRefreshRequest",
                "token": token.expose(),
            }),
        }
    }
}

/// A platform API key to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_structs, reason = "a new parameter is a new version")]
pub struct CreateApiKeyRequest {
    /// Its name.
    pub name: String,
    /// The organization to bind it to.
    pub maybe_orga: Option<String>,
}
