//! The connection: opened when it is needed, and anew when it broke.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use orgport_core::{Error, ErrorKind, Secret};
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ErrorKind as RedisKind, FromRedisValue, RedisError, ScriptInvocation,
};
use tokio::sync::Mutex;

/// How long opening a connection and each response may take.
const PATIENCE: Duration = Duration::from_secs(5);

const SEE_TO_IT: &str = "see to it that it runs and that coordination.url is right, then try again";

/// One server, by a connection that all share.
pub(crate) struct Server {
    client: Client,
    /// Where it is, without name and password.
    place: String,
    state: Mutex<State>,
    /// How often connecting was tried.
    tries: AtomicU64,
}

#[derive(Default)]
struct State {
    open: Option<Open>,
    /// How the last try to connect failed.
    failure: Option<Error>,
}

/// A connection, with the try that it came of.
#[derive(Clone)]
struct Open {
    connection: MultiplexedConnection,
    tried: u64,
}

impl Server {
    /// Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `Config` for what is not a URL of a server. It is not shown: it may hold a password.
    pub(crate) fn new(url: &Secret) -> Result<Self, Error> {
        let client = Client::open(url.expose()).map_err(|_| {
            let what = "coordination.url is not the address of a Redis server: it looks like \
                        redis://host:6379/0, or rediss:// with TLS";
            Error::new(ErrorKind::Config, what)
        })?;
        let place = client.get_connection_info().addr().to_string();
        Ok(Self { client, place, state: Mutex::default(), tries: AtomicU64::new(0) })
    }

    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Runs a script. One whose connection broke is run once more over another one: what scripts here
    /// do is the same when it is done twice.
    pub(crate) async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, Error> {
        let Open { mut connection, tried } = self.connection().await?;
        match script.invoke_async(&mut connection).await {
            Err(error) if is_broken(&error) => {
                // Somebody else may have opened the next one already.
                self.state.lock().await.open.take_if(|open| open.tried == tried);
                let mut next = self.connection().await?.connection;
                script.invoke_async(&mut next).await
            }
            outcome => outcome,
        }
        .map_err(|error| self.fault(&error))
    }

    /// The open connection, or another one. Whoever waits while one is tried to be opened shares what
    /// comes of it.
    async fn connection(&self) -> Result<Open, Error> {
        let before = self.tries.load(Ordering::SeqCst);
        let mut state = self.state.lock().await;
        if let Some(open) = &state.open {
            return Ok(open.clone());
        }
        // A try that was under way, or begun meanwhile, has failed just now.
        if self.tries.load(Ordering::SeqCst) > before
            && let Some(failure) = &state.failure
        {
            return Err(failure.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let opened = self.client.get_multiplexed_async_connection_with_config(&config).await;
        let tried = self.tries.fetch_add(1, Ordering::SeqCst) + 1;
        state.failure = None;
        match opened {
            Ok(connection) => Ok(state.open.insert(Open { connection, tried }).clone()),
            Err(error) => Err(state.failure.insert(self.fault(&error)).clone()),
        }
    }

    /// What went wrong, in words that hold nothing of the URL but the host.
    fn fault(&self, error: &RedisError) -> Error {
        let place = &self.place;
        let (kind, what) = match error.kind() {
            RedisKind::AuthenticationFailed => {
                (ErrorKind::Config, "refuses the name or the password of coordination.url".to_owned())
            }
            RedisKind::InvalidClientConfig => {
                (ErrorKind::Config, "cannot be used as coordination.url says".to_owned())
            }
            _ if error.code() == Some("NOPERM") => (
                ErrorKind::Config,
                "does not let this user do what is needed: scripts, INFO and its keys".to_owned(),
            ),
            _ if error.code() == Some("OOM") => (
                ErrorKind::Unavailable,
                "has no memory left: give it more, or remove what is not needed".to_owned(),
            ),
            _ if error.code() == Some("NOAUTH") => {
                (ErrorKind::Config, "wants a password, and coordination.url has none".to_owned())
            }
            _ if error.is_timeout() => {
                (ErrorKind::Unavailable, format!("did not respond within {PATIENCE:?}: {SEE_TO_IT}"))
            }
            _ if is_broken(error) => (ErrorKind::Unavailable, format!("cannot be reached: {SEE_TO_IT}")),
            _ => (ErrorKind::Unavailable, format!("failed ({}): {SEE_TO_IT}", error.category())),
        };
        Error::new(kind, format!("the Redis server at {place} {what}"))
    }
}

/// Whether the connection is of no more use.
fn is_broken(error: &RedisError) -> bool {
    error.is_io_error()
        || error.is_connection_dropped()
        || error.is_connection_refusal()
        || error.is_timeout()
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server").field(&self.place).finish()
    }
}
