//! Carrying a plan out.

mod invite;
mod place;
mod still;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{BoxFuture, FutureExt, Shared, join_all};
use futures_util::stream::{self, BoxStream, Stream, StreamExt};
use orgport_core::{Clock, Error, ErrorKind, Reach};
use serde::{Serialize, Serializer};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use self::place::AtPlace;
pub(crate) use self::still::is_already;
use crate::journal::Journal;
use crate::located::Located;
use crate::plan::{Action, ByAddress, Carried, PlacePlan, Plan, by_address};
use crate::rails::{Rail, Refusal, too_many_mails};
use crate::roster::{PlaceName, Roster};

/// How one action of a plan ended.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Outcome {
    /// The place.
    pub place: PlaceName,
    /// What was to be done.
    pub action: Action,
    /// What became of it.
    #[serde(flatten)]
    pub ended: Ended,
}

/// What became of an action.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Ended {
    /// It was done.
    Done,
    /// It was so already, and nothing was done.
    Already,
    /// What was seen when it was planned is no longer so, and nothing was done.
    Stale(String),
    /// A rail refused it, and nothing was done.
    Blocked(Refusal),
    /// It failed; the error says whether it may have happened all the same.
    Failed(Error),
    /// It was not tried.
    Left(String),
}

impl Ended {
    /// The word of it: `done`, `already`, `stale`, `blocked`, `failed` or `left`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Already => "already",
            Self::Stale(_) => "stale",
            Self::Blocked(_) => "blocked",
            Self::Failed(_) => "failed",
            Self::Left(_) => "left",
        }
    }

    /// Why it was not done.
    pub fn why(&self) -> Option<String> {
        match self {
            Self::Done | Self::Already => None,
            Self::Stale(why) | Self::Left(why) => Some(why.clone()),
            Self::Blocked(refusal) => Some(refusal.why.clone()),
            Self::Failed(error) => Some(error.to_string()),
        }
    }

    /// Whether nobody knows if it was done.
    pub fn is_in_doubt(&self) -> bool {
        matches!(self, Self::Failed(error) if matches!(error.kind(), ErrorKind::Ambiguous | ErrorKind::Incomplete)
            || error.may_be_done() || error.reach() == Reach::Unanswered)
    }
}

/// `{"outcome":…,"why":…,"error":…}`
impl Serialize for Ended {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct View<'a> {
            outcome: &'static str,
            why: Option<String>,
            rail: Option<Rail>,
            error: Option<&'a Error>,
        }
        let (rail, error) = match self {
            Self::Blocked(refusal) => (Some(refusal.rail), None),
            Self::Failed(error) => (None, Some(error)),
            _ => (None, None),
        };
        View { outcome: self.as_str(), why: self.why(), rail, error }.serialize(serializer)
    }
}

/// `done: invite bob@acme.example as member`
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.place, self.ended.as_str(), self.action.change)?;
        self.ended.why().map_or(Ok(()), |why| write!(f, ": {why}"))
    }
}

/// Resolves when nothing new is to be begun.
pub type Stop<'a> = Shared<BoxFuture<'a, ()>>;

/// What a run works with.
pub(crate) struct Run<'a> {
    roster: &'a Roster,
    plan: &'a Plan,
    addresses: ByAddress<'a>,
    journal: &'a Journal,
    clock: &'a dyn Clock,
    stop: Stop<'a>,
    carried: Carried,
    /// The mails of this run, and what counts as such.
    mails: AtomicUsize,
    outcomes: UnboundedSender<Result<Outcome, Error>>,
}

/// Carries a plan out, and tells of every action as it ends. Places of different providers are
/// worked on side by side.
///
/// - Each place is read again first. An action is done as it was planned, if it would still be
///   planned so; it is `stale` if what was seen is no longer so, and `already` if it is true by now.
/// - Before anybody is removed or lowered, and before an owner's invitation is revoked, the place is
///   read once more, and the rails are asked again; what an unfinished run did before counts.
/// - What is about to be done is on disk in the journal before it is done.
/// - When `stop` resolves, what is in flight is ended, and the rest is told as `left`.
///
/// # Errors
///
/// The stream ends with an error if the journal cannot be written: nothing is done without it.
#[must_use = "nothing is done until the stream is read"]
pub fn apply<'a>(
    roster: &'a Roster,
    plan: &'a Plan,
    places: &'a [Located],
    journal: &'a Journal,
    clock: &'a dyn Clock,
    stop: BoxFuture<'a, ()>,
) -> BoxStream<'a, Result<Outcome, Error>> {
    let (outcomes, mut receiver) = unbounded_channel();
    let carried = journal.carried();
    let mails = AtomicUsize::new(carried.mails);
    let addresses = by_address(roster);
    let run = Run { roster, plan, addresses, journal, clock, stop: stop.shared(), carried, mails, outcomes };
    let work = stream::once(run.go(places)).filter_map(|end| std::future::ready(end.err().map(Err)));
    let told = stream::poll_fn(move |context| receiver.poll_recv(context));
    // Either ends with the run, which holds the sender.
    in_order(told, work).boxed()
}

/// What was told, and behind it how the work ended.
fn in_order<T>(told: impl Stream<Item = T>, work: impl Stream<Item = T>) -> impl Stream<Item = T> {
    stream::select_with_strategy(told, work, |(): &mut ()| stream::PollNext::Left)
}

impl<'a> Run<'a> {
    async fn go(self, places: &'a [Located]) -> Result<(), Error> {
        self.journal.begin(self.plan)?;
        let mut providers: BTreeMap<&str, Vec<&PlacePlan>> = BTreeMap::new();
        for place in self.plan.places.iter().filter(|place| !place.actions.is_empty()) {
            providers.entry(place.name.provider()).or_default().push(place);
        }
        let one = async |plans: Vec<&'a PlacePlan>| {
            for place in plans {
                let located = places.iter().find(|located| located.name == place.name);
                let at_place = match located {
                    Some(located) => AtPlace::arrive(&self, place, located).await,
                    None => None,
                };
                match at_place {
                    Some(at_place) => at_place.go().await?,
                    None => self.leave(place, "the place was not found, or is not in the roster"),
                }
            }
            Ok::<_, Error>(())
        };
        join_all(providers.into_values().map(one)).await.into_iter().collect::<Result<(), _>>()?;
        self.journal.finish(self.is_stopped())
    }

    fn is_stopped(&self) -> bool {
        self.stop.clone().now_or_never().is_some()
    }

    fn tell(&self, place: &PlacePlan, action: &Action, ended: Ended) {
        let outcome = Outcome { place: place.name.clone(), action: action.clone(), ended };
        // Whoever drops the stream wants to hear no more.
        let _ = self.outcomes.send(Ok(outcome));
    }

    fn leave(&self, place: &PlacePlan, why: &str) {
        place.actions.iter().for_each(|action| self.tell(place, action, Ended::Left(why.to_owned())));
    }

    /// Whether so many mails more may go out; if so, they count.
    fn may_mail(&self, mails: usize) -> Result<(), Refusal> {
        let max = self.roster.rails().max_mails;
        let sent = self.mails.fetch_add(mails, Ordering::SeqCst);
        if sent + mails <= max {
            return Ok(());
        }
        self.mails.fetch_sub(mails, Ordering::SeqCst);
        Err(too_many_mails(mails, sent, max))
    }
}
