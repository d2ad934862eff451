//! What each step was on each vendor, and how many mails each person had.

use std::collections::BTreeMap;
use std::io;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::stage::{PEOPLE, Stage, person};
use crate::context::Context;
use crate::failure::Failure;
use crate::options::Format;
use crate::output::{Cell, print_table};
use crate::text;

/// The steps in the order of the story.
pub(super) const STEPS: [&str; 10] = [
    "create an organization",
    "invite several people",
    "list and filter",
    "resend",
    "accept an invitation",
    "list members",
    "change a role",
    "revoke",
    "invite again",
    "survive a lost answer",
];

/// What became of the story on one vendor.
#[derive(Debug, Serialize)]
pub(super) struct Chapter {
    #[serde(skip)]
    kind: &'static str,
    steps: BTreeMap<&'static str, &'static str>,
    mails: BTreeMap<&'static str, usize>,
}

impl Chapter {
    pub(super) fn new(kind: &'static str) -> Self {
        Self { kind, steps: BTreeMap::new(), mails: BTreeMap::new() }
    }

    /// Notes how a step was done.
    pub(super) fn note(&mut self, step: &'static str, how: &'static str) {
        debug_assert!(STEPS.contains(&step), "{step} is in the table");
        self.steps.insert(step, how);
    }

    pub(super) fn count_mails(&mut self, stage: &dyn Stage) {
        self.mails = PEOPLE.iter().map(|name| (*name, stage.mails(&person(name)))).collect();
    }
}

#[derive(Serialize)]
pub(super) struct Summary<'a> {
    ok: bool,
    broken: &'a [String],
    providers: BTreeMap<&'static str, &'a Chapter>,
    #[serde(skip)]
    chapters: &'a [Chapter],
}

impl<'a> Summary<'a> {
    pub(super) fn new(chapters: &'a [Chapter], broken: &'a [String]) -> Self {
        let providers = chapters.iter().map(|chapter| (chapter.kind, chapter)).collect();
        Self { ok: broken.is_empty(), broken, providers, chapters }
    }

    pub(super) fn print(&self, context: &Context) -> Result<(), Failure> {
        match context.format() {
            Format::Json => context.printer().json(self)?,
            Format::Csv => self.print_csv()?,
            Format::Table => self.print_table()?,
        }
        Ok(())
    }

    fn rows(&self) -> impl Iterator<Item = (String, Vec<String>)> {
        let steps = STEPS.iter().map(|step| {
            let how =
                |chapter: &Chapter| chapter.steps.get(step).copied().unwrap_or("not reached").to_owned();
            ((*step).to_owned(), self.chapters.iter().map(how).collect())
        });
        let mails = PEOPLE.iter().map(|name| {
            let count = |chapter: &Chapter| chapter.mails.get(name).copied().unwrap_or_default().to_string();
            (format!("mails to {name}"), self.chapters.iter().map(count).collect())
        });
        steps.chain(mails)
    }

    fn print_csv(&self) -> Result<(), Failure> {
        let mut csv = csv::Writer::from_writer(io::stdout());
        csv.write_record(["step"].into_iter().chain(self.chapters.iter().map(|chapter| chapter.kind)))?;
        for (name, values) in self.rows() {
            csv.write_record(std::iter::once(name).chain(values))?;
        }
        Ok(csv.flush()?)
    }

    fn print_table(&self) -> io::Result<()> {
        let mut lines = vec![vec![Cell::head("step")]];
        lines[0].extend(self.chapters.iter().map(|chapter| Cell::head(chapter.kind)));
        for (name, values) in self.rows() {
            let mut line = vec![Cell::from(name)];
            line.extend(values.iter().map(|value| cell(if value == "not at all" { "-" } else { value })));
            lines.push(line);
        }
        print_table(&lines)?;
        let verdict = match self.broken.len() {
            0 => "Everything held: nobody was mailed twice for one invitation (-: not at all).".to_owned(),
            count => format!("{} did not hold: {}", text::count(count, "thing"), self.broken.join("; ")),
        };
        print_table(&[vec![Cell::from("")], vec![verdict.into()]])
    }
}

fn cell(value: &str) -> Cell {
    let style = match value {
        "native" | "held" => AnsiColor::Green.on_default(),
        "composed" | "browser" => AnsiColor::Yellow.on_default(),
        "-" => Style::new().dimmed(),
        _ => Style::new(),
    };
    Cell::new(value, style)
}
