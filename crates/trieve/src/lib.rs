//! The [Trieve](https://trieve.ai) adapter of orgport: organizations, members and invitations over
//! [Trieve's API](https://docs.trieve.ai/api-reference).
//!
//! Two floors: [`TrieveClient`] has one method per vendor endpoint, in the vendor's words, and is
//! usable alone; [`TrieveProvider`] puts the neutral traits on top of it.
//!
//! ```
//! use orgport_core::config::{AuthConfig, ProviderConfig};
//! use orgport_core::{Email, Invitations, NewInvitation, OrganizationId, Provider, Role};
//! use orgport_trieve::{TrieveProvider, TrieveSettings};
//!
//! # fn main() -> Result<(), orgport_core::Error> {
//! let organization = OrganizationId::new("8b1f7a54-6c1d-4b4a-9d0e-2f6a1c3b5d70")?;
//! let config = ProviderConfig::new("search").auth(AuthConfig::api_key("tr-…")).organization(organization);
//! let settings = TrieveSettings::default()
//!     .redirect_uri("https://dashboard.trieve.ai/?org=8b1f7a54-6c1d-4b4a-9d0e-2f6a1c3b5d70");
//! let provider = TrieveProvider::new(config, settings)?;
//! assert_eq!(provider.name(), "search");
//! # let _ = async {
//! let organization = provider.default_organization().expect("configured above");
//! let ada = NewInvitation::to(Email::parse("ada@example.org")?).with_role(Role::Admin);
//! println!("{}", provider.invite(organization, ada).await?.as_str());
//! # Ok::<(), orgport_core::Error>(()) };
//! # Ok(())
//! # }
//! ```
//!
//! # What is special here
//!
//! - **Two kinds of keys.** Those issued today belong to an organization and stand for no person:
//!   they cannot list organizations and must not create one. See [`Credential`].
//! - **Header and path.** The caller's rights come from a header, the object mostly from the path,
//!   and the vendor does not compare them. Both are always the same here, and what the vendor
//!   would delete anywhere is first looked for in the organization.
//! - **An existing account joins at once**, without an invitation; nobody else is told apart by the
//!   vendor's empty response, so the outcome is looked up.
//! - **Invitations never expire**, stay listed when they are used, and a used one blocks a new one to
//!   the same address; inviting then deletes it. Their id is the secret of the mailed link.
//! - **Revoking locks nobody out**: somebody new to the vendor who opens the mailed link without its
//!   `inv_code` becomes a member of the lowest role all the same.
//! - **Two requests at one moment** for one person are both carried out, although the vendor refuses
//!   the second of two that follow each other.
//! - **Scopes** beside a role limit it, and raise it: such roles are read as `other` and never set.
//! - **Errors are texts.** Nearly everything that goes wrong is a 400 with a sentence.

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
pub use client::TrieveClient;
pub use config::{AUTH_TYPES, Credential, DEFAULT_BASE_URL, KIND, TrieveSettings};
pub use provider::{TrieveAdapter, TrieveProvider};
