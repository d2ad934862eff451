//! Pacing: a model of the vendor's own limiters, so that a planned job never meets a 429.
//!
//! Each bucket is kept as the moment when all its calls are back (the generic cell rate
//! algorithm): on [`Clock::elapsed`](crate::Clock::elapsed), or in a store that processes share, on
//! the store's time.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::runtime::Handle;

use super::vendor::Bucket;
use crate::coordination::{CoordinationStore, Key};
use crate::error::Error;

/// The buckets of one vendor, shared by all who draw from them.
pub(crate) struct Limiters {
    buckets: Vec<Limiter>,
    shared: Option<SharedBuckets>,
}

struct Limiter {
    bucket: Bucket,
    /// What is known here of it; all there is, where no store is shared.
    state: Mutex<State>,
    /// How many turns are taken here, and their calls not yet responded to.
    open: AtomicU32,
}

/// Where other processes see the same buckets.
struct SharedBuckets {
    store: Arc<dyn CoordinationStore>,
    scope: String,
    is_failing: AtomicBool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct State {
    /// When every call is back.
    full_at: Duration,
    /// No call passes before.
    blocked_until: Duration,
    /// Changes when the vendor has proved the model wrong: earlier turns are void.
    epoch: u64,
    /// How many calls the vendor has said to be left beyond the open ones, and until when. Where a store
    /// is shared it is nothing: nobody knows how many calls of others are open.
    told: Option<(u32, Duration)>,
}

/// What a refusal says about the limit behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// Nothing.
    Unsaid,
    /// The next call passes then.
    NextIn(Duration),
    /// The whole limit is fresh then.
    FreshIn(Duration),
}

/// A place in the row of those who draw from the same buckets, until the response has come. It is
/// given back when dropped unless it was used.
pub(super) struct Turn {
    limiters: Arc<Limiters>,
    places: Vec<Place>,
    is_spent: bool,
}

/// Times are those of the clock that the place was taken by.
#[derive(Clone, Copy)]
struct Place {
    limiter: usize,
    at: Duration,
    blocked_until: Duration,
    epoch: u64,
}

impl Limiters {
    /// Buckets of one's own.
    pub(crate) fn new(buckets: &[Bucket]) -> Self {
        let new =
            |bucket: &Bucket| Limiter { bucket: *bucket, state: Mutex::default(), open: AtomicU32::new(0) };
        Self { buckets: buckets.iter().map(new).collect(), shared: None }
    }

    /// Buckets that all share who name the same scope to the store.
    pub(crate) fn shared(buckets: &[Bucket], store: Arc<dyn CoordinationStore>, scope: String) -> Self {
        let shared = SharedBuckets { store, scope, is_failing: AtomicBool::new(false) };
        Self { shared: Some(shared), ..Self::new(buckets) }
    }

    /// The buckets that count a request of this name, the named one first.
    fn of(&self, name: Option<&str>) -> impl Iterator<Item = usize> {
        let is = move |wanted: Option<&str>, index: &usize| self.buckets[*index].bucket.name == wanted;
        let named = (0..self.buckets.len()).filter(move |index| name.is_some() && is(name, index));
        named.chain((0..self.buckets.len()).filter(move |index| is(None, index)))
    }

    pub(super) fn limits(&self, name: Option<&str>) -> bool {
        self.of(name).next().is_some()
    }

    /// How long until the last of so many calls passes, if they are all that come.
    pub(super) fn wait_of(&self, name: Option<&str>, calls: u32, now: Duration) -> Duration {
        let wait = |index: usize| {
            let Limiter { bucket, .. } = &self.buckets[index];
            self.buckets[index].state().wait_of(bucket, calls, now)
        };
        self.of(name).map(wait).max().unwrap_or_default()
    }

    /// Takes the next place in the row.
    pub(super) async fn reserve(self: &Arc<Self>, name: Option<&str>, now: Duration) -> Turn {
        let mut turn = Turn { limiters: Arc::clone(self), places: Vec::new(), is_spent: false };
        for limiter in self.of(name) {
            let reserve = |bucket: &Bucket, now, state: &mut State| {
                let at = state.reserve(bucket, now);
                (at.saturating_sub(now), state.blocked_until.saturating_sub(now), state.epoch)
            };
            let (wait, blocked, epoch) = self.change(limiter, now, reserve).await;
            self.buckets[limiter].open.fetch_add(1, Ordering::Relaxed);
            turn.places.push(Place { limiter, at: now + wait, blocked_until: now + blocked, epoch });
        }
        turn
    }

    /// The vendor has refused a call: the model was too generous.
    pub(super) async fn refused(&self, name: Option<&str>, now: Duration, what: Refused) {
        if let Some(limiter) = self.of(name).next() {
            self.change(limiter, now, |bucket, now, state| state.refused(bucket, now, what)).await;
        }
    }

    /// The vendor says how many calls are left, by bucket: others draw from them too. Where it says
    /// when they are all back as well, it is taken at its word that these pass before.
    pub(super) async fn observe(
        &self,
        name: Option<&str>,
        now: Duration,
        fresh_in: Option<Duration>,
        remaining: impl Fn(Option<&str>) -> Option<u32>,
    ) {
        for limiter in self.of(name).collect::<Vec<_>>() {
            match (remaining(self.buckets[limiter].bucket.name), fresh_in) {
                (Some(0), Some(wait)) => {
                    let fresh = Refused::FreshIn(wait);
                    self.change(limiter, now, |bucket, now, state| state.refused(bucket, now, fresh)).await;
                }
                (Some(left), fresh_in) => {
                    // One of the open calls is that whose response says so, which is counted.
                    let others = self.buckets[limiter].open.load(Ordering::Relaxed).saturating_sub(1);
                    let told = fresh_in.filter(|_| self.shared.is_none());
                    let told = told.map(|wait| (left.saturating_sub(others), now + wait));
                    let learn = |bucket: &Bucket, now, state: &mut State| {
                        state.lower_to(bucket, left, now);
                        state.told = told.or(state.told);
                    };
                    self.change(limiter, now, learn).await;
                }
                (None, _) => {}
            }
        }
    }

    /// Changes a bucket where it is kept. `change` is given its time there, and may be asked again.
    async fn change<T: Send>(
        &self,
        limiter: usize,
        now: Duration,
        mut change: impl FnMut(&Bucket, Duration, &mut State) -> T + Send,
    ) -> T {
        let Limiter { bucket, state, .. } = &self.buckets[limiter];
        if let Some(shared) = &self.shared {
            match shared.change(bucket, &mut change).await {
                Ok((there, changed, value)) => {
                    *state.lock().expect("no holder panics") = changed.moved(there, now);
                    return value;
                }
                Err(error) => shared.tell(&error),
            }
        }
        change(bucket, now, &mut state.lock().expect("no holder panics"))
    }

    async fn give_back(&self, places: Vec<Place>, now: Duration) {
        for Place { limiter, epoch, .. } in places {
            self.change(limiter, now, |bucket, _, state| state.give_back(bucket, epoch)).await;
        }
    }
}

impl SharedBuckets {
    /// The store's time, what is there now, and what `change` returned.
    async fn change<T: Send>(
        &self,
        bucket: &Bucket,
        change: &mut (impl FnMut(&Bucket, Duration, &mut State) -> T + Send),
    ) -> Result<(Duration, State, T), Error> {
        let cell = self.cell(bucket).await?;
        let mut outcome = None;
        let mut step = |now: Duration, known: Option<&[u8]>| {
            let before = known.and_then(|known| State::parse(known, now)).unwrap_or_default();
            let mut state = before;
            let value = change(bucket, now, &mut state);
            outcome = Some((now, state, value));
            (state != before).then(|| state.written(now))
        };
        self.store.swap(cell, &mut step).await?;
        outcome.ok_or_else(|| Error::new(crate::error::ErrorKind::Unavailable, "the store changed nothing"))
    }

    async fn cell(&self, bucket: &Bucket) -> Result<Key, Error> {
        // Several limits can have one name.
        let pace = format!("{}/{}", bucket.burst, bucket.every.as_micros());
        Ok(self.store.hash_key().await?.key(&["limit", &self.scope, bucket.name.unwrap_or(""), &pace]))
    }

    /// Requests go on: what must not be done without the store asks it for more than limits.
    fn tell(&self, error: &Error) {
        if !self.is_failing.swap(true, Ordering::Relaxed) {
            tracing::warn!(%error, "the vendor's limits are kept within this process alone");
        }
    }
}

impl Limiter {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }
}

/// How long `calls` calls take to come back.
fn time_of(bucket: &Bucket, calls: u32) -> Duration {
    bucket.every.saturating_mul(calls)
}

impl State {
    fn wait_of(&self, bucket: &Bucket, calls: u32, now: Duration) -> Duration {
        let last =
            (self.full_at.max(now) + time_of(bucket, calls)).saturating_sub(time_of(bucket, bucket.burst));
        last.max(self.blocked_until).saturating_sub(now)
    }

    /// When the next call passes, which is taken.
    fn reserve(&mut self, bucket: &Bucket, now: Duration) -> Duration {
        self.full_at = self.full_at.max(now) + bucket.every;
        let at = match &mut self.told {
            // It counts all the same, so that the model is not the more generous for it afterwards.
            Some((left, until)) if *left > 0 && now < *until => {
                *left -= 1;
                now
            }
            _ => self.full_at.saturating_sub(time_of(bucket, bucket.burst)),
        };
        at.max(self.blocked_until)
    }

    fn refused(&mut self, bucket: &Bucket, now: Duration, what: Refused) {
        let Bucket { burst, penalty, .. } = *bucket;
        match what {
            Refused::Unsaid => self.full_at = now + time_of(bucket, burst.saturating_add(penalty)),
            Refused::NextIn(wait) => {
                self.blocked_until = now + wait;
                self.full_at = self.blocked_until + time_of(bucket, burst.saturating_sub(1));
            }
            Refused::FreshIn(wait) => {
                self.blocked_until = now + wait;
                self.full_at = self.blocked_until;
            }
        }
        self.epoch += 1;
        self.told = None;
    }

    fn lower_to(&mut self, bucket: &Bucket, left: u32, now: Duration) {
        let least = now + time_of(bucket, bucket.burst.saturating_sub(left));
        // Less than one call apart is rounding on the vendor's side.
        if least >= self.full_at.max(now) + bucket.every {
            self.full_at = least;
        }
    }

    fn give_back(&mut self, bucket: &Bucket, epoch: u64) {
        if self.epoch == epoch {
            self.full_at = self.full_at.saturating_sub(bucket.every);
        }
    }

    /// The same on another clock, of which `to` is what `from` is on this one.
    fn moved(self, from: Duration, to: Duration) -> Self {
        let moved = |time: Duration| to + time.saturating_sub(from);
        let (full_at, blocked_until) = (moved(self.full_at), moved(self.blocked_until));
        Self { full_at, blocked_until, ..self }
    }

    /// What stands in a store: the time when it was written, and the rest, in microseconds.
    fn written(self, now: Duration) -> Vec<u8> {
        let Self { full_at, blocked_until, epoch, told: _ } = self;
        let [now, full_at, blocked] = [now, full_at, blocked_until].map(|time| time.as_micros());
        format!("{now} {full_at} {blocked} {epoch}").into_bytes()
    }

    /// Reads that; `None` for anything else. If the store's clock has gone back since, so does the rest.
    fn parse(text: &[u8], now: Duration) -> Option<Self> {
        let mut numbers = str::from_utf8(text).ok()?.split(' ').map(str::parse::<u64>);
        let mut next = || numbers.next()?.ok();
        let [at, full_at, blocked_until] = [next()?, next()?, next()?].map(Duration::from_micros);
        let state = Self { full_at, blocked_until, epoch: next()?, told: None };
        Some(if now < at { state.moved(at, now) } else { state })
    }
}

impl Turn {
    /// How long until it comes.
    pub(super) fn wait(&self, now: Duration) -> Duration {
        let waits = self.places.iter().map(|place| place.at.saturating_sub(now));
        waits.max().unwrap_or_default()
    }

    /// What of it the vendor has asked for itself.
    pub(super) fn asked_for(&self, now: Duration) -> Duration {
        let waits = self.places.iter().map(|place| place.blocked_until.saturating_sub(now));
        waits.max().unwrap_or_default()
    }

    /// Says whether a refusal has come in between, so that another turn is needed.
    pub(super) async fn is_void(&self, now: Duration) -> bool {
        for Place { limiter, epoch, .. } in &self.places {
            if self.limiters.change(*limiter, now, |_, _, state| state.epoch).await != *epoch {
                return true;
            }
        }
        false
    }

    /// The request is on its way; the turn is dropped when its response has been learned from.
    pub(super) fn spend(&mut self) {
        self.is_spent = true;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let places = std::mem::take(&mut self.places);
        for place in &places {
            self.limiters.buckets[place.limiter].open.fetch_sub(1, Ordering::Relaxed);
        }
        if self.is_spent || places.is_empty() {
            return;
        }
        if self.limiters.shared.is_none() {
            for Place { limiter, epoch, .. } in places {
                let Limiter { bucket, .. } = &self.limiters.buckets[limiter];
                self.limiters.buckets[limiter].state().give_back(bucket, epoch);
            }
        } else if let Ok(runtime) = Handle::try_current() {
            let limiters = Arc::clone(&self.limiters);
            let now = places.iter().map(|place| place.at).max().unwrap_or_default();
            runtime.spawn(async move { limiters.give_back(places, now).await });
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);
    const BUCKETS: &[Bucket] = &[
        Bucket::named("invite", 4, Duration::from_mins(2)).penalty(1),
        Bucket::for_all(400, Duration::from_millis(150)),
    ];

    fn minutes(count: u32) -> Duration {
        MINUTE * count
    }

    fn new() -> Arc<Limiters> {
        Arc::new(Limiters::new(BUCKETS))
    }

    /// Nothing waits where no store is shared.
    fn now<T>(work: impl Future<Output = T>) -> T {
        work.now_or_never().expect("it does not wait")
    }

    fn take(limiters: &Arc<Limiters>, time: Duration) -> Duration {
        let mut turn = now(limiters.reserve(Some("invite"), time));
        turn.spend();
        turn.wait(time)
    }

    #[test]
    fn a_burst_passes_and_then_one_at_a_time_in_the_order_of_asking() {
        let limiters = new();
        let waits: Vec<_> = (0..7).map(|_| take(&limiters, minutes(10))).collect();
        let expected = [0, 0, 0, 0, 2, 4, 6].map(minutes);
        assert_eq!(waits, expected);
        assert_eq!(take(&limiters, minutes(20)), Duration::ZERO, "ten minutes bring five calls back");
        assert_eq!(now(limiters.reserve(Some("other"), minutes(20))).wait(minutes(20)), Duration::ZERO);
    }

    #[test]
    fn the_wait_of_many_is_known_without_taking_their_turns() {
        let limiters = new();
        let wait = |calls| limiters.wait_of(Some("invite"), calls, MINUTE);
        assert_eq!([0, 4, 5, 12].map(wait), [0, 0, 2, 16].map(minutes));
        assert_eq!(take(&limiters, MINUTE), Duration::ZERO);
        assert_eq!([3, 4].map(wait), [0, 2].map(minutes));
        now(limiters.refused(Some("invite"), MINUTE, Refused::NextIn(minutes(7))));
        assert_eq!([1, 2].map(wait), [7, 9].map(minutes));
    }

    #[test]
    fn a_turn_that_is_not_used_is_given_back() {
        let limiters = new();
        for _ in 0..10 {
            assert_eq!(now(limiters.reserve(Some("invite"), MINUTE)).wait(MINUTE), Duration::ZERO);
        }
    }

    #[test]
    fn a_refusal_costs_its_penalty_and_voids_earlier_turns() {
        let limiters = new();
        let waiting = now(limiters.reserve(Some("invite"), MINUTE));
        assert!(!now(waiting.is_void(MINUTE)));
        now(limiters.refused(Some("invite"), MINUTE, Refused::Unsaid));
        assert!(now(waiting.is_void(MINUTE)));
        drop(waiting);
        assert_eq!(take(&limiters, MINUTE), minutes(4), "two calls, since the refused one cost one");
        now(limiters.refused(Some("invite"), MINUTE, Refused::NextIn(MINUTE)));
        assert_eq!([take(&limiters, MINUTE), take(&limiters, MINUTE)], [minutes(1), minutes(3)]);
    }

    #[test]
    fn what_others_used_is_counted() {
        let limiters = new();
        let left = |count| move |bucket: Option<&str>| bucket.map(|_| count);
        now(limiters.observe(Some("invite"), MINUTE, None, left(1)));
        assert_eq!(take(&limiters, MINUTE), Duration::ZERO);
        assert_eq!(take(&limiters, MINUTE), minutes(2));
        now(limiters.observe(Some("invite"), MINUTE, None, left(4)));
        assert_eq!(take(&limiters, MINUTE), minutes(4), "a response never makes it more generous");
    }

    #[test]
    fn what_the_vendor_says_to_be_left_until_its_reset_passes_at_once_less_what_is_open() {
        let limiters = Arc::new(Limiters::new(&[Bucket::for_all(2, MINUTE)]));
        let say = |left| now(limiters.observe(None, MINUTE, Some(minutes(10)), |_| Some(left)));
        let mut open: Vec<_> = (0..3).map(|_| now(limiters.reserve(None, MINUTE))).collect();
        open.iter_mut().for_each(Turn::spend);
        assert_eq!(open[2].wait(MINUTE), MINUTE, "the model lets two pass");
        say(5);
        open.clear();
        let waits: Vec<_> = (0..4)
            .map(|_| now(limiters.reserve(None, MINUTE)))
            .map(|mut turn| {
                turn.spend();
                turn.wait(MINUTE)
            })
            .collect();
        assert_eq!(waits[..3], [Duration::ZERO; 3], "two of the five may have been on their way");
        assert!(waits[3] >= minutes(5), "the model has counted them all: {waits:?}");
        say(0);
        assert_eq!(now(limiters.reserve(None, MINUTE)).wait(MINUTE), minutes(10));
    }

    #[test]
    fn nothing_left_waits_for_the_reset() {
        let limiters = new();
        let general = |bucket: Option<&str>| bucket.is_none().then_some(0);
        now(limiters.observe(None, MINUTE, Some(Duration::from_secs(31)), general));
        let turn = now(limiters.reserve(None, MINUTE));
        assert_eq!(turn.wait(MINUTE), Duration::from_secs(31));
    }
}
