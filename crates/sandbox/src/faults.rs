//! Faults on demand: which requests they hit and how often.

use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::fault_kind::FaultKind;
use crate::vendor::Sabotage;

/// A fault and the requests that it hits.
///
/// Faults are tried in the order in which they were set. Of those that match a request, the
/// simulator's own ([`FaultKind::MailFails`], [`FaultKind::NothingCreated`],
/// [`FaultKind::FailAfterRows`], [`FaultKind::Race`], [`FaultKind::Outage`]) all play, and of the others the first; the rest do not count it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The vendor whose requests it hits, or `auth` for the authorization server. A vendor with a
    /// realm there and a `route` hits that realm's requests as well.
    pub vendor: String,
    /// The method it hits; any if absent.
    #[serde(default)]
    pub method: Option<String>,
    /// The route it hits, without the vendor's prefix: either the template that the simulator
    /// serves, such as `/api/organizations/{id}/members`, or a path exactly as it is received.
    /// Any if absent.
    #[serde(default)]
    pub route: Option<String>,
    /// What goes wrong.
    pub fault: FaultKind,
    /// How many matching requests pass unharmed first.
    #[serde(default)]
    pub skip: u32,
    /// How often it fires: once if not given, always if `None` (`null`).
    #[serde(default = "once")]
    pub times: Option<u32>,
    /// How likely a matching request is hit.
    #[serde(default = "certain")]
    pub probability: f64,
    /// Where the dice of `probability` start.
    #[serde(default)]
    pub seed: u64,
}

#[allow(clippy::unnecessary_wraps, reason = "the signature is that of serde's `default`")]
fn once() -> Option<u32> {
    Some(1)
}

fn certain() -> f64 {
    1.0
}

impl Fault {
    /// Hits the next request of `vendor`, once.
    pub fn new(vendor: impl Into<String>, fault: FaultKind) -> Self {
        let vendor = vendor.into();
        Self {
            vendor,
            method: None,
            route: None,
            fault,
            skip: 0,
            times: once(),
            probability: certain(),
            seed: 0,
        }
    }

    /// Hits this method only.
    #[must_use]
    pub fn method(self, method: impl Into<String>) -> Self {
        Self { method: Some(method.into()), ..self }
    }

    /// Hits this route only; see [`Fault::route`](struct@Fault).
    #[must_use]
    pub fn route(self, route: impl Into<String>) -> Self {
        Self { route: Some(route.into()), ..self }
    }

    /// Lets so many matching requests pass first.
    #[must_use]
    pub fn skip(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Fires so often.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Fires until it is cleared.
    #[must_use]
    pub fn always(self) -> Self {
        Self { times: None, ..self }
    }

    /// Fires with this probability, by dice that start at `seed`.
    #[must_use]
    pub fn probability(self, probability: f64, seed: u64) -> Self {
        Self { probability, seed, ..self }
    }

    /// What can be said against it without knowing the vendors.
    pub(crate) fn problem(&self) -> Option<String> {
        self.fault.problem().or_else(|| {
            (!(0.0..=1.0).contains(&self.probability))
                .then(|| "probability is not between 0 and 1".to_owned())
        })
    }

    fn matches(&self, hit: &Hit<'_>) -> bool {
        let vendor =
            self.vendor == hit.vendor || (self.route.is_some() && Some(&*self.vendor) == hit.realm_of);
        vendor
            && self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(hit.method))
            && self.route.as_ref().is_none_or(|route| route == hit.path || Some(&**route) == hit.template)
    }
}

/// What a fault is matched against.
#[derive(Debug)]
pub(crate) struct Hit<'a> {
    pub(crate) vendor: &'a str,
    /// On the authorization server: the vendor whose realm was asked.
    pub(crate) realm_of: Option<&'a str>,
    pub(crate) method: &'a str,
    pub(crate) template: Option<&'a str>,
    pub(crate) path: &'a str,
}

/// The handle of a fault that was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FaultId(u64);

/// A fault that was set, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FaultState {
    /// Its handle.
    pub id: FaultId,
    /// How many requests it hit so far.
    pub fired: u32,
    /// The fault as it was set.
    #[serde(flatten)]
    pub fault: Fault,
}

/// What is to go wrong with one request.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) sabotage: Option<Sabotage>,
    pub(crate) act: Option<FaultKind>,
}

#[derive(Debug, Default)]
pub(crate) struct FaultBook(Mutex<Armed>);

#[derive(Debug, Default)]
struct Armed {
    count: u64,
    faults: Vec<ArmedFault>,
}

#[derive(Debug)]
struct ArmedFault {
    state: FaultState,
    seen: u32,
    dice: fastrand::Rng,
}

impl ArmedFault {
    fn strikes(&mut self, hit: &Hit<'_>) -> bool {
        let fault = &self.state.fault;
        if !fault.matches(hit) || fault.times.is_some_and(|times| self.state.fired >= times) {
            return false;
        }
        self.seen = self.seen.saturating_add(1);
        let strikes = self.seen > fault.skip && self.dice.f64() < fault.probability;
        self.state.fired += u32::from(strikes);
        strikes
    }
}

impl FaultBook {
    pub(crate) fn add(&self, fault: Fault) -> FaultId {
        let mut armed = self.0.lock().expect("faults lock");
        armed.count += 1;
        let id = FaultId(armed.count);
        let dice = fastrand::Rng::with_seed(fault.seed);
        armed.faults.push(ArmedFault { state: FaultState { id, fired: 0, fault }, seen: 0, dice });
        id
    }

    pub(crate) fn all(&self) -> Vec<FaultState> {
        self.0.lock().expect("faults lock").faults.iter().map(|fault| fault.state.clone()).collect()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().expect("faults lock").faults.clear();
    }

    /// Decides what goes wrong with this request, and counts it.
    pub(crate) fn plan(&self, hit: &Hit<'_>) -> Plan {
        let mut plan = Plan::default();
        for armed in &mut self.0.lock().expect("faults lock").faults {
            let own = sabotage(&armed.state.fault.fault);
            if (own.is_none() && plan.act.is_some()) || !armed.strikes(hit) {
                continue;
            }
            match own {
                Some(own) => plan.sabotage.get_or_insert_default().add(own),
                None => plan.act = Some(armed.state.fault.fault.clone()),
            }
        }
        plan
    }
}

/// The part of a fault that the simulator plays itself.
fn sabotage(kind: &FaultKind) -> Option<Sabotage> {
    match kind {
        FaultKind::MailFails => Some(Sabotage { mail_fails: true, ..Sabotage::default() }),
        FaultKind::NothingCreated => Some(Sabotage { nothing_created: true, ..Sabotage::default() }),
        FaultKind::FailAfterRows { rows } => {
            Some(Sabotage { fail_after_rows: Some(*rows), ..Sabotage::default() })
        }
        FaultKind::Race { ms } => {
            Some(Sabotage { race: Some(Duration::from_millis(*ms)), ..Sabotage::default() })
        }
        FaultKind::Outage { of } => Some(Sabotage { outage: Some(*of), ..Sabotage::default() }),
        _ => None,
    }
}

impl Sabotage {
    fn add(&mut self, other: Self) {
        self.mail_fails |= other.mail_fails;
        self.nothing_created |= other.nothing_created;
        self.fail_after_rows = self.fail_after_rows.or(other.fail_after_rows);
        self.race = self.race.or(other.race);
        self.outage = self.outage.or(other.outage);
    }
}
