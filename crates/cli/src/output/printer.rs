//! Printing one result, or many as they come.

use std::io::{self, Write};

use orgport::Timestamp;
use serde::Serialize;

use super::cell::{Cell, print_table};
use super::record::{Column, Kind, Record};
use super::records::Done;
use super::table::Table;
use crate::failure::Failure;
use crate::formula::guarded;
use crate::json;
use crate::options::{Format, Output};
use crate::text::{age, clean};

/// Prints results.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printer<'a> {
    output: &'a Output,
    quiet: bool,
    hides_invitation_ids: bool,
}

impl<'a> Printer<'a> {
    /// `quiet` leaves out what is no result.
    pub(crate) fn new(output: &'a Output, quiet: bool) -> Self {
        Self { output, quiet, hides_invitation_ids: false }
    }

    /// Without the ids of invitations in tables and CSV, where they are secrets.
    pub(crate) fn hiding_invitation_ids(self, are_secret: bool) -> Self {
        Self { hides_invitation_ids: are_secret && !self.output.show_secret_ids, ..self }
    }

    /// Prints one result. A table of one line stands upright.
    pub(crate) fn one<R: Record>(self, record: &R) -> Result<(), Failure> {
        match self.output.format {
            Format::Json => self.json(record)?,
            Format::Csv => {
                let mut list = self.list_of::<R>(R::COLUMNS.to_vec());
                list.push(record)?;
                list.end()?;
            }
            Format::Table => {
                let now = Timestamp::now();
                let values = self.values(record);
                let known = R::COLUMNS.iter().zip(values).filter(|(_, value)| !value.is_empty());
                let line = |(column, value): (&Column, String)| {
                    let value = match Timestamp::parse(&value) {
                        Ok(moment) if column.kind == Kind::Time => format!("{value} ({})", age(moment, now)),
                        _ => value,
                    };
                    vec![Cell::head(column.name), value.into()]
                };
                print_table(&known.map(line).collect::<Vec<_>>())?;
            }
        }
        Ok(())
    }

    /// Prints what a command without a result says: `done` for people, `{"ok":true}` for programs.
    pub(crate) fn done(self, done: &str) -> Result<(), Failure> {
        match self.output.format {
            Format::Table if self.quiet => {}
            Format::Table => writeln!(anstream::stdout(), "{}", clean(done))?,
            Format::Json | Format::Csv => self.one(&Done { ok: true })?,
        }
        Ok(())
    }

    /// Prints one JSON value on a line of its own.
    pub(crate) fn json(self, value: &impl Serialize) -> io::Result<()> {
        let text = json::text(value, self.output.native)? + "\n";
        io::stdout().write_all(text.as_bytes())
    }

    /// Begins a list that is printed as it comes, with the columns that are asked for, or the usual
    /// ones.
    ///
    /// # Errors
    ///
    /// `InvalidInput` that names the columns, if there is no such one.
    pub(crate) fn list<R: Record>(self) -> Result<List<'a>, Failure> {
        self.list_with::<R>(&[])
    }

    /// The same, where a table shows these columns unasked.
    ///
    /// # Errors
    ///
    /// Those of [`list`](Self::list).
    pub(crate) fn list_with<R: Record>(self, usual: &[&str]) -> Result<List<'a>, Failure> {
        let asked: Vec<_> = self.output.columns.iter().map(String::as_str).collect();
        let wanted = if asked.is_empty() { usual } else { &asked };
        let columns = if asked.is_empty() && self.output.format != Format::Table {
            R::COLUMNS.to_vec()
        } else if wanted.is_empty() {
            R::COLUMNS.iter().filter(|column| column.listed).copied().collect()
        } else {
            wanted.iter().map(|name| named::<R>(name)).collect::<Result<_, _>>()?
        };
        Ok(self.list_of::<R>(columns))
    }

    fn list_of<R: Record>(self, columns: Vec<Column>) -> List<'a> {
        let place = |column: &Column| R::COLUMNS.iter().position(|one| one.name == column.name);
        let places = columns.iter().filter_map(place).collect();
        let with_head = !self.output.no_header;
        let sink = match self.output.format {
            Format::Json => Sink::Json,
            Format::Csv => Sink::Csv {
                head: with_head.then(|| columns.iter().map(|column| column.name).collect()),
                csv: Box::new(csv::Writer::from_writer(io::stdout())),
            },
            Format::Table => Sink::Table(Table::new(columns, with_head, self.output.full)),
        };
        List { printer: self, places, sink, count: 0 }
    }

    fn values<R: Record>(self, record: &R) -> Vec<String> {
        let mut values = record.values();
        for (column, value) in R::COLUMNS.iter().zip(&mut values) {
            if self.hides_invitation_ids && column.kind == Kind::InvitationId {
                value.clear();
            }
        }
        values
    }
}

fn named<R: Record>(name: &str) -> Result<Column, Failure> {
    let names = || R::COLUMNS.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
    let found = R::COLUMNS.iter().find(|column| column.name == name.trim()).copied();
    found.ok_or_else(|| {
        Failure::usage(format!("{name:?} is not a column of this list; the columns are {}", names()))
    })
}

/// A list that is being printed.
pub(crate) struct List<'a> {
    printer: Printer<'a>,
    /// Which of a record's values are printed.
    places: Vec<usize>,
    sink: Sink,
    count: usize,
}

enum Sink {
    Json,
    Csv {
        /// Until it is printed.
        head: Option<Vec<&'static str>>,
        csv: Box<csv::Writer<io::Stdout>>,
    },
    Table(Table),
}

impl List<'_> {
    /// Prints one item more.
    pub(crate) fn push<R: Record>(&mut self, record: &R) -> Result<(), Failure> {
        let Self { printer, places, sink, count } = self;
        match sink {
            Sink::Json => {
                let start = if *count == 0 { "[\n" } else { ",\n" };
                let text = start.to_owned() + &json::text(record, printer.output.native)?;
                let mut stdout = io::stdout().lock();
                stdout.write_all(text.as_bytes())?;
                // Whoever reads along is not to wait for the next page.
                stdout.flush()?;
            }
            Sink::Csv { head, csv } => {
                if let Some(head) = head.take() {
                    csv.write_record(head)?;
                }
                let values = printer.values(record);
                let values = places.iter().map(|place| printer.csv_cell(&values[*place]));
                csv.write_record(values.collect::<Vec<_>>())?;
                csv.flush()?;
            }
            Sink::Table(table) => {
                let values = printer.values(record);
                table.push(places.iter().map(|place| values[*place].as_str().into()).collect())?;
            }
        }
        *count += 1;
        Ok(())
    }

    /// How many items were printed.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Ends the list, also one that broke off: what was printed is well-formed.
    pub(crate) fn end(self) -> Result<(), Failure> {
        match self.sink {
            Sink::Json => {
                let end: &[u8] = if self.count == 0 { b"[]\n" } else { b"\n]\n" };
                io::stdout().write_all(end)?;
            }
            Sink::Csv { head, mut csv } => {
                if let Some(head) = head {
                    csv.write_record(head)?;
                }
                csv.flush()?;
            }
            Sink::Table(table) => table.end()?,
        }
        Ok(())
    }
}

impl Printer<'_> {
    fn csv_cell(self, value: &str) -> String {
        if self.output.csv_raw { value.to_owned() } else { guarded(&clean(value)) }
    }
}
