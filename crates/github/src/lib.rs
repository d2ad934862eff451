//! GitHub behind the traits of orgport: the adapter for organizations of <https://github.com>, whose calls
//! are [documented](https://docs.github.com/rest/orgs).
//!
//! There are two floors. [`GitHubClient`] has one method for each of GitHub's calls, in GitHub's words, and
//! can be used alone. [`GitHubProvider`] is what the neutral traits are implemented for;
//! [`GitHubProvider::client`] leads down.
//!
//! ```
//! use orgport_core::config::{AuthConfig, ProviderConfig};
//! use orgport_core::{Email, Error, InviteOutcome, Invitations, NewInvitation, OrganizationId};
//! use orgport_github::{GitHubProvider, GitHubSettings};
//!
//! async fn invite(token: &str, organization: &OrganizationId) -> Result<InviteOutcome, Error> {
//!     let config = ProviderConfig::new("code").auth(AuthConfig::api_key(token));
//!     let github = GitHubProvider::new(config, GitHubSettings::default())?;
//!     github.invite(organization, NewInvitation::to(Email::parse("ada@example.com")?)).await
//! }
//! ```
//!
//! # What is special about GitHub
//!
//! - An organization is known by its login. A renamed one is not found under its old login, which anybody
//!   can take: what was seen under another number before is refused.
//! - Members show no addresses. Their ids are the numbers of their accounts; before each change the
//!   account's login of today is asked for.
//! - Whether an invited person is a member is told by GitHub's refusal, which mails nobody.
//! - Inviting somebody who is invited already has the invitation that there is for a response. Whether that
//!   mails again is not documented, so that the provider looks before.
//! - Expired and failed invitations are in a list of their own. Cancelling an invitation is mailed.
//! - The invited person accepts by the organization, and can decline in a browser only.
//! - The role that GitHub calls admin is the owner's; there is no other between it and the member's.
//! - An organization sends 50 or 500 invitations in 24 hours. A job that meets that end stops there.
//! - A GitHub App proves itself by its private key; its tokens are renewed as all others are.
//! - Enterprise Server has no calls for invitations, and neither has an organization whose people an
//!   identity provider manages.

#![forbid(unsafe_code)]

mod app;
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
pub use client::{GitHubClient, Listing};
pub use config::{AUTH_TYPES, Credential, DEFAULT_BASE_URL, GitHubSettings, KIND, Product};
pub use provider::{GitHubAdapter, GitHubProvider};
