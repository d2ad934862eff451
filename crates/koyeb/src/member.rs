//! What the neutral calls about members do.

use futures_util::StreamExt;
use orgport_core::{Cursor, Error, ErrorKind, Member, MemberId, OrganizationId, Page, Reach, stream};

use crate::config::Credential;
use crate::convert;
use crate::provider::KoyebProvider;
use crate::query::MemberQuery;
use crate::scope::Access;

impl KoyebProvider {
    pub(crate) async fn members(
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

    pub(crate) async fn remove(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let client = self.scoped(organization, Access::Write).await?;
        // With a user's token Koyeb would remove somebody from any organization of the user's.
        if self.shared.credential == Credential::User {
            self.find_member(organization, member).await?;
        }
        client.remove_member(member.as_str()).await.map(drop)
    }

    async fn find_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let mut unreadable = None;
        let mut rows = stream::members(self, organization);
        while let Some(row) = rows.next().await {
            match row {
                Ok(row) if row.id == *member => return Ok(()),
                Ok(_) => {}
                Err(error) => unreadable = Some(error),
            }
        }
        Err(unreadable.unwrap_or_else(|| {
            let message =
                "no member of this organization has this id, which is the membership's, not the user's";
            Error::new(ErrorKind::NotFound, message).with_reach(Reach::Answered)
        }))
    }
}
