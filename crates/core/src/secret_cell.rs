//! Secrets that can change while a provider lives.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use serde::{Deserialize, Deserializer};

use crate::error::{Error, ErrorKind};
use crate::secret::{Found, Secret};

/// Where a program keeps its secrets: a vault, or whatever rotates them.
///
/// A configuration names one as `source:REFERENCE`, a program by
/// [`SecretCell::from_source`]. The source is asked when the first request needs the secret, and
/// again when the vendor has refused it; between, the secret is kept in memory. Calls that wait for
/// the same secret share one question.
#[async_trait]
pub trait SecretSource: fmt::Debug + Send + Sync {
    /// The secret that `reference` stands for now. `refused` is what it was before, where the vendor
    /// has refused that: a source that caches looks anew then. The call that was refused is repeated
    /// if the secret is another one.
    ///
    /// # Errors
    ///
    /// Whatever stands in the way; the request is not sent then.
    async fn secret(&self, reference: &str, refused: Option<&Secret>) -> Result<Secret, Error>;
}

/// A secret of a credential. Clones are one cell: what is put into one is used by the providers that
/// were made with another from their next request on.
///
/// ```
/// use orgport_core::SecretCell;
/// use orgport_core::config::{AuthConfig, ProviderConfig};
///
/// let token = SecretCell::from("the first one");
/// let config = ProviderConfig::new("prod").auth(AuthConfig::bearer(token.clone()));
/// // The provider is made of it, and lives. Then the token is rotated:
/// token.replace("the next one");
/// ```
#[derive(Clone)]
pub struct SecretCell(Arc<Inner>);

struct Inner {
    /// What the source knows it by, if it has one.
    reference: Option<String>,
    state: Mutex<State>,
    /// Held by the one who asks the source.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    held: Option<Secret>,
    /// How often the source was asked, and what it said last.
    asked: u64,
    last: Option<Result<Secret, Error>>,
}

impl State {
    fn usable(&self, refused: Option<&Secret>) -> Option<Secret> {
        self.held.clone().filter(|held| Some(held) != refused)
    }
}

impl SecretCell {
    fn of(held: Option<Secret>, reference: Option<String>) -> Self {
        let state = Mutex::new(State { held, ..State::default() });
        Self(Arc::new(Inner { reference, state, asking: tokio::sync::Mutex::default() }))
    }

    /// What the provider's [`SecretSource`] knows by this reference.
    pub fn from_source(reference: impl Into<String>) -> Self {
        Self::of(None, Some(reference.into()))
    }

    /// Puts another secret in its place.
    pub fn replace(&self, secret: impl Into<Secret>) {
        self.state().held = Some(secret.into());
    }

    /// The secret, as far as it is known without asking anybody.
    pub fn known(&self) -> Option<Secret> {
        self.state().held.clone()
    }

    /// The secret; from `source` if it is not known, or if it is the one that was `refused`. Without
    /// a source, a refused secret is returned again.
    ///
    /// # Errors
    ///
    /// Those of the source; `Config` for one that has an empty secret, and where there is none.
    pub async fn get(
        &self,
        source: Option<&dyn SecretSource>,
        refused: Option<&Secret>,
    ) -> Result<Secret, Error> {
        let Some(reference) = &self.0.reference else {
            return self.known().ok_or_else(|| Error::new(ErrorKind::Config, "the credential is empty"));
        };
        let asked = {
            let state = self.state();
            if let Some(held) = state.usable(refused) {
                return Ok(held);
            }
            state.asked
        };
        let source = source.ok_or_else(|| {
            let what =
                format!("the secret {reference:?} is in a secret source, which this program does not have");
            Error::new(ErrorKind::Config, what)
        })?;
        let _turn = self.0.asking.lock().await;
        {
            let state = self.state();
            if let Some(held) = state.usable(refused) {
                return Ok(held);
            }
            // Whoever waited meanwhile shares what was said, be it the same secret or an error.
            if let Some(last) = state.last.as_ref().filter(|_| state.asked != asked) {
                return last.clone();
            }
        }
        let found = source.secret(reference, refused).await.and_then(|secret| {
            let what = || format!("the secret source has an empty secret for {reference:?}");
            if secret.is_empty() { Err(Error::new(ErrorKind::Config, what())) } else { Ok(secret) }
        });
        let mut state = self.state();
        state.asked += 1;
        if let Ok(secret) = &found {
            state.held = Some(secret.clone());
        }
        state.last = Some(found.clone());
        found
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().expect("no holder panics")
    }
}

impl<T: Into<Secret>> From<T> for SecretCell {
    fn from(secret: T) -> Self {
        Self::of(Some(secret.into()), None)
    }
}

impl fmt::Debug for SecretCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.reference {
            Some(reference) => write!(f, "SecretCell({reference:?})"),
            None => f.write_str("SecretCell(…)"),
        }
    }
}

impl<'de> Deserialize<'de> for SecretCell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Found { known, reference } = Found::deserialize(deserializer)?;
        Ok(Self::of(known, reference))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    /// Has another secret each time; `stuck` ones stay the same.
    #[derive(Debug, Default)]
    struct Vault {
        asked: AtomicUsize,
        stuck: bool,
        down: bool,
    }

    #[async_trait]
    impl SecretSource for Vault {
        async fn secret(&self, reference: &str, _refused: Option<&Secret>) -> Result<Secret, Error> {
            let number = self.asked.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            if self.down {
                return Err(Error::new(ErrorKind::Unavailable, "the vault is down"));
            }
            Ok(format!("{reference}-{}", if self.stuck { 0 } else { number }).into())
        }
    }

    #[tokio::test]
    async fn a_source_is_asked_when_needed_and_when_refused() {
        let (vault, cell) = (Vault::default(), SecretCell::from_source("kv"));
        assert_eq!(cell.known(), None);
        for _ in 0..2 {
            assert_eq!(cell.get(Some(&vault), None).await.expect("there").expose(), "kv-0");
        }
        let refused = cell.known();
        assert_eq!(cell.clone().get(Some(&vault), refused.as_ref()).await.expect("there").expose(), "kv-1");
        assert_eq!(cell.get(Some(&vault), refused.as_ref()).await.expect("there").expose(), "kv-1");
        assert_eq!(vault.asked.load(Ordering::SeqCst), 2);
        assert_eq!(cell.get(None, None).await.expect("known by now").expose(), "kv-1");
    }

    #[tokio::test]
    async fn many_who_wait_ask_once() {
        for (stuck, down) in [(false, false), (true, false), (false, true)] {
            let (vault, cell) = (Vault { stuck, down, ..Vault::default() }, SecretCell::from_source("kv"));
            let refused = Secret::new("kv-0");
            cell.replace("kv-0");
            let all = join_all((0..8).map(|_| cell.get(Some(&vault), Some(&refused)))).await;
            assert_eq!(vault.asked.load(Ordering::SeqCst), 1, "{stuck} {down}");
            assert!(all.iter().all(|one| one == &all[0]), "{all:?}");
            // Who comes later asks again.
            let _ = cell.get(Some(&vault), cell.known().as_ref()).await;
            assert_eq!(vault.asked.load(Ordering::SeqCst), 2);
        }
    }

    #[tokio::test]
    async fn what_is_replaced_is_used_at_once() {
        let cell = SecretCell::from("old");
        cell.clone().replace("new\n");
        assert_eq!(cell.get(None, None).await.expect("there").expose(), "new");
        let same = cell.get(None, Some(&"new".into())).await.expect("there is no other");
        assert_eq!(same.expose(), "new");
        assert_eq!(format!("{cell:?}"), "SecretCell(…)");
    }

    #[tokio::test]
    async fn a_source_that_is_not_there_or_has_nothing_is_told() {
        #[derive(Debug)]
        struct Nothing;

        #[async_trait]
        impl SecretSource for Nothing {
            async fn secret(&self, _: &str, _: Option<&Secret>) -> Result<Secret, Error> {
                Ok("\n".into())
            }
        }

        let cell = SecretCell::from_source("kv");
        for source in [None, Some(&Nothing as &dyn SecretSource)] {
            let error = cell.get(source, None).await.expect_err("no secret");
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.message().contains("\"kv\""), "{error}");
        }
    }
}
