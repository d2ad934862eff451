//! The operations on members.

use async_trait::async_trait;
use orgport_core::{
    Cursor, Error, ErrorKind, Member, MemberId, MembersAdapter, OrganizationId, Page, Reach, Role,
};

use crate::convert;
use crate::model::{Org, OrgMember, Row};
use crate::organizations::unconfirmed;
use crate::provider::LosantAdapter;
use crate::request::{OrgMemberPatch, Summary};

#[async_trait]
impl MembersAdapter for LosantAdapter {
    async fn list_members(&self, org: &OrganizationId, _: Option<&Cursor>) -> Result<Page<Member>, Error> {
        Ok(Page::converted(self.client.members(org.as_str()).await?, convert::member))
    }

    async fn set_member_role(&self, org: &OrganizationId, id: &MemberId, role: &Role) -> Result<(), Error> {
        let word = convert::native_role(role).expect("the guard lets only such roles through");
        let patch = OrgMemberPatch::role(id.as_str(), word);
        let reply = match self.client.modify_member(org.as_str(), &patch, &Summary::default()).await {
            Ok(reply) => reply.value,
            Err(refusal) => return Err(self.explain_refusal(org, id, refusal).await),
        };
        match find_member(shown_members(&reply)?, id)? {
            Some(changed) if changed.role.as_deref() == Some(word) => Ok(()),
            Some(_) => Err(unconfirmed("the new role: look at the member")),
            None => self.look_at_role(org, id, word).await,
        }
    }

    async fn remove_member(&self, org: &OrganizationId, id: &MemberId) -> Result<(), Error> {
        let reply = match self.client.remove_member(org.as_str(), id.as_str(), &Summary::default()).await {
            Ok(Some(reply)) => reply.value,
            Ok(None) => return Ok(()),
            Err(refusal) => return Err(self.explain_refusal(org, id, refusal).await),
        };
        match find_member(shown_members(&reply)?, id)? {
            None => Ok(()),
            Some(_) => Err(unconfirmed("the removal: look at the members")),
        }
    }
}

impl LosantAdapter {
    /// Where the response to a change does not show the member, what the organization shows decides.
    async fn look_at_role(&self, org: &OrganizationId, id: &MemberId, word: &str) -> Result<(), Error> {
        let unconfirmed = || unconfirmed("the new role, and does not show the member: look at the member");
        let now = self.client.org(org.as_str(), &Summary::default()).await;
        let now = now.map_err(|error| unconfirmed().with_source(error))?;
        match find_member(shown_members(&now)?, id)? {
            Some(member) if member.role.as_deref() == Some(word) => Ok(()),
            Some(_) => Err(unconfirmed()),
            None => Err(no_such_member()),
        }
    }

    /// Losant documents neither status nor words for a member that is not there or must stay, so
    /// the members are looked at.
    async fn explain_refusal(&self, org: &OrganizationId, id: &MemberId, refusal: Error) -> Error {
        if refusal.status() != Some(400) {
            return refusal;
        }
        let Ok(org) = self.client.org(org.as_str(), &Summary::default()).await else { return refusal };
        let Ok(members) = shown_members(&org) else { return refusal };
        let Ok(found) = find_member(members, id) else { return refusal };
        let is_admin = |member: &OrgMember| member.role.as_deref() == convert::native_role(&Role::Admin);
        // A row that cannot be read may be one.
        let may_be_admin = |row: &&Row<OrgMember>| match row {
            Row::Known(member) => is_admin(member),
            Row::Unknown(_) => true,
        };
        match found {
            None => refusal.with_kind(ErrorKind::NotFound).with_message("there is no such member"),
            Some(found) if is_admin(found) && members.iter().filter(may_be_admin).count() == 1 => {
                let what = "the organization would lose its last administrator: make somebody else one first";
                refusal.with_kind(ErrorKind::Conflict).with_message(what)
            }
            Some(_) => refusal,
        }
    }
}

/// The members in the response to a change of them.
fn shown_members(org: &Org) -> Result<&[Row<OrgMember>], Error> {
    org.members.as_deref().ok_or_else(|| unconfirmed("the change: look at the members"))
}

/// The member of this id. Rows of others may be unreadable; one that names the id may be the member's.
fn find_member<'a>(members: &'a [Row<OrgMember>], id: &MemberId) -> Result<Option<&'a OrgMember>, Error> {
    let is_id = |text: &str| convert::is_same_id(text, id.as_str());
    let mut is_hidden = false;
    for row in members {
        match row {
            Row::Known(member) if member.user_id.as_deref().is_some_and(is_id) => return Ok(Some(member)),
            Row::Known(_) => {}
            Row::Unknown(row) => is_hidden |= row.mentions(is_id),
        }
    }
    if is_hidden { Err(unconfirmed("the change: the member's row cannot be read")) } else { Ok(None) }
}

fn no_such_member() -> Error {
    Error::new(ErrorKind::NotFound, "there is no such member").with_reach(Reach::Answered)
}
