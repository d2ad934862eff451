//! How a configuration becomes a provider.

use std::sync::Arc;

use async_trait::async_trait;
use orgport_core::auth::{Auth, Login, PasswordLogin, Proof, Token, TokenSource};
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::{BaseUrl, Transport};
use orgport_core::{Error, ErrorKind, Operation, Secret};
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

/// The settings without which an operation is refused: none.
pub const NEEDED_SETTINGS: &[(&str, Operation)] = &[];

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
        let options = config.client_options(DEFAULT_BASE_URL, auth)?;
        let client = match settings.domain {
            Some(domain) => LosantClient::in_domain(options, domain),
            None => LosantClient::new(options),
        }?;
        let client = if config.read_only { client.read_only() } else { client };
        Ok(Self::over(client, config))
    }
}

fn auth(config: &ProviderConfig, base_url: &BaseUrl) -> Result<Auth, Error> {
    match config.required_auth(AUTH_TYPES)? {
        AuthConfig::Bearer { token } => Ok(Auth::bearer(token.clone())),
        AuthConfig::Login { email, password, second_factor } => {
            let email = email.trim().to_owned();
            if email.is_empty() {
                return Err(Error::wrong_setting("auth.email", "must not be empty"));
            }
            if password.as_ref().is_some_and(Secret::is_empty) {
                return Err(Error::wrong_setting("auth.password", "must not be empty"));
            }
            let store = Arc::clone(&config.token_store);
            let login =
                PasswordGrant { email, password: password.clone(), second_factor: second_factor.clone() };
            Ok(Auth::login(base_url.clone(), login.email.clone(), Arc::new(login), store))
        }
        _ => Err(config.wrong_auth(AUTH_TYPES)),
    }
}

/// Gets tokens by e-mail address and password. How long they live is not documented, so they are
/// used until they are refused.
#[derive(Debug)]
struct PasswordGrant {
    email: String,
    password: Option<Secret>,
    second_factor: Option<Secret>,
}

#[async_trait]
impl TokenSource for PasswordGrant {
    async fn token(&self, transport: &Transport, _refresh: Option<&Secret>) -> Result<Token, Error> {
        self.log_in(transport, &Proof::Password { password: None, second_factor: None }).await
    }

    fn login(&self) -> Result<Login, Error> {
        let mut login = PasswordLogin::to(&self.email);
        login.has_password = self.password.is_some();
        login.has_second_factor = self.second_factor.is_some();
        Ok(Login::Password(login))
    }

    async fn log_in(&self, transport: &Transport, proof: &Proof) -> Result<Token, Error> {
        let Proof::Password { password, second_factor } = proof else {
            return Err(Error::new(ErrorKind::InvalidInput, "this login wants a password"));
        };
        let Some(password) = password.as_ref().or(self.password.as_ref()) else {
            let what = "no token is kept and no password is configured: run `orgport login`";
            return Err(Error::new(ErrorKind::Unauthenticated, what));
        };
        let second_factor = second_factor.as_ref().or(self.second_factor.as_ref());
        let credentials = UserCredentials {
            two_factor_code: second_factor.cloned(),
            ..UserCredentials::new(&self.email, password.clone())
        };
        let login = LosantClient::over(transport.clone()).log_in(&credentials).await;
        login.map(|login| Token::new(login.token)).map_err(|error| advise(error, second_factor.is_some()))
    }
}

/// Says what to do about a refused login.
fn advise(error: Error, with_code: bool) -> Error {
    match error.kind() {
        ErrorKind::Unauthenticated if with_code => error.with_message(
            "the login is refused; the code of a second factor works once and not for long: run `orgport login` \
             with a fresh one, or configure a user API token, which needs none",
        ),
        ErrorKind::InvalidInput => error.with_kind(ErrorKind::Config).with_message(
            "the login is malformed: check the address and the password, which has 8 to 2048 characters",
        ),
        _ => error,
    }
}
