//! Administer organizations, members and invitations on several `SaaS` vendors through one set of
//! traits.

mod any;
#[cfg(feature = "blocking")]
pub mod blocking;
mod config;
pub mod find;
mod kind;

pub use any::{AnyProvider, Custom};
pub use async_trait::async_trait;
pub use config::Config;
pub use kind::{KINDS, best_capabilities};
pub use orgport_core::config::{AuthConfig, ProviderConfig};
pub use orgport_core::invite::{Plan, plan_invites};
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
