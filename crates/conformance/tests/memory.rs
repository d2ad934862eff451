//! The suite against memory, and the suite against providers that are each broken in one way.

mod broken;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_conformance::{Case, Report, Subject, Verdict, run_all};
use orgport_core::{
    Clock, Email, Error, Invitations, ManualClock, NewInvitation, OrganizationId, Provider, Secret, Timestamp,
};
use orgport_memory::{Memory, MemoryProvider};

use crate::broken::{Broken, Flaw};

struct MemoryWorld {
    clock: Arc<ManualClock>,
    owner: MemoryProvider,
    provider: Arc<dyn Provider>,
    organization: OrganizationId,
    flaw: Option<Flaw>,
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
        Ok(Self { clock, owner, provider, organization, flaw })
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

    async fn person(&self, email: &Email) -> Option<Arc<dyn Provider>> {
        Some(Arc::new(self.memory().provider(email)))
    }

    fn read_only(&self) -> Option<Arc<dyn Provider>> {
        match self.flaw {
            Some(Flaw::WritesWhenReadOnly) => Some(self.provider()),
            _ => Some(Arc::new(self.owner.read_only())),
        }
    }

    async fn expire(&self, _: &OrganizationId, _: &Email) -> bool {
        self.clock.advance(Duration::from_hours(8 * 24));
        true
    }

    async fn mails(&self, email: &Email) -> Option<usize> {
        Some(self.memory().mails().iter().filter(|mail| mail.email == *email).count())
    }

    async fn token_of(&self, email: &Email) -> Option<Secret> {
        let mut mails = self.memory().mails();
        mails.retain(|mail| mail.email == *email);
        mails.pop().map(|mail| mail.token)
    }

    async fn requests(&self) -> Option<usize> {
        Some(self.memory().requests())
    }

    fn crowd(&self) -> usize {
        self.owner.capability().page_size.map_or(12, |size| size + 1)
    }
}

async fn report_on(flaw: Option<Flaw>) -> Report {
    run_all(|| async { MemoryWorld::new(flaw) }).await
}

#[tokio::test]
async fn memory_passes_everything_and_everything_is_seen() {
    let report = report_on(None).await;
    // Memory decodes nothing.
    let decodes = |case: &str| case == "a_row_that_cannot_be_read_says_where_it_is";
    let is_whole =
        report.results().all(|(case, result)| decodes(case) || matches!(result, Ok(Verdict::Passed)));
    assert!(is_whole, "{report}");
}

#[tokio::test]
async fn a_wrapper_without_a_flaw_passes() {
    let report = report_on(Some(Flaw::None)).await;
    assert!(report.is_success(), "{report}");
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
        world.accept(&world.organization, &Email::parse("ada@elsewhere.example")?).await;
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
