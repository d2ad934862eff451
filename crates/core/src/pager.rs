//! Reading a list page by page, guarded against pages that repeat, never end, or shift while they
//! are read.

use std::collections::{HashMap, HashSet};

use crate::error::{Error, ErrorKind};
use crate::page::{Cursor, Page};

/// More pages than any organization fills; a list that goes on behind them has no end.
const MAX_PAGES: usize = 10_000;

/// Pages in a row with nothing but what came before: more than a list that shifts can bring.
const MAX_STALE: usize = 3;

/// What one pass over a list has seen so far, and the ids of the passes before.
#[derive(Debug, Default)]
pub(crate) struct Pager {
    cursors: HashSet<Cursor>,
    /// The last pass that has brought an id, and the page on which it did so first.
    ids: HashMap<String, (usize, usize)>,
    pass: usize,
    page: usize,
    total: Option<u64>,
    changed: bool,
    /// Whether the page that was turned to last has brought something new, and something known.
    has_news: bool,
    has_repeats: bool,
    /// How many pages in a row have brought only what was known.
    stale: usize,
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

    /// Notes an item of the page that was turned to last; says whether it is the first of its id, in
    /// all passes.
    pub(crate) fn is_new(&mut self, id: &str) -> bool {
        let here = (self.pass, self.page);
        let Some(seen) = self.ids.get_mut(id) else {
            self.ids.insert(id.to_owned(), here);
            self.has_news = true;
            return true;
        };
        if seen.0 == self.pass {
            // An item on two pages moved between them, and another may have moved past us.
            self.changed |= *seen != here;
            self.has_repeats = true;
        } else {
            *seen = here;
            self.has_news = true;
        }
        false
    }

    /// Says whether an item was on a page before.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.ids.contains_key(id)
    }

    /// Begins another pass.
    pub(crate) fn begin_again(&mut self) {
        let ids = std::mem::take(&mut self.ids);
        *self = Self { ids, pass: self.pass + 1, ..Self::default() };
    }

    /// Says whether the list changed while it was read, so that an item may be missing.
    pub(crate) fn has_changed(&self) -> bool {
        self.changed
    }
}
