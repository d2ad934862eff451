//! Which rows of a list are meant.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clap::Args;
use futures_util::future::ready;
use futures_util::stream::{BoxStream, StreamExt};
use orgport::{
    Config, Email, Error, Invitation, InvitationFilter, InvitationStatus, Member, Role, Timestamp,
};

use crate::arguments;
use crate::console::Console;
use crate::text::count;

/// Whose address it is: one person's, or anybody's of a domain.
#[derive(Debug, Clone)]
pub(crate) enum Addressed {
    To(Email),
    /// With the `@`, as address keys have it.
    In(String),
}

impl Addressed {
    /// Reads an address, or a domain as `@acme.example`.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        if text.trim().starts_with('@') {
            let anybody = Email::parse(&format!("x{}", text.trim()))?;
            return Ok(Self::In(anybody.key()[1..].to_owned()));
        }
        Email::parse(text).map(Self::To)
    }

    fn accepts(&self, email: Option<&Email>) -> bool {
        email.is_some_and(|email| match self {
            Self::To(wanted) => email == wanted,
            Self::In(domain) => email.key().ends_with(domain),
        })
    }
}

fn addressed(text: &str) -> Result<Addressed, String> {
    Addressed::parse(text).map_err(|error| error.message().to_owned())
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Only some of them")]
pub(crate) struct InvitationFilters {
    /// Only these statuses: pending, accepted, declined, expired, failed.
    #[arg(long, value_name = "STATUS,…", value_delimiter = ',', value_parser = arguments::status)]
    status: Vec<InvitationStatus>,
    /// Only these roles.
    #[arg(long = "role", value_name = "ROLE,…", value_delimiter = ',')]
    roles: Vec<String>,
    /// Only those to this address, or to anybody of a domain: @acme.example
    #[arg(long, value_name = "EMAIL|@DOMAIN", value_parser = addressed)]
    email: Option<Addressed>,
    /// Only those made so long ago: 12h, 7d, 2w
    #[arg(long, value_name = "TIME", value_parser = arguments::span)]
    older_than: Option<Duration>,
    /// Only those that wait and end within this time: 12h, 7d, 2w
    #[arg(long, value_name = "TIME", value_parser = arguments::span)]
    expires_within: Option<Duration>,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Only some of them")]
pub(crate) struct MemberFilters {
    /// Only these roles.
    #[arg(long = "role", value_name = "ROLE,…", value_delimiter = ',')]
    roles: Vec<String>,
    /// Only those of this address, or of a domain: @acme.example
    #[arg(long, value_name = "EMAIL|@DOMAIN", value_parser = addressed)]
    email: Option<Addressed>,
    /// Only those in whose name this stands, whatever the case.
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Only those who came in so long ago: 12h, 7d, 2w
    #[arg(long, value_name = "TIME", value_parser = arguments::span)]
    older_than: Option<Duration>,
}

/// What passes, at one provider and from one moment.
pub(crate) struct Filter<F> {
    filters: F,
    roles: Vec<Role>,
    now: Timestamp,
    /// Whether a status that nobody knows may be any.
    keeps_unknown: bool,
    undated: Undated,
}

/// How many rows were left out because they show no time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Undated(Arc<AtomicUsize>);

impl Undated {
    /// Tells of rows that may have been meant.
    pub(crate) fn note(&self, console: Console) {
        let rows = self.0.load(Ordering::Relaxed);
        if rows > 0 {
            let rows = count(rows, "row");
            console
                .note(&format!("{rows} without a time: whether --older-than holds is not known, left out"));
        }
    }
}

impl<F: Filters> Filter<F> {
    /// # Errors
    ///
    /// `InvalidInput` for a role that the provider does not know.
    pub(crate) fn new(
        filters: &F,
        config: &Config,
        provider: &str,
        undated: &Undated,
    ) -> Result<Self, Error> {
        let roles = filters.roles_at(config, provider)?;
        let (filters, undated) = (filters.clone(), undated.clone());
        Ok(Self { filters, roles, now: Timestamp::now(), keeps_unknown: false, undated })
    }

    /// The same for a list to look at, where a status that nobody knows is not hidden.
    pub(crate) fn keeping_unknown(self) -> Self {
        Self { keeps_unknown: true, ..self }
    }

    /// The rows that are meant, and what could not be read.
    pub(crate) fn over<E>(
        self,
        rows: BoxStream<'static, Result<F::Row, E>>,
    ) -> BoxStream<'static, Result<F::Row, E>>
    where
        F: Send + 'static,
        F::Row: Send,
        E: Send + 'static,
    {
        rows.filter(move |row| ready(row.as_ref().map_or(true, |row| self.accepts(row)))).boxed()
    }

    /// Whether a row is meant. One that shows no time is not older than anything.
    pub(crate) fn accepts(&self, row: &F::Row) -> bool {
        let role = F::role(row);
        if !(self.roles.is_empty() || role.is_some_and(|role| self.roles.contains(role)))
            || !(self.keeps_unknown && F::is_unknown(row) || self.filters.has_status(row))
            || !self.filters.accepts(row, self.now)
        {
            return false;
        }
        match (self.filters.older_than(), F::since(row)) {
            (None, _) => true,
            (Some(age), Some(since)) => self.now.saturating_since(since) >= age,
            (Some(_), None) => {
                self.undated.0.fetch_add(1, Ordering::Relaxed);
                false
            }
        }
    }
}

/// Filters for one kind of row.
pub(crate) trait Filters: Clone {
    type Row;

    /// Whether anything is filtered.
    fn are_set(&self) -> bool;
    fn roles(&self) -> &[String];

    /// # Errors
    ///
    /// `InvalidInput` for a role that the provider does not know.
    fn roles_at(&self, config: &Config, provider: &str) -> Result<Vec<Role>, Error> {
        self.roles().iter().map(|word| config.role(provider, word)).collect()
    }

    fn older_than(&self) -> Option<Duration>;
    fn role(row: &Self::Row) -> Option<&Role>;
    fn since(row: &Self::Row) -> Option<Timestamp>;
    /// Whether nobody knows what its status means.
    fn is_unknown(_: &Self::Row) -> bool {
        false
    }
    fn has_status(&self, _: &Self::Row) -> bool {
        true
    }
    /// All but roles, status and age.
    fn accepts(&self, row: &Self::Row, now: Timestamp) -> bool;
}

impl InvitationFilters {
    /// Whether an address passes.
    pub(crate) fn is_to(&self, email: Option<&Email>) -> bool {
        self.email.as_ref().is_none_or(|wanted| wanted.accepts(email))
    }

    /// What of it the library knows how to ask for.
    pub(crate) fn asked(&self) -> InvitationFilter {
        let mut asked = InvitationFilter::all();
        asked.statuses.clone_from(&self.status);
        if let Some(Addressed::To(email)) = &self.email {
            asked.email = Some(email.clone());
        }
        asked
    }

    /// The same with these statuses, if none are asked for.
    pub(crate) fn or_status(&self, status: &[InvitationStatus]) -> Self {
        let mut filters = self.clone();
        if filters.status.is_empty() {
            filters.status = status.to_vec();
        }
        filters
    }
}

impl Filters for InvitationFilters {
    type Row = Invitation;

    fn are_set(&self) -> bool {
        let Self { status, roles, email, older_than, expires_within } = self;
        !status.is_empty() || !roles.is_empty() || email.is_some() || older_than.or(*expires_within).is_some()
    }

    fn roles(&self) -> &[String] {
        &self.roles
    }

    fn older_than(&self) -> Option<Duration> {
        self.older_than
    }

    fn role(row: &Invitation) -> Option<&Role> {
        row.role.as_ref()
    }

    fn since(row: &Invitation) -> Option<Timestamp> {
        row.created_at
    }

    fn is_unknown(row: &Invitation) -> bool {
        matches!(row.status, InvitationStatus::Unknown(_))
    }

    fn has_status(&self, row: &Invitation) -> bool {
        self.status.is_empty() || self.status.contains(&row.status)
    }

    fn accepts(&self, row: &Invitation, now: Timestamp) -> bool {
        let ends = |within: Duration| {
            // One that waits though its end is past by this clock ends soonest of all.
            row.is_pending() && row.expires_at.is_some_and(|at| at <= now.saturating_add(within))
        };
        self.is_to(row.email.as_ref()) && self.expires_within.is_none_or(ends)
    }
}

impl Filters for MemberFilters {
    type Row = Member;

    fn are_set(&self) -> bool {
        let Self { roles, email, name, older_than } = self;
        !roles.is_empty() || email.is_some() || name.is_some() || older_than.is_some()
    }

    fn roles(&self) -> &[String] {
        &self.roles
    }

    fn older_than(&self) -> Option<Duration> {
        self.older_than
    }

    fn role(row: &Member) -> Option<&Role> {
        row.role.as_ref()
    }

    fn since(row: &Member) -> Option<Timestamp> {
        row.joined_at
    }

    fn accepts(&self, row: &Member, _: Timestamp) -> bool {
        let is_named = |text: &String| {
            row.name.as_ref().is_some_and(|name| name.to_lowercase().contains(&text.to_lowercase()))
        };
        self.email.as_ref().is_none_or(|email| email.accepts(row.email.as_ref()))
            && self.name.as_ref().is_none_or(is_named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_everybody_of_it_and_of_no_other() {
        let acme = Addressed::parse("@Acme.example").expect("a domain");
        let accepts = |text: &str| acme.accepts(Some(&Email::verbatim(text)));
        assert!(accepts("ada@acme.example") && accepts("Bob@ACME.EXAMPLE"));
        assert!(!accepts("ada@not-acme.example") && !accepts("ada@acme.example.org") && !acme.accepts(None));
        let ada = Addressed::parse("Ada@acme.example").expect("an address");
        assert!(ada.accepts(Some(&Email::verbatim("ada@acme.example"))));
        assert!(Addressed::parse("@").is_err() && Addressed::parse("ada").is_err());
    }

    #[test]
    fn ages_and_ends_are_judged_from_one_moment() {
        let now = Timestamp::parse("2026-06-10T00:00:00Z").expect("a time");
        let time = |day: &str| Timestamp::parse(&format!("2026-06-{day}T00:00:00Z")).expect("a time");
        let undated = Undated::default();
        let day = Duration::from_hours(24);
        let filter = |older_than, expires_within| {
            let filters =
                InvitationFilters { status: vec![], roles: vec![], email: None, older_than, expires_within };
            Filter { filters, roles: vec![], now, keeps_unknown: false, undated: undated.clone() }
        };
        let mut row = Invitation::new("1".parse().expect("an id"), InvitationStatus::Pending);
        (row.created_at, row.expires_at) = (Some(time("03")), Some(time("12")));
        assert!(filter(Some(7 * day), None).accepts(&row) && !filter(Some(8 * day), None).accepts(&row));
        assert!(filter(None, Some(2 * day)).accepts(&row) && !filter(None, Some(day)).accepts(&row));
        row.status = InvitationStatus::Expired;
        assert!(!filter(None, Some(2 * day)).accepts(&row), "it has ended");
        row.created_at = None;
        assert!(!filter(Some(day), None).accepts(&row));
        assert_eq!(undated.0.load(Ordering::Relaxed), 1, "that is told");
    }

    #[test]
    fn an_unknown_status_is_listed_and_never_meant() {
        let filters = InvitationFilters {
            status: vec![InvitationStatus::Pending],
            roles: vec![],
            email: None,
            older_than: None,
            expires_within: None,
        };
        let undated = Undated::default();
        let filter = Filter { filters, roles: vec![], now: Timestamp::now(), keeps_unknown: false, undated };
        let row = Invitation::new("1".parse().expect("an id"), InvitationStatus::Unknown("odd".to_owned()));
        assert!(!filter.accepts(&row) && filter.keeping_unknown().accepts(&row));
    }
}
