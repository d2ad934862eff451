//! The HTTP layer under every vendor client.
//!
//! A vendor client describes requests; the transport sends them, with the vendor's limits, safe
//! retries and the credential.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use orgport_core::Error;
//! use orgport_core::auth::Auth;
//! use orgport_core::http::{
//!     BaseUrl, Bucket, ClientOptions, Failure, Refusal, Request, Safety, Transport, Vendor,
//! };
//!
//! const LIMITS: &[Bucket] = &[Bucket::named("invite", 4, Duration::from_secs(120))];
//!
//! fn explain(failure: &Failure<'_>) -> Refusal {
//!     #[derive(serde::Deserialize)]
//!     struct Body {
//!         message: String,
//!     }
//!     match serde_json::from_str::<Body>(failure.body) {
//!         Ok(body) => Refusal::new(failure.status).message(body.message),
//!         Err(_) => Refusal::from_status(failure.status),
//!     }
//! }
//!
//! # async fn example() -> Result<(), Error> {
//! let base_url = BaseUrl::parse("https://api.example.com", false)?;
//! let options = ClientOptions::new(base_url, Auth::bearer("…"));
//! let transport = Transport::new(Vendor::new("example", explain).limits(LIMITS), options)?;
//! let invite = Request::post("/orgs/{orgId}/invites", Safety::Reconcilable)
//!     .segment("acme")
//!     .json(&["ada@example.org"])
//!     .limited_by("invite");
//! transport.send(invite).await?;
//! # Ok(())
//! # }
//! ```

mod attempt;
mod base_url;
mod body;
mod call;
mod canned;
mod credential;
mod dispatch;
mod expected;
mod limiter;
mod link;
mod object;
mod prepared;
mod probe;
mod redact;
mod refusal;
mod request;
#[cfg(feature = "reqwest")]
mod reqwest;
mod response;
mod retry;
mod rows;
mod safety;
mod service;
mod settings;
mod trail;
mod transport;
mod vendor;
mod verdict;
mod wait;
mod words;

pub use base_url::BaseUrl;
pub use canned::CannedService;
pub use credential::{Anonymous, Authenticator, Credential};
pub(crate) use dispatch::{Dispatch, Watch, stopped};
pub(crate) use limiter::Limiters;
pub use object::Object;
pub use probe::Probe;
pub use request::{BeforeSend, Request};
pub use response::{Doc, Items, Response, Rows};
pub use safety::Safety;
pub use service::{Body, Deadline, ExchangeError, HttpClient, HttpService};
pub use settings::HttpSettings;
pub use trail::{Exchange, recorded};
pub use transport::{ClientOptions, Transport};
pub use vendor::{Bucket, Failure, Refusal, Remaining, Vendor};
pub use verdict::unclear;
pub(crate) use verdict::verdict;
pub use wait::{Wait, number_in};
