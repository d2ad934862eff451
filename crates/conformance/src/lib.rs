//! One suite of behaviours that every orgport provider passes, whoever wrote it.
//!
//! A [`Subject`] is one fresh world for one case: a provider with an organization that it may
//! manage, and as much of the vendor's other side (mails, browsers, clocks) as the test can play.
//! [`cases`] are small and named after what they hold; the provider's
//! [`Capability`](orgport_core::Capability) decides which half of each applies. What it promises
//! must work, and what it calls unsupported must say so with a reason and send nothing.
//!
//! A whole adapter is tested by one loop:
//!
//! ```
//! # use std::sync::Arc;
//! # use async_trait::async_trait;
//! # use orgport_core::{Invitee, OrganizationId, Provider};
//! # use orgport_memory::{Memory, MemoryProvider};
//! use orgport_conformance::{Subject, run_all};
//!
//! struct World(MemoryProvider, OrganizationId);
//!
//! #[async_trait]
//! impl Subject for World {
//!     fn provider(&self) -> Arc<dyn Provider> {
//!         Arc::new(self.0.clone())
//!     }
//!     fn organization(&self) -> OrganizationId {
//!         self.1.clone()
//!     }
//!     async fn mails(&self, person: &Invitee) -> Option<usize> {
//!         let mails = self.0.adapter().memory().mails();
//!         Some(mails.iter().filter(|mail| person.email() == Some(&mail.email)).count())
//!     }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(async {
//! let report = run_all(|| async {
//!     let memory = Memory::new();
//!     let owner = memory.provider(&"owner@x.io".parse()?);
//!     let organization = memory.add_organization("Acme", owner.adapter().email())?;
//!     Ok(World(owner, organization))
//! })
//! .await;
//! assert!(report.failures().next().is_none(), "{report}");
//! // This world plays no faults, so that nothing is proven of them.
//! assert!(!report.is_success());
//! # });
//! ```
//!
//! Whatever a [`Subject`] cannot play is reported as not seen, never as passed, and a report is a success
//! only where everything was seen. [`Report::assert_seen_but`] names the cases that a world cannot show.
//!
//! Replies that are lost, slow acts, limits and tokens that end are [`Faults`], which a [`FaultyService`]
//! plays before anything that speaks through an [`HttpService`](orgport_core::http::HttpService).

mod cases;
mod fault;
mod report;
mod store;
mod subject;
mod world;

pub use cases::cases;
pub use fault::{Fault, Faults, FaultyService};
pub use report::{Case, Failure, Report, Verdict, run_all};
pub use store::check_store;
pub use subject::{Job, Subject};
