//! What the runs of the command share: the state directory, or what is done without one.

use std::env;
use std::error::Error as _;
use std::io::{self, ErrorKind as Io};
use std::sync::Arc;

use async_trait::async_trait;
use orgport::auth::{MemoryTokenStore, StoredToken, TokenStore};
use orgport::coordination::CoordinationStore;
use orgport::{Config, Coordination, Error, ErrorKind, StateDirectory};

/// The variable that names the directory.
const VARIABLE: &str = "ORGPORT_STATE";

/// Lets a configuration that names no store use the state directory: holds, notes of what was sent,
/// limits and tokens. Where none can be had and none was named, each run is alone.
pub(crate) fn shared(config: Config) -> Config {
    let coordination = Coordination::process();
    let why = match StateDirectory::default_path() {
        None => format!("there is no home for a state directory: let {VARIABLE} name one"),
        Some(path) => {
            let state = StateDirectory::new(path);
            match state.open() {
                Err(error)
                    if env::var_os(VARIABLE).is_none_or(|name| name.is_empty()) && cannot_be(&error) =>
                {
                    format!("{} (or let {VARIABLE} name another)", error.message())
                }
                // One that cannot be used is an error where it is needed, and not before.
                _ => {
                    let tokens = state.tokens();
                    let config = config.with_coordination(coordination.with_store(Arc::new(state)));
                    // A server that keeps none leaves them to this machine.
                    return match tokens {
                        Some(tokens) if keeps_no_tokens(&config) => config.with_token_store(tokens),
                        _ => config,
                    };
                }
            }
        }
    };
    // One that the configuration names has its own place for tokens.
    let config = config.with_coordination(coordination.without_store(&*why));
    if keeps_no_tokens(&config) {
        config.with_token_store(Arc::new(Homeless { why, tokens: MemoryTokenStore::new() }))
    } else {
        config
    }
}

/// Whether there is a store to coordinate by that has no place for tokens, or no store.
fn keeps_no_tokens(config: &Config) -> bool {
    let tokens =
        config.coordination().map(|coordination| coordination.store().and_then(|store| store.tokens()));
    matches!(tokens, Ok(None))
}

/// Where tokens are kept from run to run, in words; `None` where they are not.
///
/// # Errors
///
/// Those of a `[coordination]` that cannot be used.
pub(crate) fn token_place(config: &Config) -> Result<Option<String>, Error> {
    let coordination = config.coordination()?;
    let own = coordination.store().filter(|store| store.tokens().is_some()).map(|store| store.describe());
    let state = || {
        let state = StateDirectory::new(StateDirectory::default_path()?);
        state.open().is_ok().then(|| state.describe())
    };
    Ok(own.or_else(state))
}

/// Says whether an error is that of a place where no directory can be made.
fn cannot_be(error: &Error) -> bool {
    let source = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    source.is_some_and(|source| {
        matches!(
            source.kind(),
            Io::PermissionDenied | Io::ReadOnlyFilesystem | Io::NotADirectory | Io::NotFound
        )
    })
}

/// Keeps tokens for this run alone, and lets none be used up whose successor the next run needs.
#[derive(Debug)]
struct Homeless {
    why: String,
    tokens: MemoryTokenStore,
}

#[async_trait]
impl TokenStore for Homeless {
    async fn load(&self, key: &str) -> Result<Option<StoredToken>, Error> {
        self.tokens.load(key).await
    }

    async fn save(&self, key: &str, token: &StoredToken) -> Result<(), Error> {
        self.tokens.save(key, token).await
    }

    async fn make_room(&self, _: &str) -> Result<(), Error> {
        let message = format!("no token was used up, since the next one could not be kept: {}", self.why);
        Err(Error::new(ErrorKind::Config, message))
    }
}
