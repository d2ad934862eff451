//! `orgport config`

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Command, Subcommand};
use orgport::Config as Configuration;

use crate::context::Context;
use crate::failure::{self, Failure};
use crate::kinds::Kinds;
use crate::text;
use crate::written::write_new;

/// Where a configuration is looked for first.
const FILE: &str = "orgport.toml";

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Check every provider's settings and find its secrets, without asking any vendor.
    Check,
    /// Write a commented configuration of one provider to begin with, to --config or ./orgport.toml.
    /// Its comments say where the credential comes from. A file that is there is never overwritten.
    Init(Init),
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The vendor. The provider is called so, too, unless --provider names it.
    #[arg(long)]
    kind: String,
}

impl Config {
    /// Lets `init` accept these kinds.
    pub(crate) fn accepting(kinds: &Kinds, config: Command) -> Command {
        let names = PossibleValuesParser::new(kinds.with_example());
        config.mut_subcommand("init", |init| init.mut_arg("kind", |kind| kind.value_parser(names)))
    }

    pub(crate) fn run(&self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Check => check(context),
            Self::Init(init) => init.run(context),
        }
    }
}

impl Init {
    fn run(&self, context: &Context) -> Result<(), Failure> {
        let example = context.kinds.example(&self.kind).expect("no other kinds are accepted");
        let name = context.options.provider.as_deref().unwrap_or(&self.kind);
        let toml = example
            .replace(&format!("[providers.{}", self.kind), &format!("[providers.{name}"))
            .replace(&format!("--provider {}", self.kind), &format!("--provider {name}"));
        // A name that cannot be one is refused here.
        Configuration::from_toml(&toml)?;
        let file = context.options.config.clone().unwrap_or_else(|| PathBuf::from(FILE));
        write_new(&file, &toml)?;
        let edit = format!(
            "{}: written. Edit it; then `orgport config check` and `orgport doctor`.",
            file.display()
        );
        context.printer().done(&edit)
    }
}

fn check(context: &Context) -> Result<(), Failure> {
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
    let place = config.file().map_or_else(|| "The environment".to_owned(), |file| file.display().to_string());
    let count = text::count(names.len(), "provider");
    context.printer().done(&format!("{place}: {count} ready to use ({}).", names.join(", ")))
}
