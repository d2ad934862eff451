//! How a configuration becomes a provider.

use std::sync::Arc;

use async_trait::async_trait;
use orgport_core::auth::{Auth, Token, TokenSource};
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::{BaseUrl, Transport};
use orgport_core::{Error, ErrorKind, Secret};
use serde::Deserialize;

use crate::body::UserCredentials;
use crate::capability::ROLES;
use crate::client::LosantClient;
use crate::provider::LosantProvider;

/// The vendor, as configuration spells it.
pub const KIND: &str = "losant";

/// Where Losant's API is.
pub const DEFAULT_BASE_URL: &str = "https://api.losant.com";

/// The credentials that Losant takes: a user's token, or a login that gets one.
pub const AUTH_TYPES: &[&str] = &["bearer", "login"];

/// The settings that only Losant has.
pub const SETTINGS: &[&str] = &["domain"];

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

impl LosantProvider {
    /// Makes a provider; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `Config` that says what is wrong: an address, a missing or foreign type of credential, an
    /// empty secret, or a default role that no invitation can carry.
    pub fn new(config: ProviderConfig, settings: LosantSettings) -> Result<Self, Error> {
        let name = config.name.clone();
        Self::build(config, settings).map_err(|error| error.from_provider(&name))
    }

    fn build(config: ProviderConfig, settings: LosantSettings) -> Result<Self, Error> {
        config.check_default_role(ROLES)?;
        let base_url = config.base_url_or(DEFAULT_BASE_URL)?;
        let auth = auth(&config, &base_url)?;
        let connection = config.connection(DEFAULT_BASE_URL, auth)?;
        let client = match settings.domain {
            Some(domain) => LosantClient::in_domain(connection, domain),
            None => LosantClient::new(connection),
        }?;
        let client = if config.read_only { client.read_only() } else { client };
        Ok(Self::over(client, config))
    }
}

fn auth(config: &ProviderConfig, base_url: &BaseUrl) -> Result<Auth, Error> {
    match config.required_auth(AUTH_TYPES)? {
        AuthConfig::Bearer { token } => Ok(Auth::bearer(token.clone())),
        AuthConfig::Login { email, password, second_factor } => {
            if email.trim().is_empty() || password.is_empty() {
                return Err(Error::new(ErrorKind::Config, "auth.email and auth.password must not be empty"));
            }
            let credentials = UserCredentials {
                two_factor_code: second_factor.clone(),
                ..UserCredentials::new(email.trim(), password.clone())
            };
            let store = Arc::clone(&config.token_store);
            Ok(Auth::login(base_url.clone(), email.trim(), Arc::new(Login(credentials)), store))
        }
        _ => Err(config.wrong_auth(AUTH_TYPES)),
    }
}

/// Gets tokens by e-mail address and password. How long they live is not documented, so they are
/// used until they are refused.
#[derive(Debug)]
struct Login(UserCredentials);

#[async_trait]
impl TokenSource for Login {
    async fn token(&self, transport: &Transport, _refresh: Option<&Secret>) -> Result<Token, Error> {
        let login = LosantClient::over(transport.clone()).log_in(&self.0).await;
        login.map(|login| Token::new(login.token)).map_err(|error| self.advise(error))
    }
}

impl Login {
    /// Says what to change in the configuration.
    fn advise(&self, error: Error) -> Error {
        match error.kind() {
            ErrorKind::Unauthenticated if self.0.two_factor_code.is_some() => error.with_message(
                "the login is refused; the code of a second factor works once and not for long: configure a \
                 fresh one, or a user API token, which needs none",
            ),
            ErrorKind::InvalidInput => error.with_kind(ErrorKind::Config).with_message(
                "the login is malformed: check auth.email and auth.password, which has 8 to 2048 characters",
            ),
            _ => error,
        }
    }
}
