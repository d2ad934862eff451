//! One change for many people: each is settled by itself, and limits are waited for.
//!
//! The functions here are what [`invite_many`](crate::Invitations::invite_many) is to inviting. They
//! take a stream, so that what is to be done can come from a list while it is read, and so that ending
//! that stream ends the job: what is under way is finished and told, and nothing more is begun.
//!
//! ```
//! use futures_util::StreamExt;
//! use orgport_core::{Error, OrganizationId, Provider, Role, many, stream};
//!
//! /// Ends the membership of everybody who may only look, and returns who failed.
//! async fn remove_viewers(provider: &dyn Provider, lab: &OrganizationId) -> Vec<Error> {
//!     let viewers = stream::members(provider, lab)
//!         .filter_map(|row| async { row.ok().filter(|row| row.role == Some(Role::Viewer)) })
//!         .map(|row| row.id);
//!     let outcomes = many::remove_members(provider, lab, viewers);
//!     outcomes.filter_map(|(_, outcome)| async { outcome.err() }).collect().await
//! }
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, Stream, StreamExt};

use crate::error::{Context as _, Error, ErrorKind};
use crate::id::{InvitationId, MemberId, OrganizationId};
use crate::invitation::Invitation;
use crate::operation::Operation;
use crate::provider::Provider;
use crate::role::Role;

/// Outcomes as they settle, each with the place of its item in the stream that was passed.
///
/// After `Unauthenticated` or `Config`, which hold for everybody, the rest are `Cancelled`. Dropping it
/// may leave up to four requests of which nothing is told.
pub type ManyStream<'a, T> = BoxStream<'a, (usize, Result<T, Error>)>;

/// How many invitations are worked on at once.
const AT_ONCE: usize = 4;

/// Does [`resend_invitation`](crate::Invitations::resend_invitation) for each, four at a time, and waits as
/// long as the vendor's limits need.
#[must_use = "nothing is sent until the stream is read"]
pub fn resend_invitations<'a>(
    provider: impl Provider + 'a,
    organization: &OrganizationId,
    invitations: impl Stream<Item = InvitationId> + Send + 'a,
) -> ManyStream<'a, Invitation> {
    let job = Job::new(provider, organization, Operation::ResendInvitation, AT_ONCE);
    job.each(invitations, |provider, organization, id| {
        Box::pin(async move { provider.resend_invitation(organization, &id).await })
    })
}

/// Does [`revoke_invitation`](crate::Invitations::revoke_invitation) for each, four at a time, and waits as
/// long as the vendor's limits need.
#[must_use = "nothing is sent until the stream is read"]
pub fn revoke_invitations<'a>(
    provider: impl Provider + 'a,
    organization: &OrganizationId,
    invitations: impl Stream<Item = InvitationId> + Send + 'a,
) -> ManyStream<'a, ()> {
    let job = Job::new(provider, organization, Operation::RevokeInvitation, AT_ONCE);
    job.each(invitations, |provider, organization, id| {
        Box::pin(async move { provider.revoke_invitation(organization, &id).await })
    })
}

/// Does [`remove_member`](crate::Members::remove_member) for each, one after the other, so that the
/// last owner is found out to be the last one, and waits as long as the vendor's limits need.
#[must_use = "nothing is sent until the stream is read"]
pub fn remove_members<'a>(
    provider: impl Provider + 'a,
    organization: &OrganizationId,
    members: impl Stream<Item = MemberId> + Send + 'a,
) -> ManyStream<'a, ()> {
    Job::new(provider, organization, Operation::RemoveMember, 1)
        .each(members, |provider, organization, id| {
            Box::pin(async move { provider.remove_member(organization, &id).await })
        })
}

/// Does [`set_member_role`](crate::Members::set_member_role) for each, one after the other, so that the
/// last owner is found out to be the last one, and waits as long as the vendor's limits need.
#[must_use = "nothing is sent until the stream is read"]
pub fn set_member_roles<'a>(
    provider: impl Provider + 'a,
    organization: &OrganizationId,
    changes: impl Stream<Item = (MemberId, Role)> + Send + 'a,
) -> ManyStream<'a, ()> {
    Job::new(provider, organization, Operation::SetMemberRole, 1).each(
        changes,
        |provider, organization, (id, role)| {
            Box::pin(async move { provider.set_member_role(organization, &id, &role).await })
        },
    )
}

/// One operation, done for many.
struct Job<P> {
    provider: P,
    organization: OrganizationId,
    operation: Operation,
    at_once: usize,
    /// Something failed that would fail for everybody.
    is_hopeless: AtomicBool,
}

/// The operation for one item.
type Work<I, T> =
    for<'w> fn(Arc<dyn Provider + 'w>, &'w OrganizationId, I) -> BoxFuture<'w, Result<T, Error>>;

impl<'a, P: Provider + 'a> Job<P> {
    fn new(provider: P, organization: &OrganizationId, operation: Operation, at_once: usize) -> Self {
        let is_hopeless = AtomicBool::new(false);
        Self { provider, organization: organization.clone(), operation, at_once, is_hopeless }
    }

    /// The common driver.
    fn each<I: Send + 'a, T: Send + 'a>(
        self,
        items: impl Stream<Item = I> + Send + 'a,
        work: Work<I, T>,
    ) -> ManyStream<'a, T> {
        let at_once = self.at_once;
        let job = Arc::new(self);
        let one = move |(index, item)| {
            let job = Arc::clone(&job);
            async move { (index, job.one(item, work).await) }
        };
        items.enumerate().map(one).buffer_unordered(at_once).boxed()
    }

    async fn one<I, T>(&self, item: I, work: Work<I, T>) -> Result<T, Error> {
        if self.is_hopeless.load(Ordering::Relaxed) {
            let what = "not tried: what made another one fail would make this one fail, too";
            return Err(Error::new(ErrorKind::Cancelled, what)).during(self.provider.name(), self.operation);
        }
        let outcome = work(self.provider.patient(), &self.organization, item).await;
        if let Err(error) = &outcome
            && matches!(error.kind(), ErrorKind::Unauthenticated | ErrorKind::Config)
        {
            self.is_hopeless.store(true, Ordering::Relaxed);
        }
        outcome
    }
}
