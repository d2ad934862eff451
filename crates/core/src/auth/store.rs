//! Where renewed tokens are kept between calls and between runs.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::Token;
use crate::error::Error;
use crate::secret::Secret;
use crate::time::Timestamp;

/// How long a store's [lock](TokenStore::lock) waits for somebody else's renewal of the same token.
pub const LONGEST_RENEWAL: Duration = Duration::from_mins(1);

/// How many bytes are [made room](TokenStore::make_room) for: what a vendor's next token may take more
/// than the present one.
pub const TOKEN_ROOM: usize = 32 << 10;

/// A token as it is kept, with the configured secret that it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a store that overlooks a part of it loses that part")]
pub struct StoredToken {
    /// The token.
    pub token: Token,
    /// The configured refresh token at the head of the chain that led here. A stored token wins
    /// over the configuration as long as the configuration still says this; another value there
    /// is newer than what is stored.
    pub configured: Option<Secret>,
}

impl StoredToken {
    /// Keeps `token`, which came out of the `configured` refresh token.
    pub fn new(token: Token, configured: Option<Secret>) -> Self {
        Self { token, configured }
    }
}

/// A [`StoredToken`] with its secrets in the open, as stores write and read it.
#[derive(Serialize, Deserialize)]
pub struct TokenRecord {
    access: String,
    refresh: Option<String>,
    expires_at: Option<String>,
    configured: Option<String>,
}

/// It holds secrets.
impl fmt::Debug for TokenRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenRecord")
    }
}

impl From<&StoredToken> for TokenRecord {
    fn from(stored: &StoredToken) -> Self {
        let text = |secret: &Secret| secret.expose().to_owned();
        let StoredToken { token, configured } = stored;
        Self {
            access: text(&token.access),
            refresh: token.refresh.as_ref().map(text),
            expires_at: token.expires_at.map(|time| time.to_string()),
            configured: configured.as_ref().map(text),
        }
    }
}

impl TryFrom<TokenRecord> for StoredToken {
    type Error = Error;

    /// # Errors
    ///
    /// That of [`Timestamp::parse`] for a time that is none.
    fn try_from(record: TokenRecord) -> Result<Self, Error> {
        let expires_at = record.expires_at.as_deref().map(Timestamp::parse).transpose()?;
        let refresh = record.refresh.map(Secret::from);
        let token = Token::new(record.access).refresh(refresh).expires_at(expires_at);
        Ok(Self::new(token, record.configured.map(Secret::from)))
    }
}

/// Keeps renewed tokens. Refresh tokens rotate, so a lost one means a new login: `save` must have
/// happened when it returns.
///
/// Keys tell provider, token address and client apart; they are not secret.
#[async_trait]
pub trait TokenStore: fmt::Debug + Send + Sync {
    /// What was saved last under this key.
    async fn load(&self, key: &str) -> Result<Option<StoredToken>, Error>;

    /// Keeps a token until the next one.
    async fn save(&self, key: &str, token: &StoredToken) -> Result<(), Error>;

    /// Sees to it that the next token under this key can be kept, whatever it is: asked before a
    /// refresh token is used up that may be good for one use only. By default that is always so.
    ///
    /// # Errors
    ///
    /// What stands against it, with what to do; the token is not used up then.
    async fn make_room(&self, key: &str) -> Result<(), Error> {
        let _ = key;
        Ok(())
    }

    /// Keeps other processes from renewing the same token, until what it returns is dropped. A store
    /// that no other process sees needs none, as by default.
    async fn lock(&self, key: &str) -> Result<Box<dyn Any + Send>, Error> {
        let _ = key;
        Ok(Box::new(()))
    }
}

/// Keeps tokens as long as the process lives.
#[derive(Debug, Default)]
pub struct MemoryTokenStore(Mutex<HashMap<String, StoredToken>>);

impl MemoryTokenStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl TokenStore for MemoryTokenStore {
    async fn load(&self, key: &str) -> Result<Option<StoredToken>, Error> {
        Ok(self.0.lock().expect("no holder panics").get(key).cloned())
    }

    async fn save(&self, key: &str, token: &StoredToken) -> Result<(), Error> {
        self.0.lock().expect("no holder panics").insert(key.to_owned(), token.clone());
        Ok(())
    }
}
