//! The one guard around every adapter: what all vendors share, in the order in which a call meets
//! it. Capability, read-only, cursor, roles, fields and filters are checked before the adapter is
//! asked; provider and operation are added to whatever fails, the items of a page included.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use tokio::runtime::Handle;
use tracing::Instrument;

use crate::adapter::{Adapter, Configured, ListInvitations, Typed};
use crate::capability::{Capability, OrganizationField, Support};
use crate::config::ProviderConfig;
use crate::error::{Context, Error, ErrorKind};
use crate::http::{Dispatch, Request, Safety, Transport, stopped, verdict};
use crate::id::{InvitationId, MemberId, OrganizationId};
use crate::identity::Identity;
use crate::invitation::{
    Answer, Answered, Invitation, InvitationFilter, InvitationRef, InviteOutcome, NewInvitation,
};
use crate::invite::{InviteEngine, InviteStream, Plan, draft, role_to_grant};
use crate::member::Member;
use crate::operation::Operation;
use crate::organization::{NewOrganization, Organization, OrganizationUpdate};
use crate::page::{Cursor, Page};
use crate::provider::{Invitations, Members, Organizations, Provider};
use crate::role::Role;
use crate::secret::Secret;

/// An adapter as callers see it: a [`Provider`].
///
/// Clones are one provider: they share connections, limits, tokens and the locks of inviting.
#[derive(Debug, Clone)]
pub struct Guard<A> {
    adapter: A,
    common: Arc<Common>,
    read_only: bool,
}

/// What a provider is configured with whatever its vendor.
#[derive(Debug, Clone)]
struct Common {
    name: String,
    organization: Option<OrganizationId>,
    default_role: Option<Role>,
    engine: InviteEngine,
}

impl<A: Configured> Guard<A> {
    /// Makes the provider that a configuration describes; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `Config` for what the adapter refuses, a `default_role` that cannot be given, and an adapter
    /// that invites and cannot look.
    pub fn new(config: ProviderConfig, settings: A::Settings) -> Result<Self, Error> {
        let adapter = A::new(&config, settings).map_err(|error| error.from_provider(&config.name))?;
        Self::over(adapter, config)
    }
}

impl<A: Typed> Guard<A> {
    /// The typed vendor client, for what the traits do not cover.
    pub fn client(&self) -> &A::Client {
        self.adapter.client()
    }
}

impl<A: Adapter + Clone> Guard<A> {
    /// Puts an adapter that is there already under this name, default organization and default role.
    ///
    /// # Errors
    ///
    /// `Config` for a `default_role` that cannot be given, and for an adapter that offers inviting
    /// and no lists: whom it invites could not be known to be there already.
    pub fn over(adapter: A, mut config: ProviderConfig) -> Result<Self, Error> {
        let can = adapter.capability();
        config.resolve_default_role().map_err(|error| error.from_provider(&config.name))?;
        config.check_default_role(&can.roles_at_invite)?;
        let looks = [Operation::ListInvitations, Operation::ListMembers];
        if can.support(Operation::Invite).works() && !looks.iter().all(|look| can.support(*look).works()) {
            let message = format!(
                "the {} adapter offers invite without list_invitations and list_members, by which a second mail \
                 is prevented",
                adapter.kind()
            );
            return Err(Error::new(ErrorKind::Config, message).from_provider(&config.name));
        }
        let common = Common {
            engine: config.invite_engine(adapter.account()),
            name: config.name,
            organization: config.organization.or_else(|| adapter.own_organization()),
            default_role: config.default_role,
        };
        let guard = Self { adapter, common: Arc::new(common), read_only: false };
        Ok(if config.read_only { guard.read_only() } else { guard })
    }

    /// The adapter.
    pub fn adapter(&self) -> &A {
        &self.adapter
    }

    /// A clone that refuses everything but reads, by the traits and by the typed client.
    #[must_use]
    pub fn read_only(&self) -> Self {
        Self {
            adapter: self.adapter_over(Transport::read_only),
            common: Arc::clone(&self.common),
            read_only: true,
        }
    }

    fn adapter_over(&self, change: fn(&Transport) -> Transport) -> A {
        let transport = self.adapter.transport().map(change);
        transport.map_or_else(|| self.adapter.clone(), |transport| self.adapter.with_transport(transport))
    }

    /// What every operation meets first.
    fn enter(&self, operation: Operation) -> Result<&A, Error> {
        self.adapter.capability().support(operation).require()?;
        if self.read_only && !operation.is_read() {
            let what = format!("{operation} would change something, and this provider is read-only");
            return Err(Error::new(ErrorKind::ReadOnly, what));
        }
        Ok(&self.adapter)
    }

    /// One call: what it meets first, then the work, then its place in the error.
    async fn call<'a, T, F>(&'a self, operation: Operation, work: impl FnOnce(&'a A) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let result = match self.enter(operation) {
            Ok(adapter) if operation.is_read() => work(adapter).await,
            Ok(_) if self.common.engine.stop().is_stopped() => Err(stopped()),
            Ok(adapter) => {
                self.common.engine.stop().begin();
                let dispatch = Dispatch::of_operation(self.common.engine.stop().clone());
                let result = dispatch.clone().scope(work(adapter)).await;
                if dispatch.is_begun() { result.map_err(|error| unusable(operation, error)) } else { result }
            }
            Err(refused) => Err(refused),
        };
        result.during(&self.common.name, operation)
    }

    /// A list's cursors are those of this provider and this list: others are refused.
    fn mark(&self, operation: Operation, organization: Option<&OrganizationId>) -> String {
        let organization = organization.map_or("", OrganizationId::as_str);
        format!("{}/{operation}/{organization}#", self.common.name)
    }

    /// One page, with its cursor marked and its place in every error.
    async fn page<'a, T, F>(
        &'a self,
        operation: Operation,
        organization: Option<&OrganizationId>,
        cursor: Option<&Cursor>,
        fetch: impl FnOnce(&'a A, Option<Cursor>) -> F,
    ) -> Result<Page<T>, Error>
    where
        F: Future<Output = Result<Page<T>, Error>>,
    {
        let mark = self.mark(operation, organization);
        let page = self.call(operation, |adapter| async {
            let cursor = own_cursor(&mark, cursor)?;
            fetch(adapter, cursor).await
        });
        let mut page = page.await?.during(&self.common.name, operation);
        let marked = |cursor: &Cursor| Cursor::new(format!("{mark}{cursor}"));
        page.next = page.next.as_ref().map(marked);
        page.ahead.iter_mut().for_each(|cursor| *cursor = marked(cursor));
        Ok(page)
    }

    /// Once begun it is finished, whatever becomes of the caller: nothing is revoked without its
    /// successor.
    async fn resend_composed(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let (adapter, common) = (self.adapter.clone(), Arc::clone(&self.common));
        let (organization, invitation) = (organization.clone(), invitation.clone());
        let dispatch = Dispatch::of_operation(common.engine.stop().clone());
        let work = async move { common.engine.resend(&adapter, &organization, &invitation).await };
        // A task of its own is outside of whatever this one is in.
        let work = dispatch.scope(work).in_current_span();
        match Handle::try_current() {
            Ok(runtime) => runtime.spawn(work).await.unwrap_or_else(|failed| match failed.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(_) => Err(Error::new(ErrorKind::Cancelled, "the program ended before it was done")),
            }),
            Err(_) => work.await,
        }
    }

    fn is_resend_composed(&self) -> bool {
        let support = self.adapter.capability().support(Operation::ResendInvitation);
        matches!(support, Support::Composed { .. })
    }
}

/// Of a change that has left and whose success cannot be used, such as an organization without an id, it
/// says that it may be done. What inviting has sent it settles itself.
fn unusable(operation: Operation, error: Error) -> Error {
    let is_unusable = error.kind() == ErrorKind::Protocol && !error.may_be_done();
    if operation == Operation::Invite || !is_unusable {
        return error;
    }
    let safety = if operation.is_repeatable() { Safety::Idempotent } else { Safety::OneShot };
    verdict(safety, error.reach(), error)
}

/// What the adapter made of a cursor of this list.
fn own_cursor(mark: &str, cursor: Option<&Cursor>) -> Result<Option<Cursor>, Error> {
    let Some(cursor) = cursor else { return Ok(None) };
    let own = cursor.as_str().strip_prefix(mark).ok_or_else(|| {
        Error::new(ErrorKind::InvalidInput, "the cursor is another provider's or another list's")
    })?;
    Ok(Some(Cursor::new(own)))
}

/// Refuses a blank name and the fields that this vendor does not have.
fn check_fields(fields: &[OrganizationField], name: Option<&str>, described: bool) -> Result<(), Error> {
    let missing = |field| !fields.contains(&field);
    if name.is_some_and(|name| name.trim().is_empty()) {
        return Err(Error::new(ErrorKind::InvalidInput, "the organization's name is blank"));
    }
    let field = match (name, described) {
        (Some(_), _) if missing(OrganizationField::Name) => "name",
        (_, true) if missing(OrganizationField::Description) => "description",
        _ => return Ok(()),
    };
    let what = format!("this vendor has no call that sets an organization's {field}: leave it out");
    Err(Error::new(ErrorKind::Unsupported, what))
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<A: Adapter + Clone> Organizations for Guard<A> {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        self.page(Operation::ListOrganizations, None, cursor, |adapter, cursor| async move {
            adapter.list_organizations(cursor.as_ref()).await
        })
        .await
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        self.call(Operation::GetOrganization, |adapter| adapter.get_organization(organization)).await
    }

    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.call(Operation::CreateOrganization, |adapter| async {
            let fields = &adapter.capability().create_fields;
            check_fields(fields, Some(&new.name), new.description.is_some())?;
            adapter.create_organization(new).await
        })
        .await
    }

    async fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        self.call(Operation::UpdateOrganization, |adapter| async {
            if update == OrganizationUpdate::new() {
                return Err(Error::new(ErrorKind::InvalidInput, "the update changes nothing: name a field"));
            }
            let fields = &adapter.capability().update_fields;
            check_fields(fields, update.name.as_deref(), update.description.is_some())?;
            adapter.update_organization(organization, update).await
        })
        .await
    }

    async fn delete_organization(&self, organization: &OrganizationId) -> Result<(), Error> {
        self.call(Operation::DeleteOrganization, |adapter| adapter.delete_organization(organization)).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<A: Adapter + Clone> Members for Guard<A> {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        self.page(Operation::ListMembers, Some(organization), cursor, |adapter, cursor| async move {
            adapter.list_members(organization, cursor.as_ref()).await
        })
        .await
    }

    async fn set_member_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        self.call(Operation::SetMemberRole, |adapter| async move {
            let role = role_to_grant(role, &adapter.capability().roles_at_set_role, "a member")?;
            adapter.set_member_role(organization, member, role).await
        })
        .await
    }

    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        self.call(Operation::RemoveMember, |adapter| adapter.remove_member(organization, member)).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<A: Adapter + Clone> Invitations for Guard<A> {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        let operation = Operation::ListInvitations;
        let mut page = self
            .page(operation, Some(organization), cursor, |adapter, cursor| async move {
                filter.check(&adapter.capability().visible_statuses)?;
                let list = ListInvitations::new(organization, filter).at(cursor.as_ref());
                let page = adapter.list_invitations(list).await?;
                Ok(page.belonging(organization))
            })
            .await?;
        let listed = page.items.len();
        filter.apply(&mut page.items);
        if page.items.len() < listed || filter.email.is_some() {
            // The vendor counts those that were left out, too.
            page.total = None;
        }
        Ok(page)
    }

    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.call(Operation::GetInvitation, |adapter| async move {
            adapter.get_invitation(organization, invitation).await?.belonging(organization)
        })
        .await
    }

    async fn invite(
        &self,
        organization: &OrganizationId,
        invitation: NewInvitation,
    ) -> Result<InviteOutcome, Error> {
        self.call(Operation::Invite, |adapter| async move {
            let draft = draft(adapter.capability(), self.default_role(), invitation)?;
            self.common.engine.invite(adapter, organization, draft).await
        })
        .await
    }

    fn invite_many<'a>(
        &'a self,
        organization: &'a OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> InviteStream<'a> {
        let drafts = invitations.into_iter().map(|invitation| {
            let adapter = self.enter(Operation::Invite)?;
            draft(adapter.capability(), self.default_role(), invitation)
        });
        let patient = self.adapter_over(Transport::patient);
        let outcomes = self.common.engine.invite_many(patient, organization, drafts.collect());
        let handle = outcomes.handle();
        let outcomes =
            outcomes.map(|(index, outcome)| (index, outcome.during(&self.common.name, Operation::Invite)));
        InviteStream::with_handle(outcomes, handle)
    }

    async fn plan_invites(
        &self,
        organization: &OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> Result<Vec<Plan>, Error> {
        let plans = async {
            let adapter = &self.adapter;
            adapter.capability().support(Operation::Invite).require()?;
            let drafts = invitations
                .into_iter()
                .map(|invitation| draft(adapter.capability(), self.default_role(), invitation));
            crate::invite::plan(adapter, organization, drafts.collect()).await
        };
        let mut plans = plans.await.during(&self.common.name, Operation::Invite)?;
        for plan in &mut plans {
            if let Plan::Refused(error) = plan {
                *error = error.clone().during(&self.common.name, Operation::Invite);
            }
        }
        Ok(plans)
    }

    async fn resend_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.call(Operation::ResendInvitation, |adapter| async move {
            if self.is_resend_composed() {
                self.resend_composed(organization, invitation).await
            } else {
                adapter.resend_invitation(organization, invitation).await
            }
        })
        .await
    }

    async fn invitation_link(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Secret, Error> {
        self.call(Operation::GetInvitation, |adapter| async move {
            adapter.capability().invitation_link.require()?;
            let found = adapter.get_invitation(organization, invitation).await?.belonging(organization)?;
            if !found.is_pending() {
                let what = format!("the invitation is {}: its link leads nowhere", found.status);
                return Err(Error::new(ErrorKind::Conflict, what));
            }
            adapter.invitation_link(organization, &found)
        })
        .await
    }

    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        self.call(Operation::RevokeInvitation, |adapter| adapter.revoke_invitation(organization, invitation))
            .await
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        self.call(Operation::RespondToInvitation, |adapter| async move {
            adapter.capability().answering(answer).require()?;
            adapter.respond_to_invitation(invitation, answer).await
        })
        .await
    }

    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        self.page(Operation::MyInvitations, None, cursor, |adapter, cursor| async move {
            adapter.my_invitations(cursor.as_ref()).await
        })
        .await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<A: Adapter + Clone> Provider for Guard<A> {
    fn kind(&self) -> &'static str {
        self.adapter.kind()
    }

    fn name(&self) -> &str {
        &self.common.name
    }

    fn capability(&self) -> &Capability {
        self.adapter.capability()
    }

    fn default_organization(&self) -> Option<&OrganizationId> {
        self.common.organization.as_ref()
    }

    fn default_role(&self) -> Option<&Role> {
        self.common.default_role.as_ref()
    }

    fn settle(&self) -> Duration {
        self.common.engine.settle()
    }

    fn patient(&self) -> Arc<dyn Provider + '_> {
        Arc::new(Self { adapter: self.adapter_over(Transport::patient), ..self.clone() })
    }

    fn transport(&self) -> Option<&Transport> {
        self.adapter.transport()
    }

    fn for_organization(&self, request: Request, organization: &OrganizationId) -> Result<Request, Error> {
        self.adapter.for_organization(request, organization)
    }

    async fn get_identity(&self) -> Result<Identity, Error> {
        self.call(Operation::GetIdentity, A::get_identity).await
    }
}
