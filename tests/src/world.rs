//! Each vendor over a sandbox in process, set up in one place.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use orgport_conformance::{Fault as Planned, Faults, Job, Subject};
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::{HttpClient, HttpSettings};
use orgport_core::{
    Clock, Configured, Coordination, Email, Error, Guard, Invitee, Operation, OrganizationId, Provider,
    Secret, Timestamp,
};
use orgport_sandbox::{Fault, FaultId, FaultKind, Identity, MailKind, PatchOperation, ReplyTime, Sandbox};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::de::DeserializeOwned;
use serde_json::value::from_value;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::lists::PeopleList;

/// A kind of account that a provider can be configured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// `NuExtract` with a person's token.
    NuExtract,
    /// Jaqpot's newer servers.
    Jaqpot,
    /// Jaqpot's servers up to 7.3.4.
    JaqpotOlder,
    /// Koyeb with a user's token.
    Koyeb,
    /// Koyeb with an organization's token.
    KoyebOrganization,
    /// Trieve with an organization's key.
    Trieve,
    /// Trieve with a user's key.
    TrieveUser,
    /// Losant with a user's token.
    Losant,
    /// GitHub with a person's classic token.
    GitHub,
    /// GitHub with an app's key.
    GitHubApp,
}

impl Account {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::NuExtract,
        Self::Jaqpot,
        Self::JaqpotOlder,
        Self::Koyeb,
        Self::KoyebOrganization,
        Self::Trieve,
        Self::TrieveUser,
        Self::Losant,
        Self::GitHub,
        Self::GitHubApp,
    ];

    /// The vendor, as the sandbox and configurations spell it.
    pub fn vendor(self) -> &'static str {
        match self {
            Self::NuExtract => "nuextract",
            Self::Jaqpot | Self::JaqpotOlder => "jaqpot",
            Self::Koyeb | Self::KoyebOrganization => "koyeb",
            Self::Trieve | Self::TrieveUser => "trieve",
            Self::Losant => "losant",
            Self::GitHub | Self::GitHubApp => "github",
        }
    }

    /// The vendor, and what is special about the account.
    pub fn name(self) -> &'static str {
        match self {
            Self::JaqpotOlder => "jaqpot-older",
            Self::KoyebOrganization => "koyeb-organization",
            Self::TrieveUser => "trieve-user",
            Self::GitHubApp => "github-app",
            _ => self.vendor(),
        }
    }

    /// Whether this identity stands for the account's administrator.
    fn is_administrator(self, identity: &Identity) -> bool {
        let credential = &identity.credential["type"];
        let fits = match self {
            Self::NuExtract | Self::Jaqpot | Self::JaqpotOlder => credential == "oauth2",
            Self::Losant => credential == "bearer",
            Self::GitHub => credential == "api_key",
            Self::GitHubApp => credential == "key_pair",
            Self::Koyeb | Self::TrieveUser => !identity.email.is_empty(),
            // An organization's credential stands for no person.
            Self::KoyebOrganization | Self::Trieve => identity.email.is_empty(),
        };
        fits && identity.vendor == self.vendor() && identity.organization.is_some()
    }

    /// The line of Jaqpot's servers.
    fn line(self) -> Option<HeaderValue> {
        match self {
            Self::Jaqpot => Some(HeaderValue::from_static("B")),
            Self::JaqpotOlder => Some(HeaderValue::from_static("A")),
            _ => None,
        }
    }

    /// A prepared HTTP client that asks for the account's line of servers. As is required of one,
    /// it follows no redirect and repeats nothing.
    fn client(self) -> HttpClient {
        let line = HeaderName::from_static("x-sandbox-jaqpot-line");
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .default_headers(self.line().map(|value| (line, value)).into_iter().collect::<HeaderMap>());
        HttpClient::from_reqwest(client.build().expect("nothing is asked of it that it cannot do"))
    }
}

/// The sandbox's clock, moved by whoever waits on it: waiting takes no time.
///
/// Of several who wait, the one whose time comes first moves it, and what that one then does has a
/// moment of real time before the next one moves it on.
pub struct SandboxClock {
    sandbox: Arc<Sandbox>,
    /// The ends of all waits.
    waits: Mutex<BTreeSet<(Duration, u64)>>,
    count: AtomicU64,
    moved: Notify,
}

/// Every vendor that lets invitations expire does it sooner.
const LONGER_THAN_INVITATIONS: Duration = Duration::from_hours(30 * 24);

/// Real time for whoever has waited to do what it has waited for.
const MOMENT: Duration = Duration::from_millis(4);
/// Real time after which a wait no longer minds those before it, which may be polled by nobody.
const PATIENCE: Duration = Duration::from_millis(100);

impl SandboxClock {
    /// The clock of a sandbox whose own stands still.
    pub fn of(sandbox: &Arc<Sandbox>) -> Arc<Self> {
        let sandbox = Arc::clone(sandbox);
        Arc::new(Self { sandbox, waits: Mutex::default(), count: AtomicU64::new(0), moved: Notify::new() })
    }

    fn is_first(&self, wait: (Duration, u64)) -> bool {
        self.waits.lock().expect("no holder panics").first() == Some(&wait)
    }
}

/// A wait's entry; dropping it lets the next one move.
struct Wait<'a>(&'a SandboxClock, (Duration, u64));

impl<'a> Wait<'a> {
    fn until(clock: &'a SandboxClock, end: Duration) -> Self {
        let wait = (end, clock.count.fetch_add(1, Ordering::Relaxed));
        clock.waits.lock().expect("no holder panics").insert(wait);
        Self(clock, wait)
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.0.waits.lock().expect("no holder panics").remove(&self.1);
        self.0.moved.notify_waiters();
    }
}

impl fmt::Debug for SandboxClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxClock").field("now", &self.now()).finish_non_exhaustive()
    }
}

#[async_trait]
impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.sandbox.now().into()
    }

    fn elapsed(&self) -> Duration {
        self.sandbox.now().duration_since(UNIX_EPOCH).expect("it starts after 1970")
    }

    async fn sleep(&self, duration: Duration) {
        let wait = Wait::until(self, self.elapsed() + duration);
        // Others that begin to wait at the same moment are counted too.
        tokio::task::yield_now().await;
        let mut is_patient = true;
        while is_patient && !self.is_first(wait.1) {
            is_patient = timeout(PATIENCE, self.moved.notified()).await.is_ok();
            tokio::time::sleep(MOMENT).await;
        }
        let rest = wait.1.0.saturating_sub(self.elapsed());
        if !rest.is_zero() {
            self.sandbox.advance(rest).await;
        }
    }
}

/// One account at one vendor of a sandbox of its own, whose waits take no time.
pub struct World {
    /// The kind of account.
    pub account: Account,
    /// The vendor.
    pub sandbox: Arc<Sandbox>,
    /// The sandbox's clock, which the provider waits on.
    pub clock: Arc<SandboxClock>,
    /// The organization that the account administers.
    pub organization: OrganizationId,
    /// The administrator's provider.
    pub provider: Arc<dyn Provider>,
    http: HttpSettings,
    client: Option<HttpClient>,
}

impl World {
    /// With the settings that every provider has by default. Tokens stay good however far the clock
    /// is moved.
    pub async fn start(account: Account) -> Self {
        Self::with_http(account, HttpSettings::default()).await
    }

    /// With limits of one's own, for faults that take real time.
    pub async fn with_http(account: Account, http: HttpSettings) -> Self {
        let sandbox = Sandbox::builder().access_token_life(Duration::from_hours(24 * 365));
        Self::on(account, sandbox, http).await
    }

    /// On a sandbox of one's own making; its clock stands still.
    pub async fn on(account: Account, sandbox: orgport_sandbox::Builder, http: HttpSettings) -> Self {
        let sandbox = Arc::new(sandbox.frozen_at(start()).start().await.expect("loopback has free ports"));
        let administrator = administrator(&sandbox, account);
        let organization = organization_of(&administrator).expect("the administrator has one");
        let clock = SandboxClock::of(&sandbox);
        let client = account.line().map(|_| account.client());
        let config = config(&sandbox, &clock, &http, client.as_ref(), &administrator);
        let provider = connect(config, &administrator).expect("the sandbox's identities are valid");
        Self { account, sandbox, clock, organization, provider, http, client }
    }

    /// Lets all its providers send by one HTTP client, which saves the making of many.
    pub fn share_client(&mut self) {
        self.client = Some(self.account.client());
    }

    /// A provider that shares nothing with the other one, as another process would have it.
    pub fn another(&self) -> Arc<dyn Provider> {
        self.configured(|config| config.coordination = Coordination::separate())
    }

    /// The administrator's provider with a configuration of one's own.
    ///
    /// # Panics
    ///
    /// If it is not valid.
    pub fn configured(&self, change: impl FnOnce(&mut ProviderConfig)) -> Arc<dyn Provider> {
        self.try_configured(change).expect("a valid configuration")
    }

    /// The administrator's provider with a configuration that may be wrong.
    ///
    /// # Errors
    ///
    /// `Config`, as the vendor's own constructor.
    pub fn try_configured(
        &self,
        change: impl FnOnce(&mut ProviderConfig),
    ) -> Result<Arc<dyn Provider>, Error> {
        let mut config = self.administrator_config();
        change(&mut config);
        connect(config, &administrator(&self.sandbox, self.account))
    }

    /// What the administrator's provider is configured with.
    pub fn administrator_config(&self) -> ProviderConfig {
        self.config_of(&administrator(&self.sandbox, self.account))
    }

    /// What an identity's provider is configured with.
    pub fn config_of(&self, identity: &Identity) -> ProviderConfig {
        config(&self.sandbox, &self.clock, &self.http, self.client.as_ref(), identity)
    }

    /// The vendor's identities, each with the kind of its credential.
    pub fn identities(&self) -> Vec<Identity> {
        let mut identities = self.sandbox.identities();
        identities.retain(|identity| identity.vendor == self.account.vendor());
        identities
    }

    /// Sets a fault of the vendor's.
    pub fn fault(&self, fault: Fault) -> FaultId {
        self.sandbox.fault(fault).expect("the sandbox knows it")
    }

    /// This person's provider; the account is made if there is none.
    pub fn provider_of(&self, email: &Email) -> Arc<dyn Provider> {
        let person = self.sandbox.add_user(self.account.vendor(), email.as_str()).expect("it is a vendor");
        connect(self.config_of(&person), &person).expect("the sandbox's identities are valid")
    }

    /// Back to a fresh start, with a provider that remembers nothing; the clock stays where it is.
    pub async fn reset(&mut self) {
        self.sandbox.reset().await.expect("the port is free");
        self.provider = self.another();
    }

    /// How many mails have invited this person, in whatever letters the address was written.
    pub fn mails_to(&self, email: &Email) -> usize {
        let mails = self.sandbox.mail();
        let inviting = mails.iter().filter(|mail| mail.kind != MailKind::Notice);
        inviting.filter(|mail| Email::verbatim(&mail.email) == *email).count()
    }
}

/// Not before the certificates and formats of our time, and the same for all.
fn start() -> SystemTime {
    UNIX_EPOCH + Duration::from_mins(29_644_410)
}

fn administrator(sandbox: &Sandbox, account: Account) -> Identity {
    let mut identities = sandbox.identities().into_iter();
    identities.find(|identity| account.is_administrator(identity)).expect("the sandbox has one")
}

fn organization_of(identity: &Identity) -> Option<OrganizationId> {
    identity.organization.as_deref().map(|id| OrganizationId::new(id).expect("an id is not empty"))
}

fn config(
    sandbox: &Sandbox,
    clock: &Arc<SandboxClock>,
    http: &HttpSettings,
    client: Option<&HttpClient>,
    identity: &Identity,
) -> ProviderConfig {
    let mut config = ProviderConfig::new(&*identity.vendor)
        .base_url(sandbox.base_url(&identity.vendor))
        .auth(auth_of(identity))
        .clock(Arc::<SandboxClock>::clone(clock));
    config.organization = organization_of(identity);
    config.http = http.clone();
    config.client = client.cloned();
    config
}

/// The credential of an identity.
///
/// # Panics
///
/// If it is of a type that no configuration has.
pub fn auth_of(identity: &Identity) -> AuthConfig {
    from_value(identity.credential.clone()).expect("it is a credential")
}

/// The secret that a credential sends, or proves itself by.
///
/// # Panics
///
/// If it is none of those that have one and the same.
pub fn secret_of(auth: &AuthConfig) -> Secret {
    let secret = match auth {
        AuthConfig::Bearer { token: secret }
        | AuthConfig::ApiKey { key: secret }
        | AuthConfig::KeyPair { secret, .. } => secret.known(),
        AuthConfig::OAuth2 { access_token, .. } => access_token.clone(),
        _ => None,
    };
    secret.unwrap_or_else(|| panic!("{auth:?} has no secret as it is"))
}

/// The provider of an identity, with the vendor's settings that the sandbox gives it.
///
/// # Errors
///
/// `Config`, as the vendor's own constructor.
pub fn connect(config: ProviderConfig, identity: &Identity) -> Result<Arc<dyn Provider>, Error> {
    fn build<A>(config: ProviderConfig, settings: Value) -> Result<Arc<dyn Provider>, Error>
    where
        A: Configured<Settings: DeserializeOwned> + 'static,
    {
        let settings = from_value(settings).expect("the sandbox knows each vendor's settings");
        Ok(Arc::new(Guard::<A>::new(config, settings)?))
    }
    let mut settings = identity.settings.clone();
    settings.remove("base_url");
    let settings = Value::from(settings);
    match &*identity.vendor {
        "nuextract" => build::<orgport_nuextract::NuExtractAdapter>(config, settings),
        "jaqpot" => build::<orgport_jaqpot::JaqpotAdapter>(config, settings),
        "koyeb" => build::<orgport_koyeb::KoyebAdapter>(config, settings),
        "trieve" => build::<orgport_trieve::TrieveAdapter>(config, settings),
        "losant" => build::<orgport_losant::LosantAdapter>(config, settings),
        "github" => build::<orgport_github::GitHubAdapter>(config, settings),
        other => panic!("no adapter for {other:?}"),
    }
}

/// The vendor's own faults, for the conformance suite.
#[async_trait]
impl Faults for World {
    async fn plan(&self, fault: Planned, operation: Operation, times: usize) -> bool {
        let vendor = self.account.vendor();
        let kind = match fault {
            Planned::LostBefore => FaultKind::ResetBefore,
            Planned::LostAfter => FaultKind::ResetAfter,
            Planned::Late(delay) => FaultKind::ActAfter {
                ms: u64::try_from(delay.as_millis()).expect("short"),
                reply: ReplyTime::Before,
                status: 502,
            },
            Planned::Limited(wait) => status(429, &[("retry-after", wait.as_secs().to_string())], None),
            Planned::MailInDoubt => match vendor {
                "trieve" => FaultKind::MailFails,
                "jaqpot" | "nuextract" => FaultKind::FailAfterRows { rows: 1 },
                // The others mail behind their reply, and never tell.
                _ => return false,
            },
            // The others' rows do not say whose they are.
            Planned::Elsewhere if matches!(vendor, "koyeb" | "trieve") => {
                let rows = PeopleList::of_invitations(vendor).rows;
                let elsewhere = json!("00000000-0000-4000-8000-000000000000");
                let path = format!("{rows}/0/organization_id");
                FaultKind::Patch { operations: vec![PatchOperation::Replace { path, value: elsewhere }] }
            }
            _ => return false,
        };
        let (method, route) = match operation {
            Operation::ListInvitations => ("GET", Some(PeopleList::of_invitations(vendor).route)),
            Operation::ListMembers => ("GET", Some(PeopleList::of_members(vendor).route)),
            // An app's token is got by a POST, too.
            Operation::Invite if vendor == "github" => ("POST", Some("/orgs/{org}/invitations")),
            Operation::Invite => ("POST", None),
            _ => return false,
        };
        let mut fault = Fault::new(vendor, kind).method(method).times(u32::try_from(times).expect("few"));
        fault.route = route.map(str::to_owned);
        self.fault(fault);
        true
    }

    async fn clear(&self) -> usize {
        let unmet = self.sandbox.faults().iter().filter(|fault| fault.fired == 0).count();
        self.sandbox.clear_faults();
        self.sandbox.advance(Duration::from_mins(1)).await;
        unmet
    }
}

fn status(status: u16, headers: &[(&str, String)], body: Option<Value>) -> FaultKind {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    FaultKind::Status { status, headers, body, commit: false }
}

/// What no world of the credentials that are not renewed shows.
pub const NO_RENEWAL: &str = "a_token_that_ends_is_renewed_in_mid_run";
/// What no world of a vendor shows whose rows do not say to which organization they lead.
pub const NO_ORGANIZATION_IN_ROWS: &str = "a_reply_about_another_organization_is_not_believed";
/// What no world of a vendor shows that mails behind its reply.
pub const NO_WORD_OF_MAILS: &str = "a_mail_in_doubt_is_incomplete";
/// What no world of a vendor shows whose invitations do not run out.
pub const NO_EXPIRY: [&str; 2] =
    ["a_person_whose_invitation_expired_is_invited_anew", "an_expired_invitation_no_longer_waits"];
/// What no world of a vendor shows whose roles tell no owner.
pub const NO_OWNER: &str = "the_last_owner_is_not_removed";

/// For the conformance suite.
#[async_trait]
impl Subject for World {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::clone(&self.provider)
    }

    fn organization(&self) -> OrganizationId {
        self.organization.clone()
    }

    async fn person(&self, person: &Invitee) -> Option<Arc<dyn Provider>> {
        Some(self.provider_of(person.email()?))
    }

    async fn garble_an_invitation(&self) -> bool {
        let rows = json!([{ "email": "strange@x.example" }]);
        let body = match self.account.vendor() {
            "koyeb" => json!({ "invitations": rows, "count": 1, "limit": 100, "offset": 0 }),
            _ => rows,
        };
        let kind = status(200, &[], Some(body));
        let list = Fault::new(self.account.vendor(), kind).method("GET").always();
        // Koyeb is asked for the token's organization first.
        self.fault(match self.account.vendor() {
            "koyeb" => list.route("/v1/organization_invitations"),
            _ => list,
        });
        true
    }

    fn configured(&self, change: &dyn Fn(&mut ProviderConfig)) -> Option<Result<Arc<dyn Provider>, Error>> {
        Some(self.try_configured(change))
    }

    fn faults(&self) -> Option<&dyn Faults> {
        Some(self)
    }

    async fn end_token(&self) -> bool {
        let is_renewed = self.account == Account::GitHubApp
            || matches!(self.administrator_config().auth, Some(AuthConfig::OAuth2 { .. }));
        if is_renewed {
            self.fault(Fault::new(self.account.vendor(), status(401, &[], None)));
        }
        is_renewed
    }

    async fn accept(&self, organization: &OrganizationId, person: &Invitee) -> bool {
        let accept =
            |email: &Email| self.sandbox.accept(self.account.vendor(), email.as_str(), organization.as_str());
        person.email().is_some_and(|email| accept(email).is_ok())
    }

    async fn expire(&self, _: &OrganizationId, _: &Invitee) -> bool {
        let expires = matches!(self.account.vendor(), "jaqpot" | "koyeb" | "losant" | "github");
        if expires {
            self.sandbox.advance(LONGER_THAN_INVITATIONS).await;
        }
        expires
    }

    async fn mails(&self, person: &Invitee) -> Option<usize> {
        person.email().map(|email| self.mails_to(email))
    }

    async fn token_of(&self, person: &Invitee) -> Option<Secret> {
        let email = person.email()?;
        if self.account != Account::Losant {
            return None;
        }
        // A token is answered by somebody with an account; strangers sign up in the browser first.
        self.sandbox.add_user(self.account.vendor(), email.as_str()).ok()?;
        let mails = self.sandbox.mail();
        let last = mails.iter().rfind(|mail| Email::verbatim(&mail.email) == *email)?;
        last.link.clone().map(Secret::from)
    }

    async fn requests(&self) -> Option<usize> {
        Some(self.sandbox.requests().len())
    }

    fn most_requests(&self, job: &Job) -> usize {
        let pages = |items: usize| items.div_ceil(100).max(1);
        match self.account.vendor() {
            // Once for the token's organization; the replies settle.
            "koyeb" => 1 + pages(job.invitations) + pages(job.members) + job.people,
            // Three more pass behind one of the case before; whenever one has to wait, there is a look.
            "jaqpot" => {
                let batches = job.people.div_ceil(10);
                2 + batches + batches.saturating_sub(3) + 1
            }
            "losant" => 2 + job.people,
            _ => 2 + job.people + 1,
        }
    }

    /// At Jaqpot more batches than the vendor lets pass at once, and the last one not full; at
    /// Koyeb, Losant and GitHub more than a page; at Trieve as many as its free plan takes.
    fn crowd(&self) -> usize {
        match self.account.vendor() {
            "jaqpot" => 52,
            "koyeb" | "losant" | "github" => 104,
            "trieve" => 3,
            _ => 12,
        }
    }
}
