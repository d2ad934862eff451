//! A fake Guildhall with everything that the suite wants to see.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::Method;
use orgport_conformance::{Faults, FaultyService, Job, Subject};
use orgport_core::auth::MemoryTokenStore;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::HttpClient;
use orgport_core::{
    AccountName, Clock, Coordination, Error, Guard, Invitee, ManualClock, Operation, OrganizationId,
    Provider, Timestamp,
};
use orgport_guildhall::{Guildhall, fake};

use crate::mistake::Mistake;
use crate::{careless, mistaken};

/// A week and a little, behind which an invite is open no longer.
const LONGER_THAN_OPEN: Duration = Duration::from_hours(8 * 24);

pub(crate) struct World {
    fake: fake::Fake,
    service: FaultyService,
    clock: Arc<ManualClock>,
    organization: OrganizationId,
    config: ProviderConfig,
    provider: Arc<dyn Provider>,
    mistake: Option<Mistake>,
}

/// What a request is for.
fn operation_of(request: &http::Request<Bytes>) -> Option<Operation> {
    let parts: Vec<_> = request.uri().path().split('/').skip(1).collect();
    match (request.method(), &parts[..]) {
        (&Method::GET, ["halls", _, "invites"]) => Some(Operation::ListInvitations),
        (&Method::GET, ["halls", _, "people"]) => Some(Operation::ListMembers),
        (&Method::POST, ["halls", _, "invites"]) => Some(Operation::Invite),
        _ => None,
    }
}

impl World {
    pub(crate) fn new(mistake: Option<Mistake>) -> Result<Self, Error> {
        let clock = Arc::new(ManualClock::new(Timestamp::parse("2026-01-01T00:00:00Z")?));
        let fake = fake::Fake::new(Arc::clone(&clock) as Arc<dyn Clock>);
        let keeper = AccountName::new("keeper")?;
        let organization = fake.add_hall("The old hall", &keeper);
        let service = FaultyService::new(fake.service(), Arc::clone(&clock) as Arc<dyn Clock>, operation_of)
            .limit(fake::limit)
            .elsewhere(|body| body.replace(r#""hall":"h-"#, r#""hall":"other-"#))
            .mail_in_doubt(fake::not_mailed);
        let config = Self::config(&service, &clock, fake.log_in(&keeper));
        let provider = build(config.clone(), mistake)?;
        Ok(Self { fake, service, clock, organization, config, provider, mistake })
    }

    fn config(service: &FaultyService, clock: &Arc<ManualClock>, auth: AuthConfig) -> ProviderConfig {
        let mut config = ProviderConfig::new("guild").auth(auth).clock(Arc::clone(clock) as Arc<dyn Clock>);
        config.client = Some(HttpClient::new(service.clone()));
        config.coordination = Coordination::separate();
        config.token_store = Arc::new(MemoryTokenStore::new());
        config
    }
}

fn build(config: ProviderConfig, mistake: Option<Mistake>) -> Result<Arc<dyn Provider>, Error> {
    let Some(mistake) = mistake else {
        let settings = serde_json::from_str("{}").expect("it has none");
        return Ok(Arc::new(Guard::<Guildhall>::new(config, settings)?));
    };
    let guard = Guard::over(mistaken::Mistaken::new(&config, mistake)?, config)?;
    if mistake.is_of_the_adapter() {
        return Ok(Arc::new(guard));
    }
    Ok(Arc::new(careless::Careless::new(guard, mistake)))
}

#[async_trait]
impl Subject for World {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::clone(&self.provider)
    }

    fn organization(&self) -> OrganizationId {
        self.organization.clone()
    }

    async fn person(&self, person: &Invitee) -> Option<Arc<dyn Provider>> {
        let config = Self::config(&self.service, &self.clock, self.fake.log_in(person.account()?));
        Some(build(config, self.mistake).expect("it is a good configuration"))
    }

    fn configured(&self, change: &dyn Fn(&mut ProviderConfig)) -> Option<Result<Arc<dyn Provider>, Error>> {
        let mut config = self.config.clone();
        change(&mut config);
        Some(build(config, self.mistake))
    }

    async fn expire(&self, _: &OrganizationId, _: &Invitee) -> bool {
        self.clock.advance(LONGER_THAN_OPEN);
        true
    }

    async fn garble_an_invitation(&self) -> bool {
        self.fake.garble();
        true
    }

    fn faults(&self) -> Option<&dyn Faults> {
        Some(&self.service)
    }

    async fn end_token(&self) -> bool {
        self.fake.end_tokens();
        true
    }

    async fn mails(&self, person: &Invitee) -> Option<usize> {
        Some(self.fake.notices().iter().filter(|to| person.account() == Some(to)).count())
    }

    async fn requests(&self) -> Option<usize> {
        Some(self.service.requests())
    }

    /// Replies tell what was made, and a list of several pages is read twice: that of the members always
    /// has one for each role.
    fn most_requests(&self, job: &Job) -> usize {
        let pages = |rows: usize| rows.div_ceil(5).max(1);
        2 * (pages(job.invitations) + pages(job.members) + 1) + job.people
    }
}
