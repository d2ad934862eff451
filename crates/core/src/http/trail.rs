//! What was exchanged while something was done.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::task_local;

use super::attempt::AttemptError;
use super::{Request, Response};

/// One request and what came back, without anything of what was sent or received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Exchange {
    /// The provider's name in the configuration.
    pub provider: String,
    /// The method and route template, for example `DELETE /orgs/{orgId}`.
    pub call: String,
    /// The HTTP status, if a response came.
    pub status: Option<u16>,
    /// The vendor's id for the request, for its support.
    pub request_id: Option<String>,
}

task_local! {
    static TRAIL: Arc<Mutex<Vec<Exchange>>>;
}

/// Does some work and also returns every request that was sent for it, each attempt of its own, in
/// the order in which they ended.
///
/// What the work spawns as a task of its own is not seen; neither are the requests by which tokens
/// are renewed, since these belong to whoever comes first.
///
/// ```
/// # use orgport_core::http::recorded;
/// # futures_util::FutureExt::now_or_never(async {
/// let (answer, exchanges) = recorded(async { 42 }).await;
/// assert_eq!((answer, exchanges.len()), (42, 0));
/// # });
/// ```
pub async fn recorded<F: Future>(work: F) -> (F::Output, Vec<Exchange>) {
    let trail = Arc::default();
    let output = TRAIL.scope(Arc::clone(&trail), work).await;
    let exchanges = std::mem::take(&mut *trail.lock().unwrap_or_else(PoisonError::into_inner));
    // A record within a record is a part of it.
    exchanges.iter().cloned().for_each(push);
    (output, exchanges)
}

/// Notes an attempt, if somebody records.
pub(super) fn note(provider: &str, request: &Request, outcome: &Result<Response, AttemptError>) {
    if TRAIL.try_with(|_| ()).is_err() {
        return;
    }
    let (status, request_id) = match outcome {
        Ok(response) => (Some(response.status()), response.shown_request_id()),
        Err(failed) => (failed.error.status(), failed.error.request_id().map(str::to_owned)),
    };
    push(Exchange { provider: provider.to_owned(), call: request.call(), status, request_id });
}

fn push(exchange: Exchange) {
    // Nobody records outside of a scope.
    let _ = TRAIL.try_with(|trail| trail.lock().unwrap_or_else(PoisonError::into_inner).push(exchange));
}
