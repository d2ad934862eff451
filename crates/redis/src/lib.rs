//! Redis or Valkey as the store by which several machines keep the promise that nobody is mailed
//! twice.
//!
//! A [`RedisStore`] is a [`CoordinationStore`](orgport_core::CoordinationStore): who is held, what was
//! sent and is not settled, and small shared numbers stand on the server, under keys that say nothing
//! of whom they are about. How far that reaches:
//!
//! - **Leases** have a time to live by the server's clock and are renewed while the work runs. One that
//!   cannot be renewed is lost: its holder sends nothing more. A process that was stopped and wakes
//!   behind its lease is refused by the server before it sends.
//! - **The mark.** A server that has lost its data, was restarted or taken over by a replica may have
//!   forgotten what was sent. Whoever notices first marks that moment, and nobody is held for
//!   [`quiet`](RedisOptions::quiet) from then on; the first use of a namespace looks the same.
//! - **The key** of the hashes is configured and the same for all: without it the store is refused, and
//!   whoever uses another one is refused, too.
//! - **Tokens** are kept there only if a key to encrypt them is configured.
//!
//! Durability is the server's: with `appendonly yes` and `appendfsync always` a note survives a crash
//! of its machine. With less it may be lost with the machine, which the mark makes up for.

mod lease;
mod script;
mod seal;
mod server;
mod store;
mod tokens;

pub use self::store::{RedisOptions, RedisStore};
