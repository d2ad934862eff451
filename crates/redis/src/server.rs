//! The connection: opened when it is needed, and anew when it broke.

use std::fmt;
use std::time::Duration;

use orgport_core::{Error, ErrorKind, Secret};
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ErrorKind as RedisKind, FromRedisValue, RedisError, ScriptInvocation,
};
use tokio::sync::Mutex;

/// How long opening a connection and each response may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// One server, by a connection that all share.
pub(crate) struct Server {
    client: Client,
    /// Where it is, without name and password.
    place: String,
    connection: Mutex<Option<MultiplexedConnection>>,
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
        Ok(Self { client, place, connection: Mutex::default() })
    }

    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Runs a script. One whose connection broke is run once more over another one: what scripts here
    /// do is the same when it is done twice.
    pub(crate) async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, Error> {
        let mut connection = self.connection().await?;
        match script.invoke_async(&mut connection).await {
            Err(error) if is_broken(&error) => {
                self.connection.lock().await.take();
                let mut connection = self.connection().await?;
                script.invoke_async(&mut connection).await
            }
            outcome => outcome,
        }
        .map_err(|error| self.fault(&error))
    }

    async fn connection(&self) -> Result<MultiplexedConnection, Error> {
        let mut connection = self.connection.lock().await;
        if let Some(open) = &*connection {
            return Ok(open.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let opened = self.client.get_multiplexed_async_connection_with_config(&config).await;
        let opened = opened.map_err(|error| self.fault(&error))?;
        Ok(connection.insert(opened).clone())
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
            _ if error.code() == Some("NOAUTH") => {
                (ErrorKind::Config, "wants a password, and coordination.url has none".to_owned())
            }
            _ if error.is_timeout() => {
                (ErrorKind::Unavailable, format!("did not respond within {PATIENCE:?}"))
            }
            _ if is_broken(error) => (ErrorKind::Unavailable, "cannot be reached".to_owned()),
            _ => (ErrorKind::Unavailable, format!("failed: {}", error.category())),
        };
        Error::new(kind, format!("nothing was sent: the Redis server at {place} {what}"))
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
