//! A clock on which waiting takes no time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use orgport::{Clock, Timestamp};
use orgport_sandbox::Sandbox;

/// The sandbox's own clock. Whoever sleeps on it moves it on.
#[derive(Debug)]
pub(super) struct SandboxClock {
    sandbox: Arc<Sandbox>,
    start: Timestamp,
    slept: Mutex<Duration>,
}

impl SandboxClock {
    pub(super) fn new(sandbox: Arc<Sandbox>) -> Self {
        let start = sandbox.now().into();
        Self { sandbox, start, slept: Mutex::default() }
    }

    /// How much time was skipped.
    pub(super) fn slept(&self) -> Duration {
        *self.slept.lock().expect("no holder panics")
    }
}

#[async_trait]
impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.sandbox.now().into()
    }

    fn elapsed(&self) -> Duration {
        self.now().saturating_since(self.start)
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.elapsed() + duration;
        // Waits side by side overlap: all take their ends before the first one moves the clock.
        tokio::task::yield_now().await;
        let rest = until.saturating_sub(self.elapsed());
        *self.slept.lock().expect("no holder panics") += rest;
        self.sandbox.advance(rest).await;
    }
}
