//! The account: the adapter, its constructor, and whom its token stands for.

use std::sync::Arc;

use async_trait::async_trait;
use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{
    Adapter, Capability, Configured, Cursor, Error, ErrorKind, Guard, Identity, OrganizationId, Typed,
};

use crate::capability::{best_capability, capability};
use crate::client::KoyebClient;
use crate::config::{AUTH_TYPES, Credential, DEFAULT_BASE_URL, KIND, KoyebSettings};
use crate::convert;
use crate::scope::{Access, Scopes};

/// One configured Koyeb token behind the neutral traits.
pub type KoyebProvider = Guard<KoyebAdapter>;

/// One configured Koyeb token. Clones share what they have learned.
#[derive(Debug, Clone)]
pub struct KoyebAdapter {
    pub(crate) client: KoyebClient,
    pub(crate) shared: Arc<Shared>,
}

/// What clones have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) credential: Credential,
    pub(crate) scopes: Scopes,
    capability: Capability,
}

impl Configured for KoyebAdapter {
    type Settings = KoyebSettings;

    const KIND: &'static str = KIND;
    const AUTH_TYPES: &'static [&'static str] = AUTH_TYPES;
    const EXAMPLE: Option<&'static str> = Some(include_str!("example.toml"));

    fn best_capability() -> Capability {
        best_capability()
    }

    /// Refuses `trust_organization` without an organization, too.
    fn new(config: &ProviderConfig, settings: KoyebSettings) -> Result<Self, Error> {
        let KoyebSettings { credential, trust_organization } = settings;
        let trusted = config.organization.clone().filter(|_| trust_organization);
        if trust_organization && trusted.is_none() {
            let message = "needs the organization that is to be trusted";
            return Err(Error::wrong_setting("trust_organization", message));
        }
        let auth = match config.required_auth(AUTH_TYPES)? {
            AuthConfig::ApiKey { key: token } | AuthConfig::Bearer { token } => Auth::bearer(token.clone()),
            _ => return Err(config.wrong_auth(AUTH_TYPES)),
        };
        let shared = Shared {
            organization: config.organization.clone(),
            credential,
            scopes: Scopes::new(credential, trusted),
            capability: capability(credential),
        };
        let client = KoyebClient::new(config.client_options(DEFAULT_BASE_URL, auth)?)?;
        Ok(Self { client, shared: Arc::new(shared) })
    }
}

impl KoyebAdapter {
    /// A client whose token acts in this organization.
    pub(crate) async fn scoped(
        &self,
        organization: &OrganizationId,
        access: Access,
    ) -> Result<KoyebClient, Error> {
        self.shared.scopes.client(&self.client, organization, access).await
    }
}

impl Typed for KoyebAdapter {
    type Client = KoyebClient;

    fn client(&self) -> &KoyebClient {
        &self.client
    }
}

#[async_trait]
impl Adapter for KoyebAdapter {
    orgport_core::adapter_over_client!(KIND, shared.capability);

    fn one_row_back(&self, next: &Cursor) -> Option<Cursor> {
        next.one_before()
    }

    async fn get_identity(&self) -> Result<Identity, Error> {
        let home = self.shared.scopes.home(&self.client).await?;
        match self.shared.credential {
            Credential::User => convert::identity(self.client.profile(None).await?, home),
            Credential::Organization => {
                let organization = home.or_else(|| self.shared.organization.clone());
                organization.map(Identity::organization).ok_or_else(untold_organization)
            }
        }
    }
}

/// No call tells the organization of the token, and none is configured.
pub(crate) fn untold_organization() -> Error {
    let message = "Koyeb does not say which organization the token acts in: configure it as organization";
    Error::new(ErrorKind::InvalidInput, message)
}
