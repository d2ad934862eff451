//! Printing a list while it is fetched.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use orgport::{Error, ErrorKind, Operation, OrganizationId, Provider};

use super::places::{ListPlaces, read_only};
use crate::context::Context;
use crate::failure::{self, Failure};
use crate::options::Format;
use crate::output::{List, Placed, Record};

/// How many places are read side by side.
const PLACES_AT_ONCE: usize = 8;

/// Rows as they are read.
pub(crate) type Items<R> = BoxStream<'static, Result<R, Error>>;

/// Prints one list, or those of many places one after the other. What fails at one place is told and
/// leaves the others alone.
///
/// # Errors
///
/// Those of [`print`]; "some of several failed" if a place could not be read.
pub(crate) async fn print_placed<R>(
    context: &Context,
    places: &ListPlaces,
    operation: Operation,
    read: impl Fn(Arc<dyn Provider>, &OrganizationId) -> Result<Items<R>, Error>,
) -> Result<(), Failure>
where
    R: Send + 'static,
    Placed<R>: Record,
{
    let shows_secrets = context.options.output.show_secret_ids;
    let of_place = |provider: Arc<dyn Provider>, organization: &OrganizationId| {
        let hides_ids = provider.capability().invitation_id_is_secret && !shows_secrets;
        let (name, id) = (provider.name().to_owned(), organization.to_string());
        let with_place =
            move |item: Result<R, Error>| item.map(|row| Placed::new(row, &name, &id, hides_ids));
        Ok::<_, Error>(read(provider, organization)?.map(with_place).boxed())
    };
    if !places.are_many() {
        let list = context.printer().list::<Placed<R>>()?;
        let (provider, organization) = context.place(operation).await?;
        return print(context, list, of_place(Arc::new(provider), &organization)?).await;
    }
    let list = context.printer().list_with::<Placed<R>>(&Placed::<R>::with_place())?;
    let (found, missed) = places.find(context, &read_only(context.config()?)).await?;
    let reads = found.iter().map(|place| {
        let provider = place.provider();
        let able = provider.capability().support(operation).require();
        let able = able.map_err(|error| error.during(provider.name(), operation));
        able.and_then(|()| of_place(Arc::clone(provider), place.organization()))
            .unwrap_or_else(|error| stream::once(async { Err(error) }).boxed())
    });
    let missed = stream::iter(missed.into_iter().map(|missed| Err(missed.error)));
    let reads = reads.chain([missed.boxed()]).collect();
    print_many(context, list, reads).await
}

/// Prints lists that are read side by side, each as a whole, in their order.
///
/// # Errors
///
/// Those of [`print`]; "some of several failed" if any of them could not be read.
pub(crate) async fn print_many<R: Record + Send>(
    context: &Context,
    list: List<'_>,
    lists: Vec<BoxStream<'_, Result<R, Error>>>,
) -> Result<(), Failure> {
    let items =
        stream::iter(lists).map(StreamExt::collect::<Vec<_>>).buffered(PLACES_AT_ONCE).flat_map(stream::iter);
    match print(context, list, items.boxed()).await {
        Err(Failure::Said(_)) => Err(Failure::Said(failure::PARTLY)),
        other => other,
    }
}

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
