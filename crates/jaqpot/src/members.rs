//! The operations on members.

use async_trait::async_trait;
use orgport_core::{Cursor, Error, Member, MembersAdapter, OrganizationId, Page};

use crate::convert;
use crate::provider::JaqpotAdapter;

#[async_trait]
impl MembersAdapter for JaqpotAdapter {
    async fn list_members(&self, org: &OrganizationId, _: Option<&Cursor>) -> Result<Page<Member>, Error> {
        Ok(convert::members(self.read(org).await?))
    }
}
