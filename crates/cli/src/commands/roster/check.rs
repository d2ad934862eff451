//! `orgport roster check`

use std::path::Path;

use super::file::{check_providers, load};
use crate::context::Context;
use crate::failure::Failure;
use crate::text::count;

pub(super) fn run(context: &Context, file: &Path) -> Result<(), Failure> {
    let roster = load(context, file)?;
    match context.config() {
        Ok(config) => check_providers(context, &roster, &config)?,
        Err(error) if context.options.config.is_some() => return Err(error.into()),
        // A pull request need not have the configuration.
        Err(error) => {
            context.console.note(&format!("Whether the providers exist is not checked: {}", error.message()));
        }
    }
    let people = match roster.people().count() {
        1 => "1 person".to_owned(),
        count => format!("{count} people"),
    };
    let places = count(roster.places().len(), "place");
    context.printer().done(&format!("{}: {people} at {places}.", file.display()))
}
