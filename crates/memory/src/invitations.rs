//! The operations on invitations.

use async_trait::async_trait;
use orgport_core::{
    Answer, Answered, Cursor, Draft, Error, ErrorKind, Invitation, InvitationId, InvitationRef,
    InvitationsAdapter, ListInvitations, Operation, OrganizationId, Page, Reach, Reply,
};

use crate::provider::{MemoryAdapter, page};
use crate::state::{Caller, State};
use crate::table::Part;

#[async_trait]
impl InvitationsAdapter for MemoryAdapter {
    async fn list_invitations(&self, list: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        let ListInvitations { organization: org, filter, cursor, .. } = list;
        let (org, filter, begin) = (org.clone(), filter.clone(), Cursor::number(cursor)?);
        let list =
            move |state: &mut State, caller: &Caller| state.list_invitations(caller, &org, &filter, begin);
        self.call(Operation::ListInvitations, list).map(Part::into_page)
    }

    async fn get_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        let (org, id) = (org.clone(), id.clone());
        self.call(Operation::GetInvitation, move |state, caller| state.get_invitation(caller, &org, &id))
    }

    async fn send_invitations(&self, org: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        let mut made = Vec::with_capacity(batch.len());
        for draft in batch {
            let role = draft.role.clone().ok_or_else(|| {
                Error::new(ErrorKind::InvalidInput, "the invitation has no role").with_reach(Reach::NotSent)
            })?;
            let (org, email) = (org.clone(), draft.email()?.clone());
            made.push(
                self.call(Operation::Invite, move |state, caller| state.invite(caller, &org, email, role))?,
            );
        }
        Ok(Reply::Listed(made))
    }

    async fn resend_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        let (org, id) = (org.clone(), id.clone());
        self.call(Operation::ResendInvitation, move |state, caller| {
            state.resend_invitation(caller, &org, &id)
        })
    }

    async fn revoke_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
        let (org, id) = (org.clone(), id.clone());
        self.call(Operation::RevokeInvitation, move |state, caller| {
            state.revoke_invitation(caller, &org, &id)
        })
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        let invitation = invitation.clone();
        self.call(Operation::RespondToInvitation, move |state, caller| {
            state.respond(caller, &invitation, answer)
        })
    }

    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        let all = self.call(Operation::MyInvitations, |state, caller| Ok(state.my_invitations(caller)))?;
        page(all, cursor)
    }
}
