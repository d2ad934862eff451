//! Getting people out everywhere, with proof that they are.
//!
//! [`prepare`] reads the places and says what is to be done, [`carry_out`] does it, reads each place
//! that it changed again, and says what is left; [`Evidence`] is that as a document.
//!
//! ```
//! use std::sync::Arc;
//!
//! use orgport_core::{Email, Role};
//! use orgport_memory::Memory;
//! use orgport_roster::offboard::{Options, Verdict, carry_out, prepare};
//! use orgport_roster::{Scope, Subject, Target, locate};
//!
//! # futures_util::FutureExt::now_or_never(async {
//! let (memory, ada) = (Memory::new(), Email::parse("ada@x.example")?);
//! let lab = memory.add_organization("Lab", &ada)?;
//! memory.add_member(&lab, &Email::parse("bob@x.example")?, Role::Member)?;
//!
//! let (places, missed) = locate(&[Target::new(Arc::new(memory.provider(&ada)), Scope::All)]).await;
//! let options = Options::default();
//! let plan = prepare(&places, missed, &[Subject::parse("bob@x.example")?], &options).await;
//! assert_eq!(plan.steps().count(), 1);
//! let outcome = carry_out(&places, plan, &options, std::future::pending()).await;
//! assert_eq!(outcome.verdict(), Verdict::Gone);
//! # Ok::<(), orgport_core::Error>(())
//! # }).expect("nothing waits")?;
//! # Ok::<(), orgport_core::Error>(())
//! ```

mod carry;
mod decide;
mod evidence;
mod outcome;
mod sighting;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use orgport_core::{Capability, Clock, Error, Identity, InvitationId, SystemClock};
use serde::Serialize;

pub use self::carry::carry_out;
pub use self::decide::plan;
pub use self::evidence::{Evidence, EvidenceFile};
pub use self::outcome::{Ended, Left, LeftReason, Outcome, PlaceOutcome, StepOutcome, Verdict};
pub use self::sighting::{Fault, Sighting};
use crate::place::{Missed, Place, PlaceId};
use crate::plan::{SeenInvitation, SeenMember};
use crate::snapshot::{Snapshot, observe};
use crate::subject::Subject;

/// How people are put out.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// Whether somebody whom a credential stands for may be put out, too.
    pub include_self: bool,
    /// Whether an address that several members of a place have stands for all of them.
    pub several: bool,
    /// How long a vendor's list may lag behind a change: what is configured for each provider, unless it is
    /// set here. Waited only where a list still shows what should be gone.
    pub settle: Option<Duration>,
    /// Tells the time and waits.
    pub clock: Arc<dyn Clock>,
}

impl Default for Options {
    fn default() -> Self {
        Self { include_self: false, several: false, settle: None, clock: Arc::new(SystemClock::new()) }
    }
}

/// One place as it was read, with what its provider can do.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Seen {
    /// What was read.
    pub snapshot: Snapshot,
    /// What its provider can do.
    pub capability: Capability,
    /// Whom the credential stands for, if this was asked.
    pub identity: Option<Result<Identity, Error>>,
}

impl Seen {
    /// A place of whose credential nothing was asked.
    pub fn new(snapshot: Snapshot, capability: Capability) -> Self {
        Self { snapshot, capability, identity: None }
    }
}

/// What is to be done so that people are nowhere, place by place.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Plan {
    /// The people.
    pub people: Vec<Subject>,
    /// The places that were read, in their order.
    pub places: Vec<PlacePlan>,
    /// What was asked for and not found.
    pub missed: Vec<Missed>,
    #[serde(skip)]
    seen: Vec<Seen>,
    #[serde(skip)]
    selves: decide::Selves,
}

impl Plan {
    /// The same from what was read, by other options.
    #[must_use]
    pub fn decided_with(self, options: &Options) -> Self {
        plan(self.seen, self.missed, &self.people, options)
    }

    /// What is to be done, with its place.
    pub fn steps(&self) -> impl Iterator<Item = (&PlaceId, &Step)> {
        self.places.iter().flat_map(|place| place.steps.iter().map(move |step| (&place.place, step)))
    }

    /// What stays for people to do, with its place.
    pub fn left(&self) -> impl Iterator<Item = (&PlaceId, &Left)> {
        self.places.iter().flat_map(|place| place.left.iter().map(move |left| (&place.place, left)))
    }
}

/// What is to be done at one place.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct PlacePlan {
    /// The place.
    #[serde(serialize_with = "evidence::as_written")]
    pub place: PlaceId,
    /// What the organization is called.
    pub organization: String,
    /// What was seen of the people.
    pub before: Sighting,
    /// What is to be done, in this order.
    pub steps: Vec<Step>,
    /// What cannot or may not be done.
    pub left: Vec<Left>,
    /// Why somebody could be there who was not seen.
    pub unknown: Vec<Fault>,
    /// What else is good to know.
    pub notes: Vec<String>,
    #[serde(skip)]
    pub(crate) identity: Option<Result<Identity, Error>>,
}

/// One request or so that takes something from a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// The person, as asked for.
    pub person: String,
    /// What is done.
    #[serde(flatten)]
    pub act: Act,
}

/// What is taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Act {
    /// An invitation.
    RevokeInvitation {
        /// As it was seen.
        invitation: SeenInvitation,
        /// Written nowhere: on some vendors it opens the door.
        #[serde(skip)]
        id: InvitationId,
    },
    /// A membership.
    RemoveMember {
        /// As it was seen.
        member: SeenMember,
    },
}

/// `revoke the pending invitation of bob@x.example as member`
impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RevokeInvitation { invitation, .. } => {
                write!(f, "revoke the {}", decide::invitation_in_words(invitation))
            }
            Self::RemoveMember { member } => write!(f, "remove {}", decide::member_in_words(member)),
        }
    }
}

/// Reads the places and says what is to be done. Sends nothing but reads: the invitations and the
/// members of each place, and whom a credential stands for where something would be done with it.
pub async fn prepare(places: &[Place], missed: Vec<Missed>, people: &[Subject], options: &Options) -> Plan {
    let snapshots = observe(places, &*options.clock).await;
    let seen: Vec<_> = snapshots
        .into_iter()
        .zip(places)
        .map(|(snapshot, place)| Seen::new(snapshot, place.provider().capability().clone()))
        .collect();
    let Plan { mut seen, places: plans, missed, .. } = plan(seen, missed, people, options);
    let mut identities = HashMap::new();
    for ((place, seen), plan) in places.iter().zip(&mut seen).zip(&plans) {
        if plan.steps.is_empty() && plan.left.is_empty() {
            continue;
        }
        let name = place.provider().name();
        if !identities.contains_key(name) {
            identities.insert(name.to_owned(), place.provider().get_identity().await);
        }
        seen.identity = identities.get(name).cloned();
    }
    plan(seen, missed, people, options)
}
