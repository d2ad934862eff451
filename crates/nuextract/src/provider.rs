//! `NuExtract` behind the neutral traits.

use async_trait::async_trait;
use orgport_core::invite::{InviteEngine, InvitePort, Invitee, Patience, Reply, resend_composed};
use orgport_core::{
    Capability, Context, Cursor, Describe, Error, ErrorKind, Invitation, InvitationFilter, InvitationId,
    Invitations, InviteOutcome, InviteStream, Member, MemberId, Members, NewInvitation, NewOrganization,
    Operation, Organization, OrganizationId, OrganizationUpdate, Organizations, Page, Role,
};

use crate::client::NuExtractClient;
use crate::config::KIND;
use crate::convert;

/// An account at `NuExtract`.
///
/// Clones share the client, and with it the token, and the locks of inviting.
#[derive(Debug, Clone)]
pub struct NuExtractProvider {
    pub(crate) name: String,
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) client: NuExtractClient,
    pub(crate) capability: &'static Capability,
    pub(crate) engine: InviteEngine,
}

impl NuExtractProvider {
    /// The typed client underneath, for what the traits do not cover.
    pub fn client(&self) -> &NuExtractClient {
        &self.client
    }

    /// A clone that refuses everything but reads, its client included.
    #[must_use]
    pub fn read_only(&self) -> Self {
        Self { client: self.client.read_only(), ..self.clone() }
    }

    /// Does an operation that the kind of credential can do, and says where it failed. The work is
    /// not begun otherwise: a future does nothing by itself.
    async fn doing<T>(
        &self,
        operation: Operation,
        work: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, Error> {
        async {
            self.capability.support(operation).require()?;
            work.await
        }
        .await
        .during(&self.name, operation)
    }

    async fn organizations(&self) -> Result<Page<Organization>, Error> {
        Ok(convert::page(self.client.list_organizations().await?, convert::organization))
    }

    async fn organization(&self, id: &OrganizationId) -> Result<Organization, Error> {
        let missing =
            "it is not among the account's organizations: not there, or not for this account to see";
        convert::pick(self.organizations().await?, |row| row.id == *id, missing)
    }

    async fn create(&self, new: NewOrganization) -> Result<Organization, Error> {
        let NewOrganization { name, description, .. } = new;
        refuse_description(description.as_ref())?;
        convert::organization(self.client.create_organization(&name).await?)
    }

    async fn update(&self, id: &OrganizationId, update: OrganizationUpdate) -> Result<Organization, Error> {
        let OrganizationUpdate { name, description, .. } = update;
        refuse_description(description.as_ref())?;
        let name = name.ok_or_else(|| Error::new(ErrorKind::InvalidInput, "the update changes nothing"))?;
        match self.client.update_organization(id.as_str(), &name).await? {
            Some(updated) => convert::organization(updated),
            None => Ok(Organization::new(id.clone(), name)),
        }
    }

    async fn members(&self, organization: &OrganizationId) -> Result<Page<Member>, Error> {
        Ok(convert::page(self.client.list_members(organization.as_str()).await?, convert::member))
    }

    async fn invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
    ) -> Result<Page<Invitation>, Error> {
        filter.check(self.capability.visible_statuses)?;
        let listed = self.client.list_invitations(organization.as_str()).await?;
        let mut page = convert::page(listed, |row| convert::invitation(organization, row));
        filter.apply(&mut page.items);
        Ok(page)
    }

    async fn invitation(
        &self,
        organization: &OrganizationId,
        id: &InvitationId,
    ) -> Result<Invitation, Error> {
        let missing = "accepted, declined or revoked: this vendor does not say";
        let page = self.invitations(organization, &InvitationFilter::all()).await?;
        convert::pick(page, |row| row.id == *id, missing)
    }
}

fn refuse_description(description: Option<&String>) -> Result<(), Error> {
    match description {
        None => Ok(()),
        Some(_) => Err(Error::new(
            ErrorKind::Unsupported,
            "organizations have no description at NuExtract: leave it out",
        )),
    }
}

impl Describe for NuExtractProvider {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn capability(&self) -> &Capability {
        self.capability
    }

    fn default_organization(&self) -> Option<&OrganizationId> {
        self.organization.as_ref()
    }

    fn default_role(&self) -> Option<&Role> {
        None
    }
}

#[async_trait]
impl Organizations for NuExtractProvider {
    async fn list_organizations(&self, _: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        self.doing(Operation::ListOrganizations, self.organizations()).await
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        self.doing(Operation::GetOrganization, self.organization(organization)).await
    }

    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.doing(Operation::CreateOrganization, self.create(new)).await
    }

    async fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        self.doing(Operation::UpdateOrganization, self.update(organization, update)).await
    }

    async fn delete_organization(&self, organization: &OrganizationId) -> Result<(), Error> {
        let deletion = self.client.delete_organization(organization.as_str());
        self.doing(Operation::DeleteOrganization, deletion).await
    }
}

#[async_trait]
impl Members for NuExtractProvider {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        _: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        self.doing(Operation::ListMembers, self.members(organization)).await
    }

    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let removal = self.client.delete_member(organization.as_str(), member.as_str());
        self.doing(Operation::RemoveMember, removal).await
    }
}

#[async_trait]
impl Invitations for NuExtractProvider {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        _: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        self.doing(Operation::ListInvitations, self.invitations(organization, filter)).await
    }

    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.doing(Operation::GetInvitation, self.invitation(organization, invitation)).await
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
        self.doing(Operation::ResendInvitation, resend_composed(self, organization, invitation)).await
    }

    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        let revocation = self.client.delete_invitation(organization.as_str(), invitation.as_str());
        self.doing(Operation::RevokeInvitation, revocation).await
    }
}

#[async_trait]
impl InvitePort for NuExtractProvider {
    fn engine(&self) -> &InviteEngine {
        &self.engine
    }

    /// The invitee's role is none, or (in a resend) one of the vendor's own words, which no call
    /// can give.
    async fn send_invitations(
        &self,
        organization: &OrganizationId,
        batch: &[Invitee],
        patience: Patience,
    ) -> Result<Reply, Error> {
        let client = match patience {
            Patience::Bounded => self.client.clone(),
            Patience::Unbounded => self.client.patient(),
        };
        for invitee in batch {
            client.invite_member(organization.as_str(), invitee.email.as_str()).await?;
        }
        Ok(Reply::Accepted)
    }
}
