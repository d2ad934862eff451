//! The operations on invitations.

use async_trait::async_trait;
use orgport_core::{
    Answer, Answered, Cursor, Draft, Error, ErrorKind, Invitation, InvitationFilter, InvitationId,
    InvitationRef, InvitationsAdapter, Operation, OrganizationId, Page, Reach, Reply,
};

use crate::provider::{MemoryAdapter, page};

#[async_trait]
impl InvitationsAdapter for MemoryAdapter {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        let (id, filter) = (organization.clone(), filter.clone());
        let all = self.read(Operation::ListInvitations, move |state, caller| {
            state.list_invitations(caller, &id, &filter)
        })?;
        page(all, cursor)
    }

    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let (id, invitation) = (organization.clone(), invitation.clone());
        self.read(Operation::GetInvitation, move |state, caller| {
            state.get_invitation(caller, &id, &invitation)
        })
    }

    async fn send_invitations(&self, organization: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        let mut made = Vec::with_capacity(batch.len());
        for Draft { email, role, .. } in batch {
            let role = role.clone().ok_or_else(|| {
                Error::new(ErrorKind::InvalidInput, "the invitation has no role").with_reach(Reach::NotSent)
            })?;
            let (id, email) = (organization.clone(), email.clone());
            made.push(
                self.write(Operation::Invite, move |state, caller| state.invite(caller, &id, email, role))?,
            );
        }
        Ok(Reply::Listed(made))
    }

    async fn resend_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let (id, invitation) = (organization.clone(), invitation.clone());
        self.write(Operation::ResendInvitation, move |state, caller| {
            state.resend_invitation(caller, &id, &invitation)
        })
    }

    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        let (id, invitation) = (organization.clone(), invitation.clone());
        self.write(Operation::RevokeInvitation, move |state, caller| {
            state.revoke_invitation(caller, &id, &invitation)
        })
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        let invitation = invitation.clone();
        self.write(Operation::RespondToInvitation, move |state, caller| {
            state.respond(caller, &invitation, answer)
        })
    }

    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        let all = self.read(Operation::MyInvitations, |state, caller| Ok(state.my_invitations(caller)))?;
        page(all, cursor)
    }
}
