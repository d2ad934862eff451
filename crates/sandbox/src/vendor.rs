//! What the server needs from one vendor's simulator.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::fault_kind::{FaultKind, Outage};

/// On a response: the vendor's handler crashes here, so that the connection ends without one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crash;

/// An account that exists at a vendor, with the credential that opens it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Identity {
    /// The vendor's path in the sandbox, for example `koyeb`.
    pub vendor: String,
    /// The account's address; empty for a credential with no person behind it.
    pub email: String,
    /// The `auth` table of a configuration, for example `{"type":"api_key","key":"…"}`.
    pub credential: Value,
    /// The organization that the credential starts in, in the vendor's own id form.
    pub organization: Option<String>,
    /// Further settings that a configured provider needs beside `auth`, for example `app_url`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub settings: Map<String, Value>,
}

/// One vendor's simulator. Its data is behind its own lock; handlers never await while they hold it.
pub(crate) trait Vendor: Send + Sync + 'static {
    /// The path prefix and the `kind` in a configuration.
    fn name(&self) -> &'static str;

    /// The vendor's routes as the vendor writes them (`/v1/…`), the fallback for unknown paths
    /// and methods included. The server nests them below `/<name>`.
    fn router(self: Arc<Self>) -> Router;

    /// Every account with a credential, the first one being the administrator of an organization.
    fn identities(&self) -> Vec<Identity>;

    /// Makes an account for `email`, or finds the one there is.
    fn add_user(&self, email: &str) -> Identity;

    /// What the authorization server knows of an account, `sub` included; nothing where the vendor
    /// has no realm there.
    fn claims(&self, user_id: &str) -> Option<Map<String, Value>> {
        let _ = user_id;
        None
    }

    /// Does what the person behind `email` does in a browser: accepts the invitation to
    /// `organization`, signing up first where there is no account.
    fn accept(&self, email: &str, organization: &str) -> Result<(), String>;

    /// Back to the state of a fresh start, with the same identities. The tokens have been cleared
    /// and the ids restarted as they were before the simulator was made.
    fn reset(&self);

    /// Whether it has a way of playing this fault; all can play those that every vendor knows.
    fn plays(&self, fault: &FaultKind) -> bool {
        !matches!(fault, FaultKind::Race { .. } | FaultKind::Outage { .. })
    }

    /// Names of response fields that hold one word of a closed list (roles, statuses), for the
    /// `unknown_enum` fault.
    fn enum_fields(&self) -> &'static [&'static str];

    /// Names of response fields that the vendor may leave out, for the `drop_optional` fault.
    fn optional_fields(&self) -> &'static [&'static str];
}

/// Faults that a simulator itself has to play. The fault layer puts them into the request's
/// extensions; a handler takes them as an argument.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sabotage {
    /// The row is stored and the mail is lost, with the vendor's own answer to that if it has one.
    pub(crate) mail_fails: bool,
    /// The call answers as if it had worked, and nothing is stored or mailed.
    pub(crate) nothing_created: bool,
    /// A create of several rows fails with the vendor's own 500 after this many were stored.
    pub(crate) fail_after_rows: Option<usize>,
    /// A create leaves so much time between looking for duplicates and storing.
    pub(crate) race: Option<Duration>,
    /// A part of the vendor's own stores fails.
    pub(crate) outage: Option<Outage>,
}

impl Sabotage {
    /// Whether this part of the vendor's stores is out of reach.
    pub(crate) fn hits(self, outage: Outage) -> bool {
        self.outage == Some(outage)
    }
}

impl<S: Sync> FromRequestParts<S> for Sabotage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or_default())
    }
}
