//! How far a call that invites many people is, for whoever shows it or ends it early.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::stream::{BoxStream, Stream, StreamExt};
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Transport, Watch};
use crate::invitation::InviteOutcome;
use crate::stop::Stop;

/// How far inviting many people is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct InviteProgress {
    /// How many have to be settled, repeated addresses included.
    pub total: usize,
    /// To how many a request has left.
    pub sent: usize,
    /// How many outcomes are known.
    pub settled: usize,
    /// How long the requests that are still to leave wait for the vendor's limits, in all, as far as
    /// these are known.
    pub wait: Duration,
}

/// The outcomes of [`invite_many`](crate::Invitations::invite_many) as they settle, each with its
/// index in the list.
#[must_use = "nobody is invited until the stream is read"]
pub struct InviteStream<'a> {
    outcomes: BoxStream<'a, (usize, Result<InviteOutcome, Error>)>,
    handle: InviteHandle,
}

impl<'a> InviteStream<'a> {
    /// A provider's own stream: its handle knows of nothing, and stops nothing.
    pub fn new(outcomes: impl Stream<Item = (usize, Result<InviteOutcome, Error>)> + Send + 'a) -> Self {
        Self::with_handle(outcomes, InviteHandle::default())
    }

    /// A stream over another one, whose handle is the other's.
    pub fn with_handle(
        outcomes: impl Stream<Item = (usize, Result<InviteOutcome, Error>)> + Send + 'a,
        handle: InviteHandle,
    ) -> Self {
        Self { outcomes: outcomes.boxed(), handle }
    }

    /// What tells how far it is and stops it, also while it is read.
    pub fn handle(&self) -> InviteHandle {
        self.handle.clone()
    }
}

impl Stream for InviteStream<'_> {
    type Item = (usize, Result<InviteOutcome, Error>);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.outcomes.poll_next_unpin(context)
    }
}

impl fmt::Debug for InviteStream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InviteStream").field("progress", &self.handle.progress()).finish_non_exhaustive()
    }
}

/// Tells how far an [`InviteStream`] is, and stops it. Clones are one.
#[derive(Clone, Default)]
pub struct InviteHandle(Arc<Handle>);

#[derive(Default)]
struct Handle {
    call: OnceLock<(Stop, Arc<Figures>)>,
    /// It was asked to stop, perhaps before there was anything to stop.
    is_stopped: AtomicBool,
}

impl InviteHandle {
    pub(crate) fn new(stop: Stop, figures: Arc<Figures>) -> Self {
        Self(Arc::new(Handle { call: (stop, figures).into(), is_stopped: AtomicBool::new(false) }))
    }

    /// Tells of this call from now on, and stops it.
    pub(crate) fn follow(&self, other: &Self) {
        if let Some((stop, figures)) = other.0.call.get() {
            let _ = self.0.call.set((stop.clone(), Arc::clone(figures)));
        }
        if self.0.is_stopped.load(Ordering::SeqCst) {
            other.stop();
        }
    }

    fn figures(&self) -> Option<&Figures> {
        self.0.call.get().map(|(_, figures)| &**figures)
    }

    /// How far it is just now.
    pub fn progress(&self) -> InviteProgress {
        self.figures().map_or_else(InviteProgress::default, Figures::progress)
    }

    /// Those to whom a request has left and whose outcome is not known, by their index in the list.
    pub fn in_doubt(&self) -> Vec<usize> {
        self.figures().map_or_else(Vec::new, |figures| figures.state().in_doubt.keys().copied().collect())
    }

    /// How long what was sent to those in doubt may still change the vendor's lists. Inviting them
    /// again is safe afterwards: it looks first.
    pub fn in_doubt_for(&self) -> Duration {
        self.figures().map_or(Duration::ZERO, Figures::in_doubt_for)
    }

    /// Stops it gracefully, if somebody goes on reading: nothing new is sent, what has left is
    /// settled, and all others are `Cancelled`.
    pub fn stop(&self) {
        self.0.is_stopped.store(true, Ordering::SeqCst);
        if let Some((stop, _)) = self.0.call.get() {
            stop.stop();
        }
    }
}

impl fmt::Debug for InviteHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("InviteHandle").field(&self.progress()).finish()
    }
}

/// What is known of one call while it runs.
pub(crate) struct Figures {
    clock: Arc<dyn Clock>,
    /// How long after an attempt began the vendor's lists may still change by it.
    lasts: Duration,
    /// What sends, and the limit on invitations as it calls it.
    limits: Option<(Transport, Option<&'static str>)>,
    total: usize,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    sent: BTreeSet<usize>,
    settled: usize,
    /// When those not settled were sent to.
    in_doubt: BTreeMap<usize, Duration>,
    /// How many requests are to be begun.
    queued: u32,
    /// Until when requests wait, by their first person.
    waiting: BTreeMap<usize, Duration>,
}

impl Figures {
    pub(super) fn new(
        clock: Arc<dyn Clock>,
        lasts: Duration,
        limits: Option<(Transport, Option<&'static str>)>,
        total: usize,
    ) -> Self {
        Self { clock, lasts, limits, total, state: Mutex::default(), changed: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }

    fn progress(&self) -> InviteProgress {
        let state = self.state();
        let State { sent, settled, queued, waiting, .. } = &*state;
        let (sent, settled, queued) = (sent.len(), *settled, *queued);
        let waits = waiting.values().max().map(|until| until.saturating_sub(self.clock.elapsed()));
        drop(state);
        let queued = if queued > 0 { self.wait_of(queued) } else { Duration::ZERO };
        let wait = waits.unwrap_or_default().max(queued);
        InviteProgress { total: self.total, sent, settled, wait }
    }

    fn in_doubt_for(&self) -> Duration {
        let last = self.state().in_doubt.values().max().copied();
        last.map_or(Duration::ZERO, |at| (at + self.lasts).saturating_sub(self.clock.elapsed()))
    }

    /// How long until the last of so many more requests passes the limits that are known.
    pub(super) fn wait_of(&self, requests: u32) -> Duration {
        self.limits.as_ref().map_or(Duration::ZERO, |(transport, limit)| transport.wait_of(*limit, requests))
    }

    pub(super) fn settle(&self, person: usize) {
        let mut state = self.state();
        state.settled += 1;
        state.in_doubt.remove(&person);
    }

    /// This person was sent to, and it is proven that nothing came of it.
    pub(super) fn disprove(&self, person: usize) {
        self.state().in_doubt.remove(&person);
    }

    pub(super) fn queue(&self, requests: usize) {
        self.state().queued = u32::try_from(requests).unwrap_or(u32::MAX);
    }

    /// How many requests wait.
    pub(super) fn waiting(&self) -> usize {
        self.state().waiting.len()
    }

    /// Returns when a request begins to wait.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }
}

/// One request's people.
pub(super) struct Batch {
    pub(super) figures: Arc<Figures>,
    pub(super) people: Vec<usize>,
}

impl Watch for Batch {
    fn waits(&self, until: Option<Duration>) {
        let Some(first) = self.people.first() else { return };
        let mut state = self.figures.state();
        match until {
            Some(until) => {
                state.waiting.insert(*first, until);
                // What left before was not carried out, or it would not be sent again.
                for person in &self.people {
                    if state.in_doubt.remove(person).is_some() {
                        state.sent.remove(person);
                    }
                }
            }
            None => drop(state.waiting.remove(first)),
        }
        drop(state);
        self.figures.changed.notify_one();
    }

    fn leaves(&self, at: Duration) {
        let mut state = self.figures.state();
        for person in &self.people {
            state.sent.insert(*person);
            state.in_doubt.insert(*person, at);
        }
    }
}
