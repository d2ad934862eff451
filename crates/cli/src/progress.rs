//! How far a long job is, and how long it waits: a bar on a terminal, a line now and then elsewhere.

use std::io::{self, IsTerminal};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use orgport::InviteHandle;

use crate::console::Console;
use crate::text;

/// Without a terminal a wait is told when it begins, and so often while it lasts. Shorter ones that
/// follow one another are told as rarely.
const TOLD_EVERY: Duration = Duration::from_mins(1);

/// What the process shows of its work.
pub(crate) struct Progress {
    console: Console,
    /// Whether there is a terminal to draw on.
    draws: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    bar: Option<ProgressBar>,
    /// Tells how far inviting is.
    inviting: Option<InviteHandle>,
    /// How many calls wait just now.
    waiting: usize,
    /// The bar is only there to show a wait.
    only_waits: bool,
    told_at: Option<Instant>,
}

impl Progress {
    pub(crate) fn new(console: Console) -> Self {
        let draws = io::stderr().is_terminal() && !console.is_quiet();
        Self { console, draws, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }

    fn bar(&self, bar: ProgressBar, template: &str) -> ProgressBar {
        let target = if self.draws { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        bar.set_draw_target(target);
        bar.with_style(ProgressStyle::with_template(template).expect("a valid template"))
    }

    /// Puts up a bar for so many steps.
    pub(crate) fn begin(&self, steps: usize) {
        let bar = self.bar(ProgressBar::new(steps as u64), "{bar:30} {pos}/{len} {wide_msg}");
        bar.tick();
        *self.state() = State { bar: Some(bar), ..State::default() };
    }

    /// Shows also what is known of inviting.
    pub(crate) fn follow(&self, inviting: InviteHandle) {
        self.state().inviting = Some(inviting);
    }

    /// One step more is done.
    pub(crate) fn step(&self) {
        let state = self.state();
        if let Some(bar) = &state.bar {
            bar.inc(1);
            if state.waiting == 0 {
                bar.set_message(state.figures().unwrap_or_default());
            }
        }
    }

    /// Prints what must not run into the bar.
    pub(crate) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        let bar = self.state().bar.clone();
        match bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Takes the bar down.
    pub(crate) fn end(&self) {
        let mut state = self.state();
        state.inviting = None;
        if let Some(bar) = state.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// A wait begins; it ends when what is returned is dropped.
    pub(crate) fn wait(self: &Arc<Self>) -> Wait {
        let mut state = self.state();
        state.waiting += 1;
        if state.bar.is_none() {
            state.bar = Some(self.bar(ProgressBar::new_spinner(), "{wide_msg}"));
            state.only_waits = true;
        }
        drop(state);
        Wait(Arc::clone(self), Instant::now())
    }

    /// Shows how long the wait still takes.
    pub(crate) fn waits(&self, left: Duration) {
        let mut state = self.state();
        let text = state.waits(left);
        if let Some(bar) = &state.bar {
            bar.set_message(text.clone());
        }
        if !self.draws && state.told_at.is_none_or(|at| at.elapsed() >= TOLD_EVERY) {
            state.told_at = Some(Instant::now());
            drop(state);
            self.console.note(&text);
        }
    }

    fn waited(&self, took: Duration) {
        let mut state = self.state();
        state.waiting = state.waiting.saturating_sub(1);
        if state.waiting > 0 {
            return;
        }
        if took >= TOLD_EVERY {
            // The next one is worth telling at its begin.
            state.told_at = None;
        }
        if state.only_waits {
            state.only_waits = false;
            if let Some(bar) = state.bar.take() {
                bar.finish_and_clear();
            }
        } else if let Some(bar) = &state.bar {
            bar.set_message(state.figures().unwrap_or_default());
        }
    }
}

impl State {
    fn figures(&self) -> Option<String> {
        let progress = self.inviting.as_ref()?.progress();
        Some(format!("{} sent", progress.sent))
    }

    fn waits(&self, left: Duration) -> String {
        let waits = format!("waiting {} for the vendor", text::duration(left));
        let Some(inviting) = &self.inviting else { return waits };
        let progress = inviting.progress();
        let all = if progress.wait > left {
            format!("; {} of waits in all are left", text::duration(progress.wait))
        } else {
            String::new()
        };
        format!("{waits}: {} of {} sent, {} settled{all}", progress.sent, progress.total, progress.settled)
    }
}

/// A wait under way.
#[must_use]
pub(crate) struct Wait(Arc<Progress>, Instant);

impl Drop for Wait {
    fn drop(&mut self) {
        self.0.waited(self.1.elapsed());
    }
}
