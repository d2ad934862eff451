//! Renewed tokens in a file that only its owner reads, shared by all runs of the command.

use std::any::Any;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use orgport::auth::{StoredToken, Token, TokenStore};
use orgport::{Error, ErrorKind, Secret, Timestamp};
use serde::{Deserialize, Serialize};

/// The variable that names the file.
const VARIABLE: &str = "ORGPORT_TOKENS";

/// Tokens in one JSON file of mode 0600, replaced as a whole, so that no reader ever sees half of
/// it. Locks stand in files beside it.
#[derive(Debug, Clone)]
pub(crate) struct FileTokenStore {
    file: PathBuf,
}

type Entries = BTreeMap<String, Entry>;

#[derive(Serialize, Deserialize)]
struct Entry {
    access: String,
    refresh: Option<String>,
    expires_at: Option<String>,
    configured: Option<String>,
}

impl FileTokenStore {
    pub(crate) fn new(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into() }
    }

    /// The store in `$ORGPORT_TOKENS`, else `orgport/tokens.json` below `$XDG_STATE_HOME`
    /// (`~/.local/state`); none without a home.
    pub(crate) fn discover() -> Option<Self> {
        let path = |name: &str| std::env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
        if let Some(file) = path(VARIABLE) {
            return Some(Self::new(file));
        }
        let state = path("XDG_STATE_HOME").or_else(|| Some(path("HOME")?.join(".local/state")))?;
        Some(Self::new(state.join("orgport/tokens.json")))
    }

    /// Where the tokens are.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    fn read(&self) -> Result<Entries, Error> {
        let text = match fs::read_to_string(&self.file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Entries::new()),
            Err(error) => return Err(self.fault("cannot be read", error)),
        };
        self.check_privacy()?;
        serde_json::from_str(&text)
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

    fn write(&self, entries: &Entries) -> Result<(), Error> {
        let replace = || -> io::Result<()> {
            // A temporary file is made for its owner alone.
            let mut file = tempfile::NamedTempFile::new_in(self.directory())?;
            serde_json::to_writer_pretty(&mut file, entries)?;
            file.flush()?;
            file.as_file().sync_all()?;
            file.persist(&self.file).map_err(|error| error.error)?;
            Ok(())
        };
        replace().map_err(|error| self.fault("cannot be written", error))
    }

    fn directory(&self) -> &Path {
        self.file.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// Waits until no other process holds this lock.
    fn hold(&self, lock: &str) -> Result<File, Error> {
        let hold = || -> io::Result<File> {
            create_private_directory(self.directory())?;
            let mut name = self.file.clone().into_os_string();
            name.push(lock);
            let file = File::options().create(true).truncate(false).write(true).open(name)?;
            file.lock()?;
            Ok(file)
        };
        hold().map_err(|error| self.fault("cannot be locked (ORGPORT_TOKENS can name another place)", error))
    }

    fn fault(&self, what: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        let source = source.into();
        let message = format!("the token file {} {what}: {source}", self.file.display());
        Error::new(ErrorKind::Config, message).with_source(source)
    }
}

#[cfg(unix)]
fn create_private_directory(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn create_private_directory(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// The end of the lock file's name for a renewal. Two keys that share one only wait for each other.
fn lock_of(key: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let key: String = key.chars().map(plain).take(150).collect();
    format!(".{key}.lock")
}

/// Does file work where it holds up nobody.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(Error::new(ErrorKind::Cancelled, "the work on the token file was stopped")))
}

#[async_trait]
impl TokenStore for FileTokenStore {
    async fn load(&self, key: &str) -> Result<Option<StoredToken>, Error> {
        let (store, key) = (self.clone(), key.to_owned());
        blocking(move || store.read()?.remove(&key).map(Entry::into_token).transpose()).await
    }

    async fn save(&self, key: &str, token: &StoredToken) -> Result<(), Error> {
        let (store, key, entry) = (self.clone(), key.to_owned(), Entry::from(token));
        blocking(move || {
            // Others may save under other keys meanwhile.
            let _alone = store.hold(".lock")?;
            let mut entries = store.read()?;
            entries.insert(key, entry);
            store.write(&entries)
        })
        .await
    }

    async fn lock(&self, key: &str) -> Result<Box<dyn Any + Send>, Error> {
        let (store, lock) = (self.clone(), lock_of(key));
        blocking(move || store.hold(&lock).map(|file| Box::new(file) as Box<dyn Any + Send>)).await
    }
}

impl From<&StoredToken> for Entry {
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

impl Entry {
    fn into_token(self) -> Result<StoredToken, Error> {
        let expires_at = self.expires_at.as_deref().map(Timestamp::parse).transpose()?;
        let token = Token::new(self.access).refresh(self.refresh.map(Secret::from)).expires_at(expires_at);
        Ok(StoredToken::new(token, self.configured.map(Secret::from)))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use super::*;

    fn token(access: &str) -> StoredToken {
        let expires_at = Timestamp::parse("2030-01-02T03:04:05Z").expect("a time");
        let token = Token::new(access).refresh(Some("next".into())).expires_at(Some(expires_at));
        StoredToken::new(token, Some("first".into()))
    }

    #[tokio::test]
    async fn tokens_come_back_from_a_private_file() {
        let home = tempfile::tempdir().expect("a directory");
        let file = home.path().join("state/tokens.json");
        let store = FileTokenStore::new(&file);
        assert_eq!(store.load("a").await.expect("no file yet"), None);
        store.save("a", &token("one")).await.expect("saved");
        store.save("b", &token("two")).await.expect("saved");
        assert_eq!(FileTokenStore::new(&file).load("a").await.expect("loaded"), Some(token("one")));
        assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
    }

    #[tokio::test]
    async fn a_file_that_others_can_read_is_refused() {
        let home = tempfile::tempdir().expect("a directory");
        let file = home.path().join("tokens.json");
        let store = FileTokenStore::new(&file);
        store.save("a", &token("one")).await.expect("saved");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("changed");
        for refusal in [store.load("a").await.map(drop), store.save("a", &token("two")).await] {
            let refusal = refusal.expect_err("others can read it");
            assert!(refusal.to_string().contains("chmod 600"), "{refusal}");
        }
    }

    #[tokio::test]
    async fn two_renewals_of_one_token_wait_for_each_other() {
        let home = tempfile::tempdir().expect("a directory");
        let store = FileTokenStore::new(home.path().join("tokens.json"));
        let first = store.lock("a").await.expect("free");
        let (other, third) = (store.clone(), store.clone());
        let second = tokio::spawn(async move { other.lock("a").await.map(drop) });
        tokio::time::timeout(Duration::from_secs(5), third.lock("b"))
            .await
            .expect("another key")
            .expect("free");
        store.save("a", &token("one")).await.expect("saving needs no second lock");
        assert!(!second.is_finished());
        drop(first);
        second.await.expect("no panic").expect("free now");
    }
}
