//! The service that all handles share.

use std::fmt;
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use orgport_core::config::ProviderConfig;
use orgport_core::{
    Clock, Email, Error, Guard, NewOrganization, Operation, OrganizationId, Role, SystemClock, Timestamp,
};

use crate::config::KIND;
use crate::fault::{Faults, MemoryFault};
use crate::mail::Mail;
use crate::provider::{MemoryAdapter, MemoryProvider};
use crate::rows::Account;
use crate::state::{Caller, State};

/// One service in process. Clones are the same service.
#[derive(Clone)]
pub struct Memory {
    inner: Arc<Mutex<Inner>>,
    clock: Arc<dyn Clock>,
    /// Tells this service from all others of the process, also from those that are gone.
    number: u64,
}

#[derive(Default)]
struct Inner {
    state: State,
    faults: Faults,
    late: Vec<Late>,
    requests: usize,
}

type Work = Box<dyn FnOnce(&mut State, Timestamp) + Send>;

/// Something that the service does later.
struct Late {
    due: Duration,
    work: Work,
}

impl Memory {
    /// An empty service on the system's clock.
    pub fn new() -> Self {
        Self::with_clock(Arc::new(SystemClock::new()))
    }

    /// An empty service on this clock, by which invitations expire.
    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { inner: Arc::default(), clock, number: NEXT.fetch_add(1, Ordering::Relaxed) }
    }

    /// A person's handle; the account is made if there is none.
    pub fn provider(&self, email: &Email) -> MemoryProvider {
        let provider = self.provider_with(email, ProviderConfig::new(KIND));
        provider.expect("memory invites, looks, and has no default role")
    }

    /// A person's handle with this name, default organization and default role, on the service's
    /// clock; the account is made if there is none.
    ///
    /// # Errors
    ///
    /// `Config` for a default role that cannot be given.
    pub fn provider_with(&self, email: &Email, mut config: ProviderConfig) -> Result<MemoryProvider, Error> {
        config.clock = Arc::clone(&self.clock);
        Guard::over(self.adapter(email), config)
    }

    pub(crate) fn adapter(&self, email: &Email) -> MemoryAdapter {
        let account = self.lock().state.account(email);
        MemoryAdapter::over(self.clone(), account)
    }

    /// Makes an organization with its owner.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for a blank name.
    pub fn add_organization(&self, name: &str, owner: &Email) -> Result<OrganizationId, Error> {
        self.add(None, name, owner)
    }

    /// Makes an organization of this id, or of one chosen here.
    pub(crate) fn add(
        &self,
        id: Option<OrganizationId>,
        name: &str,
        owner: &Email,
    ) -> Result<OrganizationId, Error> {
        let (mut inner, caller) = self.as_caller(owner);
        let made = inner.state.add_organization(id, NewOrganization::new(name), &caller)?;
        Ok(made.id)
    }

    /// Makes a person a member, without an invitation. A person who is one stays as they are.
    ///
    /// # Errors
    ///
    /// `NotFound` if there is no such organization.
    pub fn add_member(&self, organization: &OrganizationId, email: &Email, role: Role) -> Result<(), Error> {
        let (mut inner, caller) = self.as_caller(email);
        inner.state.join(organization, &caller, role)
    }

    /// Every mail so far, the oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.lock().state.mails.clone()
    }

    /// How many calls have reached the service, or would have, but for a fault. One page of a list
    /// is one call.
    pub fn requests(&self) -> usize {
        self.lock().requests
    }

    /// Plays this fault to the next `times` calls of an operation, of whatever handle. Looking
    /// for the people to be invited is `ListInvitations` and `ListMembers`. Faults of one
    /// operation come in the order in which they were planned.
    pub fn fault(&self, fault: MemoryFault, operation: Operation, times: usize) {
        self.lock().faults.plan(fault, operation, times);
    }

    /// Forgets the planned faults. Says of each, in the order of planning, how many calls it was
    /// still to hit, so that a test can tell that its faults came true.
    pub fn clear_faults(&self) -> Vec<usize> {
        self.lock().faults.clear()
    }

    /// What tells this service from others, in whatever process.
    pub(crate) fn address(&self) -> String {
        format!("memory {} of process {}", self.number, process::id())
    }

    /// One call of one person's to the service.
    pub(crate) fn call<T>(
        &self,
        operation: Operation,
        account: &Account,
        work: impl FnOnce(&mut State, &Caller) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let mut inner = self.lock();
        inner.requests += 1;
        let caller = Caller { account: account.clone(), now: self.clock.now() };
        let Some(fault) = inner.faults.take(operation) else {
            return work(&mut inner.state, &caller);
        };
        match fault {
            MemoryFault::NeverArrived | MemoryFault::Fails(_) => {}
            MemoryFault::ReplyLost => drop(work(&mut inner.state, &caller)),
            MemoryFault::CommittedLater(delay) => inner.late.push(Late {
                due: self.clock.elapsed() + delay,
                work: Box::new(move |state, now| drop(work(state, &Caller { now, ..caller }))),
            }),
        }
        Err(fault.error(!operation.is_read()))
    }

    fn as_caller(&self, email: &Email) -> (MutexGuard<'_, Inner>, Caller) {
        let mut inner = self.lock();
        let account = inner.state.account(email);
        (inner, Caller { account, now: self.clock.now() })
    }

    /// The data as of now: what was to be done until now is done first.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        let mut inner = self.inner.lock().expect("no holder panics");
        let (elapsed, now) = (self.clock.elapsed(), self.clock.now());
        let Inner { state, late, .. } = &mut *inner;
        for due in late.extract_if(.., |late| late.due <= elapsed) {
            (due.work)(state, now);
        }
        inner
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("requests", &self.requests()).finish_non_exhaustive()
    }
}
