//! What can go wrong with a request.

use std::collections::BTreeMap;

use axum::http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::patch::PatchOperation;

/// What goes wrong.
///
/// Where `commit` is offered, `false` (the default) means that the request has no effect and
/// `true` that the vendor does its work first and the caller does not hear of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields say what the variants explain")]
pub enum FaultKind {
    /// The work is done at once; the answer comes this much later, in real time.
    Latency { ms: u64 },
    /// The connection is reset once the request was read, before any work.
    ResetBefore,
    /// The connection is reset after the work, before the first byte of the answer.
    ResetAfter,
    /// Headers never come. Only this connection waits.
    Hang {
        #[serde(default)]
        commit: bool,
    },
    /// This status, these headers and this body: text is sent as it is, other JSON as JSON.
    Status {
        status: u16,
        #[serde(default)]
        headers: BTreeMap<String, String>,
        #[serde(default)]
        body: Option<Value>,
        #[serde(default)]
        commit: bool,
    },
    /// A gateway's HTML page with this status.
    Html {
        status: u16,
        #[serde(default)]
        commit: bool,
    },
    /// The work is done; the body breaks off after so many bytes, one before its end at the
    /// latest, though `Content-Length` promised all. An answer without a body stays whole.
    Truncate { bytes: usize },
    /// A 307 to this address; no work is done.
    Redirect { to: String },
    /// Words of closed lists (roles, statuses) in the answer are ones that nobody knows.
    UnknownEnum,
    /// Fields that the vendor may leave out are left out of the answer.
    DropOptional,
    /// A 200 with so many bytes of white space as JSON, without `Content-Length`.
    Huge {
        bytes: u64,
        #[serde(default)]
        commit: bool,
    },
    /// A 200 with a gzip body of about 1 MiB that expands to 1 GiB of white space as JSON.
    GzipBomb {
        #[serde(default)]
        commit: bool,
    },
    /// The answer's body comes at this rate, in real time; at 0 it stalls after the headers.
    Drip { bytes_per_second: u64 },
    /// The row is stored and the mail is lost.
    MailFails,
    /// The answer says success; nothing is stored or mailed.
    NothingCreated,
    /// A create of several rows fails after this many were stored.
    FailAfterRows { rows: usize },
    /// The work is done when the sandbox's clock has moved on by so many milliseconds, whether the
    /// caller is still there or not.
    ActAfter {
        ms: u64,
        /// Whether a gateway responds before that, or the vendor itself after it.
        #[serde(default)]
        reply: ReplyTime,
        /// The status of the gateway's HTML page.
        #[serde(default = "gateway_timeout")]
        status: u16,
    },
    /// These changes are made to the JSON of the response, in order. A response that they do not
    /// fit becomes a 500 that says why.
    Patch { operations: Vec<PatchOperation> },
    /// A create leaves so many milliseconds between looking for duplicates and storing, so that
    /// requests at one moment all find none. Only where nothing else keeps duplicates out: Trieve.
    Race { ms: u64 },
    /// A part of the vendor's own stores fails, which the vendor says in its words. Only where
    /// these are known: Trieve.
    Outage { of: Outage },
}

/// What of a vendor's stores is out of reach, or when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outage {
    /// The database, during the whole request.
    Database,
    /// The database, while the credential is looked up: the caller is nobody.
    Credential,
    /// The database, while the organization is looked up: it seems not to exist.
    Organization,
    /// The database, when the operation itself comes to it: nothing is changed.
    Operation,
    /// The database, behind the change: it is stored and reported as a failure, where anything is
    /// still asked of the database then.
    Behind,
    /// The cache, which is asked to forget the people whom a change is about.
    Cache,
}

/// When the caller of a vendor that is late hears of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReplyTime {
    /// A gateway gives up on the vendor at once.
    Before,
    /// The vendor replies once it has acted.
    #[default]
    After,
}

fn gateway_timeout() -> u16 {
    504
}

impl FaultKind {
    /// What can be said against it without knowing the vendors.
    pub(crate) fn problem(&self) -> Option<String> {
        if let Self::Status { status, .. } | Self::Html { status, .. } | Self::ActAfter { status, .. } = self
            && !(200..=999).contains(status)
        {
            return Some(format!("status {status} is not a final HTTP status"));
        }
        match self {
            Self::Status { headers, .. } => {
                let wrong = |(name, value): &(&String, &String)| {
                    HeaderName::try_from(*name).is_err() || HeaderValue::try_from(*value).is_err()
                };
                if let Some((name, _)) = headers.iter().find(wrong) {
                    return Some(format!("{name:?} is no header, or its value is none"));
                }
            }
            Self::Redirect { to } if HeaderValue::try_from(to).is_err() => {
                return Some("`to` is not a header value".to_owned());
            }
            _ => {}
        }
        None
    }
}
