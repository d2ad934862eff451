//! The account: the adapter, its constructor, and whom its token stands for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::{BaseUrl, Doc};
use orgport_core::{
    Adapter, Capability, Configured, Error, ErrorKind, Guard, Identity, OrganizationId, Reach, Typed,
};

use crate::app::AppKey;
use crate::capability::{best_capability, capability};
use crate::client::GitHubClient;
use crate::config::{AUTH_TYPES, Credential, DEFAULT_BASE_URL, GitHubSettings, KIND, Product};
use crate::convert;
use crate::model::Organization;

/// One configured GitHub token or app behind the neutral traits.
pub type GitHubProvider = Guard<GitHubAdapter>;

/// One configured GitHub token or app. Clones share what they have learned.
#[derive(Debug, Clone)]
pub struct GitHubAdapter {
    pub(crate) client: GitHubClient,
    pub(crate) shared: Arc<Shared>,
}

/// What clones have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) credential: Credential,
    /// The numbers of the organizations seen so far, by their logins in lower case.
    numbers: Mutex<HashMap<String, u64>>,
    capability: Capability,
}

impl Configured for GitHubAdapter {
    type Settings = GitHubSettings;

    const KIND: &'static str = KIND;
    const AUTH_TYPES: &'static [&'static str] = AUTH_TYPES;
    const EXAMPLE: Option<&'static str> = Some(include_str!("example.toml"));

    fn best_capability() -> Capability {
        best_capability()
    }

    /// Refuses an app without installation and an installation without an app, too.
    fn new(config: &ProviderConfig, settings: GitHubSettings) -> Result<Self, Error> {
        let base_url = config.base_url_or(DEFAULT_BASE_URL)?;
        let (auth, found) = auth(config, &settings, &base_url)?;
        let credential = settings.credential.unwrap_or(found);
        let product = settings.product.unwrap_or_else(|| Product::at(&base_url));
        let shared = Shared {
            organization: config.organization.clone(),
            credential,
            numbers: Mutex::default(),
            capability: capability(credential, product),
        };
        let client = GitHubClient::new(config.client_options(DEFAULT_BASE_URL, auth)?)?;
        Ok(Self { client, shared: Arc::new(shared) })
    }
}

/// What is sent, and what it stands for as far as it shows.
fn auth(
    config: &ProviderConfig,
    settings: &GitHubSettings,
    base_url: &BaseUrl,
) -> Result<(Auth, Credential), Error> {
    match (config.required_auth(AUTH_TYPES)?, settings.installation) {
        (AuthConfig::ApiKey { key: token } | AuthConfig::Bearer { token }, None) => {
            let known = token.known();
            let credential = known.map_or(Credential::User, |token| Credential::of_token(token.expose()));
            Ok((Auth::bearer(token.clone()), credential))
        }
        (AuthConfig::KeyPair { key, secret }, Some(installation)) => {
            if settings.credential.is_some_and(|credential| credential != Credential::App) {
                return Err(Error::wrong_setting("credential", "must be app for an app's key, or left out"));
            }
            let app = AppKey { app: key.clone(), key: secret.clone(), installation };
            app.check()?;
            let store = Arc::clone(&config.token_store);
            let account = format!("installation {installation}");
            Ok((Auth::login(base_url.clone(), account, Arc::new(app), store), Credential::App))
        }
        (AuthConfig::KeyPair { .. }, None) => {
            let what = "is missing: the number at the end of the page of the app's installation";
            Err(Error::wrong_setting("installation", what))
        }
        (AuthConfig::ApiKey { .. } | AuthConfig::Bearer { .. }, Some(_)) => {
            Err(Error::wrong_setting("installation", "is for an app's key: auth.type = \"key_pair\""))
        }
        _ => Err(config.wrong_auth(AUTH_TYPES)),
    }
}

impl GitHubAdapter {
    /// Refuses an organization that has taken the login of one that was seen before.
    ///
    /// # Errors
    ///
    /// `Conflict`.
    pub(crate) fn check_number(&self, organization: &Organization) -> Result<(), Error> {
        let Organization { login, id, .. } = organization;
        let mut numbers = self.shared.numbers.lock().expect("no holder panics");
        let known = *numbers.entry(login.to_lowercase()).or_insert(*id);
        if known == *id {
            return Ok(());
        }
        let message = format!(
            "{login} is another organization by now (number {id} instead of {known}): the one that had the name \
             was renamed or deleted"
        );
        Err(Error::new(ErrorKind::Conflict, message).with_reach(Reach::Answered))
    }

    pub(crate) fn known(&self, found: Doc<Organization>) -> Result<orgport_core::Organization, Error> {
        self.check_number(&found)?;
        convert::organization(found)
    }
}

impl Typed for GitHubAdapter {
    type Client = GitHubClient;

    fn client(&self) -> &GitHubClient {
        &self.client
    }
}

#[async_trait]
impl Adapter for GitHubAdapter {
    orgport_core::adapter_over_client!(KIND, shared.capability);

    async fn get_identity(&self) -> Result<Identity, Error> {
        convert::identity(self.client.get_user().await?)
    }
}
