//! The vendor's own login: a token for an address and a password.

use async_trait::async_trait;
use orgport_core::auth::{Login, PasswordLogin, Proof, Token, TokenSource};
use orgport_core::http::Transport;
use orgport_core::{Error, ErrorKind, Secret, SecretCell};

use crate::client::LosantClient;
use crate::request::UserCredentials;

/// Gets tokens by e-mail address and password. How long they live is not documented, so they are
/// used until they are refused.
#[derive(Debug)]
pub(crate) struct PasswordGrant {
    pub(crate) email: String,
    pub(crate) password: Option<SecretCell>,
    pub(crate) second_factor: Option<SecretCell>,
}

#[async_trait]
impl TokenSource for PasswordGrant {
    async fn token(&self, transport: &Transport, _refresh: Option<&Secret>) -> Result<Token, Error> {
        self.log_in(transport, &Proof::Password { password: None, second_factor: None }).await
    }

    fn login(&self) -> Result<Login, Error> {
        let mut login = PasswordLogin::to(&self.email);
        login.has_password = self.password.is_some();
        login.has_second_factor = self.second_factor.is_some();
        Ok(Login::Password(login))
    }

    async fn log_in(&self, transport: &Transport, proof: &Proof) -> Result<Token, Error> {
        let Proof::Password { password, second_factor } = proof else {
            return Err(Error::new(ErrorKind::InvalidInput, "this login wants a password"));
        };
        let second_factor = match (second_factor, &self.second_factor) {
            (Some(code), _) => Some(code.clone()),
            // A code works once, so that a source is asked each time.
            (None, Some(code)) => Some(code.get(transport.secret_source(), code.known().as_ref()).await?),
            (None, None) => None,
        };
        let grant = async |password: Secret| self.grant(transport, password, second_factor.clone()).await;
        match (password, &self.password) {
            (Some(password), _) => grant(password.clone()).await,
            (None, Some(configured)) => {
                let password = configured.get(transport.secret_source(), None).await?;
                let refusal = match grant(password.clone()).await {
                    Err(error) if error.kind() == ErrorKind::Unauthenticated => error,
                    outcome => return outcome,
                };
                let next = configured.get(transport.secret_source(), Some(&password)).await?;
                if next == password { Err(refusal) } else { grant(next).await }
            }
            (None, None) => {
                let what = "no token is kept and no password is configured: run `orgport login`";
                Err(Error::new(ErrorKind::Unauthenticated, what))
            }
        }
    }
}

impl PasswordGrant {
    async fn grant(
        &self,
        transport: &Transport,
        password: Secret,
        second_factor: Option<Secret>,
    ) -> Result<Token, Error> {
        let has_code = second_factor.is_some();
        let credentials =
            UserCredentials { two_factor_code: second_factor, ..UserCredentials::new(&self.email, password) };
        let login = LosantClient::over(transport.clone()).log_in(&credentials).await;
        login.map(|login| Token::new(login.token)).map_err(|error| advise(error, has_code))
    }
}

/// Says what to do about a refused login.
fn advise(error: Error, with_code: bool) -> Error {
    match error.kind() {
        ErrorKind::Unauthenticated if with_code => error.with_message(
            "the login is refused; the code of a second factor works once and not for long: run `orgport login` \
             with a fresh one, or configure a user API token, which needs none",
        ),
        ErrorKind::InvalidInput => error.with_kind(ErrorKind::Config).with_message(
            "the login is malformed: check the address and the password, which has 8 to 2048 characters",
        ),
        _ => error,
    }
}
