//! Renewed tokens on the server, encrypted.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_core::auth::{LONGEST_RENEWAL, StoredToken, TOKEN_ROOM, TokenRecord, TokenStore};
use orgport_core::{Error, ErrorKind, HoldError, Key};
use redis::Script;

use crate::lease::RedisLease;
use crate::script::{LOAD, MAKE_ROOM, SAVE};
use crate::seal::Seal;
use crate::store::Inner;

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
        let load: &Script = &LOAD;
        let found: Option<String> = self.store.server.run(load.prepare_invoke().key(&name)).await?;
        let Some(sealed) = found else { return Ok(None) };
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
        let save: &Script = &SAVE;
        let mut save = save.prepare_invoke();
        save.key(&name).key(format!("{name}:room")).arg(sealed);
        self.store.server.run::<u8>(&save).await.map(drop)
    }

    /// Writes as much as any token takes, for `save` to take the place of.
    async fn make_room(&self, key: &str) -> Result<(), Error> {
        let make_room: &Script = &MAKE_ROOM;
        let mut make_room = make_room.prepare_invoke();
        make_room.key(format!("{}:room", self.name(key))).arg(vec![b' '; TOKEN_ROOM]);
        make_room.arg(2 * LONGEST_RENEWAL.as_secs());
        self.store.server.run::<u8>(&make_room).await.map(drop).map_err(|error| {
            let what = format!("{}; the present token was not used up", error.message());
            error.with_message(what)
        })
    }

    async fn lock(&self, key: &str) -> Result<Box<dyn Any + Send>, Error> {
        let key: Key = self.store.token_key(key);
        // A server that has forgotten things has lost the token, too: nothing is left to be waited for.
        let (store, quiet) = (Arc::clone(&self.store), Duration::ZERO);
        match RedisLease::take(store, key, &[key], quiet, Some(LONGEST_RENEWAL)).await {
            Ok(lease) => Ok(Box::new(lease)),
            Err(HoldError::Failed(error)) => Err(error),
            Err(HoldError::Busy) => {
                let message = format!(
                    "somebody else has been renewing the same token for longer than {LONGEST_RENEWAL:?}"
                );
                Err(Error::new(ErrorKind::Unavailable, message))
            }
        }
    }
}
