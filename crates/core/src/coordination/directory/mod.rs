//! The state directory: one promise for all processes of a user on one machine.
//!
//! ```text
//! version              the form of all this
//! key                  what keys are made with
//! lock                 held while the two above are made
//! tokens.json          renewed tokens, with their locks beside it
//! cells/KEY            small numbers that processes share, each locked while it changes
//! accounts/KEY/NNN     lock files, one for each stripe of people
//! accounts/KEY/intents what was sent and is not settled, with its lock beside it
//! ```
//!
//! Lock files are never renamed or removed, and the operating system lets go of their locks when a
//! process ends, however it ends.

mod fault;
mod files;
mod journal;
mod stripes;
mod tokens;

use std::collections::HashMap;
use std::env;
use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use futures_util::future::join_all;
use tokio::task::JoinHandle;

use self::fault::{damaged, fault};
use self::files::{
    PATIENCE, blocking, create_private_directory, lock_in_turn, lock_within, open_lock, read, replace,
    sync_directory,
};
use self::journal::Journal;
use self::stripes::{Stripe, Stripes};
use self::tokens::StateTokens;
use super::key::{HashKey, Key};
use super::patience::within;
use super::store::{Change, CoordinationStore, Held, HoldError, Intent, Lease, Note};
use crate::auth::TokenStore;
use crate::error::{Error, ErrorKind};

/// What the file `version` says.
const VERSION: &str = "orgport state 1\n";
/// What it begins with, whatever the version.
const FORM: &[u8] = b"orgport state ";

/// The longest pause between two looks at a number that somebody else is changing.
const CELL_PAUSE: Duration = Duration::from_millis(2);

/// A directory in which the processes of one user see what the others hold and have sent.
///
/// It is made when it is first used, for its owner alone; one that others can use is refused. Clones
/// are the same store. It must be on a disk of this machine: locks of network file systems are not
/// good enough.
#[derive(Clone)]
pub struct StateDirectory(Arc<Inner>);

struct Inner {
    path: PathBuf,
    clock: Time,
    hash_key: OnceLock<HashKey>,
    accounts: Mutex<HashMap<Key, Arc<Account>>>,
}

/// The time, by which it is judged how long ago something was noted.
type Time = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// What belongs to one account.
struct Account {
    stripes: Stripes,
    journal: Arc<Journal>,
}

impl StateDirectory {
    /// The directory at `path`. Nothing is made yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self::with_clock(path, SystemTime::now)
    }

    /// One that judges by another clock how long ago something was noted; for tests.
    pub fn with_clock(
        path: impl Into<PathBuf>,
        clock: impl Fn() -> SystemTime + Send + Sync + 'static,
    ) -> Self {
        let (hash_key, accounts) = (OnceLock::new(), Mutex::default());
        Self(Arc::new(Inner { path: path.into(), clock: Arc::new(clock), hash_key, accounts }))
    }

    /// Where the command keeps its state: `$ORGPORT_STATE`, else `orgport` below `$XDG_STATE_HOME`,
    /// else `~/.local/state/orgport`; `None` without a home.
    pub fn default_path() -> Option<PathBuf> {
        variable("ORGPORT_STATE").or_else(|| {
            let state =
                variable("XDG_STATE_HOME").or_else(|| Some(variable("HOME")?.join(".local/state")))?;
            Some(state.join("orgport"))
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Makes it if it is not there, and says what stands against its use.
    ///
    /// # Errors
    ///
    /// `Config` for what is not a directory, belongs to somebody else, can be used by others, cannot be
    /// written, is damaged, or was made by another version; `Unavailable` for a full disk and for
    /// other failures.
    pub fn open(&self) -> Result<(), Error> {
        self.0.hash_key().map(drop)
    }

    /// The file of the tokens that are renewed.
    pub fn tokens_file(&self) -> PathBuf {
        self.0.path.join("tokens.json")
    }

    fn fault(&self, what: &str, source: io::Error) -> Error {
        fault(&self.0.path, what, source)
    }
}

/// The path of a variable, without the line end that is left of where it came from.
fn variable(name: &str) -> Option<PathBuf> {
    let value = env::var_os(name)?;
    let whole = value.to_str().map(|text| OsString::from(text.trim_end_matches(['\r', '\n'])));
    Some(whole.unwrap_or(value)).filter(|path| !path.is_empty()).map(PathBuf::from)
}

impl fmt::Debug for StateDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StateDirectory").field(&self.0.path).finish()
    }
}

impl Inner {
    fn hash_key(&self) -> Result<HashKey, Error> {
        if let Some(key) = self.hash_key.get() {
            return Ok(key.clone());
        }
        let key = self.prepare()?;
        Ok(self.hash_key.get_or_init(|| key).clone())
    }

    /// Makes the directory, or finds that it is one of ours.
    fn prepare(&self) -> Result<HashKey, Error> {
        let path = &*self.path;
        create_private_directory(path).map_err(|error| fault(path, "cannot be made", error))?;
        let lock = open_lock(&path.join("lock")).map_err(|error| fault(path, "cannot be written", error))?;
        self.check_owner(&lock)?;
        lock_within(&lock, PATIENCE).map_err(|error| fault(path, "cannot be locked", error))?;
        match read(&path.join("version")) {
            Ok(version) if version == VERSION.as_bytes() => {}
            Ok(version) if VERSION.as_bytes().starts_with(&version) || !version.starts_with(FORM) => {
                return Err(damaged(path, "version"));
            }
            Ok(version) => {
                let what = format!(
                    "the state directory {} has the form of another version of orgport ({:?}): use that version, \
                     or another directory",
                    path.display(),
                    String::from_utf8_lossy(&version).trim_end().chars().take(40).collect::<String>()
                );
                return Err(Error::new(ErrorKind::Config, what));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                replace(&path.join("version"), VERSION.as_bytes())
                    .map_err(|error| fault(path, "cannot be written", error))?;
            }
            Err(error) => return Err(fault(path, "cannot be read", error)),
        }
        let file = path.join("key");
        match read(&file) {
            Ok(bytes) => bytes.try_into().map(HashKey::from_bytes).map_err(|_| damaged(path, "key")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = HashKey::random()?;
                replace(&file, key.as_bytes()).map_err(|error| fault(path, "cannot be written", error))?;
                Ok(key)
            }
            Err(error) => Err(fault(path, "cannot be read", error)),
        }
    }

    /// Refuses a directory of somebody else's, who could take the locks away, and one that others can
    /// use. A file that this process has opened as its own tells who that is.
    #[cfg(unix)]
    fn check_owner(&self, own: &File) -> Result<(), Error> {
        use std::os::unix::fs::MetadataExt;
        let path = &*self.path;
        let unreadable = |error| fault(path, "cannot be read", error);
        let (directory, own) = (fs::metadata(path).map_err(unreadable)?, own.metadata().map_err(unreadable)?);
        let mode = directory.mode() & 0o777;
        let what = if directory.uid() != own.uid() {
            "belongs to somebody else: name another one".to_owned()
        } else if mode & 0o077 != 0 {
            format!("can be used by others (mode {mode:03o}): run `chmod 700` on it, or name another one")
        } else {
            return Ok(());
        };
        let message = format!("the state directory {} {what}", path.display());
        Err(Error::new(ErrorKind::Config, message))
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "the signature is that of unix")]
    fn check_owner(&self, _: &File) -> Result<(), Error> {
        Ok(())
    }

    fn account(&self, key: Key) -> Result<Arc<Account>, Error> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = accounts.get(&key) {
            return Ok(Arc::clone(account));
        }
        let path = self.path.join("accounts").join(key.to_string());
        if !path.is_dir() {
            let made = create_private_directory(&path).and_then(|()| {
                sync_directory(&path)?;
                path.parent().map_or(Ok(()), sync_directory)
            });
            made.map_err(|error| fault(&self.path, "cannot be written", error))?;
        }
        let journal =
            Arc::new(Journal::new(self.path.clone(), path.join("intents"), Arc::clone(&self.clock)));
        let account = Arc::new(Account { stripes: Stripes::new(self.path.clone(), path), journal });
        accounts.insert(key, Arc::clone(&account));
        Ok(account)
    }
}

#[async_trait]
impl CoordinationStore for StateDirectory {
    fn describe(&self) -> String {
        format!("the state directory {}", self.0.path.display())
    }

    async fn hash_key(&self) -> Result<HashKey, Error> {
        let inner = Arc::clone(&self.0);
        match inner.hash_key.get() {
            Some(key) => Ok(key.clone()),
            None => blocking(move || inner.hash_key()).await,
        }
    }

    async fn hold(&self, account: Key, people: &[Key], patience: Option<Duration>) -> Held {
        let inner = Arc::clone(&self.0);
        let account = blocking(move || inner.account(account)).await?;
        let take_all = account.stripes.take(people);
        let held = within(patience, take_all).await.ok_or(HoldError::Busy)??;
        let held = people.iter().map(|person| (*person, Arc::clone(&held[&Stripes::of(*person)]))).collect();
        let state = Mutex::new(State { held, noted: HashMap::new(), settling: Vec::new() });
        Ok(Box::new(DirectoryLease { account, state }))
    }

    async fn swap(&self, cell: Key, change: Change<'_>) -> Result<(), Error> {
        let path = &*self.0.path;
        let cells = path.join("cells");
        let failed = |error| fault(path, "cannot be written", error);
        create_private_directory(&cells).map_err(failed)?;
        let mut file = open_lock(&cells.join(cell.to_string())).map_err(failed)?;
        within(Some(PATIENCE), lock_in_turn(&file, CELL_PAUSE))
            .await
            .unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into()))
            .map_err(failed)?;
        let mut content = Vec::new();
        file.read_to_end(&mut content).map_err(failed)?;
        let now = (self.0.clock)().duration_since(UNIX_EPOCH).unwrap_or_default();
        let known = Some(&*content).filter(|content| !content.is_empty());
        if let Some(changed) = change(now, known) {
            // Not flushed: what a crash takes from it costs a refusal at most.
            file.seek(SeekFrom::Start(0))
                .and_then(|_| file.write_all(&changed))
                .and_then(|()| file.set_len(changed.len() as u64))
                .map_err(failed)?;
        }
        Ok(())
    }

    fn tokens(&self) -> Option<Arc<dyn TokenStore>> {
        Some(Arc::new(StateTokens::new(self.clone())))
    }
}

struct DirectoryLease {
    account: Arc<Account>,
    state: Mutex<State>,
}

struct State {
    held: HashMap<Key, Arc<Stripe>>,
    /// The note of each person that is known to stand.
    noted: HashMap<Key, u64>,
    /// What is still being written of those who were let go of.
    settling: Vec<JoinHandle<()>>,
}

impl DirectoryLease {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Lease for DirectoryLease {
    async fn intents(&self) -> Result<HashMap<Key, Intent>, Error> {
        let people: Vec<_> = self.state().held.keys().copied().collect();
        let journal = Arc::clone(&self.account.journal);
        let found = blocking(move || journal.intents(&people)).await?;
        let mut state = self.state();
        let mut intents = HashMap::with_capacity(found.len());
        for (person, nonce, intent) in found {
            state.noted.insert(person, nonce);
            intents.insert(person, intent);
        }
        Ok(intents)
    }

    async fn intend(&self, people: &[Key], note: &Note) -> Result<(), Error> {
        let nonce = fastrand::u64(..);
        self.account.journal.note(people, nonce, note).await?;
        self.state().noted.extend(people.iter().map(|person| (*person, nonce)));
        Ok(())
    }

    fn release(&self, person: Key, settled: bool) {
        let (stripe, nonce) = {
            let mut state = self.state();
            (state.held.remove(&person), state.noted.remove(&person))
        };
        if let Some(nonce) = nonce.filter(|_| settled) {
            let settling = self.account.journal.settle(person, nonce, stripe);
            self.state().settling.extend(settling);
        }
    }

    async fn finished(&self) {
        let settling = std::mem::take(&mut self.state().settling);
        join_all(settling).await;
    }
}

impl fmt::Debug for DirectoryLease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DirectoryLease").field("people", &self.state().held.len()).finish_non_exhaustive()
    }
}
