//! What commands work with: the options, the configured provider, the organization.

use std::sync::Arc;

use orgport::{
    AnyProvider, Config, Error, ErrorKind, Operation, OrganizationId, Provider, Stop, find, stream,
};

use crate::clock::ShowingClock;
use crate::confirm::Leave;
use crate::console::Console;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::kinds::Kinds;
use crate::options::{Format, Options};
use crate::output::Printer;
use crate::progress::Progress;
use crate::shortened::whole;
use crate::state;

/// The surroundings of one command.
pub(crate) struct Context {
    pub(crate) options: Options,
    pub(crate) console: Console,
    pub(crate) progress: Arc<Progress>,
    pub(crate) interrupt: Interrupt,
    pub(crate) kinds: Kinds,
    /// What asks the providers to come to their end.
    stop: Stop,
}

impl Context {
    pub(crate) fn new(options: Options, console: Console, kinds: Kinds) -> Self {
        let interrupt = Interrupt::default();
        let stop = interrupt.stop().clone();
        Self { options, console, progress: Arc::new(Progress::new(console)), interrupt, kinds, stop }
    }

    /// The same for work that stops by itself where it can, and finishes what must not be left half
    /// done.
    pub(crate) fn stopping_itself(&self) -> Self {
        let Self { options, console, progress, interrupt, kinds, .. } = self;
        Self {
            options: options.clone(),
            console: *console,
            progress: Arc::clone(progress),
            interrupt: interrupt.clone(),
            kinds: kinds.clone(),
            stop: Stop::new(),
        }
    }

    pub(crate) fn format(&self) -> Format {
        self.options.output.format
    }

    /// Where results go.
    pub(crate) fn printer(&self) -> Printer<'_> {
        Printer::new(&self.options.output, self.options.quiet)
    }

    /// Where a provider's results go: without the ids that are secrets there.
    pub(crate) fn printer_of(&self, provider: &AnyProvider) -> Printer<'_> {
        self.printer().hiding_invitation_ids(provider.capability().invitation_id_is_secret)
    }

    /// The configuration, with waits that are shown and tokens that outlive the command.
    pub(crate) fn config(&self) -> Result<Config, Error> {
        let config = match &self.options.config {
            Some(file) => Config::load(file),
            None => Config::discover(),
        }?;
        if config.names().next().is_none() {
            config.default_name().map_err(|error| {
                let what = format!("{}; `orgport config init` writes a file to begin with", error.message());
                Error::new(ErrorKind::Config, what)
            })?;
        }
        let clock = ShowingClock::new(Arc::clone(&self.progress));
        let config = self.kinds.known_to(config);
        Ok(state::shared(config.with_clock(Arc::new(clock)).with_stop(self.stop.clone())))
    }

    /// The provider that was named, or the default one.
    pub(crate) fn provider(&self) -> Result<AnyProvider, Error> {
        self.config()?.provider(self.options.provider.as_deref())
    }

    /// The same, if it can do what is asked for: what it cannot is refused before anything is looked
    /// up.
    pub(crate) fn provider_for(&self, operation: Operation) -> Result<AnyProvider, Error> {
        self.provider_from(&self.config()?, operation)
    }

    /// The same of another configuration.
    pub(crate) fn provider_from(&self, config: &Config, operation: Operation) -> Result<AnyProvider, Error> {
        let provider = config.provider(self.options.provider.as_deref())?;
        let able = provider.capability().support(operation).require();
        able.map_err(|error| error.during(provider.name(), operation))?;
        Ok(provider)
    }

    /// The organization that was named for an operation, or the configured one.
    pub(crate) async fn organization(
        &self,
        provider: &AnyProvider,
        operation: Operation,
    ) -> Result<OrganizationId, Error> {
        match &self.options.org {
            Some(org) => named_organization(provider, org, operation).await,
            None => configured_organization(provider),
        }
    }

    /// The provider and the organization for an operation.
    pub(crate) async fn place(&self, operation: Operation) -> Result<(AnyProvider, OrganizationId), Error> {
        let provider = self.provider_for(operation)?;
        let organization = self.organization(&provider, operation).await?;
        Ok((provider, organization))
    }

    /// Leave to do what cannot be undone.
    pub(crate) fn leave(&self) -> Result<Leave, Failure> {
        Leave::of(self.options.yes)
    }
}

/// The id of an organization that was named for an operation, by id or name.
pub(crate) async fn named_organization(
    provider: &AnyProvider,
    named: &str,
    operation: Operation,
) -> Result<OrganizationId, Error> {
    let find = async {
        let named = whole(named, stream::organizations(provider), |one| one.id.as_str()).await?;
        find::organization_id(provider, &named).await
    };
    find.await.map_err(|error| error.within(operation))
}

fn configured_organization(provider: &AnyProvider) -> Result<OrganizationId, Error> {
    provider.default_organization().cloned().ok_or_else(|| {
        let name = provider.name();
        let message = format!(
            "which organization? Pass --org ID or NAME, or set organization in [providers.{name}]; \
             `orgport org list` shows what there is"
        );
        Error::new(ErrorKind::Config, message)
    })
}
