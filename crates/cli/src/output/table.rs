//! Columns that line up.

use std::io::{self, Write};

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::text::clean;

const HEAD: Style = Style::new().bold();

/// How many lines decide the columns' widths. Those behind them are printed as they come.
const MEASURED: usize = 200;

/// Space between columns.
const GAP: &str = "  ";

/// A value in a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// A value with this look.
    pub(crate) fn new(text: &str, style: Style) -> Self {
        Self { text: clean(text), style }
    }

    /// The name of a column or line.
    pub(crate) fn head(text: &str) -> Self {
        Self::new(&text.replace('_', " ").to_uppercase(), HEAD)
    }

    fn width(&self) -> usize {
        self.text.width()
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(&text, Style::new())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text, Style::new())
    }
}

type Line = Vec<Cell>;

/// A table of unknown length.
#[derive(Debug)]
pub(crate) struct Table {
    head: Option<Line>,
    waiting: Vec<Line>,
    widths: Vec<usize>,
    begun: bool,
}

impl Table {
    pub(crate) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        Self {
            head: Some(names.map(Cell::head).collect()),
            waiting: Vec::new(),
            widths: Vec::new(),
            begun: false,
        }
    }

    pub(crate) fn push(&mut self, line: Line) -> io::Result<()> {
        if self.begun {
            return print(&line, &self.widths);
        }
        self.waiting.push(line);
        if self.waiting.len() < MEASURED { Ok(()) } else { self.begin() }
    }

    /// Prints what waits. An empty table is nothing at all.
    pub(crate) fn end(mut self) -> io::Result<()> {
        if self.begun || self.waiting.is_empty() { Ok(()) } else { self.begin() }
    }

    fn begin(&mut self) -> io::Result<()> {
        self.begun = true;
        let mut lines: Vec<Line> = self.head.take().into_iter().collect();
        lines.append(&mut self.waiting);
        self.widths = widths(&lines);
        lines.iter().try_for_each(|line| print(line, &self.widths))
    }
}

/// Prints a table that is all there.
pub(crate) fn print_table(lines: &[Line]) -> io::Result<()> {
    let widths = widths(lines);
    lines.iter().try_for_each(|line| print(line, &widths))
}

fn widths(lines: &[Line]) -> Vec<usize> {
    let columns = lines.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(Cell::width).max();
    (0..columns).map(|column| width(column).unwrap_or_default()).collect()
}

fn print(line: &[Cell], widths: &[usize]) -> io::Result<()> {
    let padded = line.iter().enumerate().map(|(index, cell)| {
        let Cell { text, style } = cell;
        let width = widths.get(index).copied().unwrap_or_default();
        let fill = " ".repeat(width.saturating_sub(cell.width()));
        format!("{style}{text}{style:#}{fill}")
    });
    let text = padded.collect::<Vec<_>>().join(GAP);
    writeln!(anstream::stdout(), "{}", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_letters_take_their_room() {
        let lines = vec![vec!["名前".into(), "a".into()], vec![Cell::from("xyz"), "b".into()]];
        assert_eq!(widths(&lines), [4, 1]);
    }
}
