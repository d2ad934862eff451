//! A table of unknown length.

use std::io;

use orgport::Timestamp;

use super::cell::{Cell, print_line};
use super::layout::Layout;
use super::record::Column;

/// How many lines decide the layout. Those behind them are printed as they come.
const MEASURED: usize = 200;

/// What people expect a terminal to have, where there is none to ask.
const USUAL_WIDTH: usize = 80;

/// A list that is printed in columns that line up.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<Column>,
    with_head: bool,
    room: Option<usize>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// These lines are not yet printed.
    Measuring(Vec<Vec<Cell>>),
    Printing(Layout),
}

impl Table {
    pub(super) fn new(columns: Vec<Column>, with_head: bool, full: bool) -> Self {
        let room = (!full).then(width);
        Self { columns, with_head, room, state: State::Measuring(Vec::new()) }
    }

    pub(super) fn push(&mut self, line: Vec<Cell>) -> io::Result<()> {
        match &mut self.state {
            State::Printing(layout) => print_line(&layout.line(&line), &layout.widths()),
            State::Measuring(lines) => {
                lines.push(line);
                if lines.len() < MEASURED { Ok(()) } else { self.begin(false) }
            }
        }
    }

    /// Prints what waits. An empty table is nothing at all.
    pub(super) fn end(mut self) -> io::Result<()> {
        match &self.state {
            State::Measuring(lines) if !lines.is_empty() => self.begin(true),
            _ => Ok(()),
        }
    }

    fn begin(&mut self, are_all: bool) -> io::Result<()> {
        let State::Measuring(lines) = &mut self.state else { return Ok(()) };
        let lines = std::mem::take(lines);
        let layout = Layout::new(&self.columns, &lines, (Timestamp::now(), self.room, are_all));
        let widths = layout.widths();
        if self.with_head {
            print_line(&layout.head(), &widths)?;
        }
        lines.iter().try_for_each(|line| print_line(&layout.line(line), &widths))?;
        self.state = State::Printing(layout);
        Ok(())
    }
}

/// The columns of the terminal, or of a usual one.
fn width() -> usize {
    let here = terminal_size::terminal_size_of(io::stdout());
    here.map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0))
}
