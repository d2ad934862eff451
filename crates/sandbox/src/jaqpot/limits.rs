//! The vendor's rate limits: one token bucket per user and limited operation.

use std::collections::HashMap;
use std::convert::Infallible;

use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponseParts, ResponseParts};
use jiff::{SignedDuration, Timestamp};

use super::auth::Caller;
use super::error::Refusal;
use super::json::java_text;

const SECOND: i128 = 1_000_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Limited {
    CreateInvitations,
    ResendInvitation,
    CreateOrganization,
    UpdateOrganization,
    CreateApiKey,
    UpdateApiKey,
    DeleteApiKey,
    ListUsers,
}

impl Limited {
    /// The size of a bucket and the time, in seconds, in which an empty one fills up.
    const fn quota(self) -> (i128, i128) {
        match self {
            Self::CreateInvitations | Self::CreateApiKey => (5, 600),
            Self::ResendInvitation | Self::CreateOrganization => (10, 600),
            Self::UpdateOrganization => (5, 60),
            Self::UpdateApiKey | Self::DeleteApiKey => (10, 60),
            Self::ListUsers => (20, 60),
        }
    }
}

/// What a bucket holds, counted in nanoseconds of refilling, so that no fraction of a token is lost.
#[derive(Debug)]
struct Bucket {
    holds: i128,
    filled_at: Timestamp,
}

#[derive(Debug, Default)]
pub(super) struct Limits(HashMap<(String, Limited), Bucket>);

impl Limits {
    /// Takes a token of the caller's bucket.
    ///
    /// The vendor takes first and refuses when none is *left*: a bucket of five lets four calls
    /// pass, and the refused fifth has spent the last token. Realm admins are exempt.
    pub(super) fn take(&mut self, caller: &Caller, what: Limited, now: Timestamp) -> Result<Usage, Refusal> {
        if caller.is_realm_admin() {
            return Ok(Usage(None));
        }
        let (size, seconds) = what.quota();
        let full = seconds * SECOND;
        let token = full / size;
        let bucket =
            self.0.entry((caller.id.clone(), what)).or_insert(Bucket { holds: full, filled_at: now });
        let elapsed = now.duration_since(bucket.filled_at).as_nanos().max(0);
        bucket.holds = (bucket.holds + elapsed).min(full);
        bucket.filled_at = now;
        if bucket.holds >= token {
            bucket.holds -= token;
        }
        let remaining = bucket.holds / token;
        if remaining == 0 {
            return Err(Refusal::too_many_requests());
        }
        let missing = i64::try_from(full - bucket.holds).expect("ten minutes fit");
        let full_at =
            now.saturating_add(SignedDuration::from_nanos(missing)).expect("a duration always adds");
        Ok(Usage(Some((size, remaining, full_at))))
    }
}

/// The headers that a *successful* answer of a limited operation carries: size, tokens left, when
/// full again. Nothing for callers that are exempt.
#[derive(Debug)]
pub(super) struct Usage(Option<(i128, i128, Timestamp)>);

impl IntoResponseParts for Usage {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Some((size, remaining, full_at)) = self.0 {
            for (name, value) in [
                ("x-rate-limit-limit", size.to_string()),
                ("x-rate-limit-remaining", remaining.to_string()),
                ("x-rate-limit-reset", java_text(full_at)),
            ] {
                let value = HeaderValue::try_from(value).expect("digits and dates are ASCII");
                parts.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        Ok(parts)
    }
}
