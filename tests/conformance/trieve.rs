//! The conformance suite over Trieve, with either kind of API key.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use orgport_conformance::{Subject, run_all};
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{
    Clock, Email, Error, ErrorKind, InvitationFilter, InvitationId, Invitations, InviteOutcome, ManualClock,
    Members, NewInvitation, NewOrganization, OrganizationId, Organizations, Provider, Role, Timestamp,
};
use orgport_sandbox::{Fault, FaultKind, Identity, Sandbox};
use orgport_trieve::{Credential, TrieveProvider, TrieveSettings};

struct World {
    sandbox: Sandbox,
    provider: TrieveProvider,
    organization: OrganizationId,
    clock: Arc<dyn Clock>,
}

impl World {
    async fn with(credential: Credential) -> Result<Self, Error> {
        let sandbox = Sandbox::start().await.map_err(outside)?;
        let identities = sandbox.identities();
        // An organization's key stands for no person.
        let wanted = |identity: &&Identity| {
            identity.vendor == "trieve"
                && identity.email.is_empty() == (credential == Credential::Organization)
        };
        let administrator = identities.iter().find(wanted).expect("the sandbox has both kinds of keys");
        let organization = administrator.organization.as_deref().expect("an administrator has one");
        let organization = OrganizationId::new(organization)?;
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(Timestamp::now()));
        let provider = provider(&sandbox, administrator, credential, &organization, &clock)?;
        Ok(Self { sandbox, provider, organization, clock })
    }
}

fn provider(
    sandbox: &Sandbox,
    identity: &Identity,
    credential: Credential,
    organization: &OrganizationId,
    clock: &Arc<dyn Clock>,
) -> Result<TrieveProvider, Error> {
    let key = identity.credential["key"].as_str().expect("keys are text");
    let config = ProviderConfig::new("trieve")
        .base_url(sandbox.base_url("trieve"))
        .auth(AuthConfig::api_key(key))
        .organization(organization.clone())
        .clock(Arc::clone(clock));
    let settings = TrieveSettings::default()
        .credential(credential)
        .redirect_uri(format!("https://dashboard.trieve.ai/?org={organization}"));
    TrieveProvider::new(config, settings)
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
        let identity = self.sandbox.add_user("trieve", email.as_str()).expect("trieve is a vendor");
        let person = provider(&self.sandbox, &identity, Credential::User, &self.organization, &self.clock);
        Some(Arc::new(person.expect("the key is good")))
    }

    fn read_only(&self) -> Option<Arc<dyn Provider>> {
        Some(Arc::new(self.provider.read_only()))
    }

    async fn accept(&self, organization: &OrganizationId, email: &Email) -> bool {
        self.sandbox.accept("trieve", email.as_str(), organization.as_str()).is_ok()
    }

    async fn mails(&self, email: &Email) -> Option<usize> {
        let mails = self.sandbox.mail();
        Some(mails.iter().filter(|mail| Email::verbatim(&mail.email) == *email).count())
    }

    async fn requests(&self) -> Option<usize> {
        Some(self.sandbox.requests().len())
    }
}

async fn passes(credential: Credential) {
    let report = run_all(|| World::with(credential)).await;
    println!("{report}");
    assert!(report.is_success(), "{report}");
}

#[tokio::test]
async fn with_an_organizations_key() {
    passes(Credential::Organization).await;
}

#[tokio::test]
async fn with_a_users_key() {
    passes(Credential::User).await;
}

fn invitation(email: &str) -> NewInvitation {
    NewInvitation::to(Email::verbatim(email)).with_role(Role::Member)
}

async fn world() -> World {
    World::with(Credential::Organization).await.expect("a fresh world")
}

impl World {
    /// Invites while this goes wrong with the create.
    async fn invite_during(&self, fault: FaultKind) -> Result<InviteOutcome, Error> {
        let fault = Fault::new("trieve", fault).method("POST").route("/api/invitation");
        let fault = self.sandbox.fault(fault).expect("a fault of the sandbox's");
        let outcome = self.provider.invite(&self.organization, invitation("ada@x.example")).await;
        assert_eq!(self.sandbox.fired(fault), 1);
        outcome
    }

    async fn ids(&self) -> Vec<String> {
        let page = self.provider.list_invitations(&self.organization, &InvitationFilter::all(), None).await;
        let rows = page.expect("a list").items.into_iter();
        rows.map(|row| row.expect("readable").id.to_string()).collect()
    }
}

#[tokio::test]
async fn a_used_invitation_in_the_same_letters_does_not_stand_in_the_way() {
    let world = world().await;
    let invite = async || {
        world.provider.invite(&world.organization, invitation("Ada@x.example")).await.expect("works")
    };
    assert_eq!(invite().await.word(), "invited");
    // The account is made in small letters, so that it is not the invitation's for the vendor.
    assert!(world.accept(&world.organization, &Email::verbatim("ada@x.example")).await);
    let member = invite().await.member().expect("accepted above").id.clone();
    world.provider.remove_member(&world.organization, &member).await.expect("a member");
    let used = world.ids().await;
    assert_eq!(invite().await.word(), "invited");
    let now = world.ids().await;
    assert!(now.len() == 1 && now != used, "{used:?} is replaced by {now:?}");
    assert_eq!(world.mails(&Email::verbatim("ada@x.example")).await, Some(2));
}

#[tokio::test]
async fn a_row_without_its_mail_is_incomplete_and_can_be_resent() {
    for fault in [FaultKind::MailFails, gave_up(true)] {
        let world = world().await;
        let error = world.invite_during(fault).await.expect_err("no mail is known of");
        assert_eq!(error.kind(), ErrorKind::Incomplete, "{error}");
        let [row] = &world.ids().await[..] else { panic!("one row") };
        let row = InvitationId::new(row).expect("not empty");
        let resent = world.provider.resend_invitation(&world.organization, &row).await.expect("resent");
        assert_ne!(resent.id, row);
    }
}

#[tokio::test]
async fn a_create_that_came_to_nothing_is_sent_once_more() {
    let hang_up = FaultKind::ResetBefore;
    let page = FaultKind::Html { status: 502, commit: false };
    for fault in [hang_up, page, gave_up(false)] {
        let world = world().await;
        let outcome = world.invite_during(fault).await.expect("invited in the end");
        assert_eq!(outcome.word(), "invited");
        assert_eq!(world.mails(&Email::verbatim("ada@x.example")).await, Some(1));
    }
}

/// The vendor's answer when it took too long.
fn gave_up(commit: bool) -> FaultKind {
    let body = serde_json::json!({ "message": "Trieve is currently under extended load" });
    FaultKind::Status { status: 408, headers: BTreeMap::new(), body: Some(body), commit }
}

#[tokio::test]
async fn an_organizations_key_never_makes_an_organization() {
    let world = world().await;
    let identities = world.sandbox.identities();
    let key = identities.iter().find(|one| one.vendor == "trieve" && one.email.is_empty()).expect("a key");
    let mistaken = provider(&world.sandbox, key, Credential::User, &world.organization, &world.clock);
    let result = mistaken.expect("valid").create_organization(NewOrganization::named("orphan")).await;
    assert_eq!(result.expect_err("refused").kind(), ErrorKind::Unsupported);
    assert!(world.sandbox.requests().iter().all(|request| request.method == "GET"));
}
