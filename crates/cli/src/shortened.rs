//! Ids as tables show them, whole again.

use std::borrow::Cow;

use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use orgport::{Error, ErrorKind};

/// The id that `3f0c7c1e…` was cut from, as far as `all` has one that begins so; anything else as it
/// is written.
///
/// # Errors
///
/// Those of the list; `Conflict` if several begin so.
pub(crate) async fn whole<'a, T>(
    written: &'a str,
    all: BoxStream<'_, Result<T, Error>>,
    id: impl Fn(&T) -> &str,
) -> Result<Cow<'a, str>, Error> {
    let beginning = match written.strip_suffix('…').or_else(|| written.strip_suffix("...")) {
        Some(beginning) if !beginning.is_empty() => beginning,
        _ => return Ok(written.into()),
    };
    let all: Vec<T> = all.try_collect().await?;
    let mut found: Vec<_> = all.iter().map(id).filter(|id| id.starts_with(beginning)).collect();
    found.dedup();
    match found.as_slice() {
        [] => Ok(written.into()),
        [one] => Ok((*one).to_owned().into()),
        several => {
            let message = format!("{} ids begin with {beginning}: pass a whole one (--full)", several.len());
            Err(Error::new(ErrorKind::Conflict, message))
        }
    }
}
