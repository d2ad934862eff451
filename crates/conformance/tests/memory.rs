//! The suite against memory, and the suite against providers that are each broken in one way.

mod broken;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use orgport_conformance::{Case, Fault, Faults, Report, Subject, Verdict, run_all};
use orgport_core::config::ProviderConfig;
use orgport_core::{
    Clock, Email, Error, Invitations, Invitee, ManualClock, NewInvitation, Operation, OrganizationId,
    Provider, Secret, Timestamp,
};
use orgport_memory::{Memory, MemoryFault, MemoryProvider};

use crate::broken::{Broken, Flaw};

struct MemoryWorld {
    clock: Arc<ManualClock>,
    owner: MemoryProvider,
    provider: Arc<dyn Provider>,
    organization: OrganizationId,
    flaw: Option<Flaw>,
    planned: Mutex<Vec<usize>>,
}

impl MemoryWorld {
    fn new(flaw: Option<Flaw>) -> Result<Self, Error> {
        let clock = Arc::new(ManualClock::new(Timestamp::parse("2026-01-01T00:00:00Z")?));
        let memory = Memory::with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
        let owner = memory.provider(&"owner@conformance.example".parse()?);
        let organization = memory.add_organization("Acme", owner.adapter().email())?;
        let provider: Arc<dyn Provider> = match flaw {
            Some(flaw) => Arc::new(Broken::new(owner.clone(), flaw)),
            None => Arc::new(owner.clone()),
        };
        Ok(Self { clock, owner, provider, organization, flaw, planned: Mutex::default() })
    }

    fn memory(&self) -> &Memory {
        self.owner.adapter().memory()
    }
}

#[async_trait]
impl Subject for MemoryWorld {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::clone(&self.provider)
    }

    fn organization(&self) -> OrganizationId {
        self.organization.clone()
    }

    async fn person(&self, person: &Invitee) -> Option<Arc<dyn Provider>> {
        Some(Arc::new(self.memory().provider(person.email()?)))
    }

    fn configured(&self, change: &dyn Fn(&mut ProviderConfig)) -> Option<Result<Arc<dyn Provider>, Error>> {
        if let Some(Flaw::WritesWhenReadOnly) = self.flaw {
            return Some(Ok(self.provider()));
        }
        let mut config = ProviderConfig::new("memory");
        change(&mut config);
        let provider = self.memory().provider_with(self.owner.adapter().email(), config);
        Some(provider.map(|provider| Arc::new(provider) as Arc<dyn Provider>))
    }

    fn faults(&self) -> Option<&dyn Faults> {
        Some(self)
    }

    async fn expire(&self, _: &OrganizationId, _: &Invitee) -> bool {
        self.clock.advance(Duration::from_hours(8 * 24));
        true
    }

    async fn mails(&self, person: &Invitee) -> Option<usize> {
        Some(self.memory().mails().iter().filter(|mail| person.email() == Some(&mail.email)).count())
    }

    async fn token_of(&self, person: &Invitee) -> Option<Secret> {
        let mut mails = self.memory().mails();
        mails.retain(|mail| person.email() == Some(&mail.email));
        mails.pop().map(|mail| mail.token)
    }

    async fn requests(&self) -> Option<usize> {
        Some(self.memory().requests())
    }

    fn crowd(&self) -> usize {
        self.owner.capability().page_size.map_or(12, |size| size + 1)
    }
}

#[async_trait]
impl Faults for MemoryWorld {
    async fn plan(&self, fault: Fault, operation: Operation, times: usize) -> bool {
        let fault = match fault {
            Fault::LostBefore => MemoryFault::NeverArrived,
            Fault::LostAfter => MemoryFault::ReplyLost,
            Fault::Late(delay) => MemoryFault::CommittedLater(delay),
            // Memory has no limits, always knows which organization is meant, and mails in the act.
            _ => return false,
        };
        self.memory().fault(fault, operation, times);
        self.planned.lock().expect("no holder panics").push(times);
        true
    }

    async fn clear(&self) -> usize {
        self.clock.advance(Duration::from_hours(1));
        let planned = std::mem::take(&mut *self.planned.lock().expect("no holder panics"));
        let left = self.memory().clear_faults();
        planned.iter().zip(left).filter(|(planned, left)| *planned == left).count()
    }
}

async fn report_on(flaw: Option<Flaw>) -> Report {
    run_all(|| async { MemoryWorld::new(flaw) }).await
}

/// Memory decodes nothing, has no limits and no credential, and tells nothing of its mails.
const UNSEEN: [&str; 7] = [
    "a_row_that_cannot_be_read_says_where_it_is",
    "a_limit_while_looking_is_waited_for",
    "a_limit_while_sending_is_waited_for",
    "a_long_limit_is_told_to_one_and_waited_for_by_many",
    "a_reply_about_another_organization_is_not_believed",
    "a_mail_in_doubt_is_incomplete",
    "a_token_that_ends_is_renewed_in_mid_run",
];

#[tokio::test]
async fn memory_passes_everything_and_everything_is_seen() {
    let report = report_on(None).await;
    report.assert_seen_but(&UNSEEN);
    assert!(report.results().all(|(_, result)| !matches!(result, Ok(Verdict::Refused(_)))), "{report}");
}

#[tokio::test]
async fn a_wrapper_without_a_flaw_passes() {
    report_on(Some(Flaw::None)).await.assert_seen_but(&UNSEEN);
}

#[tokio::test]
async fn every_flaw_is_caught_by_the_case_of_its_name() {
    for (flaw, case) in broken::CAUGHT_BY {
        let report = report_on(Some(*flaw)).await;
        assert!(report.failures().any(|(name, _)| name == *case), "{flaw:?} passes {case}:\n{report}");
    }
}

/// An owner who only reads, in an organization where people are.
struct Inhabited(MemoryWorld);

impl Inhabited {
    async fn new() -> Result<Self, Error> {
        let world = MemoryWorld::new(None)?;
        for name in ["ada", "bob"] {
            let email = Email::parse(&format!("{name}@elsewhere.example"))?;
            world.owner.invite(&world.organization, NewInvitation::to(email)).await?;
        }
        world.accept(&world.organization, &Invitee::parse("ada@elsewhere.example")?).await;
        Ok(Self(world))
    }
}

#[async_trait]
impl Subject for Inhabited {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(self.0.owner.read_only())
    }

    fn organization(&self) -> OrganizationId {
        self.0.organization.clone()
    }
}

#[tokio::test]
async fn cases_that_only_read_hold_where_nothing_can_be_written() {
    let mut count = 0;
    for case in orgport_conformance::cases().into_iter().filter(Case::only_reads) {
        let world = Inhabited::new().await.expect("memory works");
        let verdict = case.run(&world).await.map_err(|failure| failure.to_string());
        assert_eq!(verdict, Ok(Verdict::Passed), "{}", case.name());
        count += 1;
    }
    assert!(count > 0, "no case only reads");
}

#[test]
fn names_are_unique() {
    let mut names: Vec<_> = orgport_conformance::cases().iter().map(Case::name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}
