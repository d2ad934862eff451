//! The one guard around every adapter: what all vendors share, in the order in which a call meets
//! it. Capability, read-only, cursor, roles, fields and filters are checked before the adapter is
//! asked; provider and operation are added to whatever fails, the items of a page included.

mod invitations;
mod members;
mod organizations;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::adapter::{Adapter, Configured, Typed};
use crate::capability::Capability;
use crate::config::ProviderConfig;
use crate::error::{Context, Error, ErrorKind};
use crate::http::{Dispatch, Request, Safety, Transport, stopped, verdict};
use crate::id::OrganizationId;
use crate::identity::Identity;
use crate::invite::InviteEngine;
use crate::operation::Operation;
use crate::page::{Cursor, Page};
use crate::provider::Provider;
use crate::role::Role;

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
