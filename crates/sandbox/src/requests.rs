//! The log of every request that reached the sandbox.

use std::sync::Mutex;
use std::time::SystemTime;

use axum::http::{HeaderMap, Method, StatusCode, Uri};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The port that received a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Authority {
    /// The port of the vendors.
    Api,
    /// The port of the authorization server, which is a foreign origin to every vendor.
    Auth,
}

/// One request as it was received, also when a fault swallowed it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Received {
    /// Its place in the order of arrival, from 1.
    pub id: u64,
    /// The vendor whose path it came below, `auth` on the authorization server's port, empty for a
    /// path of no vendor.
    pub vendor: String,
    /// Which port received it.
    pub authority: Authority,
    /// The HTTP method.
    pub method: String,
    /// The path without the vendor's prefix, still percent-encoded as it was received.
    pub path: String,
    /// The query, still encoded, without the question mark.
    pub query: Option<String>,
    /// All headers in order, values that are not text with replacement characters.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
    /// The body, if it is JSON.
    pub json: Option<serde_json::Value>,
    /// The status answered; none as yet, or because a fault never answered.
    pub status: Option<u16>,
    at: Timestamp,
}

impl Received {
    /// The first value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// When it arrived, by the sandbox's clock.
    pub fn at(&self) -> SystemTime {
        self.at.into()
    }
}

/// Where a request went: the part of [`Received`] that the address tells.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) vendor: String,
    pub(crate) authority: Authority,
    pub(crate) path: String,
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    count: u64,
    kept: Vec<Received>,
}

impl RequestLog {
    /// Records a request and gives the id under which its answer is noted.
    pub(crate) fn record(
        &self,
        target: &Target,
        (method, uri, headers): (&Method, &Uri, &HeaderMap),
        body: &[u8],
        at: Timestamp,
    ) -> u64 {
        let header = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let mut entries = self.0.lock().expect("requests lock");
        entries.count += 1;
        let id = entries.count;
        entries.kept.push(Received {
            id,
            vendor: target.vendor.clone(),
            authority: target.authority,
            method: method.to_string(),
            path: target.path.clone(),
            query: uri.query().map(str::to_owned),
            headers: headers.iter().map(header).collect(),
            body: String::from_utf8_lossy(body).into_owned(),
            json: serde_json::from_slice(body).ok(),
            status: None,
            at,
        });
        id
    }

    pub(crate) fn answered(&self, id: u64, status: StatusCode) {
        let mut entries = self.0.lock().expect("requests lock");
        if let Some(entry) = entries.kept.iter_mut().rfind(|entry| entry.id == id) {
            entry.status = Some(status.as_u16());
        }
    }

    pub(crate) fn all(&self) -> Vec<Received> {
        self.0.lock().expect("requests lock").kept.clone()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().expect("requests lock").kept.clear();
    }
}
