//! Time for several processes: it passes only while all who live wait.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant, UNIX_EPOCH};

use orgport_sandbox::Sandbox;
use tokio::sync::Notify;

/// How long, at most, until somebody who waits looks again.
const LOOK: Duration = Duration::from_millis(20);

/// The sandbox's clock, which whoever waits shortest moves once nobody is at work.
///
/// A request that is on its way holds it back, so that no time passes between a note and what the note
/// is about, however slow this machine is.
#[derive(Debug)]
pub(crate) struct Time {
    sandbox: Arc<Sandbox>,
    /// Whether it passes at least as fast as real time, by which some stores go.
    is_real: bool,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    /// When time was moved last.
    moved: Instant,
    /// In how many places each of those who hold time back waits.
    rests: BTreeMap<u64, usize>,
    waits: BTreeSet<(Duration, u64)>,
    count: u64,
}

impl State {
    fn number(&mut self) -> u64 {
        self.count += 1;
        self.count
    }
}

impl Time {
    pub(crate) fn of(sandbox: &Arc<Sandbox>, is_real: bool) -> Arc<Self> {
        let (rests, waits) = (BTreeMap::new(), BTreeSet::new());
        let state = Mutex::new(State { moved: Instant::now(), rests, waits, count: 0 });
        Arc::new(Self { sandbox: Arc::clone(sandbox), is_real, state, changed: Notify::new() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.sandbox.now().duration_since(UNIX_EPOCH).expect("it is after 1970")
    }

    /// Holds time back until it is dropped or [over](Work::end), except while it rests.
    pub(crate) fn work(self: &Arc<Self>) -> Work {
        let mut state = self.state();
        let number = state.number();
        state.rests.insert(number, 0);
        Work { time: Arc::clone(self), number }
    }

    /// Says whether this wait is the next to end, and how far time is behind then.
    fn turn(&self, wait: (Duration, u64)) -> Option<Duration> {
        let mut state = self.state();
        let is_held_back = state.rests.values().any(|rests| *rests == 0);
        if is_held_back || state.waits.first() != Some(&wait) {
            return None;
        }
        let passed = std::mem::replace(&mut state.moved, Instant::now()).elapsed();
        Some(if self.is_real { passed } else { Duration::ZERO })
    }
}

/// A process or a request at work.
#[derive(Debug)]
pub(crate) struct Work {
    time: Arc<Time>,
    number: u64,
}

impl Work {
    /// Holds back nobody any more, whatever is left of it.
    pub(crate) fn end(&self) {
        self.time.state().rests.remove(&self.number);
        self.time.changed.notify_waiters();
    }

    /// Lets others go on until it is dropped.
    pub(crate) fn rest(&self) -> Rest<'_> {
        if let Some(rests) = self.time.state().rests.get_mut(&self.number) {
            *rests += 1;
        }
        self.time.changed.notify_waiters();
        Rest(self)
    }

    /// Returns when so much has passed.
    pub(crate) async fn sleep(&self, duration: Duration) {
        let Self { time, .. } = self;
        let wait = {
            let mut state = time.state();
            let wait = (time.elapsed() + duration, state.number());
            state.waits.insert(wait);
            wait
        };
        let _waiting = Waiting(time, wait);
        let _rest = self.rest();
        loop {
            let left = wait.0.saturating_sub(time.elapsed());
            if left.is_zero() {
                return;
            }
            match time.turn(wait) {
                Some(behind) => time.sandbox.advance(left + behind).await,
                None => drop(tokio::time::timeout(LOOK, time.changed.notified()).await),
            }
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.end();
    }
}

/// See [`Work::rest`].
pub(crate) struct Rest<'a>(&'a Work);

impl Drop for Rest<'_> {
    fn drop(&mut self) {
        if let Some(rests) = self.0.time.state().rests.get_mut(&self.0.number) {
            *rests -= 1;
        }
    }
}

struct Waiting<'a>(&'a Time, (Duration, u64));

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.state().waits.remove(&self.1);
        self.0.changed.notify_waiters();
    }
}
