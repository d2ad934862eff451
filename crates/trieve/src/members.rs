//! The operations on members.

use async_trait::async_trait;
use orgport_core::{Cursor, Error, ErrorKind, Member, MemberId, MembersAdapter, OrganizationId, Page, Role};

use crate::client::{organization_uuid, user_uuid};
use crate::convert;
use crate::provider::TrieveAdapter;
use crate::query::UserUpdate;

#[async_trait]
impl MembersAdapter for TrieveAdapter {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        _: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        Ok(Page::whole(self.members_of(organization).await?))
    }

    /// Reads the members first, to refuse for the last owner, whom the vendor does not protect, and
    /// for a member with scopes. Another change at the same moment can slip in between.
    async fn set_member_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        let number = convert::role_number(role).expect("the guard lets only such roles through");
        let members = self.members_of(organization).await?;
        let present = find_member(&members, member)?;
        if present.role.as_ref().is_some_and(convert::is_scoped) {
            let message = format!(
                "the member has scopes, which no call takes away, so that it would not simply be {role}: remove \
                 the member and invite again"
            );
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        if *role != Role::Owner {
            keep_an_owner(&members, &present)?;
        }
        let update = UserUpdate::of(present.id.as_str()).role(number);
        self.client.update_user(organization.as_str(), &update).await
    }

    /// Reads the members first, to refuse for the last owner, whom the vendor does not protect.
    /// Another change at the same moment can slip in between.
    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let members = self.members_of(organization).await?;
        let present = find_member(&members, member)?;
        keep_an_owner(&members, &present)?;
        self.client.remove_user(organization.as_str(), present.id.as_str()).await
    }
}

impl TrieveAdapter {
    async fn members_of(&self, organization: &OrganizationId) -> Result<Vec<Result<Member, Error>>, Error> {
        let id = organization_uuid(organization.as_str())?.to_string();
        let docs = self.client.list_users(&id).await?;
        Ok(docs.into_iter().map(|doc| doc.and_then(|doc| convert::member(doc, &id))).collect())
    }
}

fn find_member(members: &[Result<Member, Error>], wanted: &MemberId) -> Result<Member, Error> {
    let id = user_uuid(wanted.as_str())?.to_string();
    Page::whole(members.to_vec())
        .pick(|row| row.id.as_str() == id, "there is no such member in this organization")
}

/// Refuses to take the role of the only owner. An owner with scopes may be unable to act as one.
fn keep_an_owner(members: &[Result<Member, Error>], leaving: &Member) -> Result<(), Error> {
    let is_owner = |member: &Member| member.role == Some(Role::Owner);
    let stays = |member: &Member| is_owner(member) && member.id != leaving.id;
    if is_owner(leaving) && !members.iter().flatten().any(stays) {
        let message = "the organization would lose its last owner: make somebody else an owner first";
        return Err(Error::new(ErrorKind::Conflict, message));
    }
    Ok(())
}
