//! What a configuration can set.

use orgport_core::config::OAuth2Server;
use orgport_core::{Email, Error};
use serde::{Deserialize, Deserializer};

use crate::model::Visibility;

/// This vendor's name in configurations.
pub const KIND: &str = "jaqpot";
/// Where the API stands.
pub const DEFAULT_BASE_URL: &str = "https://api.jaqpot.org";
/// Where people open invitations.
pub(crate) const DEFAULT_WEB_URL: &str = "https://app.jaqpot.org";
/// Where access tokens are renewed: the realm `jaqpot` of the vendor's Keycloak.
pub const DEFAULT_TOKEN_URL: &str = "https://login.jaqpot.org/realms/jaqpot/protocol/openid-connect/token";
/// The public OAuth client that the vendor's own tools use.
pub const DEFAULT_CLIENT_ID: &str = "jaqpot-client";
/// Where a person logs in, as the vendor's own tools do: the server shows a code to paste.
pub const OAUTH2_SERVER: OAuth2Server = OAuth2Server {
    token_url: DEFAULT_TOKEN_URL,
    authorize_url: "https://login.jaqpot.org/realms/jaqpot/protocol/openid-connect/auth",
    client_id: DEFAULT_CLIENT_ID,
    redirect_uri: "urn:ietf:wg:oauth:2.0:oob",
    scope: "openid email profile",
};
/// The credentials that it takes.
pub const AUTH_TYPES: &[&str] = &["bearer", "oauth2", "key_pair"];
/// Jaqpot's own settings. The first two are needed for creating organizations and nothing else; there is
/// no default for either.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct JaqpotSettings {
    /// The contact address of new organizations.
    pub contact_email: Option<String>,
    /// Who may see new organizations: `public` or `private`.
    #[serde(deserialize_with = "visibility")]
    pub visibility: Option<Visibility>,
    /// Where people open invitations, which is what links to them begin with; the vendor's own web
    /// application by default.
    pub web_url: Option<String>,
}

impl JaqpotSettings {
    pub(crate) fn check(&self) -> Result<(), Error> {
        let wrong = |key, what: &str| Err(Error::wrong_setting(key, what));
        if let Some(Err(error)) = self.contact_email.as_deref().map(Email::parse) {
            return wrong("contact_email", error.message());
        }
        let is_web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        if self.web_url.as_ref().is_some_and(|url| !is_web(url)) {
            return wrong("web_url", "must begin with https://");
        }
        if let Some(Visibility::Other(word)) = &self.visibility {
            return wrong("visibility", &format!("{word:?} cannot be set; it can be public or private"));
        }
        Ok(())
    }
}

fn visibility<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Visibility>, D::Error> {
    let word = Option::<String>::deserialize(deserializer)?;
    word.map(|word| word.parse().map_err(|error: Error| serde::de::Error::custom(error.message())))
        .transpose()
}
