//! Being asked to end: by Ctrl-C, SIGTERM or SIGHUP, which are one thing for every command.
//!
//! At the first signal nothing new is sent, and what is under way is finished and told. The second
//! one ends the command at once.

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use std::{io, process, thread};

use orgport::Stop;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout, timeout_at};

use crate::console::Console;
use crate::failure::Failure;

/// The exit code of a command that Ctrl-C ended.
const BY_CTRL_C: u8 = 130;

/// Signals this close together are one: `timeout` and other supervisors signal the process and its
/// group.
const AT_ONCE: Duration = Duration::from_millis(30);

/// A command that has not heard of a signal by then waits for a file, a pipe or a terminal, and may do
/// so forever.
const DEAF: Duration = Duration::from_secs(1);

/// Whether, and how urgently, the process was asked to end. Clones are one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interrupt {
    first: Stop,
    second: Stop,
    code: Arc<AtomicU8>,
}

impl Interrupt {
    /// Listens from now on, on a thread of its own: it ends also a command whose thread is not to be had,
    /// since it waits for a file, a pipe or a terminal. `command` is the runtime that it is to run in.
    ///
    /// # Errors
    ///
    /// If the system does not let it.
    pub(crate) fn listen(&self, console: Console, command: &Handle) -> io::Result<()> {
        let (first_heard, hears_first) = oneshot::channel();
        let (second_heard, hears_second) = oneshot::channel();
        let Self { first, second, .. } = self.clone();
        command.spawn(async move {
            first.stopped().await;
            let _ = first_heard.send(());
            second.stopped().await;
            let _ = second_heard.send(());
        });
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let signals = runtime.block_on(async { Signals::new() });
        let heard = self.clone().hear(signals, console, [hears_first, hears_second]);
        thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(heard))?;
        Ok(())
    }

    /// Tells the command of the first two signals, and ends it if it does not hear.
    async fn hear(self, mut signals: Signals, console: Console, heard: [oneshot::Receiver<()>; 2]) {
        let Self { first, second, code } = &self;
        let [first_heard, second_heard] = heard;
        code.store(signals.next().await, Ordering::SeqCst);
        let first_until = Instant::now() + AT_ONCE;
        first.stop();
        if first.has_begun() {
            console.note("stopping: what is under way is finished and told; once more ends it at once");
        }
        while timeout_at(first_until, signals.next()).await.is_ok() {}
        tokio::select! {
            _ = signals.next() => {}
            heard = timeout(DEAF, first_heard) => {
                // What is not begun by now is never begun.
                if heard.is_err() && !first.has_begun() {
                    process::exit(console.end(&self.failure("interrupted; nothing was changed")).into());
                }
                signals.next().await;
            }
        }
        second.stop();
        if timeout(DEAF, second_heard).await.is_err() {
            process::exit(console.end(&self.ended_at_once()).into());
        }
    }

    /// What asks providers to come to their end.
    pub(crate) fn stop(&self) -> &Stop {
        &self.first
    }

    /// Says whether a signal has come.
    pub(crate) fn has_come(&self) -> bool {
        self.first.is_stopped()
    }

    /// Returns at the first signal.
    pub(crate) async fn asked(&self) {
        self.first.stopped().await;
    }

    /// Returns at the second signal.
    pub(crate) async fn insisted(&self) {
        self.second.stopped().await;
    }

    /// The end of a command that was asked to end.
    pub(crate) fn failure(&self, message: impl Into<String>) -> Failure {
        let code = match self.code.load(Ordering::SeqCst) {
            0 => BY_CTRL_C,
            code => code,
        };
        Failure::Interrupted { code, message: message.into() }
    }

    /// The end of a command that did not finish what it had begun.
    fn ended_at_once(&self) -> Failure {
        let begun = "ended at once; a change was on its way and may have happened: look before you repeat it";
        self.failure(if self.first.has_begun() { begun } else { "interrupted; nothing was changed" })
    }

    /// Does what changes nothing, until the first signal.
    ///
    /// # Errors
    ///
    /// Those of the work, and `Interrupted`.
    pub(crate) async fn before_changes<T, E: Into<Failure>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Failure> {
        tokio::select! {
            done = work => done.map_err(Into::into),
            () = self.asked() => Err(self.failure("interrupted; nothing was changed")),
        }
    }

    /// Does the work. Where it has changed nothing yet it ends at the first signal, else when it has
    /// finished what it was about, or at the second one.
    ///
    /// # Errors
    ///
    /// Those of the work, and `Interrupted`.
    pub(crate) async fn over(&self, work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
        let mut work = pin!(work);
        let outcome = tokio::select! {
            biased;
            outcome = &mut work => outcome,
            () = self.asked() => {
                if !self.first.has_begun() {
                    return Err(self.failure("interrupted; nothing was changed"));
                }
                tokio::select! {
                    outcome = &mut work => outcome,
                    () = self.insisted() => return Err(self.ended_at_once()),
                }
            }
        };
        match outcome {
            Ok(()) | Err(Failure::Said(_)) if self.has_come() => {
                Err(self.failure("interrupted; what was under way is finished"))
            }
            outcome => outcome,
        }
    }
}

/// The signals that ask a process to end.
#[cfg(unix)]
struct Signals(Vec<(tokio::signal::unix::Signal, u8)>);

#[cfg(unix)]
impl Signals {
    /// All three, but for a hangup that is ignored, as `nohup` wants it. That shells without job control
    /// have what they start in the background ignore SIGINT is about Ctrl-C at their terminal: who
    /// sends it to this process means it.
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};

        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let is_wanted = |kind: &SignalKind| *kind != SignalKind::hangup() || !is_ignored(kind.as_raw_value());
        let heard = kinds.into_iter().filter(is_wanted);
        let heard = heard.filter_map(|kind| {
            let code = 128 + u8::try_from(kind.as_raw_value()).ok()?;
            Some((signal(kind).ok()?, code))
        });
        Self(heard.collect())
    }

    /// The exit code that belongs to the next one.
    async fn next(&mut self) -> u8 {
        use futures_util::future::select_all;

        if self.0.is_empty() {
            return pending().await;
        }
        let next = self.0.iter_mut().map(|(signal, code)| {
            Box::pin(async move {
                if signal.recv().await.is_none() {
                    pending::<()>().await;
                }
                *code
            })
        });
        select_all(next).await.0
    }
}

/// Whether whoever started the process had it ignore a signal. Listening would undo that.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    // Only Linux tells, without unsafe code.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask & (1 << (signal - 1)) != 0
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Self {
        Self
    }

    async fn next(&mut self) -> u8 {
        if tokio::signal::ctrl_c().await.is_err() {
            // It cannot be heard; the system then ends the process by itself.
            pending::<()>().await;
        }
        BY_CTRL_C
    }
}
