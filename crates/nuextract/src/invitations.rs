//! The operations on invitations.

use async_trait::async_trait;
use orgport_core::{
    Cursor, Draft, Error, Invitation, InvitationFilter, InvitationId, InvitationsAdapter, OrganizationId,
    Page, Reply,
};

use crate::convert;
use crate::provider::NuExtractAdapter;

#[async_trait]
impl InvitationsAdapter for NuExtractAdapter {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        _: &InvitationFilter,
        _: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        let listed = self.client.list_invitations(organization.as_str()).await?;
        Ok(convert::page(listed, |row| convert::invitation(organization, row)))
    }

    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let missing = "accepted, declined or revoked: this vendor does not say";
        let page = self.list_invitations(organization, &InvitationFilter::all(), None).await?;
        page.pick(|row| row.id == *invitation, |text| text == invitation.as_str(), missing)
    }

    /// A draft's role is none, or (in a resend) one of the vendor's own words, which no call can give.
    async fn send_invitations(&self, organization: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        for draft in batch {
            self.client.invite_member(organization.as_str(), draft.email.as_str()).await?;
        }
        Ok(Reply::Accepted)
    }

    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        self.client.delete_invitation(organization.as_str(), invitation.as_str()).await
    }
}
