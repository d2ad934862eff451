//! The account: the adapter, its constructor, and whom its credential stands for.

use std::sync::Arc;

use async_trait::async_trait;
use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::BaseUrl;
use orgport_core::{Adapter, Capability, Configured, Error, Guard, Identity, SecretCell, Typed};

use crate::capability::best_capability;
use crate::client::LosantClient;
use crate::config::{AUTH_TYPES, DEFAULT_BASE_URL, KIND, LosantSettings};
use crate::convert;
use crate::login::PasswordGrant;
use crate::request::MeQuery;

/// One configured Losant account behind the neutral traits.
pub type LosantProvider = Guard<LosantAdapter>;

/// One configured Losant account. Clones share connections and the credential.
#[derive(Debug, Clone)]
pub struct LosantAdapter {
    pub(crate) client: LosantClient,
    capability: Arc<Capability>,
}

impl Configured for LosantAdapter {
    type Settings = LosantSettings;

    const KIND: &'static str = KIND;
    const AUTH_TYPES: &'static [&'static str] = AUTH_TYPES;
    const EXAMPLE: Option<&'static str> = Some(include_str!("example.toml"));

    fn best_capability() -> Capability {
        best_capability()
    }

    fn new(config: &ProviderConfig, settings: LosantSettings) -> Result<Self, Error> {
        let base_url = config.base_url_or(DEFAULT_BASE_URL)?;
        let options = config.client_options(DEFAULT_BASE_URL, auth(config, &base_url)?)?;
        let client = match settings.domain {
            Some(domain) => LosantClient::in_domain(options, domain),
            None => LosantClient::new(options),
        }?;
        Ok(Self { client, capability: Arc::new(best_capability()) })
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
            let known = password.as_ref().and_then(SecretCell::known);
            if known.is_some_and(|known| known.is_empty()) {
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

impl Typed for LosantAdapter {
    type Client = LosantClient;

    fn client(&self) -> &LosantClient {
        &self.client
    }
}

#[async_trait]
impl Adapter for LosantAdapter {
    orgport_core::adapter_over_client!(KIND, capability);

    async fn get_identity(&self) -> Result<Identity, Error> {
        convert::identity(self.client.me(&MeQuery::default()).await?)
    }
}
