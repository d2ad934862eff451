//! What each neutral operation takes at Losant: the calls, and what is checked before and after.

use orgport_core::invite::role_to_grant;
use orgport_core::{
    Answer, Answered, Cursor, Error, ErrorKind, Invitation, InvitationId, InvitationRef, MemberId,
    NewOrganization, Organization, OrganizationId, OrganizationUpdate, Page, Reach, Role,
};

use crate::body::{OrgInviteAction, OrgMemberPatch, OrgPatch, OrgPost};
use crate::capability::ROLES;
use crate::client::object_id;
use crate::convert;
use crate::model::{Org, OrgMember};
use crate::provider::LosantProvider;
use crate::query::{OrgsQuery, Summary};

/// How many organizations to ask for at once.
const PER_PAGE: u64 = 100;
const MAX_NAME: usize = 255;
const MAX_DESCRIPTION: usize = 32_767;
const GONE: &str = "accepted, declined or revoked: this vendor does not say";

impl LosantProvider {
    pub(crate) async fn page_of_organizations(
        &self,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Organization>, Error> {
        let number = cursor.map_or(Ok(0), page_number)?;
        // By id, since names change while pages are read.
        let query = OrgsQuery {
            sort_field: Some("id".to_owned()),
            sort_direction: Some("asc".to_owned()),
            page: Some(number),
            per_page: Some(PER_PAGE),
            ..OrgsQuery::default()
        };
        let orgs = self.client().orgs(&query).await?;
        let per_page = orgs.page.per_page.unwrap_or(PER_PAGE);
        let following = number.saturating_add(1);
        let seen = following.saturating_mul(per_page);
        let is_last = match orgs.page.total_count {
            _ if orgs.items.is_empty() => true,
            Some(total) => seen >= total,
            None => (orgs.items.len() as u64) < per_page,
        };
        let next = (!is_last).then(|| Cursor::new(following.to_string()));
        let items = orgs.items.into_iter().map(|item| convert::organization(item?)).collect();
        let page = Page::new(items, next);
        Ok(match orgs.page.total_count {
            Some(total) => page.with_total(total),
            None => page,
        })
    }

    pub(crate) async fn create(&self, new: NewOrganization) -> Result<Organization, Error> {
        check_fields(Some(&new.name), new.description.as_deref())?;
        let post = OrgPost { name: new.name, description: new.description, ..OrgPost::default() };
        let made = self.client().create_org(&post, &Summary::default()).await?;
        convert::organization(made).map_err(|error| error.with_reach(Reach::Unanswered))
    }

    pub(crate) async fn update(
        &self,
        id: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        check_fields(update.name.as_deref(), update.description.as_deref())?;
        if update == OrganizationUpdate::new() {
            return Err(Error::new(ErrorKind::InvalidInput, "the update changes nothing"));
        }
        let patch = OrgPatch { name: update.name, description: update.description, ..OrgPatch::default() };
        convert::organization(self.client().patch_org(id.as_str(), &patch, &Summary::default()).await?)
    }

    pub(crate) async fn delete(&self, id: &OrganizationId) -> Result<(), Error> {
        if self.client().delete_org(id.as_str()).await?.success {
            return Ok(());
        }
        Err(unconfirmed("the deletion: look whether the organization is there"))
    }

    pub(crate) async fn set_role(
        &self,
        org: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        let role = role_to_grant(role, ROLES, "a member")?;
        let word = convert::native_role(role).expect("every role that can be granted has a word");
        let patch = OrgMemberPatch::role(member.as_str(), word);
        let reply = match self.client().modify_member(org.as_str(), &patch, &Summary::default()).await {
            Ok(reply) => reply.value,
            Err(refusal) => return Err(self.explain_refusal(org, member, refusal).await),
        };
        let members = shown_members(&reply)?;
        match find_member(members, member) {
            Some(changed) if changed.role.as_deref() == Some(word) => Ok(()),
            Some(_) => Err(unconfirmed("the new role: look at the member")),
            None => Err(no_such_member()),
        }
    }

    pub(crate) async fn remove(&self, org: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let reply =
            match self.client().remove_member(org.as_str(), member.as_str(), &Summary::default()).await {
                Ok(Some(reply)) => reply.value,
                Ok(None) => return Ok(()),
                Err(refusal) => return Err(self.explain_refusal(org, member, refusal).await),
            };
        match find_member(shown_members(&reply)?, member) {
            None => Ok(()),
            Some(_) => Err(unconfirmed("the removal: look at the members")),
        }
    }

    /// Losant documents neither status nor words for a member that is not there or must stay, so
    /// the members are looked at.
    async fn explain_refusal(&self, org: &OrganizationId, member: &MemberId, refusal: Error) -> Error {
        if refusal.status() != Some(400) {
            return refusal;
        }
        let Ok(org) = self.client().org(org.as_str(), &Summary::default()).await else { return refusal };
        let Ok(members) = shown_members(&org) else { return refusal };
        let is_admin = |member: &OrgMember| member.role.as_deref() == convert::native_role(&Role::Admin);
        match find_member(members, member) {
            None => refusal.with_kind(ErrorKind::NotFound).with_message("there is no such member"),
            Some(found) if is_admin(found) && members.iter().filter(|other| is_admin(other)).count() == 1 => {
                let what = "the organization would lose its last administrator: make somebody else one first";
                refusal.with_kind(ErrorKind::Conflict).with_message(what)
            }
            Some(_) => refusal,
        }
    }

    pub(crate) async fn invitations_of(
        &self,
        org: &OrganizationId,
    ) -> Result<Vec<Result<Invitation, Error>>, Error> {
        Ok(convert::invitations(self.client().pending_invites(org.as_str()).await?, org))
    }

    /// Losant has no call for one invitation.
    pub(crate) async fn find_invitation(
        &self,
        org: &OrganizationId,
        id: &InvitationId,
    ) -> Result<Invitation, Error> {
        object_id("the invitation id", id.as_str())?;
        let mut unreadable = None;
        for item in self.invitations_of(org).await? {
            match item {
                Ok(found) if convert::is_same_id(found.id.as_str(), id.as_str()) => return Ok(found),
                Ok(_) => {}
                Err(error) => unreadable = Some(error),
            }
        }
        // A row that cannot be read may be the one.
        Err(unreadable.unwrap_or_else(|| Error::new(ErrorKind::NotFound, GONE)))
    }

    pub(crate) async fn revoke(&self, org: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
        // The answer is the remaining invitations, which says nothing of an id that never was there.
        self.find_invitation(org, id).await?;
        let remaining = match self.client().revoke_invite(org.as_str(), id.as_str()).await {
            Ok(Some(remaining)) => remaining,
            Ok(None) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(error.with_message(GONE)),
            Err(error) => return Err(error),
        };
        let is_there = |id_there: &str| convert::is_same_id(id_there, id.as_str());
        if remaining.items.iter().flatten().any(|row| is_there(&row.id)) {
            return Err(unconfirmed("the revocation: look at the invitations"));
        }
        Ok(())
    }

    pub(crate) async fn respond(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        match invitation {
            InvitationRef::Id { id, .. } => {
                let action = convert::action(answer);
                let result = self.client().respond_to_my_invite(id.as_str(), action).await?;
                convert::answered(answer, result.value)
            }
            InvitationRef::Token { email, token } => {
                email.check()?;
                let accept = answer == Answer::Accept;
                let action =
                    OrgInviteAction { email: email.as_str().to_owned(), token: token.clone(), accept };
                let result = self.client().answer_emailed_invite(&action).await?;
                convert::answered_by_token(answer, result.value)
            }
            _ => Err(Error::new(ErrorKind::Unsupported, "Losant knows invitations by id or by mailed token")),
        }
    }
}

fn page_number(cursor: &Cursor) -> Result<u64, Error> {
    let number = cursor.as_str().parse();
    number.map_err(|_| Error::new(ErrorKind::InvalidInput, "the cursor is not one of this provider"))
}

fn check_fields(name: Option<&str>, description: Option<&str>) -> Result<(), Error> {
    let wrong = |what: &str| Err(Error::new(ErrorKind::InvalidInput, what));
    if name.is_some_and(|name| name.is_empty() || name.chars().count() > MAX_NAME) {
        return wrong("an organization's name has 1 to 255 characters");
    }
    if description.is_some_and(|description| description.chars().count() > MAX_DESCRIPTION) {
        return wrong("an organization's description has at most 32767 characters");
    }
    Ok(())
}

/// The members in an organization that was answered to a change of them.
fn shown_members(org: &Org) -> Result<&[OrgMember], Error> {
    org.members.as_deref().ok_or_else(|| unconfirmed("the change: look at the members"))
}

fn find_member<'a>(members: &'a [OrgMember], id: &MemberId) -> Option<&'a OrgMember> {
    let is_it = |user_id: &str| convert::is_same_id(user_id, id.as_str());
    members.iter().find(|member| member.user_id.as_deref().is_some_and(is_it))
}

fn no_such_member() -> Error {
    Error::new(ErrorKind::NotFound, "there is no such member").with_reach(Reach::Answered)
}

/// A success whose body does not say that it was done.
fn unconfirmed(what: &str) -> Error {
    let message = format!("the vendor's answer does not confirm {what}");
    Error::new(ErrorKind::Protocol, message).with_reach(Reach::Unanswered)
}
