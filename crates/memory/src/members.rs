//! The operations on members.

use async_trait::async_trait;
use orgport_core::{Cursor, Error, Member, MemberId, MembersAdapter, Operation, OrganizationId, Page, Role};

use crate::provider::{MemoryAdapter, page};

#[async_trait]
impl MembersAdapter for MemoryAdapter {
    async fn list_members(
        &self,
        org: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        let org = org.clone();
        let all = self.call(Operation::ListMembers, move |state, caller| state.list_members(caller, &org))?;
        page(all, cursor)
    }

    async fn set_member_role(&self, org: &OrganizationId, id: &MemberId, role: &Role) -> Result<(), Error> {
        let (org, id, role) = (org.clone(), id.clone(), role.clone());
        self.call(Operation::SetMemberRole, move |state, caller| {
            state.set_member_role(caller, &org, &id, role)
        })
    }

    async fn remove_member(&self, org: &OrganizationId, id: &MemberId) -> Result<(), Error> {
        let (org, id) = (org.clone(), id.clone());
        self.call(Operation::RemoveMember, move |state, caller| state.remove_member(caller, &org, &id))
    }
}
