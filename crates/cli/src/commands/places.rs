//! Which places a command over many of them is about.

use std::sync::Arc;

use clap::Args;
use orgport::roster::{Missed, Place, PlaceName, Scope, Target, locate};
use orgport::{Config, Error, ErrorKind};

use crate::context::Context;
use crate::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct Places {
    /// Only here: a configured provider, or PROVIDER/ORGANIZATION with an id or name. Every configured
    /// provider if none is given.
    #[arg(long = "place", value_name = "PLACE")]
    places: Vec<String>,
    /// At every organization that the credentials list, not only at the configured ones.
    #[arg(long)]
    all_orgs: bool,
}

/// The same configuration, with which nothing can be changed.
pub(crate) fn read_only(config: Config) -> Config {
    config.with_settings(|settings| {
        settings.read_only = true;
        Ok(())
    })
}

impl Places {
    /// Finds the places, and tells what could not be found.
    ///
    /// # Errors
    ///
    /// `Config` or `InvalidInput` for providers that are not configured and what is said twice.
    pub(crate) async fn find(
        &self,
        context: &Context,
        config: &Config,
    ) -> Result<(Vec<Place>, Vec<Missed>), Failure> {
        let (mut targets, mut missed) = (Vec::new(), Vec::new());
        for (name, scope) in self.scopes(context, config)? {
            config.kind_of(&name)?;
            match config.provider(Some(&name)) {
                Ok(provider) => targets.push(Target::new(Arc::new(provider), scope)),
                Err(error) => missed.push(Missed::provider(name, error)),
            }
        }
        let (places, unfound) = locate(&targets).await;
        missed.extend(unfound);
        Ok((places, missed))
    }

    fn scopes(&self, context: &Context, config: &Config) -> Result<Vec<(String, Scope)>, Failure> {
        let options = &context.options;
        let whole = || if self.all_orgs { Scope::All } else { Scope::Configured };
        if !self.places.is_empty() {
            if options.provider.is_some() || options.org.is_some() {
                return Err(Failure::usage("--place says where: leave --provider and --org out"));
            }
            let scope = |text: &String| {
                let name = PlaceName::parse(text)?;
                let scope =
                    name.organization().map(|organization| Scope::Organization(organization.to_owned()));
                Ok((name.provider().to_owned(), scope.unwrap_or_else(whole)))
            };
            return self.places.iter().map(scope).collect();
        }
        if let Some(org) = &options.org {
            if self.all_orgs {
                return Err(Failure::usage("--org names one organization, and --all-orgs means all"));
            }
            let provider = options.provider.as_deref().map_or_else(|| config.default_name(), Ok)?;
            return Ok(vec![(provider.to_owned(), Scope::Organization(org.clone()))]);
        }
        let names: Vec<_> = match &options.provider {
            Some(name) => vec![name.clone()],
            None => config.names().map(str::to_owned).collect(),
        };
        if names.is_empty() {
            let what =
                "no provider is configured: `orgport config init` writes a configuration to begin with";
            return Err(Error::new(ErrorKind::Config, what).into());
        }
        Ok(names.into_iter().map(|name| (name, whole())).collect())
    }
}
