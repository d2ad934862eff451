//! The account: the adapter, its constructor, and whom its key stands for.

use async_trait::async_trait;
use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::Request;
use orgport_core::{
    Adapter, Capability, Configured, Error, ErrorKind, Guard, Identity, Operation, OrganizationId, Typed,
};

use crate::capability::{best_capability, capability};
use crate::client::{TrieveClient, organization_uuid};
use crate::config::{AUTH_TYPES, Credential, DEFAULT_BASE_URL, KIND, TrieveSettings};
use crate::convert;

/// Trieve behind the neutral traits.
pub type TrieveProvider = Guard<TrieveAdapter>;

/// One configured Trieve key. Clones share connections.
#[derive(Debug, Clone)]
pub struct TrieveAdapter {
    pub(crate) client: TrieveClient,
    pub(crate) credential: Credential,
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) links: Links,
    capability: Capability,
}

/// What a mailed link is made of. The vendor does not store it with the invitation.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    pub(crate) app_url: String,
    pub(crate) redirect_uri: Option<String>,
}

impl Links {
    pub(crate) fn redirect_uri(&self) -> Result<&str, Error> {
        self.redirect_uri.as_deref().ok_or_else(|| {
            let message = "inviting needs redirect_uri in the configuration: where the browser ends up after the \
                           mailed link";
            Error::new(ErrorKind::Config, message)
        })
    }
}

impl Configured for TrieveAdapter {
    type Settings = TrieveSettings;

    const KIND: &'static str = KIND;
    const AUTH_TYPES: &'static [&'static str] = AUTH_TYPES;
    const NEEDED_SETTINGS: &'static [(&'static str, Operation)] = &[("redirect_uri", Operation::Invite)];
    const EXAMPLE: Option<&'static str> = Some(include_str!("example.toml"));

    fn best_capability() -> Capability {
        best_capability()
    }

    /// Refuses an organization that is not a UUID and a URL that would break the mailed links, too.
    fn new(config: &ProviderConfig, settings: TrieveSettings) -> Result<Self, Error> {
        settings.check()?;
        if let Some(organization) = &config.organization {
            organization_uuid(organization.as_str())
                .map_err(|error| Error::wrong_setting("organization", error.message()))?;
        }

        let TrieveSettings { credential, app_url, redirect_uri } = settings;
        let base_url = config.base_url_or(DEFAULT_BASE_URL)?;
        let app_url = app_url.unwrap_or_else(|| format!("{}/api", base_url.as_str()));

        let AuthConfig::ApiKey { key } = config.required_auth(AUTH_TYPES)? else {
            return Err(config.wrong_auth(AUTH_TYPES));
        };
        // The vendor takes the key with and without the word; its own clients send it, and what
        // masks credentials on the way knows them by it.
        let auth = Auth::bearer(key.clone());
        Ok(Self {
            client: TrieveClient::new(config.client_options(DEFAULT_BASE_URL, auth)?)?,
            credential,
            organization: config.organization.clone(),
            links: Links { app_url, redirect_uri },
            capability: capability(credential),
        })
    }
}

impl Typed for TrieveAdapter {
    type Client = TrieveClient;

    fn client(&self) -> &TrieveClient {
        &self.client
    }
}

#[async_trait]
impl Adapter for TrieveAdapter {
    orgport_core::adapter_over_client!(KIND, capability);

    /// The vendor reads the caller's rights from the organization in a header.
    fn for_organization(&self, request: Request, organization: &OrganizationId) -> Result<Request, Error> {
        TrieveClient::for_organization(request, organization.as_str())
    }

    async fn get_identity(&self) -> Result<Identity, Error> {
        match (self.credential, &self.organization) {
            (Credential::User, _) => convert::identity(self.client.me().await?.user),
            (Credential::Organization, Some(configured)) => Ok(Identity::organization(configured.clone())),
            (Credential::Organization, None) => Err(untold_organization()),
        }
    }
}

pub(crate) fn untold_organization() -> Error {
    let what =
        "an organization's API key cannot say which organization it belongs to: configure organization";
    Error::new(ErrorKind::Config, what)
}
