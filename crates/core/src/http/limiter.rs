//! Pacing: a model of the vendor's own limiters, so that a planned job never meets a 429.
//!
//! Each bucket is kept as the moment when all its calls are back (the generic cell rate
//! algorithm), on [`Clock::elapsed`](crate::Clock::elapsed).

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use super::vendor::Bucket;

/// The buckets of one vendor, shared by all who draw from them.
pub(super) struct Limiters(Vec<Limiter>);

struct Limiter {
    bucket: Bucket,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When every call is back.
    full_at: Duration,
    /// No call passes before.
    blocked_until: Duration,
    /// Changes when the vendor has proved the model wrong: earlier turns are void.
    epoch: u64,
    /// How many turns are taken, and their calls not yet responded to.
    open: u32,
    /// How many calls the vendor has said to be left beyond the open ones, and until when.
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
pub(super) struct Turn<'a> {
    places: Vec<Place<'a>>,
    is_spent: bool,
}

struct Place<'a> {
    limiter: &'a Limiter,
    at: Duration,
    blocked_until: Duration,
    epoch: u64,
}

impl Limiters {
    pub(super) fn new(buckets: &[Bucket]) -> Self {
        let new = |bucket: &Bucket| Limiter { bucket: *bucket, state: Mutex::default() };
        Self(buckets.iter().map(new).collect())
    }

    /// The buckets that count a request of this name, the named one first.
    fn of(&self, name: Option<&str>) -> impl Iterator<Item = &Limiter> {
        let named = self.0.iter().filter(move |limiter| name.is_some() && limiter.bucket.name == name);
        named.chain(self.0.iter().filter(|limiter| limiter.bucket.name.is_none()))
    }

    pub(super) fn limits(&self, name: Option<&str>) -> bool {
        self.of(name).next().is_some()
    }

    /// How long until the last of so many calls passes, if they are all that come.
    pub(super) fn wait_of(&self, name: Option<&str>, calls: u32, now: Duration) -> Duration {
        self.of(name).map(|limiter| limiter.wait_of(calls, now)).max().unwrap_or_default()
    }

    /// Takes the next place in the row.
    pub(super) fn reserve(&self, name: Option<&str>, now: Duration) -> Turn<'_> {
        Turn { places: self.of(name).map(|limiter| limiter.reserve(now)).collect(), is_spent: false }
    }

    /// The vendor has refused a call: the model was too generous.
    pub(super) fn refused(&self, name: Option<&str>, now: Duration, what: Refused) {
        if let Some(limiter) = self.of(name).next() {
            limiter.refused(now, what);
        }
    }

    /// The vendor says how many calls are left, by bucket: others draw from them too. Where it says
    /// when they are all back as well, it is taken at its word that these pass before.
    pub(super) fn observe(
        &self,
        name: Option<&str>,
        now: Duration,
        fresh_in: Option<Duration>,
        remaining: impl Fn(Option<&str>) -> Option<u32>,
    ) {
        for limiter in self.of(name) {
            match (remaining(limiter.bucket.name), fresh_in) {
                (Some(0), Some(wait)) => limiter.refused(now, Refused::FreshIn(wait)),
                (Some(left), fresh_in) => {
                    limiter.lower_to(left, now);
                    if let Some(wait) = fresh_in {
                        limiter.allow(left, now + wait);
                    }
                }
                (None, _) => {}
            }
        }
    }
}

impl Limiter {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }

    /// How long `calls` calls take to come back.
    fn time_of(&self, calls: u32) -> Duration {
        self.bucket.every.saturating_mul(calls)
    }

    fn wait_of(&self, calls: u32, now: Duration) -> Duration {
        let State { full_at, blocked_until, .. } = *self.state();
        let last = (full_at.max(now) + self.time_of(calls)).saturating_sub(self.time_of(self.bucket.burst));
        last.max(blocked_until).saturating_sub(now)
    }

    fn reserve(&self, now: Duration) -> Place<'_> {
        let mut state = self.state();
        state.open += 1;
        state.full_at = state.full_at.max(now) + self.bucket.every;
        let at = match &mut state.told {
            // It counts all the same, so that the model is not the more generous for it afterwards.
            Some((left, until)) if *left > 0 && now < *until => {
                *left -= 1;
                now
            }
            _ => state.full_at.saturating_sub(self.time_of(self.bucket.burst)),
        };
        let State { blocked_until, epoch, .. } = *state;
        Place { limiter: self, at: at.max(blocked_until), blocked_until, epoch }
    }

    /// So many calls are left until then, of which the open ones may not be counted yet. One of those
    /// is the call whose response says so, which is.
    fn allow(&self, left: u32, until: Duration) {
        let mut state = self.state();
        let others = state.open.saturating_sub(1);
        state.told = Some((left.saturating_sub(others), until));
    }

    fn refused(&self, now: Duration, what: Refused) {
        let mut state = self.state();
        let Bucket { burst, penalty, .. } = self.bucket;
        match what {
            Refused::Unsaid => state.full_at = now + self.time_of(burst.saturating_add(penalty)),
            Refused::NextIn(wait) => {
                state.blocked_until = now + wait;
                state.full_at = state.blocked_until + self.time_of(burst.saturating_sub(1));
            }
            Refused::FreshIn(wait) => {
                state.blocked_until = now + wait;
                state.full_at = state.blocked_until;
            }
        }
        state.epoch += 1;
        state.told = None;
    }

    fn lower_to(&self, left: u32, now: Duration) {
        let mut state = self.state();
        let least = now + self.time_of(self.bucket.burst.saturating_sub(left));
        // Less than one call apart is rounding on the vendor's side.
        if least >= state.full_at.max(now) + self.bucket.every {
            state.full_at = least;
        }
    }
}

impl Turn<'_> {
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
    pub(super) fn is_void(&self) -> bool {
        self.places.iter().any(|place| place.limiter.state().epoch != place.epoch)
    }

    /// The request is on its way; the turn is dropped when its response has been learned from.
    pub(super) fn spend(&mut self) {
        self.is_spent = true;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        for Place { limiter, epoch, .. } in &self.places {
            let mut state = limiter.state();
            state.open = state.open.saturating_sub(1);
            if !self.is_spent && state.epoch == *epoch {
                state.full_at = state.full_at.saturating_sub(limiter.bucket.every);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);
    const BUCKETS: &[Bucket] = &[
        Bucket::named("invite", 4, Duration::from_mins(2)).penalty(1),
        Bucket::for_all(400, Duration::from_millis(150)),
    ];

    fn minutes(count: u32) -> Duration {
        MINUTE * count
    }

    fn take(limiters: &Limiters, now: Duration) -> Duration {
        let mut turn = limiters.reserve(Some("invite"), now);
        turn.spend();
        turn.wait(now)
    }

    #[test]
    fn a_burst_passes_and_then_one_at_a_time_in_the_order_of_asking() {
        let limiters = Limiters::new(BUCKETS);
        let waits: Vec<_> = (0..7).map(|_| take(&limiters, minutes(10))).collect();
        let expected = [0, 0, 0, 0, 2, 4, 6].map(minutes);
        assert_eq!(waits, expected);
        assert_eq!(take(&limiters, minutes(20)), Duration::ZERO, "ten minutes bring five calls back");
        assert_eq!(limiters.reserve(Some("other"), minutes(20)).wait(minutes(20)), Duration::ZERO);
    }

    #[test]
    fn the_wait_of_many_is_known_without_taking_their_turns() {
        let limiters = Limiters::new(BUCKETS);
        let wait = |calls| limiters.wait_of(Some("invite"), calls, MINUTE);
        assert_eq!([0, 4, 5, 12].map(wait), [0, 0, 2, 16].map(minutes));
        assert_eq!(take(&limiters, MINUTE), Duration::ZERO);
        assert_eq!([3, 4].map(wait), [0, 2].map(minutes));
        limiters.refused(Some("invite"), MINUTE, Refused::NextIn(minutes(7)));
        assert_eq!([1, 2].map(wait), [7, 9].map(minutes));
    }

    #[test]
    fn a_turn_that_is_not_used_is_given_back() {
        let limiters = Limiters::new(BUCKETS);
        for _ in 0..10 {
            assert_eq!(limiters.reserve(Some("invite"), MINUTE).wait(MINUTE), Duration::ZERO);
        }
    }

    #[test]
    fn a_refusal_costs_its_penalty_and_voids_earlier_turns() {
        let limiters = Limiters::new(BUCKETS);
        let waiting = limiters.reserve(Some("invite"), MINUTE);
        assert!(!waiting.is_void());
        limiters.refused(Some("invite"), MINUTE, Refused::Unsaid);
        assert!(waiting.is_void());
        drop(waiting);
        assert_eq!(take(&limiters, MINUTE), minutes(4), "two calls, since the refused one cost one");
        limiters.refused(Some("invite"), MINUTE, Refused::NextIn(MINUTE));
        assert_eq!([take(&limiters, MINUTE), take(&limiters, MINUTE)], [minutes(1), minutes(3)]);
    }

    #[test]
    fn what_others_used_is_counted() {
        let limiters = Limiters::new(BUCKETS);
        let left = |count| move |bucket: Option<&str>| bucket.map(|_| count);
        limiters.observe(Some("invite"), MINUTE, None, left(1));
        assert_eq!(take(&limiters, MINUTE), Duration::ZERO);
        assert_eq!(take(&limiters, MINUTE), minutes(2));
        limiters.observe(Some("invite"), MINUTE, None, left(4));
        assert_eq!(take(&limiters, MINUTE), minutes(4), "a response never makes it more generous");
    }

    #[test]
    fn what_the_vendor_says_to_be_left_until_its_reset_passes_at_once_less_what_is_open() {
        let limiters = Limiters::new(&[Bucket::for_all(2, MINUTE)]);
        let say = |left, now| limiters.observe(None, now, Some(minutes(10)), |_| Some(left));
        let mut open: Vec<_> = (0..3).map(|_| limiters.reserve(None, MINUTE)).collect();
        open.iter_mut().for_each(Turn::spend);
        assert_eq!(open[2].wait(MINUTE), MINUTE, "the model lets two pass");
        say(5, MINUTE);
        open.clear();
        let waits: Vec<_> = (0..4)
            .map(|_| limiters.reserve(None, MINUTE))
            .map(|mut turn| {
                turn.spend();
                turn.wait(MINUTE)
            })
            .collect();
        assert_eq!(waits[..3], [Duration::ZERO; 3], "two of the five may have been on their way");
        assert!(waits[3] >= minutes(5), "the model has counted them all: {waits:?}");
        say(0, MINUTE);
        assert_eq!(limiters.reserve(None, MINUTE).wait(MINUTE), minutes(10));
    }

    #[test]
    fn nothing_left_waits_for_the_reset() {
        let limiters = Limiters::new(BUCKETS);
        let general = |bucket: Option<&str>| bucket.is_none().then_some(0);
        limiters.observe(None, MINUTE, Some(Duration::from_secs(31)), general);
        let turn = limiters.reserve(None, MINUTE);
        assert_eq!(turn.wait(MINUTE), Duration::from_secs(31));
    }
}
