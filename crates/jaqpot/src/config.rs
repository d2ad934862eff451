//! Jaqpot's settings, and how they become a provider.

use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, OAuth2Server, ProviderConfig};
use orgport_core::{Email, Error, Operation};
use serde::{Deserialize, Deserializer};

use crate::capability::ROLES_AT_INVITE;
use crate::client::JaqpotClient;
use crate::model::Visibility;
use crate::provider::JaqpotProvider;

/// This vendor's name in configurations.
pub const KIND: &str = "jaqpot";
/// Where the API stands.
pub const DEFAULT_BASE_URL: &str = "https://api.jaqpot.org";
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
/// The keys of [`JaqpotSettings`].
pub const SETTINGS: &[&str] = &["contact_email", "visibility"];
/// The settings without which an operation is refused.
pub const NEEDED_SETTINGS: &[(&str, Operation)] =
    &[("contact_email", Operation::CreateOrganization), ("visibility", Operation::CreateOrganization)];

/// Jaqpot's own settings. Both are needed for creating organizations and nothing else; there is
/// no default for either.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JaqpotSettings {
    /// The contact address of new organizations.
    pub contact_email: Option<String>,
    /// Who may see new organizations: `public` or `private`.
    #[serde(deserialize_with = "visibility")]
    pub visibility: Option<Visibility>,
}

impl JaqpotSettings {
    fn check(&self) -> Result<(), Error> {
        let wrong = |key, what: &str| Err(Error::wrong_setting(key, what));
        if let Some(Err(error)) = self.contact_email.as_deref().map(Email::parse) {
            return wrong("contact_email", error.message());
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

impl JaqpotProvider {
    /// A provider of what the configuration says.
    ///
    /// # Errors
    ///
    /// `Config` for a credential that Jaqpot does not take or that is missing or empty, a base URL
    /// or token address that is none, a `default_role` other than member, or wrong settings.
    pub fn new(config: ProviderConfig, settings: JaqpotSettings) -> Result<Self, Error> {
        let named = |error: Error| error.from_provider(&config.name);
        config.check_default_role(ROLES_AT_INVITE)?;
        settings.check().map_err(named)?;
        let options = config.client_options(DEFAULT_BASE_URL, credentials(&config)?).map_err(named)?;
        let client = JaqpotClient::new(options).map_err(named)?;
        let client = if config.read_only { client.read_only() } else { client };
        Ok(Self::over(client, config, settings))
    }
}

fn credentials(config: &ProviderConfig) -> Result<Auth, Error> {
    Ok(match config.required_auth(AUTH_TYPES)? {
        AuthConfig::Bearer { token } => Auth::bearer(token.clone()),
        AuthConfig::KeyPair { key, secret } => {
            Auth::key_pair([("x-api-key", key.clone()), ("x-api-secret", secret.clone())])
        }
        AuthConfig::OAuth2 { .. } => config.oauth2(&OAUTH2_SERVER)?,
        _ => return Err(config.wrong_auth(AUTH_TYPES)),
    })
}

#[cfg(test)]
mod tests {
    use orgport_core::{ErrorKind, Role};

    use super::*;

    fn settings(json: &str) -> Result<JaqpotSettings, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    fn refused(config: ProviderConfig, settings: JaqpotSettings) -> String {
        let error = JaqpotProvider::new(config, settings).expect_err("the configuration is wrong");
        assert_eq!((error.kind(), error.provider()), (ErrorKind::Config, Some("lab")));
        error.to_string()
    }

    fn lab() -> ProviderConfig {
        ProviderConfig::new("lab").auth(AuthConfig::bearer("t0ken"))
    }

    #[test]
    fn visibility_is_read_in_any_case_and_nothing_else_is() {
        let read = settings(r#"{"visibility":"PRIVATE","contact_email":"a@x.io"}"#).expect("valid");
        assert_eq!(read.visibility, Some(Visibility::Private));
        assert_eq!(settings("{}").expect("valid"), JaqpotSettings::default());
        for (json, word) in [
            (r#"{"visibility":"secret"}"#, "public or private"),
            (r#"{"visiblity":"public"}"#, "visiblity"),
            (r#"{"visibility":7}"#, "string"),
        ] {
            let error = settings(json).expect_err(json);
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let none = JaqpotSettings::default;
        let address = JaqpotSettings { contact_email: Some("desk".into()), ..none() };
        let visibility = JaqpotSettings { visibility: Some(Visibility::Other("LISTED".into())), ..none() };
        let oauth2 = AuthConfig::OAuth2 {
            client_id: None,
            client_secret: None,
            access_token: None,
            refresh_token: Some("r".into()),
            token_url: Some("http://login.example.com/token".into()),
            authorize_url: None,
            redirect_uri: None,
        };
        for (text, word) in [
            (refused(ProviderConfig::new("lab"), none()), "bearer or oauth2 or key_pair"),
            (refused(lab().auth(AuthConfig::api_key("k")), none()), "api_key"),
            (refused(lab().auth(AuthConfig::bearer("\n")), none()), "empty"),
            (refused(lab().auth(oauth2), none()), "token_url"),
            (refused(lab().base_url("http://api.example.com"), none()), "https"),
            (refused(lab().default_role(Role::Admin), none()), "default_role"),
            (refused(lab(), address), "contact_email"),
            (refused(lab(), visibility), "visibility"),
        ] {
            assert!(text.contains(word), "{word}: {text}");
        }
        JaqpotProvider::new(lab().default_role(Role::Member), none()).expect("members can be invited");
    }
}
