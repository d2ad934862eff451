//! Ctrl-C.

use crate::failure::Failure;

/// Does the work, or ends it on Ctrl-C.
///
/// # Errors
///
/// Those of the work, and `Interrupted`.
pub(crate) async fn interruptible<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::select! {
        outcome = work => outcome,
        () = interrupted() => Err(Failure::Interrupted(
            "interrupted; a change that was on its way may have happened: look before you repeat it".to_owned(),
        )),
    }
}

/// Returns on Ctrl-C.
pub(crate) async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // It cannot be heard; the system then ends the process by itself.
        std::future::pending::<()>().await;
    }
}
