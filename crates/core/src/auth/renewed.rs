//! Tokens that end and are renewed: one renewal at a time, shared by all who wait for it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tracing::Instrument;

use super::{Login, Proof, StoredToken, Token, TokenSource, TokenStore};
use crate::error::{Error, ErrorKind};
use crate::http::{Authenticator, BaseUrl, Credential, Transport};
use crate::secret::Secret;
use crate::time::Timestamp;

/// A token is renewed this long before its end, or a tenth of its life before, if that is less.
const LEAD: Duration = Duration::from_mins(1);

/// See [`Auth::Renewed`](super::Auth::Renewed). Clones share their token and its renewal.
#[derive(Clone)]
pub struct Renewed(Arc<Inner>);

struct Inner {
    url: BaseUrl,
    client: String,
    source: Arc<dyn TokenSource>,
    store: Arc<dyn TokenStore>,
    configured: Option<Token>,
    state: Mutex<State>,
}

/// Somebody's wait for the one renewal under way.
type Flight = Shared<BoxFuture<'static, Result<Secret, Error>>>;

#[derive(Default)]
struct State {
    held: Option<Held>,
    flight: Option<Flight>,
    /// The store could not take what is held, so that what it has is older.
    unsaved: bool,
    failures: u64,
    failure: Option<Error>,
}

#[derive(Clone)]
struct Held {
    token: Token,
    renew_at: Option<Timestamp>,
}

impl Held {
    fn new(token: Token, now: Timestamp) -> Self {
        let renew_at = token.expires_at.map(|end| {
            let life = end.saturating_since(now);
            now.saturating_add(life.saturating_sub(LEAD.min(life / 10)))
        });
        Self { token, renew_at }
    }

    fn is_usable(&self, now: Timestamp, refused: Option<&Secret>) -> bool {
        let token = &self.token;
        !token.access.is_empty()
            && Some(&token.access) != refused
            && token.expires_at.is_none_or(|end| now < end)
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        self.renew_at.is_none_or(|at| now < at)
    }
}

impl Renewed {
    pub(super) fn new(
        url: BaseUrl,
        client: String,
        source: Arc<dyn TokenSource>,
        store: Arc<dyn TokenStore>,
        configured: Option<Token>,
    ) -> Self {
        Self(Arc::new(Inner { url, client, source, store, configured, state: Mutex::default() }))
    }

    /// What a person has to do for a new token.
    pub(super) fn login(&self) -> Result<Login, Error> {
        self.0.source.login()
    }

    /// Gets the token for what a person brought, and keeps it in place of the one there was.
    pub(super) async fn log_in(&self, transport: &Transport, proof: &Proof) -> Result<(), Error> {
        let inner = &*self.0;
        let key = inner.key(transport);
        // First, because a code is used up even where its token cannot be kept.
        let _lock = inner.store.lock(&key).await?;
        inner.store.make_room(&key).await?;
        let token = inner.source.log_in(&transport.anonymous_at(&inner.url), proof).await?;
        let kept = StoredToken::new(token.clone(), inner.configured_refresh());
        inner.store.save(&key, &kept).await?;
        let mut state = inner.state();
        state.held = Some(Held::new(token, transport.clock().now()));
        state.unsaved = false;
        state.failure = None;
        Ok(())
    }

    /// The kept token that would be used instead of the configured one.
    pub(super) async fn kept(&self, transport: &Transport) -> Result<Option<Token>, Error> {
        Ok(self.0.stored(&self.0.key(transport)).await?.map(|stored| stored.token))
    }

    /// The token to send, renewed where it must be.
    async fn token(
        &self,
        transport: &Transport,
        failures: u64,
        refused: Option<&Secret>,
    ) -> Result<Secret, Error> {
        let now = transport.clock().now();
        let flight = {
            let mut state = self.0.state();
            if state.flight.is_none() {
                let usable = state.held.as_ref().filter(|held| held.is_usable(now, refused));
                if let Some(held) = usable.filter(|held| held.is_fresh(now)) {
                    return Ok(held.token.access.clone());
                }
                if state.failures > failures
                    && let Some(failure) = &state.failure
                {
                    return Err(failure.clone());
                }
            }
            state.flight.get_or_insert_with(|| self.begin(transport, refused)).clone()
        };
        let outcome = flight.clone().await;
        let mut state = self.0.state();
        // A renewal that ended by itself has cleared this; one that was aborted has not.
        if state.flight.as_ref().is_some_and(|current| current.ptr_eq(&flight)) {
            state.flight = None;
        }
        outcome
    }

    /// Begins a renewal in a task of its own: a rotating refresh token must not be lost because
    /// the call that asked first is dropped.
    fn begin(&self, transport: &Transport, refused: Option<&Secret>) -> Flight {
        let (inner, transport, refused) = (Arc::clone(&self.0), transport.clone(), refused.cloned());
        let renewal = async move {
            let renewal = inner.renew(&transport, refused.as_ref()).await;
            inner.settle(renewal, transport.clock().now(), refused.as_ref())
        };
        let task = tokio::spawn(renewal.in_current_span());
        let aborted =
            |_| Err(Error::new(ErrorKind::Unavailable, "the token's renewal was stopped: try again"));
        task.map(move |outcome| outcome.unwrap_or_else(aborted)).boxed().shared()
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }

    fn configured_refresh(&self) -> Option<Secret> {
        self.configured.as_ref().and_then(|token| token.refresh.clone())
    }

    /// What the store knows this token by.
    fn key(&self, transport: &Transport) -> String {
        format!("{}|{}|{}", transport.name(), self.url, self.client)
    }

    /// What is stored, unless the configuration is newer.
    async fn stored(&self, key: &str) -> Result<Option<StoredToken>, Error> {
        let configured = self.configured_refresh();
        Ok(self.store.load(key).await?.filter(|stored| stored.configured == configured))
    }

    /// A usable token: the stored or configured one as it is, or a new one.
    async fn renew(&self, transport: &Transport, refused: Option<&Secret>) -> Result<Token, Error> {
        let key = self.key(transport);
        let _lock = self.store.lock(&key).await?;
        let stored = self.stored(&key).await?;
        let (held, unsaved) = {
            let state = self.state();
            (state.held.as_ref().map(|held| held.token.clone()), state.unsaved)
        };
        let now = transport.clock().now();
        let stored = stored.filter(|_| !unsaved).map(|stored| stored.token);
        let known = stored.or_else(|| held.clone()).or_else(|| self.configured.clone());
        // Another process may have renewed it; that is good enough unless it is what we have.
        if let Some(token) = known.as_ref().filter(|known| held.as_ref() != Some(known)) {
            let known = Held::new(token.clone(), now);
            if known.is_usable(now, refused) && known.is_fresh(now) {
                return Ok(known.token);
            }
        }
        let refresh = known.and_then(|known| known.refresh);
        if refresh.is_some() {
            self.store.make_room(&key).await?;
        }
        let asked = self.source.token(&transport.anonymous_at(&self.url), refresh.as_ref()).await;
        let mut token = asked.map_err(not_renewed)?;
        // A server that does not rotate refresh tokens need not repeat them.
        token.refresh = token.refresh.or(refresh);
        let kept = StoredToken::new(token.clone(), self.configured_refresh());
        let saved = self.store.save(&key, &kept).await;
        self.state().unsaved = saved.is_err();
        if let Err(error) = saved {
            // The token is good, and giving it up would lose the rotated refresh token with it.
            tracing::warn!(provider = transport.name(), %error, "the renewed token could not be stored");
        }
        Ok(token)
    }

    /// Notes how a renewal ended, for those who ask later, and tells those who wait.
    fn settle(
        &self,
        renewal: Result<Token, Error>,
        now: Timestamp,
        refused: Option<&Secret>,
    ) -> Result<Secret, Error> {
        let mut state = self.state();
        state.flight = None;
        match renewal {
            Ok(token) => {
                let access = token.access.clone();
                state.held = Some(Held::new(token, now));
                state.failure = None;
                Ok(access)
            }
            Err(error) => {
                // A token that only nears its end still serves; the next try is half way to it.
                if let Some(held) = state.held.as_mut().filter(|held| held.is_usable(now, refused)) {
                    let left = held.token.expires_at.map(|end| end.saturating_since(now));
                    held.renew_at = left.map(|left| now.saturating_add(left / 2));
                    tracing::warn!(%error, "the token could not be renewed ahead of its end");
                    return Ok(held.token.access.clone());
                }
                state.failures += 1;
                state.failure = Some(error.clone());
                Err(error)
            }
        }
    }
}

/// To the caller it is all one why the token's server does not respond; the cause is kept.
fn not_renewed(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Timeout | ErrorKind::Connection | ErrorKind::Protocol => {
            let what = format!("no token could be had ({}): try again later", error.kind());
            error.clone().with_kind(ErrorKind::Unavailable).with_message(what).with_source(error)
        }
        _ => error,
    }
}

#[async_trait]
impl Authenticator for Renewed {
    fn check(&self) -> Result<(), Error> {
        let refresh = self.0.configured_refresh();
        if refresh.is_some_and(|refresh| refresh.is_empty()) {
            return Err(Error::wrong_setting("auth.refresh_token", "must not be empty"));
        }
        let is_empty = |token: &Token| token.access.is_empty() && token.refresh.is_none();
        if self.0.configured.as_ref().is_some_and(is_empty) {
            return Err(Error::wrong_setting("auth.access_token", "must not be empty"));
        }
        Ok(())
    }

    fn subject(&self) -> Option<String> {
        let Inner { url, client, configured, .. } = &*self.0;
        let configured = configured.iter().map(|token| token.refresh.as_ref().unwrap_or(&token.access));
        Some(format!("{url} {client} {}", super::digest(configured)))
    }

    fn failures(&self) -> u64 {
        self.0.state().failures
    }

    async fn credential(
        &self,
        transport: &Transport,
        failures: u64,
        refused: Option<&Credential>,
    ) -> Result<Credential, Error> {
        let refused = refused.and_then(|refused| refused.secrets().next());
        let token = self.token(transport, failures, refused).await?;
        Ok(Credential::bearer(&token).renewable())
    }
}

impl fmt::Debug for Renewed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renewed")
            .field("url", &self.0.url)
            .field("client", &self.0.client)
            .finish_non_exhaustive()
    }
}
