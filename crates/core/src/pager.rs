//! Reading a list page by page, guarded against pages that repeat, never end, or shift while they
//! are read.

use std::collections::hash_map::{Entry, RandomState};
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use crate::error::{Error, ErrorKind};
use crate::page::{Cursor, Page};

/// More pages than any organization fills; a list that goes on behind them has no end.
const MAX_PAGES: usize = 10_000;

/// Pages in a row with nothing but what came before: more than a list that shifts can bring.
const MAX_STALE: usize = 3;

/// What one pass over a list has seen so far, and the marks of the passes before.
#[derive(Debug, Default)]
pub(crate) struct Pager {
    cursors: HashSet<Cursor>,
    seen: Seen,
    pass: u32,
    page: u32,
    total: Option<u64>,
    changed: bool,
    /// Whether the page that was turned to last has brought something new, and something known.
    has_news: bool,
    has_repeats: bool,
    /// How many pages in a row have brought only what was known.
    stale: usize,
}

/// Marks by their hashes under secret keys: 128 bits tell rows apart, where the texts of a long list would
/// take as much memory as its rows.
#[derive(Debug, Default)]
struct Seen {
    keys: [RandomState; 2],
    /// The last pass that has brought a mark, and the page on which it did so first.
    places: HashMap<[u64; 2], (u32, u32)>,
}

impl Seen {
    /// Notes a mark; returns where it was seen before.
    fn insert(&mut self, mark: &str, here: (u32, u32)) -> Option<&mut (u32, u32)> {
        match self.places.entry(self.hash(mark)) {
            Entry::Occupied(place) => Some(place.into_mut()),
            Entry::Vacant(place) => {
                place.insert(here);
                None
            }
        }
    }

    fn hash(&self, mark: &str) -> [u64; 2] {
        self.keys.each_ref().map(|key| key.hash_one(mark))
    }
}

impl Pager {
    /// Takes a page's bookkeeping and says where to go on.
    ///
    /// # Errors
    ///
    /// `Protocol` for a cursor that was followed before, pages that bring the same again and again,
    /// or a list without end.
    pub(crate) fn turn<T>(&mut self, page: &Page<T>) -> Result<Option<Cursor>, Error> {
        self.page += 1;
        self.stale = if self.has_repeats && !self.has_news { self.stale + 1 } else { 0 };
        (self.has_news, self.has_repeats) = (false, false);
        let before = self.total.or(page.total);
        self.changed |= before != page.total.or(before);
        self.total = page.total;
        let Some(next) = page.next.clone() else { return Ok(None) };
        if self.stale >= MAX_STALE {
            return Err(Error::new(
                ErrorKind::Protocol,
                "the vendor's pages repeat: one after the other brings the same",
            ));
        }
        if !self.cursors.insert(next.clone()) {
            return Err(Error::new(
                ErrorKind::Protocol,
                "the vendor's pages repeat: a page leads back to one before it",
            ));
        }
        if self.cursors.len() > MAX_PAGES {
            return Err(Error::new(
                ErrorKind::Protocol,
                format!("the vendor's list has no end after {MAX_PAGES} pages"),
            ));
        }
        Ok(Some(next))
    }

    /// Notes an item of the page that was turned to last; says whether it is the first of its mark, in
    /// all passes.
    pub(crate) fn is_new(&mut self, mark: &str) -> bool {
        let here = (self.pass, self.page);
        let Some(place) = self.seen.insert(mark, here) else {
            self.has_news = true;
            return true;
        };
        if place.0 == self.pass {
            // An item on two pages moved between them, and another may have moved past us.
            self.changed |= *place != here;
            self.has_repeats = true;
        } else {
            *place = here;
            self.has_news = true;
        }
        false
    }

    /// Begins another pass.
    pub(crate) fn begin_again(&mut self) {
        let seen = std::mem::take(&mut self.seen);
        *self = Self { seen, pass: self.pass + 1, ..Self::default() };
    }

    /// Says whether the list changed while it was read, so that an item may be missing.
    pub(crate) fn has_changed(&self) -> bool {
        self.changed
    }
}
