//! The translation: the neutral traits on top of the vendor client.

use async_trait::async_trait;
use orgport_core::invite::{InviteEngine, InvitePort, Invitee, Patience, Reply};
use orgport_core::{
    Capability, Context, Cursor, Describe, Error, ErrorKind, Invitation, InvitationFilter, InvitationId,
    Invitations, InviteOutcome, InviteStream, Member, MemberId, Members, NewInvitation, NewOrganization,
    Operation, Organization, OrganizationId, OrganizationUpdate, Organizations, Page, Role,
};

use crate::client::TrieveClient;
use crate::config::{Credential, KIND};
use crate::error::already_invited;

/// Trieve behind the neutral traits. Clones share connections and the locks of the invite engine.
#[derive(Debug, Clone)]
pub struct TrieveProvider {
    pub(crate) client: TrieveClient,
    pub(crate) credential: Credential,
    pub(crate) capability: &'static Capability,
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) default_role: Option<Role>,
    pub(crate) links: Links,
    pub(crate) engine: InviteEngine,
}

/// What a mailed link is made of. The vendor does not store it with the invitation.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    pub(crate) app_url: String,
    pub(crate) redirect_uri: Option<String>,
}

impl TrieveProvider {
    /// The typed vendor client, for what the traits do not cover.
    pub fn client(&self) -> &TrieveClient {
        &self.client
    }

    /// A clone that refuses everything but reads, its [`client`](Self::client) included.
    #[must_use]
    pub fn read_only(&self) -> Self {
        Self { client: self.client.read_only(), ..self.clone() }
    }

    /// A whole list, with the place in each of its errors.
    fn page<T>(
        &self,
        list: Result<Vec<Result<T, Error>>, Error>,
        operation: Operation,
    ) -> Result<Page<T>, Error> {
        let items = list.during(self.name(), operation)?.into_iter();
        Ok(Page::whole(items.map(|item| item.during(self.name(), operation)).collect()))
    }
}

impl Describe for TrieveProvider {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn name(&self) -> &str {
        self.client.transport().name()
    }

    fn capability(&self) -> &Capability {
        self.capability
    }

    fn default_organization(&self) -> Option<&OrganizationId> {
        self.organization.as_ref()
    }

    fn default_role(&self) -> Option<&Role> {
        self.default_role.as_ref()
    }
}

#[async_trait]
impl Organizations for TrieveProvider {
    async fn list_organizations(&self, _cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        self.page(self.organizations().await, Operation::ListOrganizations)
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        self.organization(organization).await.during(self.name(), Operation::GetOrganization)
    }

    /// Reads the key's person first: an organization's key, whatever the configuration says of it,
    /// is refused before it leaves an organization without members behind.
    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.create(new).await.during(self.name(), Operation::CreateOrganization)
    }

    /// The vendor cleans the name as HTML; the answer has the name as stored. Members of the
    /// partner configuration beside the nine known ones are lost, since no read shows them.
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
impl Members for TrieveProvider {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        _cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        self.page(self.members(organization).await, Operation::ListMembers)
    }

    /// Reads the members first, to refuse for the last owner, whom the vendor does not protect, and
    /// for a member with scopes. Another change at the same moment can slip in between.
    async fn set_member_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        self.set_role(organization, member, role).await.during(self.name(), Operation::SetMemberRole)
    }

    /// Reads the members first, to refuse for the last owner, whom the vendor does not protect.
    /// Another change at the same moment can slip in between.
    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        self.remove(organization, member).await.during(self.name(), Operation::RemoveMember)
    }
}

#[async_trait]
impl Invitations for TrieveProvider {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        _cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        self.page(self.filtered(organization, filter).await, Operation::ListInvitations)
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
        self.resend(organization, invitation).await.during(self.name(), Operation::ResendInvitation)
    }

    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        self.revoke(organization, invitation).await.during(self.name(), Operation::RevokeInvitation)
    }
}

#[async_trait]
impl InvitePort for TrieveProvider {
    fn engine(&self) -> &InviteEngine {
        &self.engine
    }

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
        for Invitee { email, role, replaces, .. } in batch {
            let data = self.invitation_data(email, role.as_ref(), replaces.as_ref())?;
            client.create_invitation(organization.as_str(), &data).await?;
        }
        Ok(Reply::Accepted)
    }

    /// The vendor mails before it answers, so that one which gave up may have stored the row only.
    fn is_mail_in_doubt(&self, error: &Error) -> bool {
        error.kind() == ErrorKind::Incomplete || error.status() == Some(408)
    }

    /// A used invitation of exactly this address blocks a new one.
    async fn clear_dead(
        &self,
        organization: &OrganizationId,
        _dead: &Invitation,
        refusal: &Error,
    ) -> Result<bool, Error> {
        // There may be several used ones, in other letters; the vendor's words name the one.
        let blocks = |row: &Invitation| {
            let email = row.email.as_ref().map(|email| already_invited(email.as_str()));
            !row.is_pending() && email.is_some() && email.as_deref() == refusal.vendor_message()
        };
        let rows = self.invitations(organization).await?;
        let Some(row) = rows.into_iter().flatten().find(blocks) else { return Ok(false) };
        self.client.delete_invitation(organization.as_str(), row.id.as_str()).await?;
        Ok(true)
    }
}
