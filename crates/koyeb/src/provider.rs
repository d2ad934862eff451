//! The neutral traits on top of [`KoyebClient`].

use std::sync::Arc;

use async_trait::async_trait;
use orgport_core::invite::{InviteEngine, InvitePort, Invitee, Patience, Reply};
use orgport_core::{
    Answer, Answered, Capability, Context, Cursor, Describe, Error, ErrorKind, Invitation, InvitationFilter,
    InvitationId, InvitationRef, Invitations, InviteOutcome, InviteStream, Member, MemberId, Members,
    NewInvitation, NewOrganization, Operation, Organization, OrganizationId, OrganizationUpdate,
    Organizations, Page, Role,
};

use crate::KoyebClient;
use crate::config::{Credential, KIND};
use crate::convert;
use crate::delete::delete_organization;
use crate::scope::{Access, Scopes};

/// One configured Koyeb token behind the neutral traits. Clones share what they have learned.
#[derive(Debug, Clone)]
pub struct KoyebProvider {
    pub(crate) client: KoyebClient,
    pub(crate) shared: Arc<Shared>,
}

/// What the clones of a provider have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) name: String,
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) default_role: Option<Role>,
    pub(crate) credential: Credential,
    pub(crate) capability: Capability,
    pub(crate) scopes: Scopes,
    pub(crate) engine: InviteEngine,
}

impl KoyebProvider {
    /// The vendor's own calls, with the configured token.
    pub fn client(&self) -> &KoyebClient {
        &self.client
    }

    /// A clone that refuses everything but reads, by the traits and by the client.
    #[must_use]
    pub fn read_only(&self) -> Self {
        Self { client: self.client.read_only(), shared: Arc::clone(&self.shared) }
    }
}

impl Describe for KoyebProvider {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn name(&self) -> &str {
        &self.shared.name
    }

    fn capability(&self) -> &Capability {
        &self.shared.capability
    }

    fn default_organization(&self) -> Option<&OrganizationId> {
        self.shared.organization.as_ref()
    }

    fn default_role(&self) -> Option<&Role> {
        self.shared.default_role.as_ref()
    }
}

#[async_trait]
impl Organizations for KoyebProvider {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        let listed = match self.shared.credential {
            Credential::User => self.my_organizations(cursor).await,
            Credential::Organization => self.own_organization().await,
        };
        self.listed(listed, Operation::ListOrganizations)
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        let found = self.client.get_organization(organization.as_str()).await;
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
        let deleted = delete_organization(&self.client, organization).await;
        deleted.during(self.name(), Operation::DeleteOrganization)
    }
}

#[async_trait]
impl Members for KoyebProvider {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        self.listed(self.members(organization, cursor).await, Operation::ListMembers)
    }

    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        self.remove(organization, member).await.during(self.name(), Operation::RemoveMember)
    }
}

#[async_trait]
impl Invitations for KoyebProvider {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        let listed = self.invitations(organization, filter, cursor).await;
        self.listed(listed, Operation::ListInvitations)
    }

    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.invitation(organization, invitation).await.during(self.name(), Operation::GetInvitation)
    }

    async fn invite(
        &self,
        organization: &OrganizationId,
        invitation: NewInvitation,
    ) -> Result<InviteOutcome, Error> {
        self.engine().invite(self, organization, invitation).await
    }

    fn invite_many<'a>(
        &'a self,
        organization: &'a OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> InviteStream<'a> {
        self.engine().invite_many(self, organization, invitations)
    }

    async fn resend_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.resend(organization, invitation).await.during(self.name(), Operation::ResendInvitation)
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

    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        self.invitations_to_me(cursor).await.map_err(|error| error.from_provider(self.name()))
    }
}

#[async_trait]
impl InvitePort for KoyebProvider {
    fn engine(&self) -> &InviteEngine {
        &self.shared.engine
    }

    async fn send_invitations(
        &self,
        organization: &OrganizationId,
        batch: &[Invitee],
        patience: Patience,
    ) -> Result<Reply, Error> {
        let [invitee] = batch else {
            return Err(Error::new(ErrorKind::InvalidInput, "Koyeb invites one person at a time"));
        };
        let client = self.scoped(organization, Access::Write).await?;
        let client = match patience {
            Patience::Bounded => client,
            Patience::Unbounded => client.patient(),
        };
        // The role is Owner, which the vendor gives unasked.
        let made = client.create_invitation(invitee.email.as_str()).await?;
        Ok(Reply::Listed(vec![self.made_in(organization, made).await?]))
    }

    /// Koyeb filters, and what waits no longer stands against nothing.
    fn look_filter(&self) -> InvitationFilter {
        InvitationFilter::pending()
    }
}

impl KoyebProvider {
    /// A list with the place of every failure in it.
    fn listed<T>(&self, page: Result<Page<T>, Error>, operation: Operation) -> Result<Page<T>, Error> {
        page.map(|page| page.during(self.name(), operation)).during(self.name(), operation)
    }

    /// A client whose token acts in this organization.
    pub(crate) async fn scoped(
        &self,
        organization: &OrganizationId,
        access: Access,
    ) -> Result<KoyebClient, Error> {
        self.shared.scopes.client(&self.client, organization, access).await
    }
}
