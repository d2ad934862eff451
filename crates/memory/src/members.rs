//! The operations on members.

use async_trait::async_trait;
use orgport_core::{Cursor, Error, Member, MemberId, MembersAdapter, Operation, OrganizationId, Page, Role};

use crate::provider::{MemoryAdapter, page};

#[async_trait]
impl MembersAdapter for MemoryAdapter {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        let id = organization.clone();
        let all = self.read(Operation::ListMembers, move |state, caller| state.list_members(caller, &id))?;
        page(all, cursor)
    }

    async fn set_member_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        let (id, member, role) = (organization.clone(), member.clone(), role.clone());
        self.write(Operation::SetMemberRole, move |state, caller| {
            state.set_member_role(caller, &id, &member, role)
        })
    }

    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let (id, member) = (organization.clone(), member.clone());
        self.write(Operation::RemoveMember, move |state, caller| state.remove_member(caller, &id, &member))
    }
}
