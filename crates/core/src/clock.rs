//! Time as a dependency: waits, expiry and limiters ask a [`Clock`].

use std::fmt;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use async_trait::async_trait;

use crate::time::Timestamp;

/// Tells the time and waits.
///
/// I/O limits (connect, attempt, a stalled body) run on real time and do not ask it.
#[async_trait]
pub trait Clock: fmt::Debug + Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;

    /// Time since some fixed point; never goes back, unlike [`Clock::now`].
    fn elapsed(&self) -> Duration;

    /// Returns when `duration` has passed.
    async fn sleep(&self, duration: Duration);
}

/// Real time.
#[derive(Debug, Clone)]
pub struct SystemClock(Instant);

impl SystemClock {
    /// Starts counting [`Clock::elapsed`].
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Time that passes only when somebody waits for it or moves it: a wait of an hour takes none.
/// For tests.
#[derive(Debug)]
pub struct ManualClock {
    start: Timestamp,
    elapsed: Mutex<Duration>,
}

impl ManualClock {
    /// Begins at `start`.
    pub fn new(start: Timestamp) -> Self {
        Self { start, elapsed: Mutex::new(Duration::ZERO) }
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        *self.elapsed.lock().expect("no holder panics") += by;
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.start.saturating_add(self.elapsed())
    }

    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().expect("no holder panics")
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.elapsed() + duration;
        // Others that began to wait at the same moment compute their own end first, so that
        // waits side by side overlap instead of adding up.
        tokio::task::yield_now().await;
        let mut elapsed = self.elapsed.lock().expect("no holder panics");
        *elapsed = until.max(*elapsed);
    }
}
