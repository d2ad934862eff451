//! What a plan costs: requests, mails, and the waits for the vendors' limits.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;
use std::time::Duration;

use orgport_core::{Capability, InvitationStatus, Operation, OrganizationChoice, Support, Via};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Change, PlacePlan, Site};
use crate::rails::is_loss;

/// The price of something. A vendor can need more requests than an operation's one, where it is
/// composed of several, and while people are invited the waits are used for looks at those invited before,
/// so that requests are the least there can be. Waits are those of the limits that
/// the capability knows; a vendor that tells of more left is not waited for so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cost {
    /// Requests to the vendors.
    pub requests: usize,
    /// Mails to people.
    pub mails: usize,
    /// How long the vendors' limits make it wait; places of different providers wait side by side.
    /// In milliseconds where it is written.
    #[serde(rename = "wait_ms", serialize_with = "to_millis", deserialize_with = "from_millis")]
    pub wait: Duration,
}

impl Cost {
    /// The least that an operation costs which is done for so many people, one after the other, beside what
    /// was read to find them. What is composed of several calls is counted with all of them.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use orgport_core::{Capability, Operation, RateLimit, Support};
    /// use orgport_roster::Cost;
    ///
    /// let mut can = Capability::nothing("");
    /// can.operations.resend_invitation = Support::Native;
    /// can.rate_limits = vec![RateLimit::new("resending", 9, Duration::from_secs(60))];
    /// let cost = Cost::of(&can, Operation::ResendInvitation, 12);
    /// assert_eq!(cost.to_string(), "12 requests, 12 mails, 3m waiting");
    /// ```
    pub fn of(capability: &Capability, operation: Operation, people: usize) -> Self {
        let mut limits = Limits::new(capability);
        let mut cost = Self::default();
        let is_composed = matches!(capability.support(operation), Support::Composed { .. });
        for _ in 0..people {
            match operation {
                Operation::ResendInvitation if is_composed => cost += limits.resend(),
                _ => cost += limits.calls(operation, 1),
            }
        }
        let mails = matches!(operation, Operation::ResendInvitation | Operation::Invite);
        cost.mails = if mails { people } else { 0 };
        cost
    }
}

fn to_millis<S: Serializer>(wait: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
}

fn from_millis<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_millis)
}

/// Side by side waits are not added: see `price`.
impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.mails += other.mails;
        self.wait += other.wait;
    }
}

/// `12 requests, 3 mails, 2m waiting`
impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let Self { requests, mails, wait } = *self;
        write!(f, "{requests} request{}, {mails} mail{}", plural(requests), plural(mails))?;
        if wait.is_zero() { Ok(()) } else { write!(f, ", {} waiting", Span(wait)) }
    }
}

/// A time in the largest units that tell it to the second: `1h 2m 3s`.
pub(crate) struct Span(pub(crate) Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0);
        let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
        let parts: Vec<_> = parts.iter().filter(|(count, _)| *count > 0).collect();
        let parts: Vec<_> = parts.iter().map(|(count, unit)| format!("{count}{unit}")).collect();
        f.write_str(if parts.is_empty() { "0s" } else { "" })?;
        f.write_str(&parts.join(" "))
    }
}

/// A provider's limits as its own pacing keeps them, from the beginning of a run.
struct Limits<'a> {
    capability: &'a Capability,
    now: Duration,
    /// When all calls that each limit allows at once are back.
    full_at: Vec<Duration>,
}

impl<'a> Limits<'a> {
    fn new(capability: &'a Capability) -> Self {
        Self { capability, now: Duration::ZERO, full_at: vec![Duration::ZERO; capability.rate_limits.len()] }
    }

    /// The price of these calls, one after the other.
    fn calls(&mut self, operation: Operation, requests: usize) -> Cost {
        let began = self.now;
        for _ in 0..requests {
            for (limit, full_at) in self.capability.rate_limits.iter().zip(&mut self.full_at) {
                if limit.counts(operation) {
                    *full_at = self.now.max(*full_at) + limit.one_more_every;
                    self.now = self.now.max(full_at.saturating_sub(limit.one_more_every * limit.burst));
                }
            }
        }
        Cost { requests, mails: 0, wait: self.now.saturating_sub(began) }
    }

    /// The price of reading a place for the first time.
    fn arrive(&mut self, site: &Site) -> Cost {
        // Where the id is the name, there is nothing to look up.
        let is_named = self.capability.organization_choice == OrganizationChoice::Name;
        let mut cost = self.calls(Operation::GetOrganization, usize::from(!is_named));
        cost += self.read(site);
        cost
    }

    /// The price of reading a place.
    fn read(&mut self, site: &Site) -> Cost {
        let mut cost = self.calls(Operation::ListInvitations, self.pages(&site.snapshot.invitations.rows));
        cost += self.calls(Operation::ListMembers, self.pages(&site.snapshot.members.rows));
        cost
    }

    /// The price of reading an invitation, revoking it, and inviting anew with the looks around it.
    fn resend(&mut self) -> Cost {
        use Operation::{GetInvitation, Invite, ListInvitations, ListMembers, RevokeInvitation};
        let mut cost = Cost::default();
        for operation in [GetInvitation, RevokeInvitation, ListInvitations, ListMembers, Invite] {
            cost += self.calls(operation, 1);
        }
        if self.capability.invited_via == Via::Look {
            cost += self.calls(ListInvitations, 1);
        }
        cost
    }

    /// The price of the look behind invitations where the vendor's replies do not tell how they ended.
    fn settle(&mut self, site: &Site) -> Cost {
        let is_needed = self.capability.invited_via == Via::Look;
        let pages = if is_needed { self.pages(&site.snapshot.invitations.rows) } else { 0 };
        self.calls(Operation::ListInvitations, pages)
    }

    fn pages<T>(&self, rows: &[T]) -> usize {
        self.capability.page_size.map_or(1, |size| rows.len().div_ceil(size.max(1)).max(1))
    }

    /// The price of an action; that of a request which several share is the first one's.
    fn action(&mut self, site: &Site, change: &Change, is_first: bool) -> Cost {
        let mut cost = Cost::default();
        if is_loss(change, &site.snapshot.top_role) {
            cost += self.read(site);
        }
        let live = change.old().iter().filter(|seen| seen.status == InvitationStatus::Pending).count();
        cost += self.calls(Operation::RevokeInvitation, live);
        match change {
            Change::Invite { .. } | Change::Replace { .. } => {
                cost += self.calls(Operation::Invite, usize::from(is_first));
                cost.mails = 1;
            }
            Change::Raise(_) | Change::Lower(_) => cost += self.calls(Operation::SetMemberRole, 1),
            Change::Remove { .. } => cost += self.calls(Operation::RemoveMember, 1),
            Change::Revoke { .. } => {}
        }
        cost
    }
}

/// Puts a price on every action and place, and returns that of everything. Places of one provider
/// share its limits and wait one after the other.
pub(super) fn price(places: &mut [PlacePlan], sites: &[&Site]) -> Cost {
    let sites: BTreeMap<_, _> = sites.iter().map(|site| (&site.name, *site)).collect();
    let mut limiters: BTreeMap<&str, Limits<'_>> = BTreeMap::new();
    let mut total = Cost::default();
    for place in places {
        let site = sites[&place.name];
        let limits =
            limiters.entry(&site.snapshot.place.provider).or_insert_with(|| Limits::new(&site.capability));
        place.cost = price_of_place(limits, site, place);
        total += place.cost;
    }
    total.wait = limiters.values().map(|limits| limits.now).max().unwrap_or_default();
    total
}

fn price_of_place(limits: &mut Limits<'_>, site: &Site, place: &mut PlacePlan) -> Cost {
    let mut all = Cost::default();
    if place.actions.is_empty() {
        return all;
    }
    all += limits.arrive(site);
    let batch = site.capability.batch_size.max(1);
    // New invitations go out together, and replacements go out together.
    for group in place.actions.chunk_by_mut(|one, other| one.change.rank() == other.change.rank()) {
        let is_mail = group[0].change.mails() > 0;
        if is_mail {
            // Inviting looks by itself, so that nobody is mailed twice.
            all += limits.read(site);
        }
        for (index, action) in group.iter_mut().enumerate() {
            action.cost = limits.action(site, &action.change, index.is_multiple_of(batch));
            all += action.cost;
        }
        if is_mail {
            all += limits.settle(site);
        }
    }
    all
}
