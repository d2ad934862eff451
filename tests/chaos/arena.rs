//! Where schedules are played: a vendor's sandbox, or memory.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_core::http::{HttpClient, HttpSettings};
use orgport_core::{Clock, Email, OrganizationId, Provider};
use orgport_sandbox::{Fault, FaultKind, ReplyTime};
use orgport_tests::world::{Account, World};
use serde_json::{Value, json};

use crate::flaw::{Flaw, Hasty};
use crate::plan::{Action, Kind, Target, Trouble};

/// How often each kind of trouble came true.
pub(crate) type Fired = BTreeMap<Kind, u64>;

#[async_trait(?Send)]
pub(crate) trait Arena {
    /// The kinds of trouble that mean something here.
    fn kinds(&self) -> Vec<Kind>;

    /// Begins anew.
    async fn reset(&mut self);

    /// The provider under test.
    fn provider(&self) -> &dyn Provider;

    /// A provider that nobody disturbs, to see what is really there.
    fn witness(&self) -> Arc<dyn Provider>;

    fn organization(&self) -> &OrganizationId;

    async fn accept(&self, email: &Email);

    /// The address of every mail so far.
    fn mails(&self) -> Vec<Email>;

    fn elapsed(&self) -> Duration;

    async fn pass(&self, time: Duration);

    fn arm(&self, action: &Action, trouble: &Trouble);

    /// Ends all trouble, and says what came true.
    fn disarm(&self) -> Fired;
}

/// A vendor's simulator.
pub(crate) struct Vendor {
    world: World,
    provider: Arc<dyn Provider>,
    witness: Arc<dyn Provider>,
    flaw: Option<Flaw>,
}

impl Vendor {
    pub(crate) async fn start(account: Account, flaw: Option<Flaw>) -> Self {
        let mut http = HttpSettings::default();
        // Of what takes real time, an attempt that hangs takes most.
        http.attempt_timeout = Duration::from_millis(1500);
        http.stall_timeout = Duration::from_millis(500);
        let mut world = World::with_http(account, http).await;
        world.share_client();
        let provider = Arc::clone(&world.provider);
        let witness = world.another();
        Self { world, provider, witness, flaw }
    }

    fn vendor(&self) -> &'static str {
        self.world.account.vendor()
    }

    /// The method of the request that does what the action is about.
    fn method(&self, action: &Action) -> &'static str {
        match (action, self.vendor()) {
            (Action::SetRole(_), "losant") => "PATCH",
            (Action::Revoke | Action::Remove, _) => "DELETE",
            (Action::SetRole(_), _) => "PUT",
            (Action::Resend, "nuextract" | "trieve" | "losant") if fastrand::bool() => "DELETE",
            _ => "POST",
        }
    }

    fn fault(&self, trouble: &Trouble) -> FaultKind {
        let Trouble { kind, commit, number, .. } = *trouble;
        let status = |status: u16, headers: &[(&str, String)], body: Value, commit: bool| {
            let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            FaultKind::Status { status, headers, body: Some(body), commit }
        };
        let of = |statuses: &[u16]| statuses[usize::try_from(number).expect("small") % statuses.len()];
        match kind {
            Kind::ResetBefore => FaultKind::ResetBefore,
            Kind::ResetAfter => FaultKind::ResetAfter,
            Kind::LateCommit => {
                let status = of(&[500, 502, 503, 504, 520]);
                FaultKind::ActAfter { ms: number * 1000, reply: ReplyTime::Before, status }
            }
            Kind::Latency => FaultKind::Latency { ms: number },
            Kind::RequestTimeout => status(408, &[], self.own_form(408), commit),
            Kind::RateLimited => {
                status(429, &[("retry-after", (2 * number).to_string())], self.own_form(429), false)
            }
            Kind::RateLimitedUnsaid => status(429, &[], self.own_form(429), false),
            Kind::ServerError => {
                status(of(&[500, 503, 501]), &[], self.own_form(of(&[500, 503, 501])), false)
            }
            Kind::ErrorPage => FaultKind::Html { status: of(&[500, 502, 503, 504, 530]), commit },
            Kind::PageAsSuccess => FaultKind::Html { status: 200, commit },
            Kind::Truncate => FaultKind::Truncate { bytes: usize::try_from(number * 7).expect("small") },
            Kind::Hang => FaultKind::Hang { commit },
            Kind::Stall => FaultKind::Drip { bytes_per_second: 0 },
            Kind::MailFails => FaultKind::MailFails,
            Kind::NothingCreated => FaultKind::NothingCreated,
            Kind::FailAfterRows => {
                FaultKind::FailAfterRows { rows: usize::try_from(number % 5).expect("small") }
            }
            Kind::UnknownEnum => FaultKind::UnknownEnum,
            Kind::DropOptional => FaultKind::DropOptional,
        }
    }

    /// How the vendor itself words a failure.
    fn own_form(&self, status: u16) -> Value {
        let message = "a planned fault";
        match self.vendor() {
            "nuextract" => json!({ "code": "internal", "message": message }),
            "jaqpot" => json!({ "timestamp": 0, "status": status, "error": message, "path": "/" }),
            "koyeb" => json!({ "status": status, "code": "internal_error", "message": message }),
            "losant" => json!({ "type": "InternalServer", "message": message }),
            _ => json!({ "message": message }),
        }
    }

    fn kind_of(fault: &FaultKind) -> Kind {
        match fault {
            FaultKind::Latency { .. } => Kind::Latency,
            FaultKind::ResetBefore => Kind::ResetBefore,
            FaultKind::ResetAfter => Kind::ResetAfter,
            FaultKind::Hang { .. } => Kind::Hang,
            FaultKind::Status { status: 408, .. } => Kind::RequestTimeout,
            FaultKind::Status { status: 429, headers, .. } if headers.is_empty() => Kind::RateLimitedUnsaid,
            FaultKind::Status { status: 429, .. } => Kind::RateLimited,
            FaultKind::Status { .. } => Kind::ServerError,
            FaultKind::Html { status: 200, .. } => Kind::PageAsSuccess,
            FaultKind::Html { .. } => Kind::ErrorPage,
            FaultKind::Truncate { .. } => Kind::Truncate,
            FaultKind::UnknownEnum => Kind::UnknownEnum,
            FaultKind::DropOptional => Kind::DropOptional,
            FaultKind::Drip { .. } => Kind::Stall,
            FaultKind::MailFails => Kind::MailFails,
            FaultKind::NothingCreated => Kind::NothingCreated,
            FaultKind::FailAfterRows { .. } => Kind::FailAfterRows,
            FaultKind::ActAfter { .. } => Kind::LateCommit,
            other => panic!("{other:?} is never planned"),
        }
    }
}

#[async_trait(?Send)]
impl Arena for Vendor {
    fn kinds(&self) -> Vec<Kind> {
        let applies = |kind: &Kind| match (kind, self.vendor()) {
            // The others make one row per call, in a transaction.
            (Kind::FailAfterRows, vendor) => matches!(vendor, "jaqpot" | "nuextract"),
            // Its answer holds the invitation, which is taken for its word.
            (Kind::NothingCreated, vendor) => vendor != "koyeb",
            _ => true,
        };
        Kind::ALL.into_iter().filter(applies).collect()
    }

    async fn reset(&mut self) {
        self.world.reset().await;
        // What the vendor's limiters still count is forgotten with the time.
        self.world.sandbox.advance(Duration::from_hours(1)).await;
        self.witness = self.world.another();
        self.provider = match self.flaw {
            None => Arc::clone(&self.world.provider),
            Some(Flaw::SendsAgainAtOnce) => self.world.configured(|config| {
                config.client = config.client.take().map(|client| HttpClient::new(Hasty(client)));
            }),
            Some(Flaw::DoesNotWait) => self.world.configured(|config| config.settle = Duration::ZERO),
        };
    }

    fn provider(&self) -> &dyn Provider {
        &*self.provider
    }

    fn witness(&self) -> Arc<dyn Provider> {
        Arc::clone(&self.witness)
    }

    fn organization(&self) -> &OrganizationId {
        &self.world.organization
    }

    async fn accept(&self, email: &Email) {
        let organization = self.world.organization.as_str();
        self.world.sandbox.accept(self.vendor(), email.as_str(), organization).expect("is invited");
    }

    fn mails(&self) -> Vec<Email> {
        self.world.sandbox.mail().iter().map(|mail| Email::verbatim(&mail.email)).collect()
    }

    fn elapsed(&self) -> Duration {
        self.world.clock.elapsed()
    }

    async fn pass(&self, time: Duration) {
        self.world.sandbox.advance(time).await;
    }

    fn arm(&self, action: &Action, trouble: &Trouble) {
        let mut fault =
            Fault::new(self.vendor(), self.fault(trouble)).skip(trouble.skip).times(trouble.times);
        fault.method = match trouble.target {
            Target::Any => None,
            Target::Reads => Some("GET".to_owned()),
            Target::Write => Some(self.method(action).to_owned()),
        };
        self.world.sandbox.fault(fault).expect("the sandbox knows it");
    }

    fn disarm(&self) -> Fired {
        let mut fired = Fired::new();
        for state in self.world.sandbox.faults() {
            *fired.entry(Self::kind_of(&state.fault.fault)).or_default() += u64::from(state.fired);
        }
        self.world.sandbox.clear_faults();
        fired
    }
}
