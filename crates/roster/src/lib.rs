//! Operations over many places at once.
//!
//! A [`Place`] is one organization at one provider. [`locate`] finds places, and [`observe`] reads many of them side by side into
//! [`Snapshot`]s; everything behind that is a pure function of snapshots.

#![forbid(unsafe_code)]

pub mod access;
mod apply;
mod fingerprint;
pub mod html;
mod import;
mod journal;
mod located;
pub mod offboard;
mod place;
mod plan;
mod rails;
mod roster;
mod snapshot;
mod subject;

pub use apply::{Ended, Outcome, Stop, apply};
pub use import::{import, merge};
pub use journal::{InDoubt, Journal, Unfinished};
pub use located::Located;
pub use place::{Missed, Place, PlaceId, Scope, Target, locate, locate_named};
pub use plan::{
    Action, Blocked, Carried, Change, Cost, Finding, PlacePlan, Plan, RoleChange, SavedPlan, SeenInvitation,
    SeenMember, Site, plan,
};
pub use rails::{Rail, Refusal};
pub use roster::{Access, Faults, Line, MaxRemovals, Person, PlaceName, Rails, Roster, Unmanaged, Wanted};
pub use snapshot::{Listing, Snapshot, observe};
pub use subject::Subject;
