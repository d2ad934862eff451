//! The operations on members.

use async_trait::async_trait;
use orgport_core::{Cursor, Error, Member, MemberId, MembersAdapter, OrganizationId, Page};

use crate::convert;
use crate::provider::NuExtractAdapter;

#[async_trait]
impl MembersAdapter for NuExtractAdapter {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        _: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        Ok(convert::page(self.client.list_members(organization.as_str()).await?, convert::member))
    }

    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        self.client.delete_member(organization.as_str(), member.as_str()).await
    }
}
