//! An orgport provider that keeps everything in process: the reference for what every operation
//! means, and a stand-in for a vendor in tests.
//!
//! A [`Memory`] is one service with its organizations, people, invitations and a ledger of the
//! mails it would have sent. [`Memory::provider`] is one person's account there, so that inviting
//! and answering can be played from both sides.
//!
//! ```
//! use orgport_core::{Answer, Email, InvitationRef, Invitations, InviteOutcome, Members, NewInvitation, Role};
//! use orgport_memory::Memory;
//!
//! # tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(async {
//! let memory = Memory::new();
//! let ada = memory.provider(&"ada@acme.example".parse()?);
//! let acme = memory.add_organization("Acme", ada.adapter().email())?;
//!
//! let bob = NewInvitation::to(Email::parse("bob@acme.example")?).with_role(Role::Editor);
//! let InviteOutcome::Invited(invitation, _) = ada.invite(&acme, bob.clone()).await? else { panic!() };
//! assert_eq!(ada.invite(&acme, bob).await?.as_str(), "already_invited");
//! assert_eq!(memory.mails().len(), 1);
//!
//! let bob = memory.provider(&"bob@acme.example".parse()?);
//! bob.respond_to_invitation(&InvitationRef::new(acme.clone(), invitation.id), Answer::Accept).await?;
//! assert_eq!(ada.list_members(&acme, None).await?.items.len(), 2);
//! # Ok::<(), orgport_core::Error>(())
//! # })?;
//! # Ok::<(), orgport_core::Error>(())
//! ```
//!
//! # Semantics
//!
//! | | |
//! |---|---|
//! | Ids | a member's id is of the membership, not of the account; a resent invitation keeps its id |
//! | Who sees an organization | its members; for everybody else it is `NotFound` |
//! | Who changes it | its owners and admins, else `PermissionDenied` |
//! | Roles | all known ones; nobody gives a role above the own, or changes or removes somebody above; without a name it is `Member` |
//! | The last owner | cannot be removed or get another role: `Conflict` |
//! | Invitations | wait for seven days of the [`Clock`](orgport_core::Clock), then are `Expired` |
//! | A second invitation | refused with `AlreadyExists` while one waits or the person is a member |
//! | Accepted, declined, expired | stay in the list; revoked is gone, `NotFound` |
//! | Answering | somebody else's: `PermissionDenied`; answered already: `Conflict`; too late: `Expired` |
//! | Answering by token | the token is in the ledger; any handle can pass it |
//! | Lists | pages of 100 with their total |
//!
//! # Failures
//!
//! [`Memory::fault`] loses requests and replies, so that a program's own handling of them can be
//! tested without HTTP:
//!
//! ```
//! use std::sync::Arc;
//!
//! use orgport_core::{Email, Invitations, ManualClock, NewInvitation, Operation, Timestamp};
//! use orgport_memory::{Memory, MemoryFault};
//!
//! # tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(async {
//! // On this clock, the wait for a lost reply takes no time.
//! let memory = Memory::with_clock(Arc::new(ManualClock::new(Timestamp::now())));
//! let ada = memory.provider(&"ada@acme.example".parse()?);
//! let acme = memory.add_organization("Acme", ada.adapter().email())?;
//!
//! memory.fault(MemoryFault::ReplyLost, Operation::Invite, 1);
//! let outcome = ada.invite(&acme, NewInvitation::to(Email::parse("bob@acme.example")?)).await?;
//! assert_eq!(outcome.as_str(), "invited");
//! assert_eq!(memory.mails().len(), 1);
//! # Ok::<(), orgport_core::Error>(())
//! # })?;
//! # Ok::<(), orgport_core::Error>(())
//! ```

mod capability;
mod config;
mod fault;
mod invitations;
mod mail;
mod members;
mod organizations;
mod provider;
mod rows;
mod service;
mod state;
mod table;

pub use capability::best_capability;
pub use config::{KIND, MemorySettings};
pub use fault::MemoryFault;
pub use mail::{Mail, MailKind};
pub use provider::{MemoryAdapter, MemoryProvider};
pub use service::Memory;
