//! The operations on members.

use async_trait::async_trait;
use orgport_core::{Cursor, Error, Member, MemberId, MembersAdapter, Operation, OrganizationId, Page, Role};

use crate::provider::MemoryAdapter;
use crate::state::{Caller, State};
use crate::table::Part;

#[async_trait]
impl MembersAdapter for MemoryAdapter {
    async fn list_members(
        &self,
        org: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        let (org, begin) = (org.clone(), Cursor::number(cursor)?);
        let list = move |state: &mut State, caller: &Caller| state.list_members(caller, &org, begin);
        self.call(Operation::ListMembers, list).map(Part::into_page)
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
