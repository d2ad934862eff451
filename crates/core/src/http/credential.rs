//! What goes with a request to show who asks.

use std::any::Any;
use std::fmt;

use async_trait::async_trait;

use super::Transport;
use super::redact::Redactor;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

/// Has the credential for each call of a [`Transport`]. [`Auth`](crate::auth::Auth) is the one that
/// configurations make.
#[async_trait]
pub trait Authenticator: Any + fmt::Debug + Send + Sync {
    /// What can be said of the credential without asking anybody.
    ///
    /// # Errors
    ///
    /// `Config` if it cannot be used.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    /// What tells whose limits at the vendor its calls count against, without asking anybody and
    /// without a secret: the same for all that are configured with the same credential. `None` if
    /// that is not known, as by default.
    fn subject(&self) -> Option<String> {
        None
    }

    /// How many renewals have failed so far. A call notes it when it begins, so that it shares a
    /// failure that happens meanwhile instead of trying again.
    fn failures(&self) -> u64 {
        0
    }

    /// The credential for a call that began after `failures`. `refused` is the one that the vendor
    /// has refused with 401.
    ///
    /// # Errors
    ///
    /// Whatever stands in the way of a credential; nothing is sent then.
    async fn credential(
        &self,
        transport: &Transport,
        failures: u64,
        refused: Option<&Credential>,
    ) -> Result<Credential, Error>;
}

/// No credential at all.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Anonymous;

#[async_trait]
impl Authenticator for Anonymous {
    async fn credential(
        &self,
        _transport: &Transport,
        _failures: u64,
        _refused: Option<&Credential>,
    ) -> Result<Credential, Error> {
        Ok(Credential::default())
    }
}

/// One header of a credential, with the secret in it.
#[derive(Debug, Clone)]
pub(super) struct CredentialHeader {
    pub(super) name: String,
    pub(super) prefix: String,
    pub(super) secret: Secret,
}

/// What goes with one attempt.
#[derive(Debug, Clone, Default)]
pub struct Credential {
    pub(super) headers: Vec<CredentialHeader>,
    /// It may be renewed if the vendor refuses it.
    pub(super) renewable: bool,
    /// It is the one that was refused.
    pub(super) unchanged: bool,
    /// What the same call was refused with before: no longer sent, and not shown either.
    spent: Vec<Secret>,
}

impl Credential {
    /// One header for each name, with a prefix and the secret behind it.
    pub fn new(headers: impl IntoIterator<Item = (String, String, Secret)>) -> Self {
        let headers = headers
            .into_iter()
            .map(|(name, prefix, secret)| CredentialHeader { name, prefix, secret })
            .collect();
        Self { headers, ..Self::default() }
    }

    /// `Authorization: Bearer <token>`.
    pub fn bearer(token: &Secret) -> Self {
        Self::new([("authorization".to_owned(), "Bearer ".to_owned(), token.clone())])
    }

    /// Says that another one can be had if the vendor refuses this one.
    #[must_use]
    pub fn renewable(self) -> Self {
        Self { renewable: true, ..self }
    }

    /// Says that there is no other than the one that was refused: the call ends with the refusal.
    #[must_use]
    pub fn unchanged(self) -> Self {
        Self { unchanged: true, ..self }
    }

    /// The secrets of its headers, in their order.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.headers.iter().map(|header| &header.secret)
    }

    /// Keeps its secrets out of texts.
    pub(super) fn redactor(&self) -> Redactor {
        let secrets = self.secrets().chain(&self.spent);
        Redactor::new(secrets.map(Secret::expose))
    }

    /// Takes the place of a credential that was refused.
    pub(super) fn instead_of(mut self, refused: Self) -> Self {
        self.spent.extend(refused.headers.into_iter().map(|header| header.secret));
        self
    }

    /// An empty secret is a mistake in the configuration, not something to ask the vendor about.
    ///
    /// # Errors
    ///
    /// `Config` that names the header.
    pub fn check(&self) -> Result<(), Error> {
        match self.headers.iter().find(|header| header.secret.is_empty()) {
            Some(header) => Err(Error::new(
                ErrorKind::Config,
                format!("the credential for the {} header is empty", header.name),
            )),
            None => Ok(()),
        }
    }
}
