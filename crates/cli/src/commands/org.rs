//! `orgport org`

use clap::{Args, Subcommand};
use futures_util::future::ready;
use futures_util::stream::{StreamExt, once};
use orgport::{
    AnyProvider, Error, NewOrganization, Operation, Organization, OrganizationId, OrganizationUpdate,
    Organizations, Provider as _, find, stream,
};

use super::lists;
use super::places::read_only;
use super::subject::place;
use crate::confirm::Leave;
use crate::context::{Context, named_organization};
use crate::failure::Failure;
use crate::output::Placed;
use crate::shortened::whole;

#[derive(Debug, Subcommand)]
pub(crate) enum Org {
    /// List the organizations that the credential can see.
    List {
        /// Only those in whose name this stands, whatever the case.
        #[arg(long, value_name = "TEXT")]
        name: Option<String>,
        /// Those of every configured provider.
        #[arg(long, conflicts_with = "provider")]
        all: bool,
    },
    /// Show one organization.
    Get(Which),
    /// Make an organization.
    Create {
        /// Its name.
        name: String,
        /// Its description, where the vendor has one.
        #[arg(long)]
        description: Option<String>,
    },
    /// Change an organization's name or description.
    Update {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        change: Change,
    },
    /// Delete an organization with everything in it.
    Delete(Which),
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The organization, by id or name; that of --org or the configured one if not given.
    #[arg(value_name = "ORG")]
    organization: Option<String>,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Change {
    /// The new name.
    #[arg(long)]
    name: Option<String>,
    /// The new description.
    #[arg(long)]
    description: Option<String>,
}

impl Which {
    /// As it was named on the command line.
    fn named<'a>(&'a self, context: &'a Context) -> Option<&'a str> {
        self.organization.as_deref().or(context.options.org.as_deref())
    }

    async fn find(&self, context: &Context, provider: &AnyProvider) -> Result<Organization, Error> {
        if let Some(org) = self.named(context) {
            let org = whole(org, stream::organizations(provider), |one| one.id.as_str()).await?;
            return find::organization(provider, &org).await;
        }
        let id = context.organization(provider, Operation::GetOrganization).await?;
        provider.get_organization(&id).await
    }

    async fn id(
        &self,
        context: &Context,
        provider: &AnyProvider,
        operation: Operation,
    ) -> Result<OrganizationId, Error> {
        match self.named(context) {
            Some(org) => named_organization(provider, org, operation).await,
            None => context.organization(provider, operation).await,
        }
    }
}

impl Org {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::List { name, all } => list(context, name.as_deref(), *all).await,
            Self::Get(which) => {
                let provider = context.provider_for(Operation::GetOrganization)?;
                context.printer().one(&which.find(context, &provider).await?)
            }
            Self::Create { name, description } => {
                let new = NewOrganization::new(name);
                let new = match description {
                    Some(description) => new.with_description(description),
                    None => new,
                };
                let provider = context.provider_for(Operation::CreateOrganization)?;
                context.printer().one(&provider.create_organization(new).await?)
            }
            Self::Update { which, change } => {
                let provider = context.provider_for(Operation::UpdateOrganization)?;
                let id = which.id(context, &provider, Operation::UpdateOrganization).await?;
                let mut update = OrganizationUpdate::new();
                update.name.clone_from(&change.name);
                update.description.clone_from(&change.description);
                context.printer().one(&provider.update_organization(&id, update).await?)
            }
            Self::Delete(which) => {
                let provider = context.provider_for(Operation::DeleteOrganization)?;
                let leave = context.leave()?;
                let id = which.id(context, &provider, Operation::DeleteOrganization).await?;
                let asked = which.named(context).unwrap_or(id.as_str());
                if matches!(leave, Leave::Ask) {
                    let place = place(&provider, &id).await;
                    let question = format!("Delete the organization {place} ({id}) with everything in it?");
                    leave.ask(context.console, &question).await?;
                }
                provider.delete_organization(&id).await?;
                context.printer().done(&format!("Organization {asked} is deleted."))
            }
        }
    }
}

/// Prints the organizations of one provider or of every configured one. What fails at one provider is
/// told and leaves the others alone.
async fn list(context: &Context, name: Option<&str>, all: bool) -> Result<(), Failure> {
    let name = name.map(str::to_lowercase);
    let organizations = |provider: AnyProvider| {
        let (at, name) = (provider.name().to_owned(), name.clone());
        let is_meant = move |found: &Organization| {
            name.as_ref().is_none_or(|name| found.name.to_lowercase().contains(name))
        };
        stream::organizations(provider)
            .filter(move |item| ready(item.as_ref().map_or(true, &is_meant)))
            .map(move |item| {
                item.map(|found| {
                    let id = found.id.to_string();
                    Placed::new(found, &at, &id, false)
                })
            })
            .boxed()
    };
    let operation = Operation::ListOrganizations;
    if !all {
        let printed = context.printer().list::<Placed<Organization>>()?;
        return lists::print(context, printed, organizations(context.provider_for(operation)?)).await;
    }
    let config = read_only(context.config()?);
    let printed =
        context.printer().list_with::<Placed<Organization>>(&["provider", "name", "description", "id"])?;
    let lists_of = config.names().map(|name| match config.provider(Some(name)) {
        Ok(provider) => organizations(provider),
        Err(error) => once(ready(Err(error))).boxed(),
    });
    lists::print_many(context, printed, lists_of.collect()).await
}
