//! Losant behind the neutral traits.

use async_trait::async_trait;
use orgport_core::config::ProviderConfig;
use orgport_core::invite::{
    InviteEngine, InvitePort, Invitee, Patience, Reply, resend_composed, role_to_grant,
};
use orgport_core::{
    Answer, Answered, Capability, Context, Cursor, Describe, Error, ErrorKind, Invitation, InvitationFilter,
    InvitationId, InvitationRef, InvitationStatus, Invitations, InviteOutcome, InviteStream, Member,
    MemberId, Members, NewInvitation, NewOrganization, Operation, Organization, OrganizationId,
    OrganizationUpdate, Organizations, Page, Reach, Role,
};

use crate::capability::{CAPABILITY, ROLES, STATUSES};
use crate::client::{LosantClient, object_id};
use crate::config::KIND;
use crate::convert;
use crate::model::{Org, OrgInviteAction, OrgMember, OrgMemberPatch, OrgPatch, OrgPost};
use crate::query::{OrgsQuery, Summary};

/// How many organizations to ask for at once.
const PER_PAGE: u64 = 100;
const MAX_NAME: usize = 255;
const MAX_DESCRIPTION: usize = 32_767;
const GONE: &str = "accepted, declined or revoked: this vendor does not say";

/// One configured Losant account. Clones share connections, the credential and the locks of
/// inviting.
#[derive(Debug, Clone)]
pub struct LosantProvider {
    client: LosantClient,
    engine: InviteEngine,
    organization: Option<OrganizationId>,
    default_role: Option<Role>,
}

impl LosantProvider {
    pub(crate) fn over(client: LosantClient, config: ProviderConfig) -> Self {
        let engine = config.invite_engine();
        Self { client, engine, organization: config.organization, default_role: config.default_role }
    }

    /// The typed client underneath.
    pub fn client(&self) -> &LosantClient {
        &self.client
    }

    /// A clone that refuses everything but reads, its typed client included.
    #[must_use]
    pub fn read_only(&self) -> Self {
        Self { client: self.client.read_only(), ..self.clone() }
    }

    async fn page_of_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        let number = cursor.map_or(Ok(0), page_number)?;
        // By id, since names change while pages are read.
        let query = OrgsQuery {
            sort_field: Some("id".to_owned()),
            sort_direction: Some("asc".to_owned()),
            page: Some(number),
            per_page: Some(PER_PAGE),
            ..OrgsQuery::default()
        };
        let orgs = self.client.orgs(&query).await?;
        let per_page = orgs.page.per_page.unwrap_or(PER_PAGE);
        let seen = number.saturating_add(1).saturating_mul(per_page);
        let is_last = match orgs.page.total_count {
            _ if orgs.items.is_empty() => true,
            Some(total) => seen >= total,
            None => (orgs.items.len() as u64) < per_page,
        };
        let next = (!is_last).then(|| Cursor::new((number + 1).to_string()));
        let items = orgs.items.into_iter().map(|item| convert::organization(item?)).collect();
        let page = Page::new(items, next);
        Ok(match orgs.page.total_count {
            Some(total) => page.with_total(total),
            None => page,
        })
    }

    /// Says of the items that cannot be read where that was.
    fn located<T>(&self, mut page: Page<T>, operation: Operation) -> Page<T> {
        page.items = page.items.into_iter().map(|item| item.during(self.name(), operation)).collect();
        page
    }

    async fn create(&self, new: NewOrganization) -> Result<Organization, Error> {
        check_fields(Some(&new.name), new.description.as_deref())?;
        let post = OrgPost { name: new.name, description: new.description, ..OrgPost::default() };
        let made = self.client.create_org(&post, &Summary::default()).await?;
        convert::organization(made).map_err(|error| error.with_reach(Reach::Unanswered))
    }

    async fn update(&self, id: &OrganizationId, update: OrganizationUpdate) -> Result<Organization, Error> {
        check_fields(update.name.as_deref(), update.description.as_deref())?;
        if update == OrganizationUpdate::new() {
            return Err(Error::new(ErrorKind::InvalidInput, "the update changes nothing"));
        }
        let patch = OrgPatch { name: update.name, description: update.description, ..OrgPatch::default() };
        convert::organization(self.client.patch_org(id.as_str(), &patch, &Summary::default()).await?)
    }

    async fn delete(&self, id: &OrganizationId) -> Result<(), Error> {
        if self.client.delete_org(id.as_str()).await?.success {
            return Ok(());
        }
        Err(unconfirmed("the deletion: look whether the organization is there"))
    }

    async fn set_role(&self, org: &OrganizationId, member: &MemberId, role: &Role) -> Result<(), Error> {
        let role = role_to_grant(role, ROLES, "a member")?;
        let word = convert::native_role(role).expect("every role that can be granted has a word");
        let patch = OrgMemberPatch::role(member.as_str(), word);
        let reply = match self.client.modify_member(org.as_str(), &patch, &Summary::default()).await {
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

    async fn remove(&self, org: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let reply = match self.client.remove_member(org.as_str(), member.as_str(), &Summary::default()).await
        {
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
        let Ok(org) = self.client.org(org.as_str(), &Summary::default()).await else { return refusal };
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

    async fn invitations_of(&self, org: &OrganizationId) -> Result<Vec<Result<Invitation, Error>>, Error> {
        Ok(convert::invitations(self.client.pending_invites(org.as_str()).await?, org))
    }

    /// Losant has no call for one invitation.
    async fn find_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
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

    async fn revoke(&self, org: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
        // The answer is the remaining invitations, which says nothing of an id that never was there.
        self.find_invitation(org, id).await?;
        let remaining = match self.client.revoke_invite(org.as_str(), id.as_str()).await {
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

    async fn respond(&self, invitation: &InvitationRef, answer: Answer) -> Result<Answered, Error> {
        match invitation {
            InvitationRef::Id { id, .. } => {
                let action = convert::action(answer);
                let result = self.client.respond_to_my_invite(id.as_str(), action).await?;
                convert::answered(answer, result.value)
            }
            InvitationRef::Token { email, token } => {
                email.check()?;
                let accept = answer == Answer::Accept;
                let action =
                    OrgInviteAction { email: email.as_str().to_owned(), token: token.clone(), accept };
                let result = self.client.answer_emailed_invite(&action).await?;
                convert::answered_by_token(answer, result.value)
            }
            _ => Err(Error::new(ErrorKind::Unsupported, "Losant knows invitations by id or by mailed token")),
        }
    }
}

impl Describe for LosantProvider {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn name(&self) -> &str {
        self.client.transport().name()
    }

    fn capability(&self) -> &Capability {
        &CAPABILITY
    }

    fn default_organization(&self) -> Option<&OrganizationId> {
        self.organization.as_ref()
    }

    fn default_role(&self) -> Option<&Role> {
        self.default_role.as_ref()
    }
}

#[async_trait]
impl Organizations for LosantProvider {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        let page = self.page_of_organizations(cursor).await;
        let page = page.during(self.name(), Operation::ListOrganizations)?;
        Ok(self.located(page, Operation::ListOrganizations))
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        let found = self.client.org(organization.as_str(), &Summary::default()).await;
        found.and_then(convert::organization).during(self.name(), Operation::GetOrganization)
    }

    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.create(new).await.during(self.name(), Operation::CreateOrganization)
    }

    async fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        self.update(organization, update).await.during(self.name(), Operation::UpdateOrganization)
    }

    async fn delete_organization(&self, organization: &OrganizationId) -> Result<(), Error> {
        self.delete(organization).await.during(self.name(), Operation::DeleteOrganization)
    }
}

#[async_trait]
impl Members for LosantProvider {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        _cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        let members = self.client.members(organization.as_str()).await;
        let members = members.during(self.name(), Operation::ListMembers)?;
        let items = members.into_iter().map(|item| convert::member(item?)).collect();
        Ok(self.located(Page::whole(items), Operation::ListMembers))
    }

    async fn set_member_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        self.set_role(organization, member, role).await.during(self.name(), Operation::SetMemberRole)
    }

    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        self.remove(organization, member).await.during(self.name(), Operation::RemoveMember)
    }
}

#[async_trait]
impl Invitations for LosantProvider {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        _cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        filter.check(STATUSES).during(self.name(), Operation::ListInvitations)?;
        let invitations = self.invitations_of(organization).await;
        let mut items = invitations.during(self.name(), Operation::ListInvitations)?;
        filter.apply(&mut items);
        Ok(self.located(Page::whole(items), Operation::ListInvitations))
    }

    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.find_invitation(organization, invitation).await.during(self.name(), Operation::GetInvitation)
    }

    async fn invite(
        &self,
        organization: &OrganizationId,
        invitation: NewInvitation,
    ) -> Result<InviteOutcome, Error> {
        self.engine.invite(self, organization, invitation).await
    }

    fn invite_many<'a>(
        &'a self,
        organization: &'a OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> InviteStream<'a> {
        self.engine.invite_many(self, organization, invitations)
    }

    async fn resend_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let resent = resend_composed(self, organization, invitation).await;
        resent.during(self.name(), Operation::ResendInvitation)
    }

    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        self.revoke(organization, invitation).await.during(self.name(), Operation::RevokeInvitation)
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        self.respond(invitation, answer).await.during(self.name(), Operation::RespondToInvitation)
    }

    async fn my_invitations(&self, _cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        let invites = self.client.my_invites().await.map_err(|error| error.from_provider(self.name()))?;
        let items = convert::my_invitations(invites).into_iter();
        let items = items.map(|item| item.map_err(|error| error.from_provider(self.name())));
        Ok(Page::whole(items.collect()))
    }
}

#[async_trait]
impl InvitePort for LosantProvider {
    fn engine(&self) -> &InviteEngine {
        &self.engine
    }

    async fn send_invitations(
        &self,
        organization: &OrganizationId,
        batch: &[Invitee],
        patience: Patience,
    ) -> Result<Reply, Error> {
        let [invitee] = batch else {
            return Err(Error::new(ErrorKind::InvalidInput, "Losant invites one person per request"));
        };
        let post = convert::invite_post(invitee)?;
        let pending = match patience {
            Patience::Bounded => self.client.invite_member(organization.as_str(), &post).await?,
            Patience::Unbounded => self.client.patient().invite_member(organization.as_str(), &post).await?,
        };
        // Rows that cannot be read are left to the look, which does not overlook them.
        Ok(Reply::Listed(convert::invitations(pending, organization).into_iter().flatten().collect()))
    }

    fn check_replacement(&self, invitee: &Invitee) -> Result<(), Error> {
        convert::invite_post(invitee).map(drop)
    }

    async fn clear_dead(
        &self,
        organization: &OrganizationId,
        dead: &Invitation,
        refusal: &Error,
    ) -> Result<bool, Error> {
        if refusal.status() != Some(400) || dead.status != InvitationStatus::Expired {
            return Ok(false);
        }
        self.client.revoke_invite(organization.as_str(), dead.id.as_str()).await?;
        Ok(true)
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
