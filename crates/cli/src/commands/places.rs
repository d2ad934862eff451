//! Which places a command over many of them is about.

use std::sync::Arc;

use clap::Args;
use orgport::roster::{Located, Missed, Place, PlaceName, Scope, Site, locate_named};
use orgport::{Config, Error, Provider, SystemClock};

use crate::arguments;
use crate::context::Context;
use crate::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct Places {
    /// Only here: a configured provider, or PROVIDER/ORGANIZATION with an id or name. Every configured
    /// provider if none is given.
    #[arg(long = "place", value_name = "PLACE", value_parser = arguments::place)]
    places: Vec<PlaceName>,
    /// At every organization that the credentials list, not only at the configured ones.
    #[arg(long)]
    all_orgs: bool,
}

/// Where a list is of, when it is not of one place.
#[derive(Debug, Args)]
#[command(next_help_heading = "Of many places")]
pub(crate) struct ListPlaces {
    /// At every configured provider.
    #[arg(long, conflicts_with_all = ["places", "provider", "org"])]
    all: bool,
    /// Here: a configured provider, or PROVIDER/ORGANIZATION with an id or name.
    #[arg(long = "place", value_name = "PLACE", value_parser = arguments::place)]
    places: Vec<PlaceName>,
    /// At every organization that the credential lists, not only at the configured one.
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
        find(self.scopes(context, config)?, config).await
    }

    fn scopes(&self, context: &Context, config: &Config) -> Result<Vec<(String, Scope)>, Failure> {
        let options = &context.options;
        let whole = |named: Scope| match named {
            Scope::Configured if self.all_orgs => Scope::All,
            other => other,
        };
        if !self.places.is_empty() {
            if options.provider.is_some() || options.org.is_some() {
                return Err(Failure::usage("--place says where: leave --provider and --org out"));
            }
            let scope = |name: &PlaceName| (name.provider().to_owned(), whole(name.scope()));
            return Ok(self.places.iter().map(scope).collect());
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
        Ok(names.into_iter().map(|name| (name, whole(Scope::Configured))).collect())
    }
}

impl ListPlaces {
    /// Whether the list is of more than the one place of other commands.
    pub(crate) fn are_many(&self) -> bool {
        self.all || self.all_orgs || !self.places.is_empty()
    }

    /// Finds the places, and tells what could not be found.
    ///
    /// # Errors
    ///
    /// Those of [`Places::find`].
    pub(crate) async fn find(
        &self,
        context: &Context,
        config: &Config,
    ) -> Result<(Vec<Place>, Vec<Missed>), Failure> {
        let places = Places { places: self.places.clone(), all_orgs: self.all_orgs };
        let mut scopes = places.scopes(context, config)?;
        let is_default = !self.all && self.places.is_empty() && context.options.provider.is_none();
        if is_default && context.options.org.is_none() {
            let name = config.default_name()?;
            scopes.retain(|(provider, _)| provider == name);
        }
        find(scopes, config).await
    }
}

async fn find(scopes: Vec<(String, Scope)>, config: &Config) -> Result<(Vec<Place>, Vec<Missed>), Failure> {
    for (name, _) in &scopes {
        config.kind_of(name)?;
    }
    Ok(locate_named(scopes, &configured(config)).await)
}

/// Makes the provider of a name.
fn configured(config: &Config) -> impl Fn(&str) -> Result<Arc<dyn Provider>, Error> {
    |name| Ok(Arc::new(config.provider(Some(name))?))
}

/// The places of a roster, and whether all were found; what was not is told.
pub(crate) async fn locate(context: &Context, names: &[PlaceName]) -> Result<(Vec<Located>, bool), Failure> {
    let (located, missed) = Located::find(names, configured(&context.config()?)).await;
    for Missed { error, .. } in &missed {
        context.console.error(error);
    }
    Ok((located, missed.is_empty()))
}

/// What is there now, and whether all of it could be read; what could not is told.
pub(crate) async fn observe(context: &Context, located: &[Located]) -> (Vec<Site>, bool) {
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
