//! Administer organizations, members and invitations on several `SaaS` vendors through one set of
//! traits. A program moves from one vendor to another by editing its configuration.
//!
//! ```
//! use orgport::{Config, InvitationFilter, Invitations, NewInvitation, Provider, stream};
//! use futures_util::TryStreamExt;
//!
//! /// Nothing here knows a vendor.
//! async fn welcome(provider: &dyn Provider, email: &str) -> Result<(), orgport::Error> {
//!     let organization = provider.default_organization().expect("configured").clone();
//!     let outcome = provider.invite(&organization, NewInvitation::to(email.parse()?)).await?;
//!     println!("{email}: {}", outcome.word());
//!     let filter = InvitationFilter::pending();
//!     let mut waiting = stream::invitations(provider, &organization, &filter);
//!     while let Some(invitation) = waiting.try_next().await? {
//!         println!("{:?} waits until {:?}", invitation.email, invitation.expires_at);
//!     }
//!     Ok(())
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(async {
//! // Or `Config::discover()?`, which finds orgport.toml and the environment.
//! let config = Config::from_toml(
//!     r#"
//!     [providers.team]
//!     kind = "memory"         # nuextract, jaqpot, koyeb, trieve, losant
//!     organization = "home"
//!     "#,
//! )?;
//! welcome(&config.provider(None)?, "ada@example.com").await
//! # })?;
//! # Ok::<(), orgport::Error>(())
//! ```
//!
//! - [`Provider`] is what programs take: [`Organizations`], [`Members`] and [`Invitations`].
//! - [`Config`] makes an [`AnyProvider`] from a file, the environment or code.
//! - [`Capability`] says before any request what a vendor can do, and why it cannot do the rest.
//! - [`Error`] says what went wrong in the same words on every vendor.
//! - [`stream`] reads whole lists, [`find`] finds by name and e-mail address.
//! - [`memory`] keeps everything in process, for tests.
//!
//! Each vendor is a feature of its own name; all are on by default.

mod any;
mod config;
pub mod find;
mod kind;

pub use any::{AnyProvider, Custom};
pub use config::Config;
pub use kind::{KINDS, auth_types, best_capabilities};
pub use orgport_core::config::{AuthConfig, ProviderConfig};
pub use orgport_core::invite::{Plan, check_invite, plan_invites, role_to_grant};
pub use orgport_core::{
    Answer, Answered, Capability, Clock, Cursor, Describe, Duplicates, Email, Error, ErrorKind,
    ExistingAccount, Invitation, InvitationFilter, InvitationId, InvitationRef, InvitationStatus,
    Invitations, InviteOutcome, InviteStream, LeftBehind, ManualClock, Member, MemberId, Members, Native,
    NewInvitation, NewOrganization, Operation, Operations, Organization, OrganizationChoice,
    OrganizationField, OrganizationId, OrganizationUpdate, Organizations, Page, Provider, RateLimit, Reach,
    Role, Secret, Support, SystemClock, Timestamp, UnnamedRole, UserId, Via, auth, http, stream,
};

#[cfg(feature = "jaqpot")]
pub use orgport_jaqpot as jaqpot;
#[cfg(feature = "koyeb")]
pub use orgport_koyeb as koyeb;
#[cfg(feature = "losant")]
pub use orgport_losant as losant;
pub use orgport_memory as memory;
#[cfg(feature = "nuextract")]
pub use orgport_nuextract as nuextract;
#[cfg(feature = "trieve")]
pub use orgport_trieve as trieve;
