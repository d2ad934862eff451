//! Printing a list while it is fetched.

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use orgport::{Error, ErrorKind};

use crate::context::Context;
use crate::failure::{self, Failure};
use crate::options::Format;
use crate::output::{List, Record};

/// Prints what the stream brings. An item that cannot be read is told on standard error, and the
/// others are printed all the same.
///
/// # Errors
///
/// The first failure; as "some of several failed" if it is of an item and others were printed.
pub(crate) async fn print<R: Record>(
    context: &Context,
    mut list: List<'_>,
    mut items: BoxStream<'_, Result<R, Error>>,
) -> Result<(), Failure> {
    let mut failed = Vec::new();
    loop {
        let next = tokio::select! {
            next = items.next() => next,
            () = context.interrupt.asked() => {
                list.end()?;
                return Err(context.interrupt.failure("interrupted; the list is not whole"));
            }
        };
        match next {
            Some(Ok(item)) => list.push(&item)?,
            Some(Err(error)) => failed.push(error),
            None => break,
        }
    }
    for error in &failed {
        context.console.error(error);
    }
    let printed = list.count();
    // A list that could not be read is not an empty one.
    if printed > 0 || failed.is_empty() {
        list.end()?;
    }
    if printed == 0 && failed.is_empty() && context.format() == Format::Table {
        context.console.note("There is nothing to list.");
    }
    // A list that broke off has the code of its reason; one with unreadable items is whole.
    match failed.iter().find(|error| error.kind() != ErrorKind::Protocol) {
        Some(error) => Err(Failure::Said(failure::exit_code(error.kind()))),
        None if failed.is_empty() => Ok(()),
        None if printed == 0 => Err(Failure::Said(failure::exit_code(ErrorKind::Protocol))),
        None => Err(Failure::Said(failure::PARTLY)),
    }
}
