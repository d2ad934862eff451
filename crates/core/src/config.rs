//! What every provider is configured with, whatever its vendor.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::auth::{Auth, MemoryTokenStore, OAuth2, TokenStore, check_redirect_uri};
use crate::clock::{Clock, SystemClock};
use crate::coordination::Coordination;
use crate::error::Error;
use crate::http::{BaseUrl, ClientOptions, HttpClient, HttpSettings};
use crate::id::OrganizationId;
use crate::invite::{DEFAULT_SETTLE, InviteEngine, Limits, role_to_grant};
use crate::role::Role;
use crate::secret::{Secret, sourced, sourced_option};
use crate::secret_cell::{SecretCell, SecretSource};
use crate::stop::Stop;
pub use crate::time::duration;

/// One provider's settings that do not depend on its vendor, with every secret resolved.
///
/// What serde reads are the settings of a configuration; the others are given by the program.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ProviderConfig {
    /// The name in the configuration, which errors and logs show.
    #[serde(skip)]
    pub name: String,
    /// The organization that the command uses where a call names none.
    #[serde(deserialize_with = "parsed")]
    pub organization: Option<OrganizationId>,
    /// The role of invitations that name none. Where serde reads it, a word of the program's own is
    /// [`Role::Other`] until [`resolve_default_role`](Self::resolve_default_role).
    #[serde(deserialize_with = "role_or_word")]
    pub default_role: Option<Role>,
    /// The program's own words for roles, in lower case, and what each means at this provider.
    #[serde(deserialize_with = "roles")]
    pub roles: BTreeMap<String, Role>,
    /// Where the vendor's API is; each vendor has its own default.
    pub base_url: Option<String>,
    /// The credential.
    pub auth: Option<AuthConfig>,
    /// Limits, retries, TLS and proxy.
    pub http: HttpSettings,
    /// How long after a request a response that never came can still change the vendor's lists;
    /// 16 s by default.
    #[serde(deserialize_with = "duration")]
    pub settle: Duration,
    /// Refuses everything but reads.
    pub read_only: bool,
    /// Where calls to one account wait for each other; the whole process by default.
    #[serde(skip, default = "Coordination::process")]
    pub coordination: Coordination,
    /// Time for waits, expiry and limiters; the system's by default.
    #[serde(skip)]
    pub clock: Arc<dyn Clock>,
    /// Asks all calls that change something to come to their end; nobody asks by default.
    #[serde(skip)]
    pub stop: Stop,
    /// Where renewed tokens are kept; in memory by default.
    #[serde(skip)]
    pub token_store: Arc<dyn TokenStore>,
    /// Where the program keeps the secrets that are not known yet; nowhere by default.
    #[serde(skip)]
    pub secret_source: Option<Arc<dyn SecretSource>>,
    /// A prepared HTTP client to use instead of one made from `http`.
    #[serde(skip)]
    pub client: Option<HttpClient>,
}

impl Default for ProviderConfig {
    /// The defaults under the name `provider`.
    fn default() -> Self {
        Self::new("provider")
    }
}

/// Reads what is read from text, with its own words for what cannot be.
fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err = Error>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| text.parse().map_err(|error: Error| D::Error::custom(error.message()))).transpose()
}

fn role_or_word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Role>, D::Error> {
    let word = Option::<String>::deserialize(deserializer)?;
    Ok(word.map(|word| word.parse().unwrap_or(Role::Other(word))))
}

/// Reads a table of a program's own words and the role that each means.
///
/// # Errors
///
/// The deserializer's for a word that is a role's name already, and for what is not a role.
pub fn roles<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Role>, D::Error> {
    #[derive(PartialEq, Eq, PartialOrd, Ord, Deserialize)]
    #[serde(try_from = "String")]
    struct Own(String);

    impl TryFrom<String> for Own {
        type Error = &'static str;

        fn try_from(word: String) -> Result<Self, Self::Error> {
            let word = word.trim().to_lowercase();
            match word.parse::<Role>() {
                Ok(_) => Err("a role's own name cannot mean another role: take another word"),
                Err(_) if word.is_empty() => Err("the word is missing"),
                Err(_) => Ok(Self(word)),
            }
        }
    }

    #[derive(Deserialize)]
    struct Granted(#[serde(deserialize_with = "parsed")] Option<Role>);

    let roles = BTreeMap::<Own, Granted>::deserialize(deserializer)?;
    Ok(roles.into_iter().filter_map(|(Own(word), Granted(role))| Some((word, role?))).collect())
}

impl ProviderConfig {
    /// The defaults under this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            organization: None,
            default_role: None,
            roles: BTreeMap::new(),
            base_url: None,
            auth: None,
            http: HttpSettings::default(),
            settle: DEFAULT_SETTLE,
            read_only: false,
            coordination: Coordination::process(),
            clock: Arc::new(SystemClock::new()),
            stop: Stop::new(),
            token_store: Arc::new(MemoryTokenStore::new()),
            secret_source: None,
            client: None,
        }
    }

    /// With this credential.
    #[must_use]
    pub fn auth(mut self, auth: AuthConfig) -> Self {
        self.auth = Some(auth);
        self
    }

    /// With this address instead of the vendor's own.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// With this organization as the default.
    #[must_use]
    pub fn organization(mut self, organization: OrganizationId) -> Self {
        self.organization = Some(organization);
        self
    }

    /// With this role for invitations that name none.
    #[must_use]
    pub fn default_role(mut self, role: Role) -> Self {
        self.default_role = Some(role);
        self
    }

    /// With this source of the secrets that are not known yet.
    #[must_use]
    pub fn secret_source(mut self, source: Arc<dyn SecretSource>) -> Self {
        self.secret_source = Some(source);
        self
    }

    /// With this clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The address to use, given the vendor's own.
    ///
    /// # Errors
    ///
    /// `Config` that says what is wrong with the configured one.
    pub fn base_url_or(&self, default: &str) -> Result<BaseUrl, Error> {
        self.url("base_url", self.base_url.as_deref().unwrap_or(default))
    }

    /// The address in the setting `key`, under the same rules as the base URL.
    ///
    /// # Errors
    ///
    /// `Config` that names the setting and says what is wrong with it.
    pub fn url(&self, key: &'static str, text: &str) -> Result<BaseUrl, Error> {
        BaseUrl::parse(text, self.http.allow_http).map_err(|error| {
            Error::wrong_setting(key, error.message()).from_provider(&self.name).with_source(error)
        })
    }

    /// The options of a vendor client that talks as `auth`, with everything configured for it.
    ///
    /// # Errors
    ///
    /// Those of [`base_url_or`](Self::base_url_or).
    pub fn client_options(&self, default_base_url: &str, auth: Auth) -> Result<ClientOptions, Error> {
        let options = ClientOptions::new(self.base_url_or(default_base_url)?, auth)
            .name(&self.name)
            .settings(self.http.clone())
            .coordination(self.coordination.clone())
            .clock(Arc::clone(&self.clock));
        let options = match &self.secret_source {
            Some(source) => options.secret_source(Arc::clone(source)),
            None => options,
        };
        Ok(match &self.client {
            Some(client) => options.client(client.clone()),
            None => options,
        })
    }

    /// The configured `oauth2` credential at this vendor's authorization server.
    ///
    /// # Errors
    ///
    /// `Config` for an address that cannot be used, and for a credential of another type.
    pub fn oauth2(&self, server: &OAuth2Server) -> Result<Auth, Error> {
        let Some(AuthConfig::OAuth2 {
            client_id,
            client_secret,
            access_token,
            refresh_token,
            token_url,
            authorize_url,
            redirect_uri,
        }) = &self.auth
        else {
            return Err(self.wrong_auth(&["oauth2"]));
        };
        let own_server = token_url.is_none();
        let token_url = self.url("auth.token_url", token_url.as_deref().unwrap_or(server.token_url))?;
        let oauth2 = OAuth2::new(token_url, client_id.as_deref().unwrap_or(server.client_id))
            .client_secret(client_secret.clone())
            .access_token(access_token.clone())
            .refresh_token(refresh_token.clone())
            .store(Arc::clone(&self.token_store));
        let redirect_uri = redirect_uri.as_deref().unwrap_or(server.redirect_uri);
        check_redirect_uri(redirect_uri)
            .map_err(|what| Error::wrong_setting("auth.redirect_uri", what).from_provider(&self.name))?;
        // A code of the vendor's own server must not reach another one.
        let page = authorize_url.as_deref().or(own_server.then_some(server.authorize_url));
        Ok(Auth::oauth2(match page {
            Some(page) => {
                oauth2.login_page(self.url("auth.authorize_url", page)?, redirect_uri, server.scope)
            }
            None => oauth2,
        }))
    }

    /// The credential, which must be there.
    ///
    /// # Errors
    ///
    /// `Config` that names the types which the vendor takes.
    pub fn required_auth(&self, types: &[&str]) -> Result<&AuthConfig, Error> {
        self.auth.as_ref().ok_or_else(|| {
            let message = format!("no credential is configured; auth.type can be {}", types.join(" or "));
            Error::wrong_setting("auth", message).from_provider(&self.name)
        })
    }

    /// The refusal of a credential type that the vendor does not take.
    pub fn wrong_auth(&self, types: &[&str]) -> Error {
        let found = self.auth.as_ref().map_or("none", AuthConfig::type_name);
        let message = format!("{found:?} is not for this kind; it can be {}", types.join(" or "));
        Error::wrong_setting("auth.type", message).from_provider(&self.name)
    }

    /// The role that a word means here: one of the program's own, or a role's name.
    ///
    /// # Errors
    ///
    /// `InvalidInput` that names the words there are.
    pub fn role(&self, word: &str) -> Result<Role, Error> {
        let own = self.roles.get(&word.trim().to_lowercase());
        own.cloned().map_or_else(|| word.parse(), Ok).map_err(|error: Error| {
            let own: Vec<_> = self.roles.keys().map(String::as_str).collect();
            if own.is_empty() {
                return error;
            }
            error.clone().with_message(format!("{}, and here {}", error.message(), own.join(", ")))
        })
    }

    /// Takes a default role that is a word of the program's own for what that means here.
    ///
    /// # Errors
    ///
    /// `Config` for a word that means nothing.
    pub fn resolve_default_role(&mut self) -> Result<(), Error> {
        if let Some(Role::Other(word)) = &self.default_role {
            let role =
                self.role(word).map_err(|error| Error::wrong_setting("default_role", error.message()))?;
            self.default_role = Some(role);
        }
        Ok(())
    }

    /// Checks the configured role against those that an invitation of this vendor can carry.
    ///
    /// # Errors
    ///
    /// `Config` that names the roles which can be given.
    pub fn check_default_role(&self, grantable: &[Role]) -> Result<(), Error> {
        let Some(role) = &self.default_role else { return Ok(()) };
        role_to_grant(role, grantable, "an invitation")
            .map(drop)
            .map_err(|error| Error::wrong_setting("default_role", error.message()).from_provider(&self.name))
    }

    /// The engine that invites at this account.
    pub(crate) fn invite_engine(&self, account: Option<String>) -> InviteEngine {
        InviteEngine::new(
            Arc::clone(&self.clock),
            self.coordination.account(account),
            Limits { settle: self.settle, attempt: self.http.attempt_timeout, max_wait: self.http.max_wait },
            self.stop.clone(),
        )
    }
}

/// A vendor's authorization server: the defaults of `type = "oauth2"`.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "a literal names what arguments of one type would not")]
pub struct OAuth2Server {
    /// Where tokens are granted and renewed.
    pub token_url: &'static str,
    /// Where a person logs in.
    pub authorize_url: &'static str,
    /// The public client.
    pub client_id: &'static str,
    /// Where the browser is sent after a login.
    pub redirect_uri: &'static str,
    /// What a login asks for.
    pub scope: &'static str,
}

/// A credential: the `auth` table of a configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields, expecting = "a table with a type")]
#[non_exhaustive]
pub enum AuthConfig {
    /// A ready access token: `type = "bearer"`.
    Bearer {
        /// The token.
        token: SecretCell,
    },
    /// A key that the vendor issued: `type = "api_key"`.
    ApiKey {
        /// The key.
        key: SecretCell,
    },
    /// A key with its secret: `type = "key_pair"`.
    KeyPair {
        /// The public part.
        key: SecretCell,
        /// The secret part.
        secret: SecretCell,
    },
    /// Tokens of an OAuth 2 authorization server, renewed when they expire: `type = "oauth2"`.
    #[serde(rename = "oauth2")]
    OAuth2 {
        /// The client's id at the authorization server; each vendor has its own default.
        #[serde(default, deserialize_with = "sourced_option")]
        client_id: Option<String>,
        /// The client's secret, for clients that have one.
        client_secret: Option<SecretCell>,
        /// An access token to begin with.
        access_token: Option<Secret>,
        /// The token that new access tokens are got with.
        refresh_token: Option<Secret>,
        /// The authorization server's token address; each vendor has its own default.
        #[serde(default, deserialize_with = "sourced_option")]
        token_url: Option<String>,
        /// The address of its login page; the vendor's own, unless `token_url` is another server's.
        #[serde(default, deserialize_with = "sourced_option")]
        authorize_url: Option<String>,
        /// Where the browser is sent after a login; each vendor has its own default.
        #[serde(default, deserialize_with = "sourced_option")]
        redirect_uri: Option<String>,
    },
    /// The vendor's own login: `type = "login"`.
    Login {
        /// The account's address.
        #[serde(deserialize_with = "sourced")]
        email: String,
        /// Its password; without it, a person logs in.
        password: Option<SecretCell>,
        /// The code of a second factor, where the account has one.
        #[serde(rename = "two_factor_code")]
        second_factor: Option<SecretCell>,
    },
}

impl AuthConfig {
    /// A ready access token.
    pub fn bearer(token: impl Into<SecretCell>) -> Self {
        Self::Bearer { token: token.into() }
    }

    /// A key that the vendor issued.
    pub fn api_key(key: impl Into<SecretCell>) -> Self {
        Self::ApiKey { key: key.into() }
    }

    /// A key with its secret.
    pub fn key_pair(key: impl Into<SecretCell>, secret: impl Into<SecretCell>) -> Self {
        Self::KeyPair { key: key.into(), secret: secret.into() }
    }

    /// The `type` in a configuration.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Bearer { .. } => "bearer",
            Self::ApiKey { .. } => "api_key",
            Self::KeyPair { .. } => "key_pair",
            Self::OAuth2 { .. } => "oauth2",
            Self::Login { .. } => "login",
        }
    }
}
