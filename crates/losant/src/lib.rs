//! orgport's adapter for [Losant](https://docs.losant.com/rest-api/org/), a platform for connected
//! devices whose organization API is rel-style: resources bring along `_links`, `_actions` and
//! `_embedded` as the call asks.
//!
//! It has two floors. [`LosantClient`] speaks Losant's own words, one method per endpoint, and can
//! be used alone. [`LosantProvider`] stands on it and implements orgport's traits.
//!
//! ```
//! use orgport_core::config::{AuthConfig, ProviderConfig};
//! use orgport_core::{Email, Error, Invitations, NewInvitation, OrganizationId, Role};
//! use orgport_losant::{Flags, LosantProvider, LosantSettings, Rel, Summary};
//!
//! # async fn example() -> Result<(), Error> {
//! let config = ProviderConfig::new("prod").auth(AuthConfig::bearer("a user's API token"));
//! let losant = LosantProvider::new(config, LosantSettings::default())?;
//! let organization = OrganizationId::new("575ed6e87ae143cd83dc4aa8")?;
//!
//! let ada = NewInvitation::to(Email::parse("ada@example.com")?).with_role(Role::Editor);
//! losant.invite(&organization, ada).await?;
//!
//! let client = losant.client().with_flags(Flags { actions: true, ..Flags::default() });
//! let org = client.org(organization.as_str(), &Summary::default()).await?;
//! println!("this token may: {:?}", Rel::of(&org).actions.keys());
//! # Ok(())
//! # }
//! ```
//!
//! What surprises:
//!
//! - Members are not a resource: they stand in the organization. Changing or removing one returns the
//!   whole organization, which is checked to show it.
//! - Inviting and revoking return the pending invitations, all of them as far as the documentation
//!   lets one guess. The new one is found by its address.
//! - There is no call for one invitation, none to send a mail again, and what revoking an unknown
//!   id does is not documented: the list is looked at first.
//! - Expired invitations stay in the list. Their end is told as a date and a life, in milliseconds
//!   by all examples; the flag `hasExpired` (`expired` for the invited person) decides.
//! - A missing token gets 403, a bad one 401, and an unknown path 405.
//! - Bodies with a key that is not documented are refused, and so is an id that is not 24
//!   hexadecimal digits; the latter never leaves here.
//! - Tokens from OAuth can read only. What manages people is a user API token (`bearer`) or a
//!   `login`; with a second factor a login works once, because its code does.

#![forbid(unsafe_code)]

mod capability;
mod client;
mod config;
mod convert;
mod error;
mod invitations;
mod login;
mod members;
mod model;
mod organizations;
mod provider;
mod request;

pub use capability::best_capability;
pub use client::LosantClient;
pub use config::{AUTH_TYPES, DEFAULT_BASE_URL, KIND, LosantSettings};
pub use model::{
    Action, InvitedBy, Invites, Link, Me, Org, OrgInvite, OrgInviteInfo, OrgInviteResult,
    OrgInviteResultUser, OrgInviteUser, OrgMember, Orgs, OrgsPage, Rel, ResourceRole, Success, UserToken,
};
pub use provider::{LosantAdapter, LosantProvider};
pub use request::{Flags, MeQuery, OrgsQuery, Summary};
pub use request::{
    InviteAction, OrgFields, OrgInviteAction, OrgInvitePost, OrgMemberPatch, OrgPatch, OrgPost,
    ResourceRoles, ResourceTransfer, UserCredentials,
};
