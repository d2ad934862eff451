//! What earlier runs left.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use orgport_core::{Error, ErrorKind};

use super::{Event, InDoubt, Unfinished, whole_lines};
use crate::plan::Carried;
use crate::roster::PlaceName;

/// The last run, if it did not come to its end.
pub(super) fn unfinished(file: &mut File, path: &Path) -> Result<Option<Unfinished>, Error> {
    let text = whole_lines(file, path)?;
    let mut run: Option<Reading> = None;
    for (line, number) in text.lines().zip(1..) {
        let event: Event = serde_json::from_str(line).map_err(|source| {
            let path = path.display();
            let message = format!(
                "{path}, line {number}, is not a line of a journal ({source}): what runs did cannot be told; mend it, or \
                 put the file away if no run was killed"
            );
            Error::new(ErrorKind::Config, message).with_source(source)
        })?;
        match (event, &mut run) {
            (Event::Began { at, mails, removals, .. }, run) => {
                let carried = Carried { mails, removals };
                *run = Some(Reading {
                    unfinished: Unfinished { began_at: at, carried, in_doubt: Vec::new() },
                    open: BTreeMap::new(),
                    members: BTreeMap::new(),
                });
            }
            (Event::Finished { interrupted, .. }, run) => {
                if !interrupted {
                    *run = None;
                }
            }
            (event, Some(run)) => run.take(event),
            (_, None) => {}
        }
    }
    Ok(run.map(Reading::end))
}

struct Reading {
    unfinished: Unfinished,
    /// What was intended and not settled.
    open: BTreeMap<u64, (InDoubt, bool)>,
    members: BTreeMap<PlaceName, usize>,
}

impl Reading {
    fn take(&mut self, event: Event) {
        match event {
            Event::Members { place, members, .. } => drop(self.members.insert(place, members)),
            Event::Intends { at, number, place, loss, person, change } => {
                self.open.insert(number, (InDoubt { at, place, change, person }, loss));
            }
            Event::Ended { number, outcome, .. } => {
                if let Some((settled, loss)) = self.open.remove(&number)
                    && matches!(outcome.as_str(), "done" | "failed")
                {
                    self.count(&settled, loss);
                }
            }
            Event::Began { .. } | Event::Finished { .. } => {}
        }
    }

    /// What failed may have happened, too.
    fn count(&mut self, done: &InDoubt, loss: bool) {
        let carried = &mut self.unfinished.carried;
        carried.mails += done.change.mails();
        if loss {
            let members = self.members.get(&done.place).copied().unwrap_or_default();
            carried.removals.entry(done.place.clone()).or_insert((0, members)).0 += 1;
        }
    }

    fn end(mut self) -> Unfinished {
        for (doubt, loss) in std::mem::take(&mut self.open).into_values() {
            self.count(&doubt, loss);
            self.unfinished.in_doubt.push(doubt);
        }
        self.unfinished
    }
}
