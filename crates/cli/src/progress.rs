//! How far a long job is, on a terminal; nothing in a pipe.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::text;

/// The one bar of the process, if something has put it up.
#[derive(Debug, Default)]
pub(crate) struct Progress(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    bar: Option<ProgressBar>,
    /// How many calls wait just now.
    waiting: usize,
    /// The bar is only there to show a wait.
    only_waits: bool,
}

impl Progress {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no holder panics")
    }

    /// Puts up a bar for so many steps.
    pub(crate) fn begin(&self, steps: usize) {
        let style =
            ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}").expect("a valid template");
        let bar = ProgressBar::new(steps as u64).with_style(style);
        bar.tick();
        *self.state() = State { bar: Some(bar), ..State::default() };
    }

    /// One step more is done.
    pub(crate) fn step(&self) {
        if let Some(bar) = &self.state().bar {
            bar.inc(1);
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
        if let Some(bar) = self.state().bar.take() {
            bar.finish_and_clear();
        }
    }

    /// A wait begins; it ends when the answer is dropped.
    pub(crate) fn wait(self: &Arc<Self>) -> Wait {
        let mut state = self.state();
        state.waiting += 1;
        if state.bar.is_none() {
            let style = ProgressStyle::with_template("{wide_msg}").expect("a valid template");
            state.bar = Some(ProgressBar::new_spinner().with_style(style));
            state.only_waits = true;
        }
        Wait(Arc::clone(self))
    }

    /// Shows how long the wait still takes.
    pub(crate) fn waits(&self, left: Duration) {
        if let Some(bar) = &self.state().bar {
            bar.set_message(format!("waiting {} for the vendor", text::duration(left)));
        }
    }

    fn waited(&self) {
        let mut state = self.state();
        state.waiting = state.waiting.saturating_sub(1);
        if state.waiting > 0 {
            return;
        }
        if state.only_waits {
            if let Some(bar) = state.bar.take() {
                bar.finish_and_clear();
            }
        } else if let Some(bar) = &state.bar {
            bar.set_message("");
        }
    }
}

/// A wait under way.
#[must_use]
pub(crate) struct Wait(Arc<Progress>);

impl Drop for Wait {
    fn drop(&mut self) {
        self.0.waited();
    }
}
