//! What became of each of many, printed in the order of the input as soon as those before are known.

use std::collections::BTreeMap;
use std::fmt::Display;

use orgport::Error;

use crate::context::Context;
use crate::failure::{self, Failure};
use crate::options::Format;
use crate::output::{List, Record};

/// A list of outcomes of type `T`, and how the whole ends.
pub(crate) struct Outcomes<'a, T> {
    context: &'a Context,
    all: usize,
    /// Settled before somebody who stands before them.
    early: BTreeMap<usize, T>,
    next: usize,
    /// Gone when nobody reads any more: the job goes on all the same.
    list: Option<List<'a>>,
    unprinted: Option<Failure>,
    /// The exit codes of those that failed.
    failures: Vec<u8>,
}

impl<'a, T> Outcomes<'a, T> {
    /// For so many.
    pub(crate) fn new(context: &'a Context, all: usize, list: List<'a>) -> Self {
        let (early, failures) = (BTreeMap::new(), Vec::new());
        Self { context, all, early, next: 0, list: Some(list), unprinted: None, failures }
    }

    /// Notes an outcome that may have to wait for those before it.
    pub(crate) fn settle(&mut self, index: usize, outcome: T) {
        self.early.insert(index, outcome);
    }

    /// The next outcome whose turn it is.
    pub(crate) fn next(&mut self) -> Option<(usize, T)> {
        let index = self.next;
        let outcome = self.early.remove(&index)?;
        self.next += 1;
        Some((index, outcome))
    }

    /// Those that stand behind somebody of whom nothing is known.
    pub(crate) fn rest(&mut self) -> BTreeMap<usize, T> {
        std::mem::take(&mut self.early)
    }

    pub(crate) fn is_settled(&self, index: usize) -> bool {
        index < self.next || self.early.contains_key(&index)
    }

    pub(crate) fn print(&mut self, record: &impl Record) {
        if let Some(list) = &mut self.list
            && let Err(failure) = self.context.progress.aside(|| list.push(record))
        {
            self.list = None;
            self.unprinted = Some(failure);
        }
    }

    /// Counts a failure, and says why nothing was done for somebody, where the printed outcome does not.
    pub(crate) fn fail(&mut self, who: impl Display, error: &Error) {
        self.failures.push(failure::exit_code_of(error));
        let console = self.context.console;
        self.context.progress.aside(|| match self.context.format() {
            _ if self.all == 1 => console.error(error),
            Format::Table => console.complain(&format!("{who}: {error}")),
            Format::Json | Format::Csv => {}
        });
    }

    pub(crate) fn failed(&self) -> usize {
        self.failures.len()
    }

    /// Ends the printed list.
    pub(crate) fn close(&mut self) {
        if let Some(Err(failure)) = self.list.take().map(List::end) {
            self.unprinted = Some(failure);
        }
    }

    /// How the whole ended; `is_partial` where somebody who was meant may not have been seen.
    pub(crate) fn end(mut self, is_partial: bool) -> Result<(), Failure> {
        self.close();
        let code = match self.failures.as_slice() {
            [] => is_partial.then_some(failure::PARTLY),
            codes if codes.contains(&failure::UNCLEAR) => Some(failure::UNCLEAR),
            [only] if self.all == 1 && !is_partial => Some(*only),
            _ => Some(failure::PARTLY),
        };
        match (code, self.unprinted) {
            (Some(code), _) => Err(Failure::Said(code)),
            (None, Some(failure)) => Err(failure),
            (None, None) => Ok(()),
        }
    }
}
