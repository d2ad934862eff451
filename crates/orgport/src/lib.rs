#![doc = include_str!("guide.md")]
#![forbid(unsafe_code)]

/// The program in the crate's README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod any;
#[cfg(feature = "blocking")]
pub mod blocking;
mod config;
mod kind;

pub use any::{AnyProvider, Custom};
#[doc(no_inline)]
pub use async_trait::async_trait;
pub use config::{Config, Warning};
pub use kind::{KINDS, Kind, best_capabilities};
#[doc(inline)]
pub use orgport_core::config::{AuthConfig, ProviderConfig};
#[doc(inline)]
pub use orgport_core::invite::{Plan, check_invite, role_to_grant};
#[doc(inline)]
pub use orgport_core::{
    AccountName, Answer, Answered, Capability, Clock, Context, Coordination, Cursor, Duplicates, Email,
    Error, ErrorKind, ExistingAccount, Expiry, Identity, Invitation, InvitationFilter, InvitationId,
    InvitationRef, InvitationStatus, Invitations, InviteHandle, InviteOutcome, InviteProgress, InviteRecord,
    InviteStream, Invitee, Invitees, LeftBehind, ManualClock, Member, MemberEmails, MemberId, Members,
    Native, NewInvitation, NewOrganization, Operation, Operations, Organization, OrganizationChoice,
    OrganizationField, OrganizationId, OrganizationUpdate, Organizations, Page, Provider, RateLimit, Reach,
    Role, Secret, SecretCell, SecretSource, StateDirectory, Stop, Support, SystemClock, Timestamp,
    UnnamedRole, UserId, Via, WithNative, auth, find, http, invite, many, stream,
};

/// What a store of one's own for [`Coordination`] is made of.
pub mod coordination {
    #[doc(inline)]
    pub use orgport_core::{
        Change, CoordinationStore, HashKey, HoldError, Intent, Key, Lease, Note, OnFailure, ProcessStore,
    };
}

/// What an adapter of one's own is made of.
pub mod adapter {
    #[doc(inline)]
    pub use orgport_core::config::{OAuth2Server, duration};
    #[doc(inline)]
    pub use orgport_core::{
        Adapter, Configured, Draft, Found, Guard, InvitationsAdapter, ListInvitations, MembersAdapter,
        OrganizationsAdapter, Reply, Typed,
    };
}

#[cfg(feature = "github")]
#[doc = include_str!("vendors/github.md")]
#[doc(inline)]
pub use orgport_github as github;
#[cfg(feature = "jaqpot")]
#[doc = include_str!("vendors/jaqpot.md")]
#[doc(inline)]
pub use orgport_jaqpot as jaqpot;
#[cfg(feature = "koyeb")]
#[doc = include_str!("vendors/koyeb.md")]
#[doc(inline)]
pub use orgport_koyeb as koyeb;
#[cfg(feature = "losant")]
#[doc = include_str!("vendors/losant.md")]
#[doc(inline)]
pub use orgport_losant as losant;
#[doc = include_str!("vendors/memory.md")]
#[doc(inline)]
pub use orgport_memory as memory;
#[cfg(feature = "nuextract")]
#[doc = include_str!("vendors/nuextract.md")]
#[doc(inline)]
pub use orgport_nuextract as nuextract;
#[cfg(feature = "redis")]
#[doc(inline)]
pub use orgport_redis as redis;
#[cfg(feature = "roster")]
#[doc(inline)]
pub use orgport_roster as roster;
#[cfg(feature = "trieve")]
#[doc = include_str!("vendors/trieve.md")]
#[doc(inline)]
pub use orgport_trieve as trieve;
