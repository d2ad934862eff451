//! Waiting within limits, also where no runtime is there to wake anybody.

use std::future::pending;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::time::sleep;

/// How long a call may still wait, over all that it waits for; without limit by default.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Patience(Option<(Duration, Instant)>);

impl Patience {
    /// From now on.
    pub(crate) fn lasting(limit: Duration) -> Self {
        Self(Instant::now().checked_add(limit).map(|end| (limit, end)))
    }

    /// How long it was in all.
    pub(super) fn limit(self) -> Option<Duration> {
        self.0.map(|(limit, _)| limit)
    }

    pub(crate) fn left(self) -> Option<Duration> {
        self.0.map(|(_, end)| end.saturating_duration_since(Instant::now()))
    }
}

/// What comes of `work`, or `None` where that takes longer than `limit`. Without a runtime there is
/// nothing that could end a wait.
pub(super) async fn within<T>(limit: Option<Duration>, work: impl Future<Output = T>) -> Option<T> {
    // Begun only by whoever has to wait: a program that calls nobody but memory may have no timers.
    let out_of_patience = async {
        match limit {
            Some(limit) if Handle::try_current().is_ok() => sleep(limit).await,
            _ => pending().await,
        }
    };
    tokio::select! {
        biased;
        done = work => Some(done),
        () = out_of_patience => None,
    }
}

/// Sleeps, be it by blocking the thread.
pub(super) async fn pause(time: Duration) {
    match Handle::try_current() {
        Ok(_) => sleep(time).await,
        Err(_) => std::thread::sleep(time),
    }
}
