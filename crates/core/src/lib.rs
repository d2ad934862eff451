//! The neutral side of orgport: models, traits, capabilities, errors, the invite engine and the
//! HTTP transport that the adapters share.
//!
//! Programs depend on the `orgport` crate, which re-exports what they need. This crate is for
//! those who write an adapter.

mod adapter;
pub mod auth;
mod capability;
mod clock;
pub mod config;
mod coordination;
mod delegate;
mod email;
mod error;
pub mod find;
mod guard;
pub mod http;
mod id;
mod identity;
mod invitation;
pub mod invite;
mod invitee;
pub mod many;
mod mark;
mod member;
mod native;
mod operation;
mod organization;
mod page;
mod pager;
mod printable;
mod provider;
mod role;
mod row;
mod secret;
mod secret_cell;
mod stop;
pub mod stream;
mod text;
mod time;
mod typed;
mod words;

pub use adapter::{
    Adapter, Configured, Draft, Found, InvitationsAdapter, ListInvitations, MembersAdapter,
    OrganizationsAdapter, Reply, Typed,
};
pub use capability::{
    Capability, Duplicates, ExistingAccount, Expiry, Invitees, MemberEmails, OrganizationChoice,
    OrganizationField, RateLimit, Support, UnnamedRole,
};
pub use clock::{Clock, ManualClock, SystemClock};
pub use coordination::{
    Change, Coordination, CoordinationStore, HashKey, Held, HoldError, Intent, Key, Lease, Note, OnFailure,
    ProcessStore, StateDirectory,
};
pub use email::Email;
pub use error::{Context, Error, ErrorKind, LeftBehind, Reach};
pub use guard::Guard;
pub use id::{InvitationId, MemberId, OrganizationId, UserId};
pub use identity::Identity;
pub use invitation::{
    Answer, Answered, Invitation, InvitationFilter, InvitationRef, InvitationStatus, InviteOutcome,
    InviteRecord, NewInvitation, Via,
};
pub use invite::{InviteHandle, InviteProgress, InviteStream};
pub use invitee::{AccountName, Invitee};
pub use mark::Marked;
pub use member::{Member, full_name};
pub use native::{Native, WithNative};
pub use operation::{Operation, Operations};
pub use organization::{NewOrganization, Organization, OrganizationUpdate};
pub use page::{Cursor, Page};
pub use printable::printable;
pub use provider::{Invitations, Members, Organizations, Provider};
pub use role::Role;
pub use row::Model;
pub use secret::Secret;
pub use secret_cell::{SecretCell, SecretSource};
pub use stop::Stop;
pub use time::Timestamp;

/// What [`delegate_provider`] and [`words`] need where they are used.
#[doc(hidden)]
pub mod __private {
    pub use async_trait::async_trait;

    pub use crate::words::word;
}
