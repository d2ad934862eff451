//! Credentials: what goes with a request, and how it is renewed.
//!
//! A credential is sent to its provider's own origin only; what renews it, to the token address
//! only.

mod login;
mod oauth;
mod renewed;
mod store;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use enum_dispatch::enum_dispatch;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

pub(crate) use self::login::check_redirect_uri;
pub use self::login::{AuthorizationCode, BrowserLogin, Login, PasswordLogin, Proof};
pub use self::oauth::OAuth2;
pub use self::renewed::Renewed;
pub use self::store::{MemoryTokenStore, StoredToken, TokenStore};
use crate::error::{Error, ErrorKind};
use crate::http::{BaseUrl, Transport};
use crate::secret::Secret;
use crate::time::Timestamp;

/// How a provider proves who asks.
#[enum_dispatch(Scheme)]
#[derive(Debug, Clone)]
pub enum Auth {
    /// Not at all.
    Anonymous(Anonymous),
    /// `Authorization: Bearer …` with a token that stays.
    Bearer(Bearer),
    /// One header of any name, with any prefix.
    ApiKey(ApiKey),
    /// Two headers.
    KeyPair(KeyPair),
    /// `Authorization: Bearer …` with a token that is obtained and renewed by OAuth 2 or by the
    /// vendor's own login.
    Renewed(Renewed),
}

impl Auth {
    /// Sends no credential.
    pub fn anonymous() -> Self {
        Anonymous.into()
    }

    /// Sends `Authorization: Bearer <token>`.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Bearer(token.into()).into()
    }

    /// Sends `<header>: <prefix><key>`; a space after the prefix is part of it.
    pub fn api_key(header: impl Into<String>, prefix: impl Into<String>, key: impl Into<Secret>) -> Self {
        ApiKey { header: header.into(), prefix: prefix.into(), key: key.into() }.into()
    }

    /// Sends two headers, for example a key's id and its secret.
    pub fn key_pair(headers: [(impl Into<String>, Secret); 2]) -> Self {
        KeyPair(headers.map(|(header, secret)| (header.into(), secret))).into()
    }

    /// Renews by an OAuth 2 refresh token.
    pub fn oauth2(oauth2: OAuth2) -> Self {
        oauth2.into_scheme().into()
    }

    /// Obtains tokens by the vendor's own login: `source` asks at `base_url` and nowhere else.
    /// `account` tells apart whose tokens the store keeps; it is no secret.
    pub fn login(
        base_url: BaseUrl,
        account: impl Into<String>,
        source: Arc<dyn TokenSource>,
        store: Arc<dyn TokenStore>,
    ) -> Self {
        Renewed::new(base_url, account.into(), source, store, None).into()
    }
}

/// One header of a credential, with the secret in it.
#[derive(Debug, Clone)]
pub(crate) struct CredentialHeader {
    pub(crate) name: String,
    pub(crate) prefix: String,
    pub(crate) secret: Secret,
}

/// What goes with one attempt.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credential {
    pub(crate) headers: Vec<CredentialHeader>,
    /// It may be renewed if the vendor refuses it.
    pub(crate) renewable: bool,
    /// What the same call was refused with before: no longer sent, and not shown either.
    pub(crate) spent: Vec<Secret>,
}

impl Credential {
    fn new(headers: impl IntoIterator<Item = (String, String, Secret)>) -> Self {
        let headers = headers
            .into_iter()
            .map(|(name, prefix, secret)| CredentialHeader { name, prefix, secret })
            .collect();
        Self { headers, ..Self::default() }
    }

    fn bearer(token: &Secret) -> Self {
        Self::new([("authorization".to_owned(), "Bearer ".to_owned(), token.clone())])
    }

    /// A text without the secrets in it, as they are or as a URL, JSON or a quotation would hold
    /// them: servers repeat a key that they do not know.
    pub(crate) fn blank_out(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let secrets = self.headers.iter().map(|header| &header.secret).chain(&self.spent).map(Secret::expose);
        for secret in secrets.filter(|secret| secret.len() > 3) {
            let in_url = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
            let in_query = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>();
            let in_json = serde_json::Value::from(secret).to_string();
            let in_debug = format!("{secret:?}");
            let quoted = [&in_json, &in_debug].map(|text| &text[1..text.len() - 1]);
            for form in [secret, in_url.as_str(), in_query.as_str()].into_iter().chain(quoted) {
                text = text.replace(form, "…");
            }
        }
        text
    }

    /// Takes the place of a credential that was refused.
    pub(crate) fn instead_of(mut self, refused: Self) -> Self {
        self.spent.extend(refused.headers.into_iter().map(|header| header.secret));
        self
    }

    /// An empty secret is a mistake in the configuration, not something to ask the vendor about.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self.headers.iter().find(|header| header.secret.is_empty()) {
            Some(header) => Err(Error::new(
                ErrorKind::Config,
                format!("the credential for the {} header is empty", header.name),
            )),
            None => Ok(()),
        }
    }
}

/// What every scheme does for the transport.
#[async_trait]
#[enum_dispatch]
pub(crate) trait Scheme {
    /// What can be said of the credential without asking anybody.
    fn check(&self) -> Result<(), Error>;

    /// How many renewals have failed so far. A call notes it when it begins, so that it shares a
    /// failure that happens meanwhile instead of trying again.
    fn failures(&self) -> u64 {
        0
    }

    /// The credential for a call that began after `failures`. `refused` is the one that the
    /// vendor has answered with 401.
    async fn credential(
        &self,
        transport: &Transport,
        failures: u64,
        refused: Option<&Credential>,
    ) -> Result<Credential, Error>;
}

/// See [`Auth::Anonymous`].
#[derive(Debug, Clone)]
pub struct Anonymous;

/// See [`Auth::Bearer`].
#[derive(Debug, Clone)]
pub struct Bearer(Secret);

/// See [`Auth::ApiKey`].
#[derive(Debug, Clone)]
pub struct ApiKey {
    header: String,
    prefix: String,
    key: Secret,
}

/// See [`Auth::KeyPair`].
#[derive(Debug, Clone)]
pub struct KeyPair([(String, Secret); 2]);

/// Implements [`Scheme`] for credentials that never change.
macro_rules! fixed {
    ($scheme:ty, |$this:ident| $credential:expr) => {
        impl $scheme {
            fn fixed(&self) -> Credential {
                let $this = self;
                $credential
            }
        }

        #[async_trait]
        impl Scheme for $scheme {
            fn check(&self) -> Result<(), Error> {
                self.fixed().check()
            }

            async fn credential(
                &self,
                _transport: &Transport,
                _failures: u64,
                _refused: Option<&Credential>,
            ) -> Result<Credential, Error> {
                Ok(self.fixed())
            }
        }
    };
}

fixed!(Anonymous, |_this| Credential::default());
fixed!(Bearer, |this| Credential::bearer(&this.0));
fixed!(ApiKey, |this| Credential::new([(this.header.clone(), this.prefix.clone(), this.key.clone())]));
fixed!(KeyPair, |this| Credential::new(this.0.clone().map(|(header, secret)| (
    header,
    String::new(),
    secret
))));

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
    /// `Unauthenticated` if the login is refused, and what the transport answers.
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
