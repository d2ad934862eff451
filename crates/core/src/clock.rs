//! Time as a dependency: waits, expiry and limiters ask a [`Clock`].

use std::fmt;
use std::sync::{LazyLock, Mutex};
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

    /// Tells clocks apart that count [`elapsed`](Clock::elapsed) from different points: those of one
    /// number share limits. By default each clock is alone.
    fn timeline(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

/// Since when all system clocks of this process count.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Real time. All of a process are one timeline.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl SystemClock {
    /// The system's clock.
    pub fn new() -> Self {
        Self
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        START.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    /// Zero is nobody's address.
    fn timeline(&self) -> usize {
        0
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
