//! The sandbox's clock: real time, or a frozen instant, and always movable.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// What every simulator calls "now".
#[derive(Debug)]
pub(crate) struct Clock {
    start: Timestamp,
    /// `None` when frozen: time then moves by [`Clock::advance`] only.
    running_since: Option<Instant>,
    advanced: Mutex<Duration>,
}

impl Clock {
    pub(crate) fn running() -> Self {
        Self::new(Timestamp::now(), Some(Instant::now()))
    }

    pub(crate) fn frozen_at(start: Timestamp) -> Self {
        Self::new(start, None)
    }

    fn new(start: Timestamp, running_since: Option<Instant>) -> Self {
        Self { start, running_since, advanced: Mutex::new(Duration::ZERO) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let ran = self.running_since.map_or(Duration::ZERO, |since| since.elapsed());
        let advanced = *self.advanced.lock().expect("clock lock");
        self.start.saturating_add(ran.saturating_add(advanced)).expect("a duration always adds")
    }

    pub(crate) fn advance(&self, by: Duration) {
        let mut advanced = self.advanced.lock().expect("clock lock");
        *advanced = advanced.saturating_add(by);
    }
}
