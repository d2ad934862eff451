//! One process, from its start to its end or to the step at which it is killed.

use std::fmt;
use std::future::pending;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use orgport_core::{Error, InviteOutcome, NewInvitation, OrganizationId, Provider};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

use super::time::Work;

/// Where a process can be killed.
pub(crate) const STEPS: [&str; 12] = [
    "before a request",
    "behind a response",
    "before a create",
    "behind a created one",
    "before the hold",
    "under the hold",
    "before reading notes",
    "behind reading notes",
    "before a note",
    "behind a note",
    "before the end of a call",
    "before a wait",
];

/// Counts the steps of a process.
pub(crate) struct Life {
    /// How many there are to go until it is killed; none for one that is not.
    left: Option<AtomicU64>,
    killed_at: Mutex<Option<&'static str>>,
    killed: Notify,
}

/// Drops what a process has left, without asking it once more.
struct Ending(Option<Runtime>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.take().expect("it lives").shutdown_background();
    }
}

/// How a process ended.
pub(crate) enum End {
    Done(Vec<Result<InviteOutcome, Error>>),
    /// At this step.
    Killed(&'static str),
}

impl Life {
    pub(crate) fn new(steps: Option<u64>) -> Arc<Self> {
        Arc::new(Self { left: steps.map(AtomicU64::new), killed_at: Mutex::default(), killed: Notify::new() })
    }

    /// Returns, unless this is where the process is killed.
    pub(crate) async fn step(&self, name: &'static str) {
        debug_assert!(STEPS.contains(&name), "{name}");
        if self.left.as_ref().is_some_and(|left| left.fetch_sub(1, Ordering::SeqCst) == 1) {
            *self.killed_at.lock().expect("no holder panics") = Some(name);
            self.killed.notify_one();
            pending::<()>().await;
        }
    }

    /// Invites one after the other, on a runtime that ends with the process.
    pub(crate) async fn live(
        self: Arc<Self>,
        work: Arc<Work>,
        provider: Arc<dyn Provider>,
        organization: OrganizationId,
        people: Vec<NewInvitation>,
    ) -> End {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let runtime = Ending(Some(runtime));
        let call = runtime.0.as_ref().expect("it lives").spawn(async move {
            let mut outcomes = Vec::with_capacity(people.len());
            for person in people {
                outcomes.push(provider.invite(&organization, person).await);
            }
            outcomes
        });
        let end = tokio::select! {
            outcomes = call => End::Done(outcomes.expect("no panic")),
            () = self.killed.notified() => {
                End::Killed(self.killed_at.lock().expect("no holder panics").expect("it is told first"))
            }
        };
        work.end();
        end
    }
}

impl fmt::Debug for Life {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Life").field("left", &self.left).finish_non_exhaustive()
    }
}
