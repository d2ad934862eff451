//! `orgport config`

use clap::Subcommand;

use crate::context::Context;
use crate::failure::{self, Failure};
use crate::text;

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Check every provider's settings and find its secrets, without asking any vendor.
    Check,
}

impl Config {
    pub(crate) fn run(&self, context: &Context) -> Result<(), Failure> {
        let Self::Check = self;
        let config = context.config()?;
        let names: Vec<_> = match &context.options.provider {
            Some(name) => vec![name.as_str()],
            None => config.names().collect(),
        };
        let errors: Vec<_> = names.iter().filter_map(|name| config.provider(Some(name)).err()).collect();
        for error in &errors {
            context.console.error(error);
        }
        if !errors.is_empty() {
            return Err(Failure::Said(failure::USAGE));
        }
        let place =
            config.file().map_or_else(|| "The environment".to_owned(), |file| file.display().to_string());
        let count = text::count(names.len(), "provider");
        context.printer().done(&format!("{place}: {count} ready to use ({}).", names.join(", ")))
    }
}
