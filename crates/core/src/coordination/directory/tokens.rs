//! Renewed tokens in a file that only its owner reads, shared by all who use the state directory.

use std::any::Any;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;

use super::StateDirectory;
use super::files::{PATIENCE, blocking, lock_in_turn, lock_within, open_lock, private, read, replace_by};
use crate::auth::{LONGEST_RENEWAL, StoredToken, TOKEN_ROOM, TokenRecord, TokenStore};
use crate::coordination::patience::within;
use crate::error::{Error, ErrorKind};

/// The longest pause between two looks at a renewal that somebody else is at.
const PAUSE: Duration = Duration::from_millis(20);

/// Tokens in one JSON file of mode 0600, replaced as a whole, so that no reader ever sees half of it.
#[derive(Debug, Clone)]
pub(super) struct StateTokens {
    state: StateDirectory,
    file: PathBuf,
}

type Entries = BTreeMap<String, TokenRecord>;

impl StateTokens {
    pub(super) fn new(state: StateDirectory) -> Self {
        let file = state.tokens_file();
        Self { state, file }
    }

    fn read(&self) -> Result<Entries, Error> {
        let text = match read(&self.file) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(Entries::new());
            }
            Err(error) => return Err(self.fault("cannot be read", error)),
        };
        self.check_privacy()?;
        serde_json::from_slice(&text)
            .map_err(|error| self.fault("is damaged; delete it and log in again", error))
    }

    /// Refuses a file that others can read: what stood in it is no secret any more.
    #[cfg(unix)]
    fn check_privacy(&self) -> Result<(), Error> {
        use std::os::unix::fs::PermissionsExt;
        let metadata = fs::metadata(&self.file).map_err(|error| self.fault("cannot be read", error))?;
        let mode = metadata.permissions().mode() & 0o777;
        let of_others = mode & 0o077;
        if of_others == 0 {
            return Ok(());
        }
        let message = format!(
            "the token file {} can be used by others (mode {mode:03o}): run `chmod 600` on it, or delete it \
             and log in again",
            self.file.display()
        );
        Err(Error::new(ErrorKind::Config, message))
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "the signature is that of unix")]
    fn check_privacy(&self) -> Result<(), Error> {
        Ok(())
    }

    /// The file of one key: where its successor is written before it is in place, or its lock.
    fn beside(&self, key: &str, end: &str) -> Result<PathBuf, Error> {
        let key = self.state.0.hash_key()?.key(&["login", key]);
        Ok(self.file.with_file_name(format!("tokens.{key}.{end}")))
    }

    /// Keeps others from changing the file, for a moment.
    fn change(&self) -> Result<fs::File, Error> {
        self.state.open()?;
        let lock = open_lock(&self.file.with_extension("lock"))
            .and_then(|lock| lock_within(&lock, PATIENCE).map(|()| lock));
        lock.map_err(|error| self.state.fault("cannot be locked", error))
    }

    fn save_now(&self, key: String, entry: TokenRecord) -> Result<(), Error> {
        let _alone = self.change()?;
        let room = self.beside(&key, "new")?;
        let mut entries = self.read()?;
        entries.insert(key, entry);
        let written = serde_json::to_vec_pretty(&entries).map_err(io::Error::from);
        written
            .and_then(|content| replace_by(&room, &self.file, &content))
            .map_err(|error| self.state.fault("cannot keep the token", error))
    }

    /// Writes what the file would be with a longer token, and leaves it for `save_now` to write over.
    fn make_room(&self, key: &str) -> Result<(), Error> {
        let _alone = self.change()?;
        let content = serde_json::to_vec_pretty(&self.read()?).map_err(io::Error::from);
        let room = self.beside(key, "new")?;
        let write = |mut content: Vec<u8>| {
            content.resize(content.len() + TOKEN_ROOM, b' ');
            let mut file = private().write(true).truncate(false).open(&room)?;
            file.write_all(&content)?;
            file.sync_all()
        };
        content.and_then(write).map_err(|error| {
            let _ = fs::remove_file(&room);
            self.state.fault("cannot keep the next token, so that this one was not used up", error)
        })
    }

    fn fault(&self, what: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        let source = source.into();
        let message = format!("the token file {} {what}: {source}", self.file.display());
        Error::new(ErrorKind::Config, message).with_source(source)
    }
}

#[async_trait]
impl TokenStore for StateTokens {
    async fn load(&self, key: &str) -> Result<Option<StoredToken>, Error> {
        let (store, key) = (self.clone(), key.to_owned());
        blocking(move || store.read()?.remove(&key).map(StoredToken::try_from).transpose()).await
    }

    async fn save(&self, key: &str, token: &StoredToken) -> Result<(), Error> {
        let (store, key, entry) = (self.clone(), key.to_owned(), TokenRecord::from(token));
        blocking(move || store.save_now(key, entry)).await
    }

    async fn make_room(&self, key: &str) -> Result<(), Error> {
        let (store, key) = (self.clone(), key.to_owned());
        blocking(move || store.make_room(&key)).await
    }

    async fn lock(&self, key: &str) -> Result<Box<dyn Any + Send>, Error> {
        let (store, key) = (self.clone(), key.to_owned());
        let failed = |error| self.state.fault("cannot be locked", error);
        let lock = blocking(move || {
            store.state.open()?;
            let path = store.beside(&key, "lock")?;
            open_lock(&path).map_err(|error| store.state.fault("cannot be locked", error))
        })
        .await?;
        let locked = within(Some(LONGEST_RENEWAL), lock_in_turn(&lock, PAUSE)).await;
        locked.unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into())).map_err(failed)?;
        Ok(Box::new(lock))
    }
}
