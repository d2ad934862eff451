//! The same providers for programs without an async runtime (feature `blocking`).
//!
//! A [`Provider`] here has the operations of the traits under the same names, [`iter`] the lists of
//! [`stream`](crate::stream), [`find`] those of [`crate::find`]. What each means is said there.
//!
//! ```
//! use orgport::blocking::{Provider, iter};
//! use orgport::{Config, Email, NewInvitation, OrganizationId, Role};
//!
//! # fn main() -> Result<(), orgport::Error> {
//! let config = Config::from_toml("[providers.team]\nkind = \"memory\"\norganization = \"acme\"")?;
//! let provider = Provider::new(config.provider(None)?)?;
//! let acme = OrganizationId::new("acme")?;
//!
//! let ada = NewInvitation::to(Email::parse("ada@acme.example")?).with_role(Role::Editor);
//! assert_eq!(provider.invite(&acme, ada)?.as_str(), "invited");
//! for member in iter::members(&provider, &acme) {
//!     println!("{:?}", member?.email);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Inside a runtime
//!
//! A blocking call in an async task would stop every task on its thread. On a thread that belongs
//! to a Tokio runtime, `spawn_blocking` included, each call therefore answers an error of kind
//! [`Config`](crate::ErrorKind::Config) and does nothing. Use the provider itself there, with
//! `.await`; in `spawn_blocking`, `Handle::current().block_on(…)` takes it.

pub mod find;
pub mod iter;
mod runtime;

use std::sync::Arc;

use orgport_core::{
    Answer, Answered, Capability, Cursor, Error, Identity, Invitation, InvitationFilter, InvitationId,
    InvitationRef, Invitations as _, InviteOutcome, Member, MemberId, Members as _, NewInvitation,
    NewOrganization, Organization, OrganizationId, OrganizationUpdate, Organizations as _, Page,
    Provider as _, Role, Secret,
};

use self::iter::Outcomes;
use self::runtime::Runtime;
use crate::Plan;
use crate::any::AnyProvider;

/// A provider whose operations return when they are done.
///
/// Every operation fails with what its namesake in [`Organizations`](crate::Organizations),
/// [`Members`](crate::Members) or [`Invitations`](crate::Invitations) fails with, and with `Config`
/// [inside a runtime](self#inside-a-runtime).
///
/// Clones are one provider and share a runtime with one thread, which keeps connections alive
/// between calls. Several threads may call at once.
#[derive(Debug, Clone)]
pub struct Provider {
    provider: AnyProvider,
    runtime: Arc<Runtime>,
}

impl Provider {
    /// Wraps a provider of [`Config::provider`](crate::Config::provider), of one adapter, or an
    /// `Arc<dyn orgport::Provider>`, with a runtime of its own.
    ///
    /// # Errors
    ///
    /// `Config` if the system gives no thread.
    pub fn new(provider: impl Into<AnyProvider>) -> Result<Self, Error> {
        Ok(Self { provider: provider.into(), runtime: Arc::new(Runtime::start()?) })
    }

    /// Wraps another provider on the runtime of this one.
    #[must_use]
    pub fn beside(&self, provider: impl Into<AnyProvider>) -> Self {
        Self { provider: provider.into(), runtime: Arc::clone(&self.runtime) }
    }

    /// The provider inside.
    pub fn get_ref(&self) -> &AnyProvider {
        &self.provider
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.runtime.block_on(work)?
    }

    /// See [`list_organizations`](crate::Organizations::list_organizations).
    pub fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        self.wait(self.provider.list_organizations(cursor))
    }

    /// See [`get_organization`](crate::Organizations::get_organization).
    pub fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        self.wait(self.provider.get_organization(organization))
    }

    /// See [`create_organization`](crate::Organizations::create_organization).
    pub fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.wait(self.provider.create_organization(new))
    }

    /// See [`update_organization`](crate::Organizations::update_organization).
    pub fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        self.wait(self.provider.update_organization(organization, update))
    }

    /// See [`delete_organization`](crate::Organizations::delete_organization).
    pub fn delete_organization(&self, organization: &OrganizationId) -> Result<(), Error> {
        self.wait(self.provider.delete_organization(organization))
    }

    /// See [`list_members`](crate::Members::list_members).
    pub fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        self.wait(self.provider.list_members(organization, cursor))
    }

    /// See [`set_member_role`](crate::Members::set_member_role).
    pub fn set_member_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        self.wait(self.provider.set_member_role(organization, member, role))
    }

    /// See [`remove_member`](crate::Members::remove_member).
    pub fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        self.wait(self.provider.remove_member(organization, member))
    }

    /// See [`list_invitations`](crate::Invitations::list_invitations).
    pub fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        self.wait(self.provider.list_invitations(organization, filter, cursor))
    }

    /// See [`get_invitation`](crate::Invitations::get_invitation).
    pub fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.wait(self.provider.get_invitation(organization, invitation))
    }

    /// See [`invite`](crate::Invitations::invite).
    pub fn invite(
        &self,
        organization: &OrganizationId,
        invitation: NewInvitation,
    ) -> Result<InviteOutcome, Error> {
        self.wait(self.provider.invite(organization, invitation))
    }

    /// See [`invite_many`](crate::Invitations::invite_many). Work goes on while the next outcome is
    /// waited for, and stops when the iterator is dropped.
    pub fn invite_many<'a>(
        &'a self,
        organization: &'a OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> Outcomes<'a> {
        let count = invitations.len();
        Outcomes::new(&self.runtime, self.provider.invite_many(organization, invitations), count)
    }

    /// See [`plan_invites`](crate::Invitations::plan_invites).
    pub fn plan_invites(
        &self,
        organization: &OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> Result<Vec<Plan>, Error> {
        self.wait(self.provider.plan_invites(organization, invitations))
    }

    /// See [`resend_invitation`](crate::Invitations::resend_invitation).
    pub fn resend_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.wait(self.provider.resend_invitation(organization, invitation))
    }

    /// See [`revoke_invitation`](crate::Invitations::revoke_invitation).
    pub fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        self.wait(self.provider.revoke_invitation(organization, invitation))
    }

    /// See [`invitation_link`](crate::Invitations::invitation_link).
    pub fn invitation_link(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Secret, Error> {
        self.wait(self.provider.invitation_link(organization, invitation))
    }

    /// See [`respond_to_invitation`](crate::Invitations::respond_to_invitation).
    pub fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        self.wait(self.provider.respond_to_invitation(invitation, answer))
    }

    /// See [`my_invitations`](crate::Invitations::my_invitations).
    pub fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        self.wait(self.provider.my_invitations(cursor))
    }

    /// See [`get_identity`](crate::Provider::get_identity).
    pub fn get_identity(&self) -> Result<Identity, Error> {
        self.wait(self.provider.get_identity())
    }

    /// See [`kind`](crate::Provider::kind).
    pub fn kind(&self) -> &'static str {
        self.provider.kind()
    }

    /// See [`name`](crate::Provider::name).
    pub fn name(&self) -> &str {
        self.provider.name()
    }

    /// See [`capability`](crate::Provider::capability).
    pub fn capability(&self) -> &Capability {
        self.provider.capability()
    }

    /// See [`default_organization`](crate::Provider::default_organization).
    pub fn default_organization(&self) -> Option<&OrganizationId> {
        self.provider.default_organization()
    }

    /// See [`default_role`](crate::Provider::default_role).
    pub fn default_role(&self) -> Option<&Role> {
        self.provider.default_role()
    }
}
