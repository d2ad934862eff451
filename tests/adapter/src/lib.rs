//! An adapter that is none of this project's, as a company would write it: against published crates
//! alone, for a vendor of another shape than those that are built in.
//!
//! Guildhall, which there is not, has halls where others have organizations. It knows no addresses:
//! accounts are invited, and their role is told only by the list they are in. Lists are linked page by
//! page, limits are told as 403 with a moment, and an invitation can be accepted and not declined.
//!
//! [`fake`] plays the vendor in process; `tests/proof` holds the adapter against the whole conformance
//! suite, the facade and the command, and holds the suite against twelve mistakes.

mod adapter;
mod capability;
mod convert;
pub mod fake;

pub use adapter::{Guildhall, create};
pub use capability::best_capability;
pub use convert::{InviteRow, explain, invitation};
