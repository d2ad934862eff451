//! HTTP simulators of `NuExtract`, Jaqpot, Koyeb, Trieve, Losant and GitHub on loopback.
//!
//! [`Sandbox::start`] serves the vendors' organization APIs from memory, strict where the
//! vendors are strict and surprising where they surprise, so that a program can be tested against
//! them without an account. It has what a real vendor lacks: a ledger of the mails that would have
//! been sent, a log of every request, a clock that can be moved, and faults on demand.
//!
//! Two ports are open. The *api* port serves each vendor below its own path
//! (`http://127.0.0.1:PORT/koyeb`, …). The *auth* port is the authorization server of the vendors
//! that have one; being another origin, it also shows a credential that crosses. Both serve the
//! [control endpoints](#control) below `/_sandbox`, so the sandbox stays reachable while the api
//! port refuses connections.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use orgport_sandbox::{Fault, FaultKind, Sandbox};
//!
//! let sandbox = Sandbox::start().await?;
//! sandbox.fault(Fault::new("nuextract", FaultKind::ResetAfter).method("POST"))?;
//!
//! let administrator = sandbox.identity("nuextract")?;
//! assert_eq!(administrator.credential["type"], "oauth2");
//! // … the program under test invites somebody at `sandbox.base_url("nuextract")` …
//! assert!(sandbox.mail().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # Control
//!
//! The same as the methods of [`Sandbox`], in JSON over HTTP, for programs in any language:
//!
//! | endpoint | body → answer |
//! |---|---|
//! | `GET /_sandbox/identities` | → list of [`Identity`] |
//! | `POST /_sandbox/users` | `{"vendor","email"}` → [`Identity`] |
//! | `POST /_sandbox/accept` | `{"vendor","email","organization"}` |
//! | `GET /_sandbox/mail` | → list of [`Mail`] |
//! | `GET`, `DELETE /_sandbox/requests` | → list of [`Received`]; forgets them |
//! | `GET`, `POST`, `DELETE /_sandbox/faults` | → list of [`FaultState`]; [`Fault`] → `{"id"}`; removes them |
//! | `POST /_sandbox/listener` | `{"accept":false}`: the api port refuses connections; `{"close_idle":true}`: kept-alive connections are closed |
//! | `GET`, `POST /_sandbox/clock` | → `{"now"}`; `{"advance_seconds":N}` → `{"now"}` |
//! | `POST /_sandbox/reset` | back to a fresh start, the clock excepted |
//! | `GET /_sandbox/configuration` | → an `orgport` configuration in TOML |
//!
//! A refused request is answered 400 or 404 with `{"error":"…"}`.
//!
//! # Authorization server
//!
//! `POST /realms/{realm}/protocol/openid-connect/token` knows the realms `extract-platform`
//! (`NuExtract`, client `user`) and `jaqpot` (Jaqpot, client `jaqpot-client`) with the grants
//! `refresh_token`, which rotates the refresh token, and `authorization_code`, with PKCE `S256`
//! where a challenge was given. `GET …/auth` would show a login page to a person; here the query
//! parameter `login_hint=EMAIL` logs in as that account at once. Access tokens have the form of a
//! JWT whose claims tell the account, and so does `GET …/userinfo`.

#![forbid(unsafe_code)]

mod answers;
mod auth_server;
mod clock;
mod configuration;
mod connections;
mod control;
mod door;
mod fault_kind;
mod faults;
mod github;
mod ids;
mod jaqpot;
mod koyeb;
mod late;
mod layer;
mod losant;
mod mail;
mod nuextract;
mod patch;
mod requests;
mod sandbox;
mod shared;
mod tokens;
mod trieve;
mod vendor;
mod vendors;
mod world;

pub use fault_kind::{FaultKind, Outage, ReplyTime};
pub use faults::{Fault, FaultId, FaultState};
pub use mail::{Mail, MailKind};
pub use patch::PatchOperation;
pub use requests::{Authority, Received};
pub use sandbox::{Builder, Sandbox};
pub use shared::Refused;
pub use vendor::Identity;
