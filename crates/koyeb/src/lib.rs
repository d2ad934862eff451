//! Koyeb behind the traits of orgport: the adapter for <https://www.koyeb.com>, whose calls are
//! listed [with the vendor's own client](https://github.com/koyeb/koyeb-api-client-go/tree/e1c2fae6ba80/api/v1/koyeb/docs).
//!
//! There are two floors. [`KoyebClient`] has one method for each of Koyeb's calls, in Koyeb's
//! words, and can be used alone. [`KoyebProvider`] is what the neutral traits are implemented for;
//! [`KoyebProvider::client`] leads down.
//!
//! ```
//! use orgport_core::config::{AuthConfig, ProviderConfig};
//! use orgport_core::{Email, Error, InviteOutcome, Invitations, NewInvitation, OrganizationId, Role};
//! use orgport_koyeb::{KoyebProvider, KoyebSettings};
//!
//! async fn invite(token: &str, organization: &OrganizationId) -> Result<InviteOutcome, Error> {
//!     let config = ProviderConfig::new("prod").auth(AuthConfig::api_key(token));
//!     let koyeb = KoyebProvider::new(config, KoyebSettings::default())?;
//!     let ada = NewInvitation::to(Email::parse("ada@example.com")?).with_role(Role::Owner);
//!     koyeb.invite(organization, ada).await
//! }
//! ```
//!
//! # What is special about Koyeb
//!
//! - The token decides which organization a call about invitations means. The provider asks once
//!   which one that is, gets a short-lived token for any other organization of the user's, and
//!   checks what comes back.
//! - There is one role, Owner, which an invitation grants unasked. It has to be named, in the call
//!   or as `default_role`.
//! - A member is removed by the id of the membership, not of the user.
//! - Deleting an organization deactivates it first and takes its time; the tokens in it end with
//!   it.
//! - Koyeb has announced that it will drop the calls of the invited person, and invitations made in
//!   its new control panel may not be listed.
//! - 400 requests pass in a minute; the provider paces itself.

#![forbid(unsafe_code)]

mod capability;
mod client;
mod config;
mod convert;
mod delete;
mod error;
mod invitations;
mod members;
pub mod model;
mod organizations;
mod provider;
pub mod request;
mod scope;

pub use capability::best_capability;
pub use client::KoyebClient;
pub use config::{AUTH_TYPES, Credential, DEFAULT_BASE_URL, KIND, KoyebSettings};
pub use provider::{KoyebAdapter, KoyebProvider};
