//! The runtime under blocking calls.

use std::fmt;

use orgport_core::{Error, ErrorKind};
use tokio::runtime::{Builder, Handle};

/// A Tokio runtime that says no where Tokio would panic.
pub(super) struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    /// With a thread of its own: on the caller's, a connection that the vendor closes between two
    /// calls would look alive to the next one, whose request would be lost on it.
    pub(super) fn start() -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("orgport-blocking")
            .enable_all()
            .build()
            .map_err(|source| {
                let what = "no thread could be started for blocking calls";
                Error::new(ErrorKind::Config, what).with_source(source)
            })?;
        Ok(Self(Some(runtime)))
    }

    /// Waits for `work` on this thread.
    ///
    /// # Errors
    ///
    /// `Config` if this thread belongs to a runtime.
    pub(super) fn block_on<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        match (Handle::try_current(), &self.0) {
            (Err(nowhere), Some(runtime)) if nowhere.is_missing_context() => Ok(runtime.block_on(work)),
            _ => Err(Error::new(
                ErrorKind::Config,
                "a blocking call on a thread of an async runtime would stop it: use the provider itself there, with \
                 .await, or call from a thread of std::thread",
            )),
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // A plain drop waits for the runtime's threads, and panics inside another runtime.
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}
