//! One change for many people: each is settled by itself, and limits are waited for.
//!
//! The functions here are what [`invite_many`](crate::Invitations::invite_many) is to inviting. They end
//! with the provider's [`Stop`](crate::Stop): what has left is finished and told, and nothing more is sent.
//!
//! ```
//! use futures_util::{StreamExt, TryStreamExt};
//! use orgport_core::{Error, Member, OrganizationId, Provider, Role, many, stream};
//!
//! /// Ends the membership of everybody who may only look, and returns why that failed for some.
//! async fn remove_viewers(provider: &dyn Provider, lab: &OrganizationId) -> Result<Vec<Error>, Error> {
//!     let members: Vec<Member> = stream::members(provider, lab).try_collect().await?;
//!     let viewers = members.into_iter().filter(|row| row.role == Some(Role::Viewer));
//!     let ids = viewers.map(|row| row.id).collect();
//!     let outcomes = many::remove_members(provider, lab, ids);
//!     Ok(outcomes.filter_map(|(_, outcome)| async { outcome.err() }).collect().await)
//! }
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};

use crate::error::{Context as _, Error, ErrorKind, Reach};
use crate::id::{InvitationId, MemberId, OrganizationId};
use crate::invitation::Invitation;
use crate::operation::Operation;
use crate::provider::Provider;
use crate::role::Role;

/// Outcomes as they settle, one for each item, with its index in the list that was passed.
///
/// After `Unauthenticated` or `Config`, which hold for everybody, the rest are `Cancelled`; so is what
/// has not left when the job is stopped.
pub type ManyStream<'a, T> = BoxStream<'a, (usize, Result<T, Error>)>;

/// How many invitations are worked on at once.
const AT_ONCE: usize = 4;

/// Does [`resend_invitation`](crate::Invitations::resend_invitation) for each, four at a time, and waits as
/// long as the vendor's limits need.
#[must_use = "nothing is sent until the stream is read"]
pub fn resend_invitations<'a>(
    provider: impl Provider + 'a,
    organization: &OrganizationId,
    invitations: Vec<InvitationId>,
) -> ManyStream<'a, Invitation> {
    let job = Job::new(provider, organization, Operation::ResendInvitation);
    job.each(AT_ONCE, invitations, |provider, organization, id| {
        Box::pin(async move { provider.resend_invitation(organization, &id).await })
    })
}

/// Does [`revoke_invitation`](crate::Invitations::revoke_invitation) for each, four at a time, and waits as
/// long as the vendor's limits need.
#[must_use = "nothing is sent until the stream is read"]
pub fn revoke_invitations<'a>(
    provider: impl Provider + 'a,
    organization: &OrganizationId,
    invitations: Vec<InvitationId>,
) -> ManyStream<'a, ()> {
    let job = Job::new(provider, organization, Operation::RevokeInvitation);
    job.each(AT_ONCE, invitations, |provider, organization, id| {
        Box::pin(async move { provider.revoke_invitation(organization, &id).await })
    })
}

/// Does [`remove_member`](crate::Members::remove_member) for each, one after the other, so that the
/// last owner is found out to be the last one, and waits as long as the vendor's limits need.
#[must_use = "nothing is sent until the stream is read"]
pub fn remove_members<'a>(
    provider: impl Provider + 'a,
    organization: &OrganizationId,
    members: Vec<MemberId>,
) -> ManyStream<'a, ()> {
    let job = Job::new(provider, organization, Operation::RemoveMember);
    job.each(1, members, |provider, organization, id| {
        Box::pin(async move { provider.remove_member(organization, &id).await })
    })
}

/// Does [`set_member_role`](crate::Members::set_member_role) for each, one after the other, so that the
/// last owner is found out to be the last one, and waits as long as the vendor's limits need.
#[must_use = "nothing is sent until the stream is read"]
pub fn set_member_roles<'a>(
    provider: impl Provider + 'a,
    organization: &OrganizationId,
    changes: Vec<(MemberId, Role)>,
) -> ManyStream<'a, ()> {
    let job = Job::new(provider, organization, Operation::SetMemberRole);
    job.each(1, changes, |provider, organization, (id, role)| {
        Box::pin(async move { provider.set_member_role(organization, &id, &role).await })
    })
}

/// One operation, done for many.
struct Job<P> {
    provider: P,
    organization: OrganizationId,
    operation: Operation,
    /// Something failed that would fail for everybody.
    is_hopeless: AtomicBool,
}

/// The operation for one item.
type Work<I, T> = for<'w> fn(&'w dyn Provider, &'w OrganizationId, I) -> BoxFuture<'w, Result<T, Error>>;

impl<'a, P: Provider + 'a> Job<P> {
    fn new(provider: P, organization: &OrganizationId, operation: Operation) -> Self {
        let (organization, is_hopeless) = (organization.clone(), AtomicBool::new(false));
        Self { provider, organization, operation, is_hopeless }
    }

    /// The common driver.
    fn each<I: Send + 'a, T: Send + 'a>(
        self,
        at_once: usize,
        items: Vec<I>,
        work: Work<I, T>,
    ) -> ManyStream<'a, T> {
        let job = Arc::new(self);
        let one = move |(index, item)| {
            let job = Arc::clone(&job);
            async move { (index, job.one(item, work).await) }
        };
        stream::iter(items).enumerate().map(one).buffer_unordered(at_once).boxed()
    }

    async fn one<I, T>(&self, item: I, work: Work<I, T>) -> Result<T, Error> {
        if self.is_hopeless.load(Ordering::Relaxed) {
            let what = "not attempted: what failed for another one would fail for this one, too";
            let error = Error::new(ErrorKind::Cancelled, what).with_reach(Reach::NotSent);
            return Err(error).during(self.provider.name(), self.operation);
        }
        let provider = self.provider.patient();
        let outcome = work(&*provider, &self.organization, item).await;
        if let Err(error) = &outcome
            && matches!(error.kind(), ErrorKind::Unauthenticated | ErrorKind::Config)
        {
            self.is_hopeless.store(true, Ordering::Relaxed);
        }
        outcome
    }
}
