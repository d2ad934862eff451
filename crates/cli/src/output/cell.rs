//! Values on a terminal.

use std::io::{self, Write};

use anstyle::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text::{bounded, clean};

const HEAD: Style = Style::new().bold();

/// Space between columns.
pub(super) const GAP: &str = "  ";

/// No value is longer, however much room there is.
const LONGEST: usize = 1_000;

/// A value in a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub(super) text: String,
    style: Style,
}

impl Cell {
    /// A value with this look.
    pub(crate) fn new(text: &str, style: Style) -> Self {
        Self { text: clean(&bounded(text, LONGEST)), style }
    }

    /// The name of a column or line.
    pub(crate) fn head(text: &str) -> Self {
        Self::new(&text.replace('_', " ").to_uppercase(), HEAD)
    }

    /// The same look on another text.
    pub(super) fn with_text(&self, text: String) -> Self {
        Self { text, style: self.style }
    }

    pub(super) fn width(&self) -> usize {
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

/// As much of a text as fits into a width, with `…` where it goes on.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut room = width.saturating_sub(1);
    let fits = |c: &char| {
        let wide = c.width().unwrap_or_default();
        let fits = wide <= room;
        room = room.saturating_sub(wide);
        fits
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// Prints a table that is all there.
pub(crate) fn print_table(lines: &[Vec<Cell>]) -> io::Result<()> {
    let columns = lines.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(Cell::width).max();
    let widths: Vec<_> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    lines.iter().try_for_each(|line| print_line(line, &widths))
}

pub(super) fn print_line(line: &[Cell], widths: &[usize]) -> io::Result<()> {
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
    fn texts_are_cut_to_their_width() {
        assert_eq!(cut("名前名前", 8), "名前名前");
        assert_eq!(cut("名前名前", 7), "名前名…");
        assert_eq!(cut("名前名前", 6), "名前…");
        assert_eq!(cut("Ada Lovelace", 5), "Ada …");
        assert_eq!(Cell::from("x".repeat(60_000)).width(), LONGEST);
    }
}
