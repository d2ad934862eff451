//! Failures to play.

use std::time::Duration;

use orgport_core::{Error, ErrorKind, Operation, Reach};

/// A failure between a program and the service, or in the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MemoryFault {
    /// The request is lost on its way, and nobody can tell: nothing is done.
    NeverArrived,
    /// It is done, and the response is lost.
    ReplyLost,
    /// The connection breaks at once, and it is done this much later by the service's clock.
    CommittedLater(Duration),
    /// The service responds with this error and does nothing.
    Fails(ErrorKind),
}

impl MemoryFault {
    /// What the caller sees of it.
    pub(crate) fn error(self, is_write: bool) -> Error {
        match self {
            Self::Fails(kind) => {
                Error::new(kind, "a planned fault: the service refused").with_reach(Reach::Answered)
            }
            Self::NeverArrived | Self::ReplyLost | Self::CommittedLater(_) => {
                let kind = if is_write { ErrorKind::Ambiguous } else { ErrorKind::Connection };
                let message = "a planned fault: the connection broke before a response came";
                Error::new(kind, message).with_reach(Reach::Unanswered)
            }
        }
    }
}

/// A fault that waits for its operation.
#[derive(Debug)]
struct Planned {
    fault: MemoryFault,
    operation: Operation,
    times: usize,
}

/// The faults that wait, in the order in which they were planned.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Planned>);

impl Faults {
    pub(crate) fn plan(&mut self, fault: MemoryFault, operation: Operation, times: usize) {
        self.0.push(Planned { fault, operation, times });
    }

    /// Takes the fault that this call meets, if any.
    pub(crate) fn take(&mut self, operation: Operation) -> Option<MemoryFault> {
        let planned =
            self.0.iter_mut().find(|planned| planned.operation == operation && planned.times > 0)?;
        planned.times -= 1;
        Some(planned.fault)
    }

    /// Forgets all, and says how often each was still to come.
    pub(crate) fn clear(&mut self) -> Vec<usize> {
        self.0.drain(..).map(|planned| planned.times).collect()
    }
}
