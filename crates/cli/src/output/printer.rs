//! Printing one result, or many as they come.

use std::io::{self, Write};

use serde::Serialize;

use super::record::Record;
use super::records::Done;
use super::table::{Cell, Table, print_table};
use crate::failure::Failure;
use crate::formula::guarded;
use crate::options::{Form, Format};
use crate::text::clean;

/// Prints results.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printer {
    form: Form,
}

impl Printer {
    pub(crate) fn new(form: Form) -> Self {
        Self { form }
    }

    /// Prints one result. A table of one line stands upright.
    pub(crate) fn one<R: Record>(self, record: &R) -> Result<(), Failure> {
        match self.form.format {
            Format::Json => print_json(&self.form.json(record))?,
            Format::Csv => {
                let mut list = self.list::<R>();
                list.push(record)?;
                list.end()?;
            }
            Format::Table => {
                let lines = R::COLUMNS.iter().zip(record.values()).filter(|(_, value)| !value.is_empty());
                let lines: Vec<_> = lines.map(|(name, value)| vec![Cell::head(name), value.into()]).collect();
                print_table(&lines)?;
            }
        }
        Ok(())
    }

    /// Prints what a command without a result says: `done` for people, `{"ok":true}` for programs.
    pub(crate) fn done(self, done: &str) -> Result<(), Failure> {
        match self.form.format {
            Format::Table => writeln!(anstream::stdout(), "{}", clean(done))?,
            Format::Json | Format::Csv => self.one(&Done { ok: true })?,
        }
        Ok(())
    }

    /// Begins a list that is printed as it comes.
    pub(crate) fn list<R: Record>(self) -> List {
        let sink = match self.form.format {
            Format::Json => Sink::Json(self.form),
            Format::Csv => Sink::Csv(Some(R::COLUMNS), Box::new(csv::Writer::from_writer(io::stdout()))),
            Format::Table => Sink::Table(Table::new(R::SHOWN.iter().map(|index| R::COLUMNS[*index]))),
        };
        List { sink, count: 0 }
    }
}

/// One JSON value on a line of its own.
pub(crate) fn print_json(value: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(value)?;
    text.push(b'\n');
    io::stdout().write_all(&text)
}

/// A list that is being printed.
pub(crate) struct List {
    sink: Sink,
    count: usize,
}

enum Sink {
    Json(Form),
    /// With the header, until it is printed.
    Csv(Option<&'static [&'static str]>, Box<csv::Writer<io::Stdout>>),
    Table(Table),
}

impl List {
    /// Prints one item more.
    pub(crate) fn push<R: Record>(&mut self, record: &R) -> Result<(), Failure> {
        match &mut self.sink {
            Sink::Json(form) => {
                let mut text = if self.count == 0 { b"[\n".to_vec() } else { b",\n".to_vec() };
                serde_json::to_writer(&mut text, &form.json(record)).map_err(io::Error::from)?;
                let mut stdout = io::stdout().lock();
                stdout.write_all(&text)?;
                // Whoever reads along is not to wait for the next page.
                stdout.flush()?;
            }
            Sink::Csv(header, csv) => {
                if let Some(header) = header.take() {
                    csv.write_record(header)?;
                }
                csv.write_record(record.values().iter().map(|value| guarded(&clean(value))))?;
                csv.flush()?;
            }
            Sink::Table(table) => {
                let values = record.values();
                table.push(R::SHOWN.iter().map(|index| values[*index].clone().into()).collect())?;
            }
        }
        self.count += 1;
        Ok(())
    }

    /// How many items were printed.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Ends the list, also one that broke off: what was printed is well-formed.
    pub(crate) fn end(self) -> Result<(), Failure> {
        match self.sink {
            Sink::Json(_) => {
                let end: &[u8] = if self.count == 0 { b"[]\n" } else { b"\n]\n" };
                io::stdout().write_all(end)?;
            }
            Sink::Csv(header, mut csv) => {
                if let Some(header) = header {
                    csv.write_record(header)?;
                }
                csv.flush()?;
            }
            Sink::Table(table) => table.end()?,
        }
        Ok(())
    }
}
