//! Operations over many places at once.
//!
//! A [`Place`] is one organization at one provider. [`locate`] finds places, and [`observe`] reads many of them side by side into
//! [`Snapshot`]s; everything behind that is a pure function of snapshots: who has [`access`], whom to
//! [`offboard`], and the [`plan()`] of a [`Roster`], which [`apply()`] carries out.
//!
//! ```
//! # async fn example(provider: std::sync::Arc<dyn orgport_core::Provider>) -> Result<(), orgport_core::Error> {
//! use std::sync::Arc;
//!
//! use futures_util::{FutureExt, StreamExt};
//! use orgport_core::SystemClock;
//! use orgport_roster::{Journal, Located, Roster, apply, plan};
//!
//! let roster = Roster::load("team.toml")?;
//! let (places, missed) = Located::find(&roster.places(), |_| Ok(Arc::clone(&provider))).await;
//! assert!(missed.is_empty(), "{missed:?}");
//! let (clock, journal) = (SystemClock::new(), Journal::open(&roster, None, Arc::new(SystemClock::new()))?);
//! let plan = plan(&roster, &Located::observe(&places, &clock).await, &journal.carried());
//! println!("{plan}");
//! let never = std::future::pending().boxed();
//! let mut outcomes = apply(&roster, &plan, &places, &journal, &clock, never);
//! while let Some(outcome) = outcomes.next().await {
//!     println!("{}", outcome?);
//! }
//! # Ok(())
//! # }
//! ```

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
