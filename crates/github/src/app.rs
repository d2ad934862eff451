//! A GitHub App's tokens: the app proves itself by what it signs with its private key, and gets a token
//! for an hour for the one organization that it is installed in.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use orgport_core::auth::{Token, TokenSource};
use orgport_core::http::{Authenticator, Credential, Transport};
use orgport_core::{Error, ErrorKind, Secret, SecretCell, Timestamp};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::json;

use crate::client::GitHubClient;

/// A proof begins so long ago, for clocks that go ahead of the vendor's.
const BEFORE: Duration = Duration::from_mins(1);
/// A proof ends so late: sooner than the 10 minutes that GitHub allows, for clocks that go ahead.
const LIFE: Duration = Duration::from_mins(9);

/// Gets tokens of an installation.
pub(crate) struct AppKey {
    pub(crate) app: SecretCell,
    pub(crate) key: SecretCell,
    pub(crate) installation: u64,
}

impl fmt::Debug for AppKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppKey").field("installation", &self.installation).finish_non_exhaustive()
    }
}

impl AppKey {
    /// Says what is wrong with a key that is known already.
    ///
    /// # Errors
    ///
    /// `Config`, as [`proof`].
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.key.known().map_or(Ok(()), |key| read_key(&key).map(drop))
    }

    async fn grant(&self, transport: &Transport, key: &Secret) -> Result<Token, Error> {
        let app = self.app.get(transport.secret_source(), None).await?;
        let client = GitHubClient::over(transport.with_auth(Proof { app, key: key.clone() }));
        let granted = client.create_installation_token(self.installation).await.map_err(advise)?;
        let expires_at = Timestamp::lenient(granted.expires_at.as_deref());
        Ok(Token::new(granted.token).expires_at(expires_at))
    }
}

#[async_trait]
impl TokenSource for AppKey {
    async fn token(&self, transport: &Transport, _refresh: Option<&Secret>) -> Result<Token, Error> {
        let key = self.key.get(transport.secret_source(), None).await?;
        let refusal = match self.grant(transport, &key).await {
            Err(error) if error.kind() == ErrorKind::Unauthenticated => error,
            outcome => return outcome,
        };
        // Whoever keeps the key may have replaced it.
        let next = self.key.get(transport.secret_source(), Some(&key)).await?;
        if next == key { Err(refusal) } else { self.grant(transport, &next).await }
    }
}

/// Signs anew for each attempt, since a proof does not outlive the wait for a limit.
struct Proof {
    app: Secret,
    key: Secret,
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proof").finish_non_exhaustive()
    }
}

#[async_trait]
impl Authenticator for Proof {
    async fn credential(
        &self,
        transport: &Transport,
        _failures: u64,
        _refused: Option<&Credential>,
    ) -> Result<Credential, Error> {
        let proof = proof(self.app.expose(), &self.key, transport.clock().now())?;
        Ok(Credential::bearer(&proof))
    }
}

/// What the app shows to be itself: a JSON Web Token (RFC 7519), signed by RS256.
///
/// # Errors
///
/// `Config` for what is no RSA key.
fn proof(app: &str, key: &Secret, now: Timestamp) -> Result<Secret, Error> {
    let now = now.unix_seconds();
    let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or_default();
    let claims = json!({ "iat": now - seconds(BEFORE), "exp": now + seconds(LIFE), "iss": app.trim() });
    let encode = |part: &str| BASE64_URL_SAFE_NO_PAD.encode(part);
    let signed = format!("{}.{}", encode(r#"{"alg":"RS256","typ":"JWT"}"#), encode(&claims.to_string()));
    let key = read_key(key)?;
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .map_err(|_| Error::new(ErrorKind::Config, "the app's private key cannot sign"))?;
    Ok(Secret::from(format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))))
}

/// Reads the key as GitHub hands it out (PKCS #1), or as other tools write it (PKCS #8).
fn read_key(pem: &Secret) -> Result<RsaKeyPair, Error> {
    let key = match PrivateKeyDer::from_pem_slice(pem.expose().as_bytes()) {
        Ok(PrivateKeyDer::Pkcs1(der)) => RsaKeyPair::from_der(der.secret_pkcs1_der()).ok(),
        Ok(PrivateKeyDer::Pkcs8(der)) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).ok(),
        _ => None,
    };
    key.ok_or_else(|| {
        let what = "must be the app's private key as GitHub hands it out: an RSA key, as PEM";
        Error::wrong_setting("auth.secret", what)
    })
}

/// Says what to do about a refused proof.
fn advise(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Unauthenticated => error.with_message(
            "GitHub does not take the app's proof: check the app's id and its private key, and that this \
             computer's clock is right",
        ),
        ErrorKind::NotFound => error.with_kind(ErrorKind::Unauthenticated).with_message(
            "the app has no such installation: check installation, and that the app is still installed",
        ),
        _ => error,
    }
}
