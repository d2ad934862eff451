//! Losant behind the neutral traits.

use async_trait::async_trait;
use orgport_core::config::ProviderConfig;
use orgport_core::invite::{InviteEngine, InvitePort, Invitee, Patience, Reply, resend_composed};
use orgport_core::{
    Answer, Answered, Capability, Context, Cursor, Describe, Error, ErrorKind, Invitation, InvitationFilter,
    InvitationId, InvitationRef, InvitationStatus, Invitations, InviteOutcome, InviteStream, Member,
    MemberId, Members, NewInvitation, NewOrganization, Operation, Organization, OrganizationId,
    OrganizationUpdate, Organizations, Page, Role,
};

use crate::capability::{CAPABILITY, STATUSES};
use crate::client::LosantClient;
use crate::config::KIND;
use crate::convert;
use crate::query::Summary;

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

    /// Says of the items that cannot be read where that was.
    fn located<T>(&self, mut page: Page<T>, operation: Operation) -> Page<T> {
        page.items = page.items.into_iter().map(|item| item.during(self.name(), operation)).collect();
        page
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
