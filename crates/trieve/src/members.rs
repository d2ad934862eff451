//! The operations on members.

use async_trait::async_trait;
use orgport_core::{Cursor, Error, ErrorKind, Member, MemberId, MembersAdapter, OrganizationId, Page, Role};

use crate::client::{organization_uuid, user_uuid};
use crate::convert;
use crate::error::is_unclear;
use crate::provider::TrieveAdapter;
use crate::request::UserUpdate;

#[async_trait]
impl MembersAdapter for TrieveAdapter {
    async fn list_members(&self, org: &OrganizationId, _: Option<&Cursor>) -> Result<Page<Member>, Error> {
        let id = organization_uuid(org.as_str())?.to_string();
        Ok(Page::whole(self.client.users(&id, |doc| convert::member(doc, &id)).await?))
    }

    /// Reads the members first, to refuse for the last owner, whom the vendor does not protect, and
    /// for a member with scopes. Another change at the same moment can slip in between.
    async fn set_member_role(&self, org: &OrganizationId, id: &MemberId, role: &Role) -> Result<(), Error> {
        let number = convert::role_number(role).expect("the guard lets only such roles through");
        let members = self.list_members(org, None).await?;
        let present = find_member(&members, id)?;
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
        let is_set = |now: Option<&Member>| now.is_some_and(|now| now.role.as_ref() == Some(role));
        match self.client.update_user(org.as_str(), &update).await {
            Err(error) => self.look_behind(org, &present, error, is_set).await,
            done => done,
        }
    }

    /// Reads the members first, to refuse for the last owner, whom the vendor does not protect.
    /// Another change at the same moment can slip in between.
    async fn remove_member(&self, org: &OrganizationId, id: &MemberId) -> Result<(), Error> {
        let members = self.list_members(org, None).await?;
        let present = find_member(&members, id)?;
        keep_an_owner(&members, &present)?;
        keep_somebody(&members, &present)?;
        match self.client.remove_user(org.as_str(), present.id.as_str()).await {
            Err(error) => self.look_behind(org, &present, error, |now| now.is_none()).await,
            done => done,
        }
    }
}

impl TrieveAdapter {
    /// Where the vendor failed behind a change, or finds nobody who was there a moment ago, what it
    /// shows of the member decides.
    async fn look_behind(
        &self,
        org: &OrganizationId,
        member: &Member,
        failure: Error,
        is_done: impl Fn(Option<&Member>) -> bool + Send,
    ) -> Result<(), Error> {
        if !is_unclear(&failure) && failure.kind() != ErrorKind::NotFound {
            return Err(failure);
        }
        let members =
            self.list_members(org, None).await.map_err(|error| failure.clone().with_source(error))?;
        let now = match find_member(&members, &member.id) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failure.with_source(error)),
            now => now.ok(),
        };
        match (failure.kind(), now) {
            (ErrorKind::NotFound, Some(_)) => Err(failure.with_kind(ErrorKind::Unavailable).with_message(
                "the vendor shows the member and did not find the same one: its database may be out of reach; try \
                 again later",
            )),
            (ErrorKind::NotFound, None) => Err(failure),
            (_, now) if is_done(now.as_ref()) => Ok(()),
            _ => Err(failure),
        }
    }
}

fn find_member(members: &Page<Member>, wanted: &MemberId) -> Result<Member, Error> {
    let id = user_uuid(wanted.as_str())?;
    let is_id = |text: &str| user_uuid(text).is_ok_and(|found| found == id);
    let missing = "there is no such member in this organization";
    members.clone().pick(|row| is_id(row.id.as_str()), is_id, missing)
}

/// Refuses to remove the only member: nobody could reach what is left, and the vendor cannot delete it.
/// One person may have two rows.
fn keep_somebody(members: &Page<Member>, leaving: &Member) -> Result<(), Error> {
    let stays = |row: &Result<Member, Error>| row.as_ref().map_or(true, |member| member.id != leaving.id);
    if !members.items.iter().any(stays) {
        let message = "the organization would be left without members, which nobody can reach or delete: delete \
                       the organization instead";
        return Err(Error::new(ErrorKind::Conflict, message));
    }
    Ok(())
}

/// Refuses to take the role of the only owner. An owner with scopes may be unable to act as one.
fn keep_an_owner(members: &Page<Member>, leaving: &Member) -> Result<(), Error> {
    let is_owner = |member: &Member| member.role == Some(Role::Owner);
    let stays = |member: &Member| is_owner(member) && member.id != leaving.id;
    if is_owner(leaving) && !members.iter().flatten().any(stays) {
        let message = "the organization would lose its last owner: make somebody else an owner first";
        return Err(Error::new(ErrorKind::Conflict, message));
    }
    Ok(())
}
