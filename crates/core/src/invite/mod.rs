//! Inviting, so that nobody is mailed twice: the engine behind
//! [`invite`](crate::Invitations::invite) and [`invite_many`](crate::Invitations::invite_many).
//!
//! The engine works on the [`Adapter`], below the guard: it looks before it sends, sends in the
//! vendor's batches, and settles each person from the reply or from another look. Absence counts
//! only in a complete look that began long enough after the last byte was sent; what cannot be
//! settled is `Ambiguous`, never a guess.

mod check;
mod look;
mod plan;
mod progress;
mod replaced;
mod resend;
mod round;
mod stranger;
mod waves;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::time::Duration;

use futures_util::stream;
use tokio::sync::mpsc::{self, UnboundedSender};

use self::progress::Figures;
pub use self::progress::{InviteHandle, InviteProgress, InviteStream};
use self::round::Run;
use crate::adapter::{Adapter, Draft};
use crate::clock::Clock;
use crate::coordination::{Account, Hold, Patience};
use crate::error::{Error, ErrorKind, Reach};
use crate::http::stopped;
use crate::id::OrganizationId;
use crate::invitation::InviteOutcome;
use crate::operation::Operation;
use crate::role::Role;
use crate::stop::Stop;

pub(crate) use self::check::draft;
pub use self::check::{check_invite, role_to_grant};
pub use self::plan::Plan;
pub(crate) use self::plan::plan;

/// Where outcomes go as they settle, each with its index in the list.
type Outcomes = UnboundedSender<(usize, Result<InviteOutcome, Error>)>;

/// How long after a request an answer that never came can still change the vendor's lists.
pub const DEFAULT_SETTLE: Duration = Duration::from_secs(16);

/// The part of the engine that all clones of a provider share.
#[derive(Clone)]
pub(crate) struct InviteEngine {
    clock: Arc<dyn Clock>,
    account: Account,
    limits: Limits,
    stop: Stop,
}

/// The times that an engine keeps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// How long after a request its effect may still show up.
    pub(crate) settle: Duration,
    /// How long one attempt may take.
    pub(crate) attempt: Duration,
    /// How long a single call waits, for others or for what they have sent.
    pub(crate) max_wait: Duration,
}

/// One call, as seen from outside.
struct Job {
    figures: Arc<Figures>,
    /// Ends it gracefully.
    stop: Stop,
}

impl InviteEngine {
    /// An engine that waits by this clock.
    pub(crate) fn new(clock: Arc<dyn Clock>, account: Account, limits: Limits, stop: Stop) -> Self {
        Self { clock, account, limits, stop }
    }

    /// What asks all its calls to come to their end.
    pub(crate) fn stop(&self) -> &Stop {
        &self.stop
    }

    /// An engine that finishes what it begins.
    fn unstoppable(&self) -> Self {
        Self { stop: Stop::new(), ..self.clone() }
    }

    fn job(&self, adapter: &dyn Adapter, total: usize) -> Job {
        let limits = adapter.transport().map(|transport| {
            let mut limits = adapter.capability().rate_limits.iter();
            // The transport's buckets bear the names that the capability tells.
            let own = limits.find(|limit| limit.counts(Operation::Invite)).map(|limit| limit.calls);
            (transport.clone(), own)
        });
        let figures = Figures::new(Arc::clone(&self.clock), self.lasts(), limits, total);
        Job { figures: Arc::new(figures), stop: self.stop.child() }
    }

    /// How long after it was noted that an attempt is made, the vendor's lists may change by it.
    fn lasts(&self) -> Duration {
        self.limits.attempt + self.limits.settle
    }

    pub(crate) fn settle(&self) -> Duration {
        self.limits.settle
    }

    /// Invites one person.
    pub(crate) async fn invite(
        &self,
        adapter: &dyn Adapter,
        organization: &OrganizationId,
        draft: Draft,
    ) -> Result<InviteOutcome, Error> {
        let patience = Patience::lasting(self.limits.max_wait);
        let hold = self.account.hold(organization.as_str(), [(draft.invitee.key(), 0)], patience).await?;
        self.invite_held(adapter, organization, draft, (hold, patience)).await
    }

    /// Invites one person who is held already, by the index 0.
    async fn invite_held(
        &self,
        adapter: &dyn Adapter,
        organization: &OrganizationId,
        draft: Draft,
        (hold, patience): (Hold, Patience),
    ) -> Result<InviteOutcome, Error> {
        let (outcome, hold) = (OnceLock::new(), Arc::new(hold));
        let emit = |index: usize, settled: Result<InviteOutcome, Error>| {
            hold.release(index, is_settled(&hold, index, &settled));
            let _ = outcome.set(settled);
        };
        let job = self.job(adapter, 1);
        let run = Run::new(self, adapter, organization, (&hold, patience), &emit, job);
        run.invite_all(vec![(0, draft)]).await;
        hold.finished().await;
        outcome.into_inner().expect("one invitation has one outcome")
    }

    /// Invites many people.
    pub(crate) fn invite_many<'a>(
        &'a self,
        adapter: impl Adapter,
        organization: &'a OrganizationId,
        drafts: Vec<Result<Draft, Error>>,
    ) -> InviteStream<'a> {
        let job = self.job(&adapter, drafts.len());
        let handle = InviteHandle::new(job.stop.clone(), Arc::clone(&job.figures));
        let work = async move |outcomes| self.run(&adapter, organization, drafts, outcomes, job).await;
        InviteStream::with_handle(driven(work), handle)
    }

    async fn run(
        &self,
        adapter: &dyn Adapter,
        organization: &OrganizationId,
        drafts: Vec<Result<Draft, Error>>,
        outcomes: Outcomes,
        job: Job,
    ) {
        let figures = Arc::clone(&job.figures);
        let send = |index: usize, outcome: Result<InviteOutcome, Error>| {
            figures.settle(index);
            // The receiver lives as long as the future that holds this sender.
            let _ = outcomes.send((index, outcome));
        };
        let mut firsts: BTreeMap<String, usize> = BTreeMap::new();
        let mut repeats: HashMap<usize, Vec<(usize, Option<Role>)>> = HashMap::new();
        let mut wanted = Vec::new();
        for (index, draft) in drafts.into_iter().enumerate() {
            match draft {
                Err(error) => send(index, Err(error)),
                Ok(draft) => match firsts.entry(draft.invitee.key().to_owned()) {
                    Entry::Occupied(first) => {
                        repeats.entry(*first.get()).or_default().push((index, draft.role));
                    }
                    Entry::Vacant(place) => {
                        place.insert(index);
                        wanted.push((index, draft));
                    }
                },
            }
        }
        if wanted.is_empty() {
            return;
        }
        let emit = |index: usize, outcome: Result<InviteOutcome, Error>| {
            for (repeat, asked) in repeats.get(&index).into_iter().flatten() {
                send(*repeat, repeated(&outcome, asked.as_ref()));
            }
            send(index, outcome);
        };
        let people = firsts.iter().map(|(key, index)| (key.as_str(), *index));
        let hold = tokio::select! {
            hold = self.account.hold(organization.as_str(), people, Patience::default()) => hold,
            () = job.stop.stopped() => Err(stopped()),
        };
        let hold = match hold {
            Ok(hold) => Arc::new(hold),
            Err(error) => return wanted.iter().for_each(|(index, _)| emit(*index, Err(error.clone()))),
        };
        self.stop.begin();
        let settle = |index: usize, outcome: Result<InviteOutcome, Error>| {
            let settled = is_settled(&hold, index, &outcome);
            emit(index, outcome);
            // Whoever reads this outcome may call for the same person before reading on.
            hold.release(index, settled);
        };
        Run::new(self, adapter, organization, (&hold, Patience::default()), &settle, job)
            .invite_all(wanted)
            .await;
        hold.finished().await;
    }

    /// Sleeps until an answer that never came to a request sent at `sent_at` can no longer change
    /// the vendor's lists.
    async fn wait_until_settled(&self, sent_at: Duration) {
        let rest = (sent_at + self.limits.settle).saturating_sub(self.clock.elapsed());
        if !rest.is_zero() {
            self.clock.sleep(rest).await;
        }
    }
}

impl fmt::Debug for InviteEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InviteEngine").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Says whether nothing of a person is open any more, be it what was sent now or what was noted
/// before.
fn is_settled(hold: &Hold, index: usize, outcome: &Result<InviteOutcome, Error>) -> bool {
    let Err(error) = outcome else { return true };
    let is_open = match error.kind() {
        ErrorKind::Ambiguous => true,
        ErrorKind::Incomplete => false,
        _ => error.reach() == Reach::Unanswered,
    };
    !is_open && hold.has_noted(index)
}

/// The role that was asked for, if the present one is known to be another.
fn differing(asked: Option<&Role>, present: Option<&Role>) -> Option<Role> {
    asked.zip(present).filter(|(asked, present)| asked != present).map(|(asked, _)| asked.clone())
}

/// The outcome of somebody who stands in the list again.
fn repeated(first: &Result<InviteOutcome, Error>, asked: Option<&Role>) -> Result<InviteOutcome, Error> {
    match first {
        Ok(InviteOutcome::Invited(invitation, via) | InviteOutcome::AlreadyInvited(invitation, via, _)) => {
            let differs = differing(asked, invitation.role.as_ref());
            Ok(InviteOutcome::AlreadyInvited(invitation.clone(), *via, differs))
        }
        Ok(outcome @ (InviteOutcome::Joined(_, via) | InviteOutcome::AlreadyMember(_, via, _))) => {
            let member = outcome.member();
            let differs = differing(asked, member.and_then(|member| member.role.as_ref()));
            Ok(InviteOutcome::AlreadyMember(member.cloned(), *via, differs))
        }
        Err(error) => Err(error.clone()),
    }
}

/// A stream of what `work` sends, driven by whoever reads the stream and stopped by dropping it.
pub(crate) fn driven<'a, T, F, Fut>(work: F) -> impl stream::Stream<Item = T> + Send + 'a
where
    T: Send + 'a,
    F: FnOnce(UnboundedSender<T>) -> Fut,
    Fut: Future<Output = ()> + Send + 'a,
{
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut work: Option<Pin<Box<dyn Future<Output = ()> + Send + 'a>>> = Some(Box::pin(work(sender)));
    stream::poll_fn(move |context| {
        if let Some(running) = &mut work
            && running.as_mut().poll(context).is_ready()
        {
            work = None;
        }
        // Not `poll_recv`: with tokio's budget used up, that is pending on a full channel too.
        match receiver.try_recv() {
            Ok(item) => Poll::Ready(Some(item)),
            Err(_) if work.is_none() => Poll::Ready(None),
            Err(_) => Poll::Pending,
        }
    })
}
