//! `orgport invitation list`

use std::sync::Arc;

use clap::Args;
use orgport::roster::access::{Report, Row, State};
use orgport::roster::{Place, observe};
use orgport::{Operation, Provider, SystemClock, stream};

use crate::commands::lists;
use crate::commands::places::{ListPlaces, read_only};
use crate::context::Context;
use crate::failure::{self, Failure};
use crate::filters::{Filter, Filters as _, InvitationFilters, Undated};

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    filters: InvitationFilters,
    #[command(flatten)]
    places: ListPlaces,
    /// The members too: one list of who is in and who is asked, in the form of `access`.
    #[arg(long, conflicts_with_all = ["status", "older_than", "expires_within"])]
    with_members: bool,
}

impl List {
    pub(super) async fn run(&self, context: &Context) -> Result<(), Failure> {
        if self.with_members {
            return self.everybody(context).await;
        }
        let (config, undated) = (context.config()?, Undated::default());
        let listed =
            lists::print_placed(context, &self.places, Operation::ListInvitations, |provider, org| {
                let filter =
                    Filter::new(&self.filters, &config, provider.name(), &undated)?.keeping_unknown();
                Ok(filter.over(stream::invitations(provider, org, &self.filters.asked())))
            });
        let listed = listed.await;
        undated.note(context.console);
        listed
    }

    /// Who is in and who is asked.
    async fn everybody(&self, context: &Context) -> Result<(), Failure> {
        let config = read_only(context.config()?);
        let (places, missed) = if self.places.are_many() {
            self.places.find(context, &config).await?
        } else {
            let (provider, organization) = context.place(Operation::ListInvitations).await?;
            (vec![Place::new(Arc::new(provider), organization)], Vec::new())
        };
        let report = Report::of(&observe(&places, &SystemClock::new()).await, &missed);
        let mut list = context.printer().list::<Row>()?;
        for row in &report.rows {
            // What could not be read may be about anybody.
            if !matches!(row.state, State::Member | State::Invited(_)) || self.passes(row, &config)? {
                list.push(row)?;
            }
        }
        list.end()?;
        for error in report.rows.iter().filter_map(|row| row.error.as_ref()) {
            context.console.error(error);
        }
        if report.is_whole() { Ok(()) } else { Err(Failure::Said(failure::PARTLY)) }
    }

    fn passes(&self, row: &Row, config: &orgport::Config) -> Result<bool, Failure> {
        let roles = self.filters.roles_at(config, &row.provider)?;
        let has_role = roles.is_empty() || row.role.as_ref().is_some_and(|role| roles.contains(role));
        Ok(has_role && self.filters.is_to(row.address.as_ref()))
    }
}
