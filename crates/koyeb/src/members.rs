//! The operations on members.

use async_trait::async_trait;
use futures_util::StreamExt;
use orgport_core::{Cursor, Error, Member, MemberId, MembersAdapter, OrganizationId, Page, stream};

use crate::config::Credential;
use crate::convert;
use crate::provider::KoyebAdapter;
use crate::request::MemberQuery;
use crate::scope::Access;

#[async_trait]
impl MembersAdapter for KoyebAdapter {
    async fn list_members(
        &self,
        org: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        let part = convert::part(cursor)?;
        let client = self.scoped(org, Access::Read).await?;
        let organization_id = Some(org.to_string());
        let listing =
            client.list_members(&MemberQuery { part, organization_id, ..MemberQuery::default() }).await?;
        convert::page(part, listing, |row| convert::member(org, row))
    }

    async fn remove_member(&self, org: &OrganizationId, id: &MemberId) -> Result<(), Error> {
        let client = self.scoped(org, Access::Write).await?;
        // With a user's token Koyeb would remove somebody from any organization of the user's.
        if self.shared.credential == Credential::User {
            self.find_member(org, id).await?;
        }
        client.remove_member(id.as_str()).await.map(drop)
    }
}

impl KoyebAdapter {
    async fn find_member(&self, org: &OrganizationId, id: &MemberId) -> Result<(), Error> {
        let fetch = |cursor: Option<Cursor>| async move { self.list_members(org, cursor.as_ref()).await };
        let rows = stream::items(fetch).collect().await;
        let missing = "no member of this organization has this id, which is the membership's, not the user's";
        Page::whole(rows).pick(|row| row.id == *id, |text| text == id.as_str(), missing).map(drop)
    }
}
