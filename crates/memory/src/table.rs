//! Rows in the order in which they came, found by number and by address.

use std::collections::{BTreeMap, HashMap};

use orgport_core::{Cursor, Email, Page};

/// A row that is one person's.
pub(crate) trait Personal {
    fn email(&self) -> &Email;
}

/// Rows by their numbers, which only grow: a row that goes moves no other.
#[derive(Debug)]
pub(crate) struct Table<T> {
    rows: BTreeMap<u64, T>,
    by_email: HashMap<Email, Vec<u64>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), by_email: HashMap::new() }
    }
}

/// A part of a table.
pub(crate) struct Part<T> {
    pub(crate) rows: Vec<T>,
    /// Where there are more of them.
    pub(crate) next: Option<u64>,
    /// How many there are in all parts, where that is known without looking.
    pub(crate) total: Option<usize>,
}

impl<T> Part<T> {
    pub(crate) fn into_page(self) -> Page<T> {
        let Self { rows, next, total } = self;
        let mut page = Page::new(rows.into_iter().map(Ok).collect(), next.map(Cursor::at));
        page.total = total.map(|total| total as u64);
        page
    }
}

impl<T: Personal> Table<T> {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a row under a number above all others.
    pub(crate) fn push(&mut self, number: u64, row: T) {
        self.by_email.entry(row.email().clone()).or_default().push(number);
        self.rows.insert(number, row);
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(&number_of(id)?)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.rows.get_mut(&number_of(id)?)
    }

    pub(crate) fn remove(&mut self, id: &str) {
        let Some((number, row)) = number_of(id).and_then(|number| self.rows.remove_entry(&number)) else {
            return;
        };
        if let Some(numbers) = self.by_email.get_mut(row.email()) {
            numbers.retain(|there| *there != number);
            if numbers.is_empty() {
                self.by_email.remove(row.email());
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.rows.values()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.values_mut()
    }

    /// The rows of a person.
    pub(crate) fn of(&self, email: &Email) -> impl Iterator<Item = &T> {
        self.by_email.get(email).into_iter().flatten().map(|number| &self.rows[number])
    }

    /// So many of the rows from `begin` on that become something.
    pub(crate) fn part<U>(&self, begin: u64, size: usize, show: impl Fn(&T) -> Option<U>) -> Part<U> {
        let mut shown = self.rows.range(begin..).filter_map(|(number, row)| Some((*number, show(row)?)));
        let mut part = Part { rows: Vec::new(), next: None, total: None };
        let mut last = begin;
        for (number, row) in shown.by_ref().take(size) {
            part.rows.push(row);
            last = number;
        }
        part.next = shown.next().map(|_| last + 1);
        part
    }
}

/// The number in an id that was made here.
fn number_of(id: &str) -> Option<u64> {
    id.rsplit_once('-')?.1.parse().ok()
}
