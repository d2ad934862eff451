//! Asking work to come to its end.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::select_all;
use tokio::sync::watch;

/// Asks work to come to its end: nothing new is sent, what is on its way is finished and told.
///
/// Clones are one; work that has one of its own, a [`child`](Self::child), ends with either.
#[derive(Clone)]
pub struct Stop {
    /// Its own, and those that it is a child of.
    asked: Vec<Arc<watch::Sender<bool>>>,
    has_begun: Arc<AtomicBool>,
}

impl Stop {
    /// One that has not been asked for.
    pub fn new() -> Self {
        Self { asked: vec![Arc::default()], has_begun: Arc::default() }
    }

    /// One that is asked for by itself or by this one.
    #[must_use]
    pub fn child(&self) -> Self {
        let asked = [Arc::default()].into_iter().chain(self.asked.iter().cloned());
        Self { asked: asked.collect(), has_begun: Arc::clone(&self.has_begun) }
    }

    /// Asks for it. There is no way back.
    pub fn stop(&self) {
        if let Some(own) = self.asked.first() {
            own.send_replace(true);
        }
    }

    /// Says whether it was asked for.
    pub fn is_stopped(&self) -> bool {
        self.asked.iter().any(|one| *one.borrow())
    }

    /// Says whether anything was begun under it or a child of it that changes something, so that there is
    /// something to finish.
    pub fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::SeqCst)
    }

    /// Notes that something is begun which providers do not know of, such as a request of the program's
    /// own that changes something.
    pub fn begin(&self) {
        self.has_begun.store(true, Ordering::SeqCst);
    }

    /// Returns as soon as it is asked for.
    pub async fn stopped(&self) {
        let asked = self.asked.iter().map(|one| {
            let mut asked = one.subscribe();
            Box::pin(async move { asked.wait_for(|asked| *asked).await.is_ok() })
        });
        select_all(asked).await;
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stop").field(&self.is_stopped()).finish()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_child_ends_with_its_parent_and_not_the_other_way() {
        let parent = Stop::new();
        let (one, other) = (parent.child(), parent.child());
        one.clone().stop();
        assert_eq!([&parent, &one, &other].map(Stop::is_stopped), [false, true, false]);
        assert!(one.stopped().now_or_never().is_some() && other.stopped().now_or_never().is_none());
        let waiting = other.stopped();
        parent.stop();
        assert!(waiting.now_or_never().is_some() && other.child().is_stopped());
    }
}
