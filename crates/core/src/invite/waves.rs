//! Sending to many people, with looks in between so that outcomes are told as they become known.
//!
//! Replies settle at once. Where only a look settles, one is made whenever the next request has to
//! wait for a limit, and beside the requests when many people are unsettled. What no look between
//! has settled is left to the last ones, so that short jobs make no look more.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, StreamExt};

use super::progress::Batch;
use super::round::{Open, Run, Unsettled};
use crate::http::{Dispatch, Watch};

/// A shorter wait is over before a look is.
const WORTH_A_LOOK: Duration = Duration::from_secs(1);
/// So many people are settled beside the requests, or more where the lists are long.
const WAVE: usize = 200;
/// The part of the rows last read that a look beside the requests must be worth, so that the work
/// for each person stays the same however many there are.
const PART: usize = 4;

/// What a look between the requests came to.
struct Looked {
    again: Vec<Open>,
    unsettled: Vec<Unsettled>,
    rows: Option<usize>,
}

struct Waves<'r, 'a> {
    run: &'r Run<'a>,
    queue: VecDeque<Vec<Open>>,
    sending: FuturesUnordered<BoxFuture<'r, Option<Unsettled>>>,
    looking: Option<BoxFuture<'r, Looked>>,
    unsettled: Vec<Unsettled>,
    /// How many became unsettled since the last look began.
    fresh: usize,
    /// How many rows the last look read.
    rows: usize,
}

impl Run<'_> {
    /// Sends to everybody in the vendor's batches, and settles whom replies and looks in between
    /// settle; returns those who are left to the last looks.
    pub(super) async fn send(&self, open: Vec<Open>) -> Vec<Unsettled> {
        let mut waves = Waves {
            run: self,
            queue: VecDeque::new(),
            sending: FuturesUnordered::new(),
            looking: None,
            unsettled: Vec::new(),
            fresh: 0,
            rows: self.rows_before,
        };
        waves.queue(open);
        waves.go().await
    }
}

impl<'r> Waves<'r, '_> {
    async fn go(mut self) -> Vec<Unsettled> {
        loop {
            if self.run.is_ended() {
                self.queue.drain(..).for_each(|people| self.run.cancel(&people));
            }
            if self.looking.is_none() && self.wants_look() {
                self.looking = Some(self.look());
            }
            self.begin_sends();
            self.run.figures.queue(self.queue.len());
            if self.sending.is_empty() && self.looking.is_none() {
                return self.unsettled;
            }
            let Self { sending, looking, run, .. } = &mut self;
            tokio::select! {
                biased;
                Some(sent) = sending.next() => {
                    if let Some(batch) = sent {
                        self.fresh += batch.people.len();
                        self.unsettled.push(batch);
                    }
                }
                looked = async { looking.as_mut().expect("asked before").await }, if looking.is_some() => {
                    self.looking = None;
                    self.rows = looked.rows.unwrap_or(self.rows);
                    self.unsettled.extend(looked.unsettled);
                    self.queue(looked.again);
                }
                () = run.figures.changed() => {}
                () = run.stop.stopped(), if !run.stop.is_stopped() => {}
            }
        }
    }

    fn queue(&mut self, open: Vec<Open>) {
        for person in &open {
            self.run.figures.disprove(person.index);
        }
        let size = self.run.adapter.capability().batch_size.max(1);
        let mut open = open.into_iter().peekable();
        while open.peek().is_some() {
            self.queue.push_back(open.by_ref().take(size).collect());
        }
    }

    /// Whether the next request has to wait, apart from so many that were just begun.
    fn must_wait(&self, begun: u32) -> bool {
        self.run.figures.wait_of(begun + 1) >= WORTH_A_LOOK
    }

    fn wants_look(&self) -> bool {
        let is_last = self.queue.is_empty() && self.sending.is_empty();
        if self.fresh == 0 || is_last {
            return false;
        }
        let all_wait = self.sending.len() == self.run.figures.waiting();
        let waits = all_wait && (!self.sending.is_empty() || self.must_wait(0));
        waits || self.fresh >= WAVE.max(self.rows / PART)
    }

    /// Begins as many requests as may be in flight. One that has to wait is begun alone, behind the
    /// look that is made before.
    fn begin_sends(&mut self) {
        let mut begun = 0;
        while self.sending.len() < self.run.concurrency {
            let is_next_held = self.must_wait(begun) && !(self.sending.is_empty() && self.looking.is_none());
            if is_next_held {
                break;
            }
            let Some(people) = self.queue.pop_front() else { break };
            self.sending.push(self.run.send_watched(people).boxed());
            begun += 1;
        }
    }

    fn look(&mut self) -> BoxFuture<'r, Looked> {
        self.fresh = 0;
        let (run, unsettled) = (self.run, std::mem::take(&mut self.unsettled));
        async move {
            let look = run.look(unsettled.iter().flat_map(|batch| &batch.people)).await;
            let Ok(look) = look else { return Looked { again: Vec::new(), unsettled, rows: None } };
            let rows = Some(look.rows);
            let unsettled = run.settle_present(unsettled, &look);
            let is_proof =
                |batch: &Unsettled| look.incomplete.is_none() && run.is_absence_proof(batch, look.begun);
            let (absent, unsettled) = unsettled.into_iter().partition(is_proof);
            let again = run.settle_absent(absent, Ok(look)).await;
            Looked { again, unsettled, rows }
        }
        .boxed()
    }
}

impl Run<'_> {
    async fn send_watched(&self, people: Vec<Open>) -> Option<Unsettled> {
        let people_of_it = people.iter().map(|person| person.index).collect();
        let batch = Batch { figures: Arc::clone(&self.figures), people: people_of_it };
        if self.adapter.transport().is_none() {
            // Nobody else tells.
            batch.leaves(self.engine.clock.elapsed());
        }
        let dispatch = Dispatch::of_request(self.stop.clone(), Arc::new(batch));
        dispatch.scope(self.send_batch(people)).await
    }
}
