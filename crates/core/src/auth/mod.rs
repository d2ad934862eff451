//! Credentials: what goes with a request, and how it is renewed.
//!
//! A credential is sent to its provider's own origin only; what renews it, to the token address
//! only.

mod login;
mod oauth;
mod renewed;
mod store;

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac_sha256::Hash as Sha256;

pub(crate) use self::login::check_redirect_uri;
pub use self::login::{AuthorizationCode, BrowserLogin, Login, PasswordLogin, Proof};
pub use self::oauth::OAuth2;
pub use self::renewed::Renewed;
pub use self::store::{LONGEST_RENEWAL, MemoryTokenStore, StoredToken, TOKEN_ROOM, TokenRecord, TokenStore};
use crate::error::{Error, ErrorKind};
pub use crate::http::Anonymous;
use crate::http::{Authenticator, BaseUrl, Credential, Transport};
use crate::secret::Secret;
use crate::secret_cell::SecretCell;
use crate::time::Timestamp;

/// How a provider proves who asks.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Auth {
    /// Not at all.
    Anonymous(Anonymous),
    /// By headers with secrets that are configured, or that the program's secret source has.
    Headers(Headers),
    /// `Authorization: Bearer …` with a token that is obtained and renewed by OAuth 2 or by the
    /// vendor's own login.
    Renewed(Renewed),
}

impl Auth {
    /// Sends no credential.
    pub fn anonymous() -> Self {
        Self::Anonymous(Anonymous)
    }

    /// Sends `Authorization: Bearer <token>`.
    pub fn bearer(token: impl Into<SecretCell>) -> Self {
        Self::api_key("authorization", "Bearer ", token)
    }

    /// Sends `<header>: <prefix><key>`; a space after the prefix is part of it.
    pub fn api_key(header: impl Into<String>, prefix: impl Into<String>, key: impl Into<SecretCell>) -> Self {
        Self::Headers(Headers(vec![Header {
            name: header.into(),
            prefix: prefix.into(),
            secret: key.into(),
        }]))
    }

    /// Sends two headers, for example a key's id and its secret.
    pub fn key_pair(headers: [(impl Into<String>, SecretCell); 2]) -> Self {
        let header =
            |(name, secret): (_, _)| Header { name: Into::into(name), prefix: String::new(), secret };
        Self::Headers(Headers(headers.map(header).into()))
    }

    /// Renews by an OAuth 2 refresh token.
    pub fn oauth2(oauth2: OAuth2) -> Self {
        Self::Renewed(oauth2.into_renewed())
    }

    /// Obtains tokens by the vendor's own login: `source` asks at `base_url` and nowhere else.
    /// `account` tells apart whose tokens the store keeps; it is not secret.
    pub fn login(
        base_url: BaseUrl,
        account: impl Into<String>,
        source: Arc<dyn TokenSource>,
        store: Arc<dyn TokenStore>,
    ) -> Self {
        Self::Renewed(Renewed::new(base_url, account.into(), source, store, None))
    }

    fn scheme(&self) -> &dyn Authenticator {
        match self {
            Self::Anonymous(scheme) => scheme,
            Self::Headers(scheme) => scheme,
            Self::Renewed(scheme) => scheme,
        }
    }
}

#[async_trait]
impl Authenticator for Auth {
    fn check(&self) -> Result<(), Error> {
        self.scheme().check()
    }

    fn subject(&self) -> Option<String> {
        self.scheme().subject()
    }

    fn failures(&self) -> u64 {
        self.scheme().failures()
    }

    async fn credential(
        &self,
        transport: &Transport,
        failures: u64,
        refused: Option<&Credential>,
    ) -> Result<Credential, Error> {
        self.scheme().credential(transport, failures, refused).await
    }
}

/// What a transport's credential is renewed by, where it is got by a login.
fn renewed(transport: &Transport) -> Option<&Renewed> {
    let authenticator: &dyn Any = transport.authenticator();
    match authenticator.downcast_ref() {
        Some(Auth::Renewed(renewed)) => Some(renewed),
        _ => None,
    }
}

/// What a person has to do for a new token of this transport, where its credential comes from a
/// login.
///
/// # Errors
///
/// `Unsupported` for a credential that is configured as it is; `Config` if a setting is missing.
pub fn login(transport: &Transport) -> Result<Login, Error> {
    match renewed(transport) {
        Some(renewed) => renewed.login(),
        None => Err(Error::new(ErrorKind::Unsupported, "this type of credential is not got by a login")),
    }
    .map_err(|error| error.from_provider(transport.name()))
}

/// Gets the token for what a person brought, and keeps it where renewed tokens are kept: from now
/// on it is used instead of the configured one.
///
/// # Errors
///
/// `Unauthenticated` if the login is refused; those of [`login`]; what a token store says that
/// cannot keep it.
pub async fn log_in(transport: &Transport, proof: &Proof) -> Result<(), Error> {
    match renewed(transport) {
        Some(renewed) => renewed.log_in(transport, proof).await,
        None => login(transport).map(drop),
    }
    .map_err(|error| error.from_provider(transport.name()))
}

/// The token from an earlier login or renewal that this transport uses instead of the configured
/// one.
///
/// # Errors
///
/// What a token store says that cannot be read.
pub async fn kept_token(transport: &Transport) -> Result<Option<Token>, Error> {
    match renewed(transport) {
        Some(renewed) => renewed.kept(transport).await,
        None => Ok(None),
    }
}

/// A name for what is secret, the same in every process.
fn digest<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> String {
    let mut hasher = Sha256::new();
    for secret in secrets {
        hasher.update((secret.expose().len() as u64).to_be_bytes());
        hasher.update(secret.expose());
    }
    BASE64_URL_SAFE_NO_PAD.encode(hasher.finalize())
}

/// See [`Auth::Headers`].
#[derive(Debug, Clone)]
pub struct Headers(Vec<Header>);

#[derive(Debug, Clone)]
struct Header {
    name: String,
    prefix: String,
    secret: SecretCell,
}

impl Header {
    fn with(&self, secret: Secret) -> (String, String, Secret) {
        (self.name.clone(), self.prefix.clone(), secret)
    }
}

#[async_trait]
impl Authenticator for Headers {
    fn check(&self) -> Result<(), Error> {
        let known = self.0.iter().filter_map(|header| Some(header.with(header.secret.known()?)));
        Credential::new(known).check()
    }

    fn subject(&self) -> Option<String> {
        let secrets: Option<Vec<_>> = self.0.iter().map(|header| header.secret.known()).collect();
        secrets.map(|secrets| digest(&secrets))
    }

    async fn credential(
        &self,
        transport: &Transport,
        _failures: u64,
        refused: Option<&Credential>,
    ) -> Result<Credential, Error> {
        let refused: Vec<_> = refused.into_iter().flat_map(Credential::secrets).collect();
        let mut headers = Vec::new();
        for (index, header) in self.0.iter().enumerate() {
            let secret = header.secret.get(transport.secret_source(), refused.get(index).copied()).await?;
            headers.push(header.with(secret));
        }
        // Whoever configured it may have replaced it meanwhile.
        let credential = Credential::new(headers).renewable();
        let is_unchanged = credential.secrets().eq(refused);
        Ok(if is_unchanged { credential.unchanged() } else { credential })
    }
}

/// An access token with what is known of its life.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Token {
    /// What is sent.
    pub access: Secret,
    /// What gets the next one.
    pub refresh: Option<Secret>,
    /// When it ends; `None` where nobody says, then it is used until the vendor refuses it.
    pub expires_at: Option<Timestamp>,
}

impl Token {
    /// A token that is used until the vendor refuses it.
    pub fn new(access: impl Into<Secret>) -> Self {
        Self { access: access.into(), refresh: None, expires_at: None }
    }

    /// Keeps what gets the next token.
    #[must_use]
    pub fn refresh(mut self, refresh: Option<Secret>) -> Self {
        self.refresh = refresh;
        self
    }

    /// Says when it ends.
    #[must_use]
    pub fn expires_at(mut self, expires_at: Option<Timestamp>) -> Self {
        self.expires_at = expires_at;
        self
    }
}

/// A vendor's own way to a token. It is asked once for all calls that need one, ahead of the
/// token's end and after a 401.
#[async_trait]
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// A new token. `transport` reaches the login's own origin and carries no credential; send
    /// requests of [`Safety::Auth`](crate::http::Safety::Auth). `refresh` is that of the token
    /// before, where it had one.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` if the login is refused, and what the transport returns.
    async fn token(&self, transport: &Transport, refresh: Option<&Secret>) -> Result<Token, Error>;

    /// What a person has to do for a token, where there is such a login.
    ///
    /// # Errors
    ///
    /// `Unsupported` if there is none, as by default; `Config` if a setting is missing for it.
    fn login(&self) -> Result<Login, Error> {
        Err(Error::new(ErrorKind::Unsupported, "there is no login for this credential"))
    }

    /// The token for what the person brought.
    ///
    /// # Errors
    ///
    /// As [`token`](TokenSource::token).
    async fn log_in(&self, transport: &Transport, proof: &Proof) -> Result<Token, Error> {
        let _ = (transport, proof);
        self.login().and(Err(Error::new(ErrorKind::InvalidInput, "this login wants another proof")))
    }
}
