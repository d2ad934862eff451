//! What the caller of a failed call is told.

use std::time::Duration;

use super::Safety;
use crate::error::{Error, ErrorKind, Reach};

/// Of a write that may have been done, it says so. `before` is how far the attempts before the last
/// one got.
pub(crate) fn verdict(safety: Safety, before: Reach, error: Error) -> Error {
    let is_open = error.reach() == Reach::Unanswered;
    match safety {
        Safety::Idempotent if before == Reach::Unanswered || is_open => {
            let message = joined(error.message(), "it may have been done; doing it again is harmless");
            error.with_message(message).with_reach(Reach::Unanswered).perhaps_done()
        }
        Safety::OneShot | Safety::Reconcilable if is_open => unclear(error),
        _ => error,
    }
}

/// `Ambiguous`, of a write that may have been done and is not to be done again before somebody has
/// looked; also of one whose success cannot be used, such as an organization without an id.
#[must_use]
pub fn unclear(error: Error) -> Error {
    let what = "it may or may not have been done: look before doing it again";
    let unclear = Error::new(ErrorKind::Ambiguous, what)
        .with_reach(Reach::Unanswered)
        .with_vendor(error.vendor_code().map(str::to_owned), error.vendor_message().map(str::to_owned))
        .with_request_id(error.request_id().map(str::to_owned))
        .with_retry_after(error.retry_after());
    let unclear = error.status().into_iter().fold(unclear, Error::with_status);
    let unclear = error.call().into_iter().fold(unclear, Error::with_call);
    let unclear = error.provider().into_iter().fold(unclear, Error::from_provider);
    unclear.with_source(error)
}

/// A limit is told with the time, which a caller is to wait.
pub(super) fn with_time(error: Error) -> Error {
    let Some(wait) = error.retry_after().filter(|_| error.kind() == ErrorKind::RateLimited) else {
        return error;
    };
    let message = joined(error.message(), &passes_in(wait));
    error.with_message(message)
}

pub(super) fn passes_in(wait: Duration) -> String {
    format!("the next one passes in {} s", wait.as_secs_f64().ceil())
}

fn joined(words: &str, more: &str) -> String {
    if words.is_empty() { more.to_owned() } else { format!("{words}; {more}") }
}
