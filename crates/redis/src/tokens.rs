//! Renewed tokens on the server, encrypted.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_core::auth::{StoredToken, TokenRecord, TokenStore};
use orgport_core::{Error, ErrorKind, HoldError, Key};
use redis::Script;

use crate::lease::RedisLease;
use crate::seal::Seal;
use crate::store::Inner;

/// How long somebody else's renewal is waited for.
const RENEWAL: Duration = Duration::from_mins(1);
/// As long as any token is, encrypted.
const ROOM: usize = 32 << 10;

pub(crate) struct RedisTokens {
    store: Arc<Inner>,
    seal: Seal,
}

impl RedisTokens {
    pub(crate) fn new(store: Arc<Inner>, seal: Seal) -> Self {
        Self { store, seal }
    }

    fn name(&self, key: &str) -> String {
        self.store.name(&[&"token", &self.store.token_key(key)])
    }
}

impl fmt::Debug for RedisTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisTokens")
    }
}

#[async_trait]
impl TokenStore for RedisTokens {
    async fn load(&self, key: &str) -> Result<Option<StoredToken>, Error> {
        let name = self.name(key);
        let get = Script::new("return redis.call('GET', KEYS[1])");
        let Some(sealed) = self.store.server.run::<Option<String>>(get.prepare_invoke().key(&name)).await?
        else {
            return Ok(None);
        };
        let text = self.seal.open(&name, &sealed)?;
        let damaged =
            |_| Error::new(ErrorKind::Config, "the token on the Redis server is damaged; log in again");
        let record: TokenRecord = serde_json::from_str(&text).map_err(damaged)?;
        record.try_into().map(Some)
    }

    async fn save(&self, key: &str, stored: &StoredToken) -> Result<(), Error> {
        let name = self.name(key);
        let json = serde_json::to_string(&TokenRecord::from(stored))
            .map_err(|_| Error::new(ErrorKind::Config, "the token cannot be written as JSON"))?;
        let sealed = self.seal.seal(&name, &json)?;
        let set = Script::new("redis.call('SET', KEYS[1], ARGV[1]) return redis.call('DEL', KEYS[2])");
        let mut set = set.prepare_invoke();
        set.key(&name).key(format!("{name}:room")).arg(sealed);
        self.store.server.run::<u8>(&set).await.map(drop)
    }

    /// Writes as much as any token takes, for `save` to take the place of.
    async fn make_room(&self, key: &str) -> Result<(), Error> {
        let set = Script::new("redis.call('SET', KEYS[1], ARGV[1], 'EX', 120) return 1");
        let mut set = set.prepare_invoke();
        set.key(format!("{}:room", self.name(key))).arg(vec![b' '; ROOM]);
        self.store.server.run::<u8>(&set).await.map(drop)
    }

    async fn lock(&self, key: &str) -> Result<Box<dyn Any + Send>, Error> {
        let key: Key = self.store.token_key(key);
        match RedisLease::take(Arc::clone(&self.store), key, &[key], Some(RENEWAL)).await {
            Ok(lease) => Ok(Box::new(lease)),
            Err(HoldError::Failed(error)) => Err(error),
            Err(HoldError::Busy) => {
                let message =
                    format!("somebody else has been renewing the same token for longer than {RENEWAL:?}");
                Err(Error::new(ErrorKind::Unavailable, message))
            }
        }
    }
}
