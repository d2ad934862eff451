//! The operations on invitations, behind the guard; inviting and resending go through the engine.

use std::panic::resume_unwind;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::StreamExt;
use tokio::runtime::Handle;
use tracing::Instrument;

use super::Guard;
use crate::adapter::{Adapter, ListInvitations};
use crate::capability::Support;
use crate::error::{Context, Error, ErrorKind};
use crate::http::{Dispatch, Transport};
use crate::id::{InvitationId, OrganizationId};
use crate::invitation::{
    Answer, Answered, Invitation, InvitationFilter, InvitationRef, InviteOutcome, NewInvitation,
};
use crate::invite::{InviteStream, Plan, draft};
use crate::operation::Operation;
use crate::page::{Cursor, Page};
use crate::provider::{Invitations, Provider};
use crate::secret::Secret;

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<A: Adapter + Clone> Invitations for Guard<A> {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        let operation = Operation::ListInvitations;
        let mut page = self
            .page(operation, Some(organization), cursor, |adapter, cursor| async move {
                filter.check(&adapter.capability().visible_statuses)?;
                let list = ListInvitations::new(organization, filter).at(cursor.as_ref());
                let page = adapter.list_invitations(list).await?;
                Ok(page.belonging(organization))
            })
            .await?;
        let listed = page.items.len();
        filter.apply(&mut page.items);
        if page.items.len() < listed || filter.email.is_some() {
            // The vendor counts those that were left out, too.
            page.total = None;
        }
        Ok(page)
    }

    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.call(Operation::GetInvitation, |adapter| async move {
            adapter.get_invitation(organization, invitation).await?.belonging(organization)
        })
        .await
    }

    async fn invite(
        &self,
        organization: &OrganizationId,
        invitation: NewInvitation,
    ) -> Result<InviteOutcome, Error> {
        self.call(Operation::Invite, |adapter| async move {
            let draft = draft(adapter.capability(), self.default_role(), invitation)?;
            self.common.engine.invite(adapter, organization, draft).await
        })
        .await
    }

    fn invite_many<'a>(
        &'a self,
        organization: &'a OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> InviteStream<'a> {
        let drafts = invitations.into_iter().map(|invitation| {
            let adapter = self.enter(Operation::Invite)?;
            draft(adapter.capability(), self.default_role(), invitation)
        });
        let patient = self.adapter_over(Transport::patient);
        let outcomes = self.common.engine.invite_many(patient, organization, drafts.collect());
        let handle = outcomes.handle();
        let outcomes =
            outcomes.map(|(index, outcome)| (index, outcome.during(&self.common.name, Operation::Invite)));
        InviteStream::with_handle(outcomes, handle)
    }

    async fn plan_invites(
        &self,
        organization: &OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> Result<Vec<Plan>, Error> {
        let plans = async {
            let adapter = &self.adapter;
            adapter.capability().support(Operation::Invite).require()?;
            let drafts = invitations
                .into_iter()
                .map(|invitation| draft(adapter.capability(), self.default_role(), invitation));
            crate::invite::plan(adapter, organization, drafts.collect()).await
        };
        let mut plans = plans.await.during(&self.common.name, Operation::Invite)?;
        for plan in &mut plans {
            if let Plan::Refused(error) = plan {
                *error = error.clone().during(&self.common.name, Operation::Invite);
            }
        }
        Ok(plans)
    }

    async fn resend_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.call(Operation::ResendInvitation, |adapter| async move {
            if self.is_resend_composed() {
                self.resend_composed(organization, invitation).await
            } else {
                adapter.resend_invitation(organization, invitation).await
            }
        })
        .await
    }

    async fn invitation_link(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Secret, Error> {
        self.call(Operation::GetInvitation, |adapter| async move {
            adapter.capability().invitation_link.require()?;
            let found = adapter.get_invitation(organization, invitation).await?.belonging(organization)?;
            if !found.is_pending() {
                let what = format!("the invitation is {}: its link leads nowhere", found.status);
                return Err(Error::new(ErrorKind::Conflict, what));
            }
            adapter.invitation_link(organization, &found)
        })
        .await
    }

    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        self.call(Operation::RevokeInvitation, |adapter| adapter.revoke_invitation(organization, invitation))
            .await
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        self.call(Operation::RespondToInvitation, |adapter| async move {
            adapter.capability().answering(answer).require()?;
            adapter.respond_to_invitation(invitation, answer).await
        })
        .await
    }

    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        self.page(Operation::MyInvitations, None, cursor, |adapter, cursor| async move {
            adapter.my_invitations(cursor.as_ref()).await
        })
        .await
    }
}

impl<A: Adapter + Clone> Guard<A> {
    /// Once begun it is finished, whatever becomes of the caller: nothing is revoked without its
    /// successor.
    async fn resend_composed(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let (adapter, common) = (self.adapter.clone(), Arc::clone(&self.common));
        let (organization, invitation) = (organization.clone(), invitation.clone());
        let dispatch = Dispatch::of_operation(common.engine.stop().clone());
        let work = async move { common.engine.resend(&adapter, &organization, &invitation).await };
        // A task of its own is outside of whatever this one is in.
        let work = dispatch.scope(work).in_current_span();
        match Handle::try_current() {
            Ok(runtime) => runtime.spawn(work).await.unwrap_or_else(|failed| match failed.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(_) => Err(Error::new(ErrorKind::Cancelled, "the program ended before it was done")),
            }),
            Err(_) => work.await,
        }
    }

    fn is_resend_composed(&self) -> bool {
        let support = self.adapter.capability().support(Operation::ResendInvitation);
        matches!(support, Support::Composed { .. })
    }
}
