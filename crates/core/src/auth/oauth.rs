//! OAuth 2: an access token that a refresh token renews (RFC 6749, section 6).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use serde::Deserialize;

use super::login::LoginPage;
use super::{BrowserLogin, Login, MemoryTokenStore, Proof, Renewed, Token, TokenSource, TokenStore};
use crate::error::{Error, ErrorKind};
use crate::http::{BaseUrl, Failure, Refusal, Request, Safety, Transport, Vendor};
use crate::secret::Secret;
use crate::secret_cell::SecretCell;

/// An OAuth 2 client with the tokens that it was configured with.
#[derive(Debug, Clone)]
pub struct OAuth2 {
    token_url: BaseUrl,
    client: Client,
    access: Option<Secret>,
    refresh: Option<Secret>,
    store: Arc<dyn TokenStore>,
}

impl OAuth2 {
    /// A public client without tokens, which are then looked for in the store.
    pub fn new(token_url: BaseUrl, client_id: impl Into<String>) -> Self {
        let client = Client {
            path: token_url.path().to_owned(),
            id: client_id.into(),
            secret: None,
            scope: None,
            page: None,
        };
        Self { token_url, client, access: None, refresh: None, store: Arc::new(MemoryTokenStore::new()) }
    }

    /// Sends the client's secret with each renewal, in the form.
    #[must_use]
    pub fn client_secret(mut self, secret: Option<SecretCell>) -> Self {
        self.client.secret = secret;
        self
    }

    /// Asks for this scope instead of the one that the refresh token was made with.
    #[must_use]
    pub fn scope(mut self, scope: Option<String>) -> Self {
        self.client.scope = scope;
        self
    }

    /// Lets a person log in at `url`, for this scope; the browser is then sent to `redirect_uri`.
    #[must_use]
    pub fn login_page(
        mut self,
        url: BaseUrl,
        redirect_uri: impl Into<String>,
        scope: impl Into<String>,
    ) -> Self {
        self.client.page = Some(LoginPage { url, redirect_uri: redirect_uri.into(), scope: scope.into() });
        self
    }

    /// The configured refresh token. A token that the store has from it wins over it.
    #[must_use]
    pub fn refresh_token(mut self, refresh: Option<Secret>) -> Self {
        self.refresh = refresh;
        self
    }

    /// A configured access token, used until the vendor refuses it.
    #[must_use]
    pub fn access_token(mut self, access: Option<Secret>) -> Self {
        self.access = access;
        self
    }

    /// Keeps renewed tokens here; in memory by default.
    #[must_use]
    pub fn store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.store = store;
        self
    }

    pub(super) fn into_renewed(self) -> Renewed {
        let client_id = self.client.id.clone();
        // A refresh token without an access token is a token that nobody accepts any more.
        let configured = (self.access.is_some() || self.refresh.is_some())
            .then(|| Token::new(self.access.unwrap_or_else(|| Secret::new(""))).refresh(self.refresh));
        Renewed::new(self.token_url, client_id, Arc::new(self.client), self.store, configured)
    }
}

#[derive(Debug, Clone)]
struct Client {
    path: String,
    id: String,
    secret: Option<SecretCell>,
    scope: Option<String>,
    page: Option<LoginPage>,
}

#[async_trait]
impl TokenSource for Client {
    async fn token(&self, transport: &Transport, refresh: Option<&Secret>) -> Result<Token, Error> {
        let Some(refresh) = refresh.filter(|refresh| !refresh.is_empty()) else {
            return Err(Error::new(
                ErrorKind::Unauthenticated,
                "there is no token that could be renewed: run `orgport login`, or configure auth.refresh_token",
            ));
        };
        let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", refresh.expose())];
        form.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        self.grant(transport, form, explain).await
    }

    fn login(&self) -> Result<Login, Error> {
        let page = self.page.as_ref().ok_or_else(|| {
            let what = "is needed for a login: auth.token_url is not the vendor's own, and its login page is unknown";
            Error::wrong_setting("auth.authorize_url", what)
        })?;
        BrowserLogin::begin(page, &self.id).map(Login::Browser)
    }

    async fn log_in(&self, transport: &Transport, proof: &Proof) -> Result<Token, Error> {
        let Proof::Code(proof) = proof else {
            return Err(Error::new(ErrorKind::InvalidInput, "this login wants the code of a browser login"));
        };
        let form = vec![
            ("grant_type", "authorization_code"),
            ("code", proof.code.expose()),
            ("redirect_uri", &*proof.redirect_uri),
            ("code_verifier", proof.verifier.expose()),
        ];
        self.grant(transport, form, explain_code).await
    }
}

impl Client {
    /// Asks the authorization server for a token; once more if it refuses the client's secret and that
    /// is another one by now.
    async fn grant<'a>(
        &'a self,
        transport: &Transport,
        mut form: Vec<(&'a str, &'a str)>,
        explain: fn(&Failure<'_>) -> Refusal,
    ) -> Result<Token, Error> {
        form.push(("client_id", self.id.as_str()));
        let Some(cell) = &self.secret else { return self.ask(transport, &form, None, explain).await };
        let source = transport.secret_source();
        let refused = cell.get(source, None).await?;
        let outcome = self.ask(transport, &form, Some(&refused), explain).await;
        // A client that could not be told has used up nothing.
        if outcome.as_ref().is_err_and(|error| error.vendor_code() == Some("invalid_client")) {
            let secret = cell.get(source, Some(&refused)).await?;
            if secret != refused {
                return self.ask(transport, &form, Some(&secret), explain).await;
            }
        }
        outcome
    }

    async fn ask(
        &self,
        transport: &Transport,
        form: &[(&str, &str)],
        secret: Option<&Secret>,
        explain: fn(&Failure<'_>) -> Refusal,
    ) -> Result<Token, Error> {
        let mut form = form.to_vec();
        form.extend(secret.map(|secret| ("client_secret", secret.expose())));
        let request = Request::new(Method::POST, self.path.clone(), Safety::Auth).form(&form);
        let authority = Vendor::new("oauth2", explain);
        let reply = transport.with_vendor(authority).root().send(request).await?;
        // Some servers refuse with a status that says success.
        if let Some(body) = reply.text().ok().filter(|body| serde_json::from_str::<Denial>(body).is_ok()) {
            return Err(reply.refusal(explain(&Failure::new(400, "", None, body))));
        }
        let granted: Granted = reply.read()?;
        if granted.access_token.is_empty() {
            return Err(reply.protocol("the authorization server granted an empty access token"));
        }
        let now = transport.clock().now();
        let life = granted.expires_in.map(Duration::from_secs);
        Ok(Token::new(granted.access_token)
            .refresh(granted.refresh_token.filter(|token| !token.is_empty()).map(Secret::from))
            .expires_at(life.map(|life| now.saturating_add(life))))
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    refresh_token: Option<String>,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<u64>,
}

/// Some servers write the seconds as text, some with a fraction; what is not a number says
/// nothing about the token's life.
fn seconds<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Ok(text.split('.').next().and_then(|whole| whole.parse().ok()))
}

/// What a refusal means where a code was brought.
fn explain_code(failure: &Failure<'_>) -> Refusal {
    let refusal = explain(failure);
    if refusal.code.as_deref() != Some("invalid_grant") {
        return refusal;
    }
    refusal.hint(
        "the code is not accepted: it works once, for a short time, and for the login that it was made by",
    )
}

#[derive(Deserialize)]
struct Denial {
    error: String,
}

/// RFC 6749, section 5.2. The description is left out: servers have been seen to repeat the token
/// in it.
fn explain(failure: &Failure<'_>) -> Refusal {
    let Ok(Denial { error }) = serde_json::from_str(failure.body) else {
        return Refusal::from_status(failure.status);
    };
    let refusal = Refusal::new(failure.status).code(&error);
    match error.as_str() {
        "invalid_grant" => refusal
            .kind(ErrorKind::Unauthenticated)
            .hint("the refresh token is no longer accepted: log in again, or configure a new one"),
        "invalid_client" | "unauthorized_client" => refusal
            .kind(ErrorKind::Unauthenticated)
            .hint("the authorization server does not accept the client id or secret"),
        "invalid_scope" | "unsupported_grant_type" | "invalid_request" => refusal
            .kind(ErrorKind::Config)
            .hint("the authorization server does not take this renewal: check token_url, client and scope"),
        _ => refusal,
    }
}
