//! The conformance suite over Koyeb, with either kind of token.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use orgport_conformance::{Job, Subject, run_all};
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{
    Answer, Clock, Email, Error, ErrorKind, InvitationRef, Invitations, InviteOutcome, ManualClock, Members,
    NewInvitation, NewOrganization, OrganizationId, Organizations, Provider, Role, Timestamp,
};
use orgport_koyeb::{Credential, KoyebProvider, KoyebSettings};
use orgport_sandbox::{Fault, FaultKind, Identity, Sandbox};

/// Longer than any invitation of the sandbox's lives.
const A_MONTH: Duration = Duration::from_hours(30 * 24);

/// A clock that moves the sandbox's along: the vendor needs time to deactivate an organization.
#[derive(Debug)]
struct Together {
    sandbox: Arc<Sandbox>,
    ours: ManualClock,
}

#[async_trait]
impl Clock for Together {
    fn now(&self) -> Timestamp {
        self.ours.now()
    }

    fn elapsed(&self) -> Duration {
        self.ours.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        self.sandbox.advance(duration).await;
        self.ours.sleep(duration).await;
    }
}

struct World {
    sandbox: Arc<Sandbox>,
    clock: Arc<dyn Clock>,
    provider: KoyebProvider,
    organization: OrganizationId,
}

impl World {
    async fn with(credential: Credential) -> Result<Self, Error> {
        let sandbox = Arc::new(Sandbox::start().await.map_err(outside)?);
        let ours = ManualClock::new(sandbox.now().into());
        let clock: Arc<dyn Clock> = Arc::new(Together { sandbox: Arc::clone(&sandbox), ours });
        let identities = sandbox.identities();
        // An organization's token stands for no person.
        let wanted = |identity: &&Identity| {
            identity.vendor == "koyeb"
                && identity.email.is_empty() == (credential == Credential::Organization)
        };
        let administrator = identities.iter().find(wanted).expect("the sandbox has both kinds of tokens");
        let organization = administrator.organization.as_deref().expect("an administrator has one");
        let organization = OrganizationId::new(organization)?;
        let provider = provider(&sandbox, administrator, credential, &clock)?;
        Ok(Self { sandbox, clock, provider, organization })
    }
}

fn provider(
    sandbox: &Sandbox,
    identity: &Identity,
    credential: Credential,
    clock: &Arc<dyn Clock>,
) -> Result<KoyebProvider, Error> {
    let key = identity.credential["key"].as_str().expect("keys are text");
    let config = ProviderConfig::new("koyeb")
        .base_url(sandbox.base_url("koyeb"))
        .auth(AuthConfig::api_key(key))
        .clock(Arc::clone(clock));
    KoyebProvider::new(config, KoyebSettings::default().credential(credential))
}

/// The sandbox itself failed.
fn outside(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Config, "the sandbox does not do its part").with_source(error)
}

#[async_trait]
impl Subject for World {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(self.provider.clone())
    }

    fn organization(&self) -> OrganizationId {
        self.organization.clone()
    }

    async fn person(&self, email: &Email) -> Option<Arc<dyn Provider>> {
        let identity = self.sandbox.add_user("koyeb", email.as_str()).expect("koyeb is a vendor");
        let person = provider(&self.sandbox, &identity, Credential::User, &self.clock);
        Some(Arc::new(person.expect("the token is good")))
    }

    fn read_only(&self) -> Option<Arc<dyn Provider>> {
        Some(Arc::new(self.provider.read_only()))
    }

    async fn accept(&self, organization: &OrganizationId, email: &Email) -> bool {
        self.sandbox.accept("koyeb", email.as_str(), organization.as_str()).is_ok()
    }

    async fn expire(&self, _organization: &OrganizationId, _email: &Email) -> bool {
        self.clock.sleep(A_MONTH).await;
        true
    }

    async fn mails(&self, email: &Email) -> Option<usize> {
        let mails = self.sandbox.mail();
        Some(mails.iter().filter(|mail| Email::verbatim(&mail.email) == *email).count())
    }

    async fn requests(&self) -> Option<usize> {
        Some(self.sandbox.requests().len())
    }

    /// Once for the token's organization, one page for every hundred of either list, one create
    /// for each person; the replies settle.
    fn most_requests(&self, job: &Job) -> usize {
        1 + job.invitations.div_ceil(100).max(1) + job.members.div_ceil(100).max(1) + job.people
    }

    /// More than a page.
    fn crowd(&self) -> usize {
        104
    }
}

async fn passes(credential: Credential) {
    let report = run_all(|| World::with(credential)).await;
    println!("{report}");
    assert!(report.is_success(), "{report}");
}

#[tokio::test]
async fn with_a_users_token() {
    passes(Credential::User).await;
}

#[tokio::test]
async fn with_an_organizations_token() {
    passes(Credential::Organization).await;
}

async fn world() -> World {
    World::with(Credential::User).await.expect("a fresh world")
}

fn ada() -> Email {
    Email::verbatim("ada@lovelace.example")
}

impl World {
    fn fault(&self, method: &str, route: &str, fault: FaultKind) {
        let fault = Fault::new("koyeb", fault).method(method).route(route);
        self.sandbox.fault(fault).expect("a fault of the sandbox's");
    }

    /// Another organization of the administrator's, in which the token does not act.
    async fn second_organization(&self) -> OrganizationId {
        let made = self.provider.create_organization(NewOrganization::named("second")).await;
        made.expect("the user may").id
    }
}

async fn invite(provider: &KoyebProvider, organization: &OrganizationId, email: &Email) -> InviteOutcome {
    let invitation = NewInvitation::to(email.clone()).with_role(Role::Owner);
    provider.invite(organization, invitation).await.expect("invited")
}

#[tokio::test]
async fn a_member_whose_token_acts_elsewhere_acts_here_too() {
    let world = world().await;
    let here = &world.organization;
    invite(&world.provider, here, &ada()).await;
    assert!(world.accept(here, &ada()).await);
    // Joining an organization does not move the token there.
    let identity = world.sandbox.add_user("koyeb", ada().as_str()).expect("an account");
    let ada = provider(&world.sandbox, &identity, Credential::User, &world.clock).expect("valid");
    let grace = Email::verbatim("grace@hopper.example");
    let outcome = invite(&ada, here, &grace).await;
    assert_eq!(outcome.invitation().expect("waiting").organization_id.as_ref(), Some(here));
    assert_eq!(world.mails(&grace).await, Some(1));
    invite(&ada, here, &Email::verbatim("mary@somerville.example")).await;
    let requests = world.sandbox.requests();
    let minted = requests.iter().filter(|request| request.path.ends_with("/access_token"));
    assert_eq!(minted.count(), 1);
}

#[tokio::test]
async fn a_stranger_gets_no_token_for_an_organization() {
    let world = world().await;
    let stranger = world.person(&ada()).await.expect("an account");
    let error = stranger.list_members(&world.organization, None).await.expect_err("no member");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(error.message().contains(world.organization.as_str()), "{error}");
}

#[tokio::test]
async fn a_member_of_one_organization_is_not_removed_from_another() {
    let world = world().await;
    let second = world.second_organization().await;
    let members = async || {
        let page = world.provider.list_members(&second, None).await.expect("a list");
        page.items.into_iter().map(|member| member.expect("readable").id).collect::<Vec<_>>()
    };
    let there = members().await;
    let error = world.provider.remove_member(&world.organization, &there[0]).await.expect_err("not here");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(members().await, there);
    assert!(world.sandbox.requests().iter().all(|request| request.method != "DELETE"));
}

#[tokio::test]
async fn an_answer_whose_confirmation_is_lost_is_looked_up() {
    let world = world().await;
    let id =
        invite(&world.provider, &world.organization, &ada()).await.invitation().expect("waiting").id.clone();
    let invited = world.person(&ada()).await.expect("an account");
    let route = "/v1/account/organization_invitations/{id}/accept";
    world.fault("POST", route, FaultKind::ResetAfter);
    let answered = invited.respond_to_invitation(&InvitationRef::by_id(id), Answer::Accept).await;
    assert_eq!(answered.expect("it was done").organization_id, Some(world.organization.clone()));
    assert!(world.sandbox.faults().iter().all(|fault| fault.fired == 1));
}

#[tokio::test]
async fn a_lost_answer_to_a_deletion_that_ends_the_token_is_ambiguous() {
    let world = world().await;
    world.fault("DELETE", "/v1/organizations/{id}", FaultKind::ResetAfter);
    let error = world.provider.delete_organization(&world.organization).await.expect_err("nothing tells");
    assert_eq!((error.kind(), error.status()), (ErrorKind::Ambiguous, Some(401)), "{error}");
}

#[tokio::test]
async fn a_lost_answer_to_a_deletion_of_another_organization_is_settled() {
    let world = world().await;
    let second = world.second_organization().await;
    world.fault("DELETE", "/v1/organizations/{id}", FaultKind::ResetAfter);
    world.provider.delete_organization(&second).await.expect("it is gone");
    assert!(world.sandbox.faults().iter().all(|fault| fault.fired == 1));
    let error = world.provider.get_organization(&second).await.expect_err("gone");
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_planned_job_never_meets_the_limit() {
    let world = world().await;
    for round in 0..3 {
        let emails = (0..150).map(|number| Email::verbatim(&format!("p{round}-{number}@crowd.example")));
        let invitations = emails.map(|email| NewInvitation::to(email).with_role(Role::Owner)).collect();
        let outcomes: Vec<_> = world.provider.invite_many(&world.organization, invitations).collect().await;
        let words = outcomes.iter().map(|(_, outcome)| outcome.as_ref().expect("invited").word());
        assert!(words.into_iter().all(|word| word == "invited"));
    }
    assert!(world.sandbox.requests().iter().all(|request| request.status != Some(429)));
    assert_eq!(world.sandbox.mail().len(), 450);
}
