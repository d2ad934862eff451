//! Real time, with the long waits shown.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport::{Clock, SystemClock, Timestamp};

use crate::progress::Progress;

/// Waits shorter than this are not worth a word.
const WORTH_SHOWING: Duration = Duration::from_secs(2);

/// The system's clock; whoever looks on is told how long it still waits.
pub(crate) struct ShowingClock {
    clock: SystemClock,
    progress: Arc<Progress>,
}

impl ShowingClock {
    pub(crate) fn new(progress: Arc<Progress>) -> Self {
        Self { clock: SystemClock::new(), progress }
    }
}

impl fmt::Debug for ShowingClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShowingClock")
    }
}

#[async_trait]
impl Clock for ShowingClock {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    fn timeline(&self) -> usize {
        self.clock.timeline()
    }

    async fn sleep(&self, duration: Duration) {
        let end = self.elapsed() + duration;
        let _shown = (duration >= WORTH_SHOWING).then(|| self.progress.wait());
        loop {
            let left = end.saturating_sub(self.elapsed());
            if left.is_zero() {
                return;
            }
            if duration >= WORTH_SHOWING {
                self.progress.waits(left);
            }
            // Full seconds first, so that the shown rest counts down evenly.
            let step = Duration::from_secs(1).min(left);
            self.clock.sleep(step).await;
        }
    }
}
