//! What is known from outside of writes under way: which of them wait, which have left, and that no
//! other is to leave.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task_local;

use crate::clock::Clock;
use crate::error::{Error, ErrorKind};
use crate::stop::Stop;

/// Is told how a piece of work's writes fare. Times are by the transport's clock.
pub(crate) trait Watch: Send + Sync {
    /// A request waits until then before it is sent; `None` once it waits no longer.
    fn waits(&self, until: Option<Duration>);

    /// The bytes of an attempt are about to leave.
    fn leaves(&self, at: Duration);
}

/// A piece of work whose writes are watched, and not begun any more once it is to stop.
#[derive(Clone)]
pub(crate) struct Dispatch {
    stop: Stop,
    watch: Option<Arc<dyn Watch>>,
    /// Set once a write has left, where all of the work is finished then.
    is_begun: Option<Arc<AtomicBool>>,
}

task_local! {
    static DISPATCH: Dispatch;
}

impl Dispatch {
    /// Work that is finished once a write of it has left, since it would be half done otherwise.
    pub(crate) fn of_operation(stop: Stop) -> Self {
        Self { stop, watch: None, is_begun: Some(Arc::default()) }
    }

    /// Work of one write.
    pub(crate) fn of_request(stop: Stop, watch: Arc<dyn Watch>) -> Self {
        Self { stop, watch: Some(watch), is_begun: None }
    }

    /// Whether a write has left.
    pub(crate) fn is_begun(&self) -> bool {
        self.is_begun.as_ref().is_some_and(|begun| begun.load(Ordering::Relaxed))
    }

    /// Does the work under it. What the work spawns as a task of its own is not.
    pub(crate) async fn scope<F: Future>(self, work: F) -> F::Output {
        DISPATCH.scope(self, work).await
    }
}

impl fmt::Debug for Dispatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatch").field("stop", &self.stop).finish_non_exhaustive()
    }
}

fn current() -> Option<Dispatch> {
    DISPATCH.try_with(Clone::clone).ok()
}

/// The end of a wait, told however it comes.
struct Waiting(Option<Arc<dyn Watch>>);

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(watch) = &self.0 {
            watch.waits(None);
        }
    }
}

/// Waits before a write.
///
/// # Errors
///
/// `Cancelled` if the work is to stop.
pub(super) async fn wait(clock: &dyn Clock, wait: Duration) -> Result<(), Error> {
    let Some(dispatch) = current().filter(|dispatch| !dispatch.is_begun()) else {
        clock.sleep(wait).await;
        return Ok(());
    };
    if let Some(watch) = &dispatch.watch {
        watch.waits(Some(clock.elapsed() + wait));
    }
    let _waiting = Waiting(dispatch.watch);
    tokio::select! {
        biased;
        () = dispatch.stop.stopped() => Err(stopped()),
        () = clock.sleep(wait) => Ok(()),
    }
}

/// Tells that the bytes of a write are about to leave.
///
/// # Errors
///
/// `Cancelled` if the work is to stop.
pub(super) fn leave(clock: &dyn Clock) -> Result<(), Error> {
    let Some(dispatch) = current() else { return Ok(()) };
    if dispatch.stop.is_stopped() && !dispatch.is_begun() {
        return Err(stopped());
    }
    if let Some(begun) = dispatch.is_begun {
        begun.store(true, Ordering::Relaxed);
    }
    if let Some(watch) = dispatch.watch {
        watch.leaves(clock.elapsed());
    }
    Ok(())
}

/// Nothing of it has left.
pub(crate) fn stopped() -> Error {
    Error::new(ErrorKind::Cancelled, "not attempted: it was asked to stop before")
}
