//! What of a table is shown where there is little room.

use std::collections::HashSet;

use orgport::Timestamp;

use super::cell::{Cell, GAP, cut};
use super::record::{Column, Kind};
use crate::text::age;

/// Ids are not shortened further.
const SHORTEST_ID: usize = 8;

/// In what order columns are made narrower, and down to what.
const NARROWER: [(Kind, usize); 4] =
    [(Kind::Text, 12), (Kind::Address, 20), (Kind::Account, 12), (Kind::Word, 8)];

/// The same where that is not enough, as for lists of many places.
const NARROWEST: [(Kind, usize); 2] = [(Kind::Text, 8), (Kind::Address, 14)];

/// The columns of a table in their order, each with what is shown of its values.
#[derive(Debug)]
pub(super) struct Layout {
    columns: Vec<Shown>,
    now: Timestamp,
}

#[derive(Debug)]
struct Shown {
    /// Its place in the lines.
    index: usize,
    column: Column,
    form: Form,
    width: usize,
}

/// What is shown of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Whole,
    /// As much as fits into a width.
    Cut(usize),
    /// So many letters from its beginning.
    Beginning(usize),
    /// A moment with its age.
    Moment,
    /// A day with its age.
    Day,
    Age,
}

impl Layout {
    /// For lines of these columns. Without `room`, nothing is shortened; columns in which no line has
    /// anything are left out, if these are all lines.
    pub(super) fn new(
        columns: &[Column],
        lines: &[Vec<Cell>],
        (now, room, are_all): (Timestamp, Option<usize>, bool),
    ) -> Self {
        let is_empty = |index: usize| lines.iter().all(|line| line[index].text.is_empty());
        let mut shown: Vec<_> = columns
            .iter()
            .enumerate()
            .filter(|(index, _)| !are_all || !is_empty(*index))
            .map(|(index, column)| {
                let values = lines.iter().map(|line| line[index].text.as_str());
                let form = match (column.kind, room) {
                    (Kind::Time, None) => Form::Moment,
                    (Kind::Time, Some(_)) => Form::Day,
                    (_, Some(_)) if column.is_id() => Form::Beginning(unlike(values)),
                    _ => Form::Whole,
                };
                Shown { index, column: *column, form, width: 0 }
            })
            .collect();
        shown.sort_by_key(|shown| match shown.column.kind {
            _ if shown.column.is_id() => 1,
            Kind::Prose => 2,
            _ => 0,
        });
        let mut layout = Self { columns: shown, now };
        layout.measure(lines);
        if let Some(room) = room {
            layout.fit(lines, room);
        }
        layout
    }

    fn measure(&mut self, lines: &[Vec<Cell>]) {
        let Self { columns, now } = self;
        for shown in columns {
            let widths = lines.iter().map(|line| shown.value(&line[shown.index], *now).width());
            shown.width = widths.chain([head(shown.column).width()]).max().unwrap_or_default();
        }
    }

    /// Makes columns narrower until all fit, or none can be any narrower.
    fn fit(&mut self, lines: &[Vec<Cell>], room: usize) {
        while self.width() > room
            && let Some(shown) = self.columns.iter_mut().find(|shown| shown.form == Form::Day)
        {
            shown.form = Form::Age;
            self.measure(lines);
        }
        self.narrow(&NARROWER, room);
        if self.width() > room {
            self.cut_heads_of_ids(lines);
        }
        self.narrow(&NARROWEST, room);
    }

    fn cut_heads_of_ids(&mut self, lines: &[Vec<Cell>]) {
        let Self { columns, now } = self;
        for shown in columns.iter_mut().filter(|shown| shown.column.is_id()) {
            let widths = lines.iter().map(|line| shown.value(&line[shown.index], *now).width());
            shown.width = widths.max().unwrap_or(shown.width);
        }
    }

    fn narrow(&mut self, order: &[(Kind, usize)], room: usize) {
        for &(kind, least) in order {
            while let Some(over) = self.width().checked_sub(room + 1).map(|over| over + 1) {
                let wide = self.columns.iter_mut().filter(|one| one.column.kind == kind && one.width > least);
                let mut wide: Vec<_> = wide.collect();
                wide.sort_by_key(|one| one.width);
                let Some(widest) = wide.pop() else { break };
                // Down to the next one, so that the widest give first and then alike.
                let next = wide.last().map_or(least, |next| next.width.max(least));
                let width = widest.width.saturating_sub(over).max(next.min(widest.width - 1));
                widest.width = width;
                widest.form = Form::Cut(width);
            }
        }
    }

    /// How wide a line is, without the sentences at its end.
    fn width(&self) -> usize {
        let columns = self.columns.iter().filter(|shown| shown.column.kind != Kind::Prose);
        columns.map(|shown| shown.width + GAP.len()).sum::<usize>().saturating_sub(GAP.len())
    }

    pub(super) fn widths(&self) -> Vec<usize> {
        self.columns.iter().map(|shown| shown.width).collect()
    }

    pub(super) fn head(&self) -> Vec<Cell> {
        self.columns.iter().map(Shown::head).collect()
    }

    pub(super) fn line(&self, cells: &[Cell]) -> Vec<Cell> {
        self.columns.iter().map(|shown| shown.value(&cells[shown.index], self.now)).collect()
    }
}

impl Shown {
    fn head(&self) -> Cell {
        let head = head(self.column);
        head.with_text(cut(&head.text, self.width))
    }

    fn value(&self, cell: &Cell, now: Timestamp) -> Cell {
        let text = &cell.text;
        let moment = Timestamp::parse(text);
        cell.with_text(match (self.form, moment) {
            (Form::Cut(width), _) => cut(text, width),
            (Form::Beginning(letters), _) if text.chars().count() > letters + 1 => {
                text.chars().take(letters).chain(['…']).collect()
            }
            (Form::Moment, Ok(moment)) => format!("{text} ({})", age(moment, now)),
            (Form::Day, Ok(moment)) => {
                format!("{} ({})", text.split('T').next().unwrap_or_default(), age(moment, now))
            }
            (Form::Age, Ok(moment)) => age(moment, now),
            _ => text.clone(),
        })
    }
}

/// `CREATED`, `ORGANIZATION`
fn head(column: Column) -> Cell {
    let name = column.name;
    Cell::head(name.strip_suffix("_at").or_else(|| name.strip_suffix("_id")).unwrap_or(name))
}

/// How many letters tell these ids from each other.
fn unlike<'a>(ids: impl Iterator<Item = &'a str>) -> usize {
    let ids: HashSet<_> = ids.collect();
    let longest = ids.iter().map(|id| id.chars().count()).max().unwrap_or_default();
    let beginning = |id: &str, letters| id.chars().take(letters).collect::<String>();
    let differ = |letters: &usize| {
        ids.iter().map(|id| beginning(id, *letters)).collect::<HashSet<_>>().len() == ids.len()
    };
    (SHORTEST_ID..longest).find(differ).unwrap_or(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 5] = [
        Column::id("id"),
        Column::address("email"),
        Column::text("name"),
        Column::time("created_at"),
        Column::word("role"),
    ];

    fn lines(lines: &[[&str; 5]]) -> Vec<Vec<Cell>> {
        lines.iter().map(|line| line.iter().map(|text| Cell::from(*text)).collect()).collect()
    }

    fn shown(lines: &[Vec<Cell>], room: Option<usize>) -> Vec<String> {
        let now = Timestamp::parse("2026-01-04T00:00:00Z").expect("a time");
        let layout = Layout::new(&COLUMNS, lines, (now, room, true));
        let text =
            |cells: Vec<Cell>| cells.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>().join("|");
        [layout.head()].into_iter().chain(lines.iter().map(|line| layout.line(line))).map(text).collect()
    }

    #[test]
    fn ids_come_last_with_what_differs() {
        let lines = lines(&[
            ["3f0c7c1e-58a0-4d3b", "ada@x.io", "Ada", "2026-01-01T00:00:00Z", ""],
            ["3f0c7c1e-58b0-4d3b", "bea@x.io", "", "", ""],
        ]);
        let expected = [
            "EMAIL|NAME|CREATED|ID",
            "ada@x.io|Ada|2026-01-01 (3 d ago)|3f0c7c1e-58a…",
            "bea@x.io|||3f0c7c1e-58b…",
        ];
        assert_eq!(shown(&lines, Some(80)), expected);
        assert_eq!(shown(&lines, None)[1], "ada@x.io|Ada|2026-01-01T00:00:00Z (3 d ago)|3f0c7c1e-58a0-4d3b");
    }

    #[test]
    fn heads_of_ids_give_way_where_there_is_little_room() {
        let columns = [Column::id("organization"), Column::text("provider")];
        let line = ["3f0c7c1e-58a0-4d3b", "nuextract"].map(Cell::from).to_vec();
        let layout = Layout::new(&columns, &[line], (Timestamp::now(), Some(20), true));
        let head: Vec<_> = layout.head().into_iter().map(|cell| cell.text).collect();
        assert_eq!((head, layout.width()), (vec!["PROVIDER".to_owned(), "ORGANIZA…".to_owned()], 20));
    }

    #[test]
    fn everything_fits_if_it_can() {
        let long = "x".repeat(60_000);
        let address = format!("{}@example.org", "a".repeat(60));
        let lines = lines(&[
            ["0123456789", &address, &long, "2026-01-01T00:00:00Z", "collaborator"],
            ["9876543210", "bea@x.io", "Bea", "2026-01-01T00:00:00Z", "viewer"],
        ]);
        for room in [40, 60, 80, 200] {
            let now = Timestamp::parse("2026-01-04T00:00:00Z").expect("a time");
            let layout = Layout::new(&COLUMNS, &lines, (now, Some(room), true));
            let least = 14 + 8 + 8 + "CREATED".len() + 9 + 4 * GAP.len();
            assert_eq!(layout.width(), room.max(least));
            for line in lines.iter().map(|line| layout.line(line)).chain([layout.head()]) {
                for (cell, width) in line.iter().zip(layout.widths()) {
                    assert!(cell.width() <= width, "{cell:?}");
                }
            }
        }
        assert!(shown(&lines, Some(120))[1].contains(&format!("|{}…|", "x".repeat(11))), "names give first");
    }
}
