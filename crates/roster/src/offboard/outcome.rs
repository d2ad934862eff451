//! How it ended, and what is left.

use orgport_core::Timestamp;
use orgport_core::http::Exchange;
use serde::Serialize;

use super::{Fault, Sighting, Step, evidence};
use crate::place::{Missed, PlaceId};
use crate::subject::Subject;

/// Something that stays, for somebody to see to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Left {
    /// The person, as asked for.
    pub person: String,
    /// What stays: a membership or an invitation, in words.
    pub what: String,
    /// Why.
    pub reason: LeftReason,
    /// Why, in words.
    pub because: String,
    /// What can be done about it.
    pub by_hand: Option<String>,
    /// Until when an invitation can be answered.
    pub until: Option<Timestamp>,
}

/// Why something stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LeftReason {
    /// The vendor has no call for it.
    Unsupported,
    /// A credential stands for this person.
    Yourself,
    /// Whom the credential stands for could not be read.
    IdentityUnknown,
    /// Nobody with all rights, or nobody at all, would be left.
    LastOwner,
    /// Several members have the address.
    SeveralMembers,
    /// It was tried and failed.
    Failed,
    /// It was not tried, since the run was stopped.
    NotTried,
    /// It was done, and the vendor still lists it.
    StillListed,
}

/// How a step ended.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct StepOutcome {
    /// The step.
    #[serde(flatten)]
    pub step: Step,
    /// How.
    pub ended: Ended,
    /// Why it failed.
    pub error: Option<Fault>,
    /// When it ended; none where it was not tried.
    pub at: Option<Timestamp>,
    /// Every request that was sent for it.
    pub requests: Vec<Exchange>,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Ended {
    /// The vendor says that it is done.
    Done,
    /// The vendor says that there is no such thing any more.
    AlreadyGone,
    /// The vendor refused.
    Failed,
    /// Nothing tells whether it was done; what was read behind it does.
    Unclear,
    /// The run was stopped before.
    NotTried,
}

/// How it all ended.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Outcome {
    /// The people.
    pub people: Vec<Subject>,
    /// When the first place was read.
    pub began_at: Timestamp,
    /// When everything was done.
    pub ended_at: Timestamp,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// Place by place.
    pub places: Vec<PlaceOutcome>,
    /// What was asked for and not found.
    pub missed: Vec<Missed>,
}

/// How it ended at one place.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct PlaceOutcome {
    /// The place.
    #[serde(serialize_with = "evidence::as_written")]
    pub place: PlaceId,
    /// What the organization is called.
    pub organization: String,
    /// What was seen of the people.
    pub before: Sighting,
    /// What was done.
    pub steps: Vec<StepOutcome>,
    /// What was seen of the people behind it; what was seen before, where nothing was done.
    pub after: Sighting,
    /// What stays.
    pub left: Vec<Left>,
    /// Why somebody could be there who was not seen.
    pub unknown: Vec<Fault>,
    /// What else is good to know.
    pub notes: Vec<String>,
}

/// What is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// The people are nowhere.
    Gone,
    /// Something is left.
    Left,
    /// Somebody could be somewhere: a place could not be read, or not whole.
    Unknown,
}

impl Outcome {
    /// What is proven of all people and places together.
    pub fn verdict(&self) -> Verdict {
        if !self.missed.is_empty() || self.places.iter().any(|place| !place.unknown.is_empty()) {
            Verdict::Unknown
        } else if self.places.iter().any(|place| !place.left.is_empty()) {
            Verdict::Left
        } else {
            Verdict::Gone
        }
    }

    /// What stays, with its place.
    pub fn left(&self) -> impl Iterator<Item = (&PlaceId, &Left)> {
        self.places.iter().flat_map(|place| place.left.iter().map(move |left| (&place.place, left)))
    }
}
