//! The operations on members.

use async_trait::async_trait;
use orgport_core::{Cursor, Error, Member, MemberId, MembersAdapter, OrganizationId, Page};

use crate::convert;
use crate::provider::NuExtractAdapter;

#[async_trait]
impl MembersAdapter for NuExtractAdapter {
    async fn list_members(&self, org: &OrganizationId, _: Option<&Cursor>) -> Result<Page<Member>, Error> {
        Ok(Page::whole(self.client.members(org.as_str(), convert::member).await?))
    }

    async fn remove_member(&self, org: &OrganizationId, id: &MemberId) -> Result<(), Error> {
        self.client.delete_member(org.as_str(), id.as_str()).await
    }
}
