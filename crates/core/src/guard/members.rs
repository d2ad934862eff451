//! The operations on members, behind the guard.

use async_trait::async_trait;

use super::Guard;
use crate::adapter::Adapter;
use crate::error::Error;
use crate::id::{MemberId, OrganizationId};
use crate::invite::role_to_grant;
use crate::member::Member;
use crate::operation::Operation;
use crate::page::{Cursor, Page};
use crate::provider::Members;
use crate::role::Role;

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<A: Adapter + Clone> Members for Guard<A> {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        self.page(Operation::ListMembers, Some(organization), cursor, |adapter, cursor| async move {
            adapter.list_members(organization, cursor.as_ref()).await
        })
        .await
    }

    async fn set_member_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        self.call(Operation::SetMemberRole, |adapter| async move {
            let role = role_to_grant(role, &adapter.capability().roles_at_set_role, "a member")?;
            adapter.set_member_role(organization, member, role).await
        })
        .await
    }

    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        self.call(Operation::RemoveMember, |adapter| adapter.remove_member(organization, member)).await
    }
}
