//! orgport adapter for [`NuExtract`](https://nuextract.ai), `NuMind`'s extraction platform.
//!
//! Two floors: [`NuExtractClient`] speaks the vendor's own language, [`NuExtractProvider`] the
//! neutral one of `orgport_core` on top of it.
//!
//! ```
//! use orgport_core::config::{AuthConfig, ProviderConfig};
//! use orgport_core::{Error, Operation, Provider};
//! use orgport_nuextract::{NuExtractProvider, NuExtractSettings};
//!
//! # fn main() -> Result<(), Error> {
//! let config = ProviderConfig::new("prod").auth(AuthConfig::bearer("an OAuth access token"));
//! let provider = NuExtractProvider::new(config, NuExtractSettings::default())?;
//! assert!(provider.capability().support(Operation::Invite).works());
//! assert!(!provider.capability().support(Operation::SetMemberRole).works());
//! # Ok(())
//! # }
//! ```
//!
//! # What is special
//!
//! - An OAuth access token is needed. A platform API key travels in the same header and gets a
//!   403 from every call here, so a provider with one refuses everything before sending.
//! - The response to inviting is empty: the invitation is found by listing. One that was
//!   accepted with 200 and then shows in neither list is `Ambiguous` and not sent again.
//! - Whether inviting somebody twice is refused, and what inviting an existing account does, is not
//!   documented; every response to either is understood.
//! - No call gives or changes a role. Those that the vendor shows are its own words,
//!   [`Role::Other`](orgport_core::Role::Other).
//! - There is no call for one organization or one invitation: both are picked out of their list,
//!   and "not in the list" is all that can be known of a missing one.
//! - There is no resend. An invitation is deleted and made anew, with another id and without the
//!   roles that the old one may have had.
//! - Names of organizations are not unique, and deleting one takes everything in it along.

#![forbid(unsafe_code)]

mod capability;
mod client;
mod config;
mod convert;
mod error;
mod invitations;
mod members;
pub mod model;
mod organizations;
mod provider;
pub mod request;

pub use capability::best_capability;
pub use client::NuExtractClient;
pub use config::{
    AUTH_TYPES, DEFAULT_BASE_URL, DEFAULT_CLIENT_ID, DEFAULT_TOKEN_URL, KIND, NuExtractSettings,
    OAUTH2_SERVER,
};
pub use provider::{NuExtractAdapter, NuExtractProvider};
