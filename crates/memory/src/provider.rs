//! The account: one person's handle.

use std::sync::Arc;

use async_trait::async_trait;
use orgport_core::config::ProviderConfig;
use orgport_core::{
    Adapter, Capability, Configured, Cursor, Email, Error, Guard, Identity, Operation, OrganizationId, Page,
};

use crate::capability::{PAGE_SIZE, best_capability};
use crate::config::{KIND, MemorySettings};
use crate::rows::Account;
use crate::service::Memory;
use crate::state::{Caller, State};

/// One person's account at a [`Memory`], as a provider.
pub type MemoryProvider = Guard<MemoryAdapter>;

/// One person's account at a [`Memory`].
#[derive(Debug, Clone)]
pub struct MemoryAdapter {
    memory: Memory,
    account: Account,
    /// The first of those that the configuration has made.
    first_organization: Option<OrganizationId>,
    capability: Arc<Capability>,
}

impl Configured for MemoryAdapter {
    type Settings = MemorySettings;

    const KIND: &'static str = KIND;
    const EXAMPLE: Option<&'static str> = Some(include_str!("example.toml"));

    fn best_capability() -> Capability {
        best_capability()
    }

    /// A handle on a new service. The configured organization is there from the start, like those of
    /// the settings. A credential, a base URL and HTTP limits mean nothing here.
    fn new(config: &ProviderConfig, settings: MemorySettings) -> Result<Self, Error> {
        let email = Email::parse(&settings.account)
            .map_err(|error| Error::wrong_setting("account", error.message()))?;
        let memory = Memory::with_clock(Arc::clone(&config.clock));
        let mut organizations = Vec::new();
        if let Some(id) = &config.organization {
            organizations.push(memory.add(Some(id.clone()), id.as_str(), &email)?);
        }
        for name in &settings.organizations {
            organizations.push(memory.add(None, name, &email)?);
        }
        Ok(Self { first_organization: organizations.into_iter().next(), ..memory.adapter(&email) })
    }
}

impl MemoryAdapter {
    pub(crate) fn over(memory: Memory, account: Account) -> Self {
        Self { memory, account, first_organization: None, capability: Arc::new(best_capability()) }
    }

    /// The service.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Whose handle this is.
    pub fn email(&self) -> &Email {
        &self.account.email
    }

    /// One call to the service.
    pub(crate) fn call<T>(
        &self,
        operation: Operation,
        work: impl FnOnce(&mut State, &Caller) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.memory.call(operation, &self.account, work)
    }
}

/// Cuts the page out of a list at which the cursor points.
pub(crate) fn page<T>(all: Vec<T>, cursor: Option<&Cursor>) -> Result<Page<T>, Error> {
    let begin = usize::try_from(Cursor::number(cursor)?).unwrap_or(usize::MAX);
    let total = all.len();
    let end = begin.saturating_add(PAGE_SIZE);
    let items = all.into_iter().skip(begin).take(PAGE_SIZE).map(Ok).collect();
    let next = (end < total).then(|| Cursor::at(end as u64));
    Ok(Page::new(items, next).with_total(total as u64))
}

#[async_trait]
impl Adapter for MemoryAdapter {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn account(&self) -> Option<String> {
        Some(self.memory.address())
    }

    fn one_row_back(&self, next: &Cursor) -> Option<Cursor> {
        next.one_before()
    }

    fn own_organization(&self) -> Option<OrganizationId> {
        self.first_organization.clone()
    }

    async fn get_identity(&self) -> Result<Identity, Error> {
        self.call(Operation::GetIdentity, |_, caller| {
            let mut identity = Identity::person();
            identity.user_id = Some(caller.account.id.clone());
            identity.email = Some(caller.account.email.clone());
            Ok(identity)
        })
    }
}
