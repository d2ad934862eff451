//! The operations on invitations.

use async_trait::async_trait;
use orgport_core::{
    Draft, Error, Invitation, InvitationId, InvitationsAdapter, ListInvitations, OrganizationId, Page, Reply,
};

use crate::convert;
use crate::provider::NuExtractAdapter;

#[async_trait]
impl InvitationsAdapter for NuExtractAdapter {
    async fn list_invitations(&self, list: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        let org = list.organization;
        let convert = |row| convert::invitation(org, row);
        Ok(Page::whole(self.client.invitations(org.as_str(), convert).await?))
    }

    async fn get_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        let missing = "accepted, declined or revoked: this vendor does not say";
        let page = self.list_invitations(ListInvitations::all(org)).await?;
        page.pick(|row| row.id == *id, |text| text == id.as_str(), missing)
    }

    /// A draft's role is none, or (in a resend) one of the vendor's own words, which no call can give.
    async fn send_invitations(&self, org: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        for draft in batch {
            self.client.invite_member(org.as_str(), draft.email()?.as_str()).await?;
        }
        Ok(Reply::Accepted)
    }

    async fn revoke_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
        self.client.delete_invitation(org.as_str(), id.as_str()).await
    }
}
