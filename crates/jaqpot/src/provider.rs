//! The account: the adapter, its constructor, and what is known of its organizations' names.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{Adapter, Capability, Clock, Configured, Error, Guard, Operation, OrganizationId, Typed};

use crate::capability::best_capability;
use crate::client::JaqpotClient;
use crate::config::{AUTH_TYPES, DEFAULT_BASE_URL, JaqpotSettings, KIND, OAUTH2_SERVER};
use crate::numbers::Numbers;

/// Jaqpot behind the neutral traits. An [`OrganizationId`] is the organization's **name**.
pub type JaqpotProvider = Guard<JaqpotAdapter>;

/// One configured Jaqpot account. Clones share connections, limits and tokens.
#[derive(Debug, Clone)]
pub struct JaqpotAdapter {
    pub(crate) client: JaqpotClient,
    pub(crate) shared: Arc<Shared>,
}

/// What clones have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) settings: JaqpotSettings,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settle: Duration,
    pub(crate) numbers: Numbers,
    capability: Capability,
}

impl Configured for JaqpotAdapter {
    type Settings = JaqpotSettings;

    const KIND: &'static str = KIND;
    const AUTH_TYPES: &'static [&'static str] = AUTH_TYPES;
    const NEEDED_SETTINGS: &'static [(&'static str, Operation)] =
        &[("contact_email", Operation::CreateOrganization), ("visibility", Operation::CreateOrganization)];
    const EXAMPLE: Option<&'static str> = Some(include_str!("example.toml"));

    fn best_capability() -> Capability {
        best_capability()
    }

    fn new(config: &ProviderConfig, settings: JaqpotSettings) -> Result<Self, Error> {
        settings.check()?;
        let client = JaqpotClient::new(config.client_options(DEFAULT_BASE_URL, credentials(config)?)?)?;
        let shared = Shared {
            organization: config.organization.clone(),
            settings,
            clock: Arc::clone(&config.clock),
            settle: config.settle,
            numbers: Numbers::default(),
            capability: best_capability(),
        };
        Ok(Self { client, shared: Arc::new(shared) })
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

impl Typed for JaqpotAdapter {
    type Client = JaqpotClient;

    fn client(&self) -> &JaqpotClient {
        &self.client
    }
}

#[async_trait]
impl Adapter for JaqpotAdapter {
    orgport_core::adapter_over_client!(KIND, shared.capability);
}

#[cfg(test)]
mod tests {
    use orgport_core::{ErrorKind, Role};

    use super::*;
    use crate::model::Visibility;

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
