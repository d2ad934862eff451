//! The neutral traits on top of the typed client.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_core::config::ProviderConfig;
use orgport_core::invite::{InviteEngine, InvitePort, Invitee, Patience, Reply};
use orgport_core::{
    Answer, Answered, Capability, Clock, Context, Cursor, Describe, Error, ErrorKind, Invitation,
    InvitationFilter, InvitationId, InvitationRef, Invitations, InviteOutcome, InviteStream, Member, Members,
    NewInvitation, NewOrganization, Operation, Organization, OrganizationId, OrganizationUpdate,
    Organizations, Page, Role,
};

use crate::capability::{CAPABILITY, VISIBLE_STATUSES};
use crate::client::JaqpotClient;
use crate::config::{JaqpotSettings, KIND};
use crate::convert;
use crate::numbers::Numbers;

/// Jaqpot behind the neutral traits. An [`OrganizationId`] is the organization's **name**.
///
/// Clones share connections, limits, tokens and the locks that keep one person from being invited
/// twice.
#[derive(Debug, Clone)]
pub struct JaqpotProvider {
    pub(crate) client: JaqpotClient,
    pub(crate) shared: Arc<Shared>,
}

/// What clones have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    name: String,
    pub(crate) organization: Option<OrganizationId>,
    default_role: Option<Role>,
    pub(crate) settings: JaqpotSettings,
    engine: InviteEngine,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settle: Duration,
    pub(crate) numbers: Numbers,
}

impl JaqpotProvider {
    pub(crate) fn over(client: JaqpotClient, config: ProviderConfig, settings: JaqpotSettings) -> Self {
        let engine = config.invite_engine();
        let ProviderConfig { name, organization, default_role, clock, settle, .. } = config;
        let numbers = Numbers::default();
        let shared = Shared { name, organization, default_role, settings, engine, clock, settle, numbers };
        Self { client, shared: Arc::new(shared) }
    }

    /// The typed client.
    pub fn client(&self) -> &JaqpotClient {
        &self.client
    }

    /// A clone that refuses everything but reads.
    #[must_use]
    pub fn read_only(&self) -> Self {
        Self { client: self.client.read_only(), shared: Arc::clone(&self.shared) }
    }
}

/// The vendor answers whole lists, so there is no second page to go on with.
fn check_first_page(cursor: Option<&Cursor>) -> Result<(), Error> {
    match cursor {
        None => Ok(()),
        Some(_) => Err(Error::new(ErrorKind::InvalidInput, "the cursor is not one of this provider's")),
    }
}

impl Describe for JaqpotProvider {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn name(&self) -> &str {
        &self.shared.name
    }

    fn capability(&self) -> &Capability {
        &CAPABILITY
    }

    fn default_organization(&self) -> Option<&OrganizationId> {
        self.shared.organization.as_ref()
    }

    fn default_role(&self) -> Option<&Role> {
        self.shared.default_role.as_ref()
    }
}

#[async_trait]
impl Organizations for JaqpotProvider {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        async {
            check_first_page(cursor)?;
            let docs = self.client.list_own_organizations().await?;
            Ok(Page::whole(convert::organizations(docs)))
        }
        .await
        .during(self.name(), Operation::ListOrganizations)
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        let found = self.read(organization).await;
        found
            .and_then(|found| convert::organization(found.organization))
            .during(self.name(), Operation::GetOrganization)
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
}

#[async_trait]
impl Members for JaqpotProvider {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        async {
            check_first_page(cursor)?;
            Ok(Page::whole(convert::members(self.read(organization).await?)))
        }
        .await
        .during(self.name(), Operation::ListMembers)
    }
}

#[async_trait]
impl Invitations for JaqpotProvider {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        async {
            filter.check(VISIBLE_STATUSES)?;
            check_first_page(cursor)?;
            let told = self.client.list_invitations(organization.as_str()).await?;
            let mut items = convert::invitations(told, organization);
            filter.apply(&mut items);
            Ok(Page::whole(items))
        }
        .await
        .during(self.name(), Operation::ListInvitations)
    }

    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let found = self.find(organization, invitation).await;
        found
            .and_then(|told| convert::invitation(told, organization))
            .during(self.name(), Operation::GetInvitation)
    }

    async fn invite(
        &self,
        organization: &OrganizationId,
        invitation: NewInvitation,
    ) -> Result<InviteOutcome, Error> {
        self.engine().invite(self, organization, invitation).await.during(self.name(), Operation::Invite)
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
        let resent = self.resend(organization, invitation).await;
        resent
            .and_then(|told| convert::invitation(told, organization))
            .during(self.name(), Operation::ResendInvitation)
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        self.respond(invitation, answer).await.during(self.name(), Operation::RespondToInvitation)
    }
}

#[async_trait]
impl InvitePort for JaqpotProvider {
    fn engine(&self) -> &InviteEngine {
        &self.shared.engine
    }

    async fn send_invitations(
        &self,
        organization: &OrganizationId,
        batch: &[Invitee],
        patience: Patience,
    ) -> Result<Reply, Error> {
        let emails: Vec<_> = batch.iter().map(|invitee| invitee.email.as_str()).collect();
        let client = match patience {
            Patience::Bounded => self.client.clone(),
            Patience::Unbounded => self.client.patient(),
        };
        client.create_invitations(organization.as_str(), &emails).await?;
        Ok(Reply::Accepted)
    }

    /// Rows are stored before the answer, and the list is read from the database.
    fn lists_at_once(&self) -> bool {
        true
    }
}
