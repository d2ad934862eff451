//! The operations on members.

use async_trait::async_trait;
use futures_util::StreamExt;
use orgport_core::{Cursor, Error, Member, MemberId, MembersAdapter, OrganizationId, Page, stream};

use crate::config::Credential;
use crate::convert;
use crate::provider::KoyebAdapter;
use crate::query::MemberQuery;
use crate::scope::Access;

#[async_trait]
impl MembersAdapter for KoyebAdapter {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        let part = convert::part(cursor)?;
        let client = self.scoped(organization, Access::Read).await?;
        let organization_id = Some(organization.to_string());
        let listing =
            client.list_members(&MemberQuery { part, organization_id, ..MemberQuery::default() }).await?;
        convert::page(part, listing, |row| {
            convert::belongs(organization, convert::organization_of_member(&row))?;
            convert::member(row)
        })
    }

    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let client = self.scoped(organization, Access::Write).await?;
        // With a user's token Koyeb would remove somebody from any organization of the user's.
        if self.shared.credential == Credential::User {
            self.find_member(organization, member).await?;
        }
        client.remove_member(member.as_str()).await.map(drop)
    }
}

impl KoyebAdapter {
    async fn find_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let fetch =
            |cursor: Option<Cursor>| async move { self.list_members(organization, cursor.as_ref()).await };
        let rows = stream::items(fetch, |row: &Member| row.id.as_str()).collect().await;
        let missing = "no member of this organization has this id, which is the membership's, not the user's";
        Page::whole(rows).pick(|row| row.id == *member, |text| text == member.as_str(), missing).map(drop)
    }
}
