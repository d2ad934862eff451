//! `orgport access`

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use orgport::roster::access::{Finding, Report, Row};
use orgport::roster::{Roster, Subject, html, observe};
use orgport::{Error, ErrorKind, SystemClock};

use super::places::{Places, read_only};
use crate::context::Context;
use crate::failure::{self, Failure};
use crate::options::{Format, Written};
use crate::output::{Column, Record};
use crate::text::present;

#[derive(Debug, Args)]
pub(crate) struct Access {
    /// Only these people, by address or by user or member id; with --roster, by name too.
    #[arg(value_name = "PERSON")]
    people: Vec<String>,
    #[command(flatten)]
    places: Places,
    /// Call people as this roster does, and tell what differs from it.
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    /// Only what stands out.
    #[arg(long)]
    findings: bool,
}

impl Access {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        if self.findings && context.options.output.written == Written::Html {
            return Err(Failure::usage("a page has the findings on top in any case: leave --findings out"));
        }
        let roster = self.roster.as_ref().map(Roster::load).transpose().map_err(Error::from)?;
        let people: Vec<_> = self
            .people
            .iter()
            // Whoever is named by one address or account is the person with all of them.
            .map(|text| match roster.as_ref().and_then(|roster| roster.find(text).ok()) {
                Some((_, person)) => Ok(Subject::of(text, person)),
                None => Subject::parse(text),
            })
            .collect::<Result<_, Error>>()?;
        // What only reads is made unable to do more.
        let config = read_only(context.config()?);
        let (places, missed) = self.places.find(context, &config).await?;
        let snapshots = observe(&places, &SystemClock::new()).await;
        let report = match &roster {
            Some(roster) => Report::against(roster, &snapshots, &missed),
            None => Report::of(&snapshots, &missed),
        };
        let absent = report.absent(&people);
        let nobody = !people.is_empty() && absent.len() == people.len();
        for person in &absent {
            let what = format!("{person} is at none of these places, as far as they could be read");
            context.console.error(&Error::new(ErrorKind::NotFound, what));
        }
        let report = report.only(&people);
        self.print(context, &report)?;
        for error in report.rows.iter().filter_map(|row| row.error.as_ref()) {
            context.console.error(error);
        }
        match (report.is_whole(), nobody) {
            (true, false) if absent.is_empty() => Ok(()),
            (true, true) => Err(Failure::Said(failure::exit_code(ErrorKind::NotFound))),
            _ => Err(Failure::Said(failure::PARTLY)),
        }
    }

    fn print(&self, context: &Context, report: &Report) -> Result<(), Failure> {
        if context.options.output.written == Written::Html {
            let page = html::page(report, env!("CARGO_PKG_VERSION"));
            return Ok(std::io::stdout().write_all(page.as_bytes())?);
        }
        let for_people = context.format() == Format::Table;
        if !self.findings {
            let mut list = context.printer().list::<Row>()?;
            for row in &report.rows {
                list.push(row)?;
            }
            list.end()?;
        }
        // Programs ask for them by --findings; rows have their words in any case.
        if self.findings || (for_people && !report.findings.is_empty()) {
            if !self.findings {
                writeln!(anstream::stdout())?;
            }
            let mut list = context.printer().list::<Finding>()?;
            for finding in &report.findings {
                list.push(finding)?;
            }
            list.end()?;
        }
        Ok(())
    }
}

impl Record for Row {
    const COLUMNS: &'static [Column] = &[
        Column::text("person"),
        Column::address("address"),
        Column::account("account").unlisted(),
        Column::text("place").unlisted(),
        Column::text("provider"),
        Column::word("kind").unlisted(),
        Column::id("organization").unlisted(),
        Column::text("organization_name"),
        Column::word("state"),
        Column::word("role"),
        Column::word("native_role").unlisted(),
        Column::time("since").unlisted(),
        Column::time("expires").unlisted(),
        Column::id("member_id").unlisted(),
        Column::id("user_id").unlisted(),
        Column::word("findings").unlisted(),
        Column::prose("error").unlisted(),
    ];

    fn values(&self) -> Vec<String> {
        let words: Vec<_> = self.findings.iter().map(|finding| finding.as_str()).collect();
        vec![
            self.person.clone(),
            present(self.address.as_ref()),
            self.account.as_ref().map_or_else(String::new, |name| format!("@{name}")),
            self.place.clone(),
            self.provider.clone(),
            self.kind.clone(),
            present(self.organization.as_ref()),
            present(self.organization_name.as_ref()),
            self.state.to_string(),
            present(self.role.as_ref()),
            present(self.native_role.as_ref()),
            present(self.since.as_ref()),
            present(self.expires.as_ref()),
            present(self.member_id.as_ref()),
            present(self.user_id.as_ref()),
            words.join(" "),
            present(self.error.as_ref()),
        ]
    }
}

impl Record for Finding {
    const COLUMNS: &'static [Column] = &[
        Column::word("finding"),
        Column::text("place").unlisted(),
        Column::text("provider").unlisted(),
        Column::id("organization").unlisted(),
        Column::text("person").unlisted(),
        Column::address("address").unlisted(),
        Column::prose("sentence"),
    ];
}
