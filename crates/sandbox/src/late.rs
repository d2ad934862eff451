//! Work that a server does later than its caller expects, whoever has given up on it by then.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinSet;

use crate::world::World;

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

#[derive(Default)]
pub(crate) struct LateWork {
    pending: Mutex<Vec<(Timestamp, Work)>>,
    /// Held while due work is done, so that whoever comes second returns when it is done.
    turn: tokio::sync::Mutex<()>,
    alarms: Mutex<JoinSet<()>>,
}

impl LateWork {
    /// Does `work` when the clock has moved on by `after`, whether it runs or is advanced.
    pub(crate) fn add(self: &Arc<Self>, world: &Arc<World>, after: Duration, work: Work) {
        let due = world.clock.now().saturating_add(after).expect("a duration always adds");
        self.pending.lock().expect("late lock").push((due, work));
        let (late, world) = (Arc::downgrade(self), Arc::clone(world));
        let mut alarms = self.alarms.lock().expect("alarms lock");
        while alarms.try_join_next().is_some() {}
        alarms.spawn(async move {
            tokio::time::sleep(after).await;
            if let Some(late) = late.upgrade() {
                late.run_due(&world).await;
            }
        });
    }

    /// Does all work that is due, oldest first.
    pub(crate) async fn run_due(&self, world: &World) {
        let _turn = self.turn.lock().await;
        for work in self.take_due(world.clock.now()) {
            work.await;
        }
    }

    fn take_due(&self, now: Timestamp) -> Vec<Work> {
        let mut pending = self.pending.lock().expect("late lock");
        let mut due: Vec<_> = pending.extract_if(.., |(due, _)| *due <= now).collect();
        due.sort_by_key(|(due, _)| *due);
        due.into_iter().map(|(_, work)| work).collect()
    }

    pub(crate) fn clear(&self) {
        self.pending.lock().expect("late lock").clear();
        self.alarms.lock().expect("alarms lock").abort_all();
    }
}
