//! [orgport](https://docs.rs/orgport) adapter for [Jaqpot](https://jaqpot.org), whose API is at
//! <https://api.jaqpot.org>.
//!
//! Two floors: [`JaqpotProvider`] implements the neutral traits, and [`JaqpotClient`] below it
//! speaks Jaqpot's own words and can be used alone.
//!
//! What is particular to Jaqpot:
//!
//! - An organization is known by its **name**. A new name is a new [`OrganizationId`]; a name that
//!   comes to mean another organization is a `Conflict`. The number behind it is the adapter's
//!   business.
//! - Its creator alone invites, resends and updates, and is listed as owner. All others are
//!   members; nobody's role can be changed and nobody can be removed.
//! - Inviting returns nothing and refuses no duplicate: the engine looks before and after. It
//!   takes ten addresses a call, and four calls at once with one more every two minutes, so 41
//!   addresses take a while.
//! - A refusal for too many calls says nothing of its limit. The adapter keeps the limits itself.
//! - There is no expired status: expiry is judged by the server's clock.
//! - An expired API key shows as a server fault on every call.
//!
//! Servers of two lines are in use, which differ in status codes, dates and the texts of errors;
//! both are read.
//!
//! ```
//! use orgport_core::config::{AuthConfig, ProviderConfig};
//! use orgport_core::{Operation, Provider};
//! use orgport_jaqpot::{JaqpotProvider, JaqpotSettings, Visibility};
//!
//! let config = ProviderConfig::new("lab").auth(AuthConfig::key_pair("jq_…", "secret"));
//! let mut settings = JaqpotSettings::default();
//! settings.contact_email = Some("office@example.org".to_owned());
//! settings.visibility = Some(Visibility::Private);
//! let provider = JaqpotProvider::new(config, settings)?;
//! assert!(!provider.capability().support(Operation::RemoveMember).works());
//! # Ok::<(), orgport_core::Error>(())
//! ```
//!
//! [`OrganizationId`]: orgport_core::OrganizationId

mod capability;
mod client;
mod config;
mod convert;
mod error;
mod invitations;
mod members;
pub mod model;
mod numbers;
mod organizations;
mod provider;
pub mod request;

pub use capability::best_capability;
pub use client::JaqpotClient;
pub use config::{
    AUTH_TYPES, DEFAULT_BASE_URL, DEFAULT_CLIENT_ID, DEFAULT_TOKEN_URL, JaqpotSettings, KIND, OAUTH2_SERVER,
};
pub use model::Visibility;
pub use provider::{JaqpotAdapter, JaqpotProvider};
