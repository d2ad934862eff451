//! Finding and reading the places of a roster.

use std::sync::Arc;

use orgport::roster::{Located, Missed, PlaceName, Site};
use orgport::{Error, Provider, SystemClock};

use crate::context::Context;
use crate::failure::Failure;

/// The places of these names, and whether all were found; what was not is told.
pub(super) async fn locate(context: &Context, names: &[PlaceName]) -> Result<(Vec<Located>, bool), Failure> {
    let config = context.config()?;
    let provider =
        |name: &str| -> Result<Arc<dyn Provider>, Error> { Ok(Arc::new(config.provider(Some(name))?)) };
    let (located, missed) = Located::find(names, provider).await;
    for Missed { error, .. } in &missed {
        context.console.error(error);
    }
    Ok((located, missed.is_empty()))
}

/// What is there now, and whether all of it could be read; what could not is told.
pub(super) async fn observe(context: &Context, located: &[Located]) -> (Vec<Site>, bool) {
    let sites = Located::observe(located, &SystemClock::new()).await;
    let errors: Vec<_> = sites
        .iter()
        .flat_map(|site| site.snapshot.members.errors.iter().chain(&site.snapshot.invitations.errors))
        .collect();
    for error in &errors {
        context.console.error(error);
    }
    let is_whole = errors.is_empty();
    (sites, is_whole)
}
