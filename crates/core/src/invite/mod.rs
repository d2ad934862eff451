//! Inviting, so that nobody is mailed twice: the engine behind
//! [`invite`](crate::Invitations::invite) and [`invite_many`](crate::Invitations::invite_many).
//!
//! An adapter fills the small [`InvitePort`]; the engine looks before it sends, sends in the
//! vendor's batches, and settles each person from the reply or from another look. Absence counts
//! only in a complete look that began long enough after the last byte was sent; what cannot be
//! settled is `Ambiguous`, never a guess.

mod check;
mod locks;
mod look;
mod plan;
mod resend;
mod round;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt};
use tokio::sync::mpsc::{self, UnboundedSender};

use self::locks::Locks;
use self::round::Run;
use crate::clock::Clock;
use crate::email::Email;
use crate::error::{Context, Error, ErrorKind};
use crate::id::OrganizationId;
use crate::invitation::{Invitation, InvitationFilter, InviteOutcome, NewInvitation};
use crate::native::Native;
use crate::operation::Operation;
use crate::provider::{InviteStream, Provider};
use crate::role::Role;

pub use self::check::{check_invite, role_to_grant};
pub use self::plan::{Plan, plan_invites};
pub use self::resend::resend_composed;

/// How long after a request an answer that never came can still change the vendor's lists.
pub const DEFAULT_SETTLE: Duration = Duration::from_secs(16);

/// How many requests of one call are in flight at most.
const CONCURRENCY: usize = 4;

/// How long a call may be held back by the vendor's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the two are all there is")]
pub enum Patience {
    /// Up to the configured `http.max_wait`; beyond it the call is `RateLimited`.
    Bounded,
    /// As long as the limiter needs.
    Unbounded,
}

/// One person in a batch, checked, with the role that the vendor is to be asked for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Invitee {
    /// Where the mail goes.
    pub email: Email,
    /// The role; `None` where the vendor takes none and chooses itself.
    pub role: Option<Role>,
    /// The vendor's JSON of the invitation that this one replaces, whose native role and extras
    /// are to be carried over; `None` outside a composed resend.
    pub replaces: Option<Native>,
}

/// What the vendor answered to a create that it accepted.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "an engine that does not know a reply cannot settle it")]
pub enum Reply {
    /// Invitations, the new ones among them.
    Listed(Vec<Invitation>),
    /// Nothing that tells what was made: a look must.
    Accepted,
}

/// What the engine needs from an adapter besides its lists.
#[async_trait]
pub trait InvitePort: Provider {
    /// The engine that the provider's clones share.
    fn engine(&self) -> &InviteEngine;

    /// Sends one create request for at most
    /// [`batch_size`](crate::Capability::batch_size) people.
    ///
    /// # Errors
    ///
    /// The vendor's refusal or the transport's failure, with its [`Reach`](crate::Reach).
    async fn send_invitations(
        &self,
        organization: &OrganizationId,
        batch: &[Invitee],
        patience: Patience,
    ) -> Result<Reply, Error>;

    /// The rows that a look reads. All by default; an adapter whose vendor filters asks for the
    /// waiting ones only, where dead rows do not matter.
    fn look_filter(&self) -> InvitationFilter {
        InvitationFilter::all()
    }

    /// Whether an accepted create is at once in the vendor's lists, so that its absence is a
    /// broken promise of the vendor instead of a delay.
    fn lists_at_once(&self) -> bool {
        false
    }

    /// Whether this failure means that the row may be there while its mail was not sent.
    fn is_mail_in_doubt(&self, error: &Error) -> bool {
        error.kind() == ErrorKind::Incomplete
    }

    /// Says whether an invitation can be made anew with all that it had, before the old one is
    /// revoked for it.
    ///
    /// # Errors
    ///
    /// What stands against it.
    fn check_replacement(&self, invitee: &Invitee) -> Result<(), Error> {
        let _ = invitee;
        Ok(())
    }

    /// Removes an invitation that waits no longer, if it is what made the vendor refuse a new one.
    /// Says whether it did.
    ///
    /// # Errors
    ///
    /// That of the removal.
    async fn clear_dead(
        &self,
        organization: &OrganizationId,
        dead: &Invitation,
        refusal: &Error,
    ) -> Result<bool, Error> {
        let _ = (organization, dead, refusal);
        Ok(false)
    }
}

/// The part of the engine that all clones of a provider share: the locks, the clock and the
/// settle time.
#[derive(Clone)]
pub struct InviteEngine {
    locks: Arc<Locks>,
    clock: Arc<dyn Clock>,
    settle: Duration,
}

impl InviteEngine {
    /// An engine that waits by this clock.
    pub fn new(clock: Arc<dyn Clock>, settle: Duration) -> Self {
        Self { locks: Arc::default(), clock, settle }
    }

    /// Invites one person.
    ///
    /// # Errors
    ///
    /// Those of [`invite`](crate::Invitations::invite).
    pub async fn invite(
        &self,
        port: &dyn InvitePort,
        organization: &OrganizationId,
        invitation: NewInvitation,
    ) -> Result<InviteOutcome, Error> {
        let invitee = check::invitee(port, invitation).during(port.name(), Operation::Invite)?;
        self.send_checked(port, organization, invitee).await
    }

    /// Invites one person who was checked.
    async fn send_checked(
        &self,
        port: &dyn InvitePort,
        organization: &OrganizationId,
        invitee: Invitee,
    ) -> Result<InviteOutcome, Error> {
        let mut stream = self.stream(port, organization, vec![Ok(invitee)], Patience::Bounded);
        stream.next().await.expect("one invitation has one outcome").1
    }

    /// Invites many people.
    pub fn invite_many<'a>(
        &'a self,
        port: &'a dyn InvitePort,
        organization: &'a OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> InviteStream<'a> {
        let invitees = invitations.into_iter().map(|invitation| check::invitee(port, invitation)).collect();
        self.stream(port, organization, invitees, Patience::Unbounded)
    }

    fn stream<'a>(
        &'a self,
        port: &'a dyn InvitePort,
        organization: &'a OrganizationId,
        invitees: Vec<Result<Invitee, Error>>,
        patience: Patience,
    ) -> InviteStream<'a> {
        driven(move |outcomes| self.run(port, organization, invitees, patience, outcomes)).boxed()
    }

    async fn run(
        &self,
        port: &dyn InvitePort,
        organization: &OrganizationId,
        invitees: Vec<Result<Invitee, Error>>,
        patience: Patience,
        outcomes: UnboundedSender<(usize, Result<InviteOutcome, Error>)>,
    ) {
        let outcomes = Outcomes { provider: port.name(), sender: outcomes };
        let mut firsts: BTreeMap<String, usize> = BTreeMap::new();
        let mut repeats: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut wanted = Vec::new();
        for (index, invitee) in invitees.into_iter().enumerate() {
            match invitee {
                Err(error) => outcomes.send(index, Err(error)),
                Ok(invitee) => match firsts.entry(invitee.email.key().to_owned()) {
                    Entry::Occupied(first) => repeats.entry(*first.get()).or_default().push(index),
                    Entry::Vacant(place) => {
                        place.insert(index);
                        wanted.push((index, invitee));
                    }
                },
            }
        }
        if wanted.is_empty() {
            return;
        }
        let alone = Mutex::new(self.locks.hold(organization.as_str(), &firsts).await);
        let emit = |index: usize, outcome: Result<InviteOutcome, Error>| {
            for repeat in repeats.get(&index).into_iter().flatten() {
                outcomes.send(*repeat, repeated(&outcome));
            }
            outcomes.send(index, outcome);
            // Whoever reads this outcome may call for the same person before reading on.
            alone.lock().expect("no holder panics").remove(&index);
        };
        Run::new(self, port, organization, patience, &emit).invite_all(wanted).await;
    }

    /// Sleeps until an answer that never came to a request sent at `sent_at` can no longer change
    /// the vendor's lists.
    async fn wait_until_settled(&self, sent_at: Duration) {
        let rest = (sent_at + self.settle).saturating_sub(self.clock.elapsed());
        if !rest.is_zero() {
            self.clock.sleep(rest).await;
        }
    }
}

impl fmt::Debug for InviteEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InviteEngine").field("settle", &self.settle).finish_non_exhaustive()
    }
}

struct Outcomes<'a> {
    provider: &'a str,
    sender: UnboundedSender<(usize, Result<InviteOutcome, Error>)>,
}

impl Outcomes<'_> {
    fn send(&self, index: usize, outcome: Result<InviteOutcome, Error>) {
        let outcome = outcome.map_err(|error| error.from_provider(self.provider).within(Operation::Invite));
        // The receiver lives as long as the future that holds this sender.
        let _ = self.sender.send((index, outcome));
    }
}

/// The outcome of an address that stands in the list again.
fn repeated(first: &Result<InviteOutcome, Error>) -> Result<InviteOutcome, Error> {
    match first {
        Ok(InviteOutcome::Invited(invitation, via) | InviteOutcome::AlreadyInvited(invitation, via)) => {
            Ok(InviteOutcome::AlreadyInvited(invitation.clone(), *via))
        }
        Ok(InviteOutcome::Joined(member, via) | InviteOutcome::AlreadyMember(member, via)) => {
            Ok(InviteOutcome::AlreadyMember(member.clone(), *via))
        }
        Err(error) => Err(error.clone()),
    }
}

/// A stream of what `work` sends, driven by whoever reads the stream and stopped by dropping it.
fn driven<'a, T, F, Fut>(work: F) -> impl stream::Stream<Item = T> + Send + 'a
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
