//! What is to be done so that everybody is where a roster says.

mod change;
mod cost;
mod decide;
#[cfg(test)]
pub(crate) mod examples;
mod named;
mod people;
#[cfg(test)]
mod properties;
mod render;
mod saved;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use orgport_core::{Capability, Identity, Role, Timestamp};
use serde::{Deserialize, Serialize};

pub use self::change::{Action, Change, RoleChange, SeenInvitation, SeenMember};
pub use self::cost::Cost;
pub(crate) use self::people::{ByAddress, Everybody, Presence, by_address};
pub use self::saved::SavedPlan;
use crate::place::PlaceId;
use crate::rails::{self, Refusal, Standing};
use crate::roster::{PlaceName, Roster};
use crate::snapshot::Snapshot;

/// One place of a roster as it was read, with what its provider can do.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Site {
    /// The place as the roster writes it.
    pub name: PlaceName,
    /// What was read there.
    pub snapshot: Snapshot,
    /// What its provider can do.
    pub capability: Capability,
    /// The configured role of invitations that name none.
    pub default_role: Option<Role>,
    /// Whom the credential stands for, where the vendor tells.
    pub caller: Option<Identity>,
}

impl Site {
    /// A place at whose provider no default role is configured, and of whose credential nothing is
    /// known.
    pub fn new(name: PlaceName, snapshot: Snapshot, capability: Capability) -> Self {
        Self { name, snapshot, capability, default_role: None, caller: None }
    }
}

/// What a run that did not come to its end has done already: the next one goes on with its counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Carried {
    /// The mails it sent.
    pub mails: usize,
    /// By place, how many people it removed or lowered, and how many members there were before.
    pub removals: BTreeMap<PlaceName, (usize, usize)>,
}

/// Everything that is to be done, in the order in which it is done at each place, and everything
/// that is not, with the reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Plan {
    /// The [digest](Roster::digest) of the roster.
    pub roster: String,
    /// By name.
    pub places: Vec<PlacePlan>,
    /// The price of it all.
    pub cost: Cost,
    /// When the last place was read.
    pub seen_at: Timestamp,
    /// When it can be done at the earliest, if it is begun as soon as everything is read: the waits
    /// for the vendors' limits, without the time that requests take.
    pub earliest_finish: Timestamp,
}

/// What is to be done at one place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlacePlan {
    /// The place as the roster writes it.
    pub name: PlaceName,
    /// The place.
    pub place: PlaceId,
    /// What the organization is called.
    pub organization: String,
    /// How many members were seen.
    pub members: usize,
    /// What is to be done, in this order.
    pub actions: Vec<Action>,
    /// What the vendor has no call for, with the way by hand.
    pub cannot: Vec<Finding>,
    /// What a rail refuses.
    pub blocked: Vec<Blocked>,
    /// People who are there and not in the roster, and are left alone.
    pub unmanaged: Vec<Finding>,
    /// What cannot be told, because the place was not read whole or the vendor does not show it.
    pub unknown: Vec<Finding>,
    /// The price of the actions and of the reads before and between them.
    pub cost: Cost,
}

/// Something that is told and not done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// Whom it is about: a person's name in the roster, an address, or the place.
    pub who: String,
    /// What is the matter.
    pub what: String,
    /// What can be done about it by hand, where that is known.
    pub by_hand: Option<String>,
}

/// An action that a rail refuses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Blocked {
    /// What would be done.
    pub action: Action,
    /// Why it is not.
    pub refusal: Refusal,
}

impl Plan {
    /// What is to be done, with its place.
    pub fn actions(&self) -> impl Iterator<Item = (&PlacePlan, &Action)> {
        self.places.iter().flat_map(|place| place.actions.iter().map(move |action| (place, action)))
    }

    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.actions().next().is_none()
    }

    /// Whether a rail refuses anything.
    pub fn is_blocked(&self) -> bool {
        self.places.iter().any(|place| !place.blocked.is_empty())
    }

    /// Whether anything could not be told.
    pub fn is_unsure(&self) -> bool {
        self.places.iter().any(|place| !place.unknown.is_empty())
    }
}

/// Says what is to be done so that everybody is where the roster says. Asks nobody: everything
/// follows from the roster and from what was read, and the order of lists changes nothing.
///
/// - Somebody who is in, or has an invitation that waits, is not mailed, but for replacing an
///   invitation that gives another role or has expired.
/// - At a place that was not read whole, roles are raised, and nothing else is done.
/// - People are added and raised before anybody is lowered or removed.
/// - What the [rails](Roster::rails) refuse is told as [`blocked`](PlacePlan::blocked): all removals
///   of a place, or all mails of the run, where there are too many.
///
/// Places of the roster without a site, and sites that the roster does not name, are left out.
pub fn plan(roster: &Roster, sites: &[Site], carried: &Carried) -> Plan {
    let mut sites: Vec<_> = sites.iter().collect();
    sites.sort_by(|one, other| one.name.cmp(&other.name));
    let addresses = by_address(roster);
    let mut places: Vec<_> = sites
        .iter()
        .filter_map(|site| {
            let seen = site.snapshot.members.rows.len();
            let (done, members) = carried.removals.get(&site.name).copied().unwrap_or((0, seen));
            place_plan(roster, site, &addresses, Standing { done, members, expects_raises: true })
        })
        .collect();
    rails::limit_mails(roster.rails(), carried.mails, &mut places);
    let cost = cost::price(&mut places, &sites);
    let seen_at = sites.iter().map(|site| site.snapshot.ended_at).max().unwrap_or_else(Timestamp::now);
    Plan {
        roster: roster.digest().to_owned(),
        places,
        earliest_finish: seen_at.saturating_add(cost.wait),
        cost,
        seen_at,
    }
}

/// What is to be done at one place, without a price and without the limit on mails.
pub(crate) fn place_plan(
    roster: &Roster,
    site: &Site,
    addresses: &ByAddress<'_>,
    standing: Standing,
) -> Option<PlacePlan> {
    Some(decide::place(roster, roster.access_at(&site.name)?, site, addresses, standing))
}
