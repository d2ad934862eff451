//! One person's handle.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_core::config::ProviderConfig;
use orgport_core::invite::{
    DEFAULT_SETTLE, InviteEngine, InvitePort, Invitee, Patience, Reply, role_to_grant,
};
use orgport_core::{
    Answer, Answered, Capability, Context, Cursor, Describe, Email, Error, ErrorKind, Invitation,
    InvitationFilter, InvitationId, InvitationRef, Invitations, InviteOutcome, InviteStream, Member,
    MemberId, Members, NewInvitation, NewOrganization, Operation, Organization, OrganizationId,
    OrganizationUpdate, Organizations, Page, Reach, Role,
};

use crate::capability::{CAPABILITY, PAGE_SIZE};
use crate::rows::Account;
use crate::service::Memory;
use crate::settings::{KIND, MemorySettings};
use crate::state::{Caller, State};

/// One person's account at a [`Memory`], as a provider.
#[derive(Debug, Clone)]
pub struct MemoryProvider {
    memory: Memory,
    account: Account,
    name: String,
    organization: Option<OrganizationId>,
    default_role: Option<Role>,
    engine: InviteEngine,
    read_only: bool,
}

impl MemoryProvider {
    pub(crate) fn new(memory: Memory, account: Account) -> Self {
        let engine = InviteEngine::new(Arc::clone(memory.clock()), DEFAULT_SETTLE);
        let name = KIND.to_owned();
        Self { memory, account, name, organization: None, default_role: None, engine, read_only: false }
    }

    /// A handle on a new service, as a configuration describes it. The configured organization is
    /// there from the start, else the first of the settings is the default one. A credential, a
    /// base URL and HTTP limits mean nothing here.
    ///
    /// # Errors
    ///
    /// `Config` for a malformed account or a role that cannot be given; `InvalidInput` for a blank
    /// organization name.
    pub fn from_config(config: &ProviderConfig, settings: &MemorySettings) -> Result<Self, Error> {
        config.check_default_role(CAPABILITY.roles_at_invite)?;
        let email = Email::parse(&settings.account).map_err(|error| {
            let message = format!("account: {}", error.message());
            Error::new(ErrorKind::Config, message).from_provider(&config.name)
        })?;
        let memory = Memory::with_clock(Arc::clone(&config.clock));
        let mut organizations = Vec::new();
        if let Some(id) = &config.organization {
            organizations.push(memory.add(Some(id.clone()), id.as_str(), &email)?);
        }
        for name in &settings.organizations {
            organizations.push(memory.add(None, name, &email)?);
        }
        let mut provider = memory.provider(&email).named(&config.name);
        provider.organization = organizations.into_iter().next();
        provider.default_role.clone_from(&config.default_role);
        provider.engine = config.invite_engine();
        provider.read_only = config.read_only;
        Ok(provider)
    }

    /// Under this name in errors; `memory` by default.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// With this default organization.
    #[must_use]
    pub fn in_organization(mut self, organization: OrganizationId) -> Self {
        self.organization = Some(organization);
        self
    }

    /// With this role for invitations that name none.
    ///
    /// # Errors
    ///
    /// `Unsupported` for a role that cannot be given.
    pub fn with_default_role(mut self, role: Role) -> Result<Self, Error> {
        role_to_grant(&role, CAPABILITY.roles_at_invite, "an invitation")?;
        self.default_role = Some(role);
        Ok(self)
    }

    /// Waits this long behind a lost reply before absence counts; 16 s by default.
    #[must_use]
    pub fn with_settle(mut self, settle: Duration) -> Self {
        self.engine = InviteEngine::new(Arc::clone(self.memory.clock()), settle);
        self
    }

    /// A clone that only reads: everything else is `ReadOnly`.
    #[must_use]
    pub fn read_only(&self) -> Self {
        Self { read_only: true, ..self.clone() }
    }

    /// The service.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Whose handle this is.
    pub fn email(&self) -> &Email {
        &self.account.email
    }

    fn read<T>(
        &self,
        operation: Operation,
        work: impl FnOnce(&mut State, &Caller) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.memory.call(Some(operation), false, &self.account, work).during(&self.name, operation)
    }

    fn write<T>(
        &self,
        operation: Operation,
        work: impl FnOnce(&mut State, &Caller) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        if self.read_only {
            let message = "this handle is read-only; nothing was sent";
            return Err(Error::new(ErrorKind::ReadOnly, message)).during(&self.name, operation);
        }
        self.memory.call(Some(operation), true, &self.account, work).during(&self.name, operation)
    }
}

/// Cuts the page out of a list at which the cursor points.
fn page<T>(all: Vec<T>, cursor: Option<&Cursor>) -> Result<Page<T>, Error> {
    let begin = cursor.map_or(Ok(0), |cursor| cursor.as_str().parse::<usize>());
    let begin = begin.map_err(|source| {
        Error::new(ErrorKind::InvalidInput, "the cursor is none of this provider's").with_source(source)
    })?;
    let total = all.len();
    let end = begin.saturating_add(PAGE_SIZE);
    let items = all.into_iter().skip(begin).take(PAGE_SIZE).map(Ok).collect();
    let next = (end < total).then(|| Cursor::new(end.to_string()));
    Ok(Page::new(items, next).with_total(total as u64))
}

impl Describe for MemoryProvider {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn name(&self) -> &str {
        &self.name
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
impl Organizations for MemoryProvider {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        let operation = Operation::ListOrganizations;
        let all = self.read(operation, |state, caller| Ok(state.list_organizations(caller)))?;
        page(all, cursor).during(&self.name, operation)
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        let id = organization.clone();
        self.read(Operation::GetOrganization, move |state, caller| state.get_organization(caller, &id))
    }

    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.write(Operation::CreateOrganization, |state, caller| state.add_organization(None, new, caller))
    }

    async fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        let operation = Operation::UpdateOrganization;
        if update == OrganizationUpdate::new() {
            let error = Error::new(ErrorKind::InvalidInput, "the update changes nothing: name a field");
            return Err(error.during(&self.name, operation));
        }
        let id = organization.clone();
        self.write(operation, move |state, caller| state.update_organization(caller, &id, update))
    }

    async fn delete_organization(&self, organization: &OrganizationId) -> Result<(), Error> {
        let id = organization.clone();
        self.write(Operation::DeleteOrganization, move |state, caller| state.delete_organization(caller, &id))
    }
}

#[async_trait]
impl Members for MemoryProvider {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        let (operation, id) = (Operation::ListMembers, organization.clone());
        let all = self.read(operation, move |state, caller| state.list_members(caller, &id))?;
        page(all, cursor).during(&self.name, operation)
    }

    async fn set_member_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        let operation = Operation::SetMemberRole;
        let role = role_to_grant(role, CAPABILITY.roles_at_set_role, "a member")
            .during(&self.name, operation)?
            .clone();
        let (id, member) = (organization.clone(), member.clone());
        self.write(operation, move |state, caller| state.set_member_role(caller, &id, &member, role))
    }

    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let (id, member) = (organization.clone(), member.clone());
        self.write(Operation::RemoveMember, move |state, caller| state.remove_member(caller, &id, &member))
    }
}

#[async_trait]
impl Invitations for MemoryProvider {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        let operation = Operation::ListInvitations;
        filter.check(CAPABILITY.visible_statuses).during(&self.name, operation)?;
        let (id, filter) = (organization.clone(), filter.clone());
        let all = self.read(operation, move |state, caller| state.list_invitations(caller, &id, &filter))?;
        page(all, cursor).during(&self.name, operation)
    }

    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let (id, invitation) = (organization.clone(), invitation.clone());
        self.read(Operation::GetInvitation, move |state, caller| {
            state.get_invitation(caller, &id, &invitation)
        })
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
        let (id, invitation) = (organization.clone(), invitation.clone());
        self.write(Operation::ResendInvitation, move |state, caller| {
            state.resend_invitation(caller, &id, &invitation)
        })
    }

    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        let (id, invitation) = (organization.clone(), invitation.clone());
        self.write(Operation::RevokeInvitation, move |state, caller| {
            state.revoke_invitation(caller, &id, &invitation)
        })
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        let invitation = invitation.clone();
        self.write(Operation::RespondToInvitation, move |state, caller| {
            state.respond(caller, &invitation, answer)
        })
    }

    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        let all =
            self.memory.call(None, false, &self.account, |state, caller| Ok(state.my_invitations(caller)));
        all.and_then(|all| page(all, cursor)).map_err(|error| error.from_provider(&self.name))
    }
}

#[async_trait]
impl InvitePort for MemoryProvider {
    fn engine(&self) -> &InviteEngine {
        &self.engine
    }

    async fn send_invitations(
        &self,
        organization: &OrganizationId,
        batch: &[Invitee],
        _patience: Patience,
    ) -> Result<Reply, Error> {
        let mut made = Vec::with_capacity(batch.len());
        for Invitee { email, role, .. } in batch {
            let role = role.clone().ok_or_else(|| {
                Error::new(ErrorKind::InvalidInput, "the invitation has no role").with_reach(Reach::NotSent)
            })?;
            let (id, email) = (organization.clone(), email.clone());
            made.push(
                self.write(Operation::Invite, move |state, caller| state.invite(caller, &id, email, role))?,
            );
        }
        Ok(Reply::Listed(made))
    }
}
