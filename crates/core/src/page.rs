//! One page of a list.

use std::fmt;
use std::{slice, vec};

use serde::{Deserialize, Serialize, Serializer};

use crate::error::{Error, ErrorKind, Reach};
use crate::id::OrganizationId;
use crate::invitation::Invitation;
use crate::mark::Marked;
use crate::operation::Operation;

/// Where the next page begins, in a form that only the provider that made it reads.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cursor(String);

impl Cursor {
    /// Wraps what the provider needs to find the page.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Wraps a number, for vendors that count rows or pages.
    pub fn at(number: u64) -> Self {
        Self(number.to_string())
    }

    /// The number that [`at`](Self::at) has wrapped; 0, where a list begins, without a cursor.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for another text.
    pub fn number(cursor: Option<&Self>) -> Result<u64, Error> {
        cursor.map_or(Ok(0), |cursor| cursor.0.parse()).map_err(|source| {
            Error::new(ErrorKind::InvalidInput, "the cursor belongs to another list").with_source(source)
        })
    }

    /// The cursor at the number before; `None` at the beginning.
    pub fn one_before(&self) -> Option<Self> {
        Self::number(Some(self)).ok()?.checked_sub(1).map(Self::at)
    }

    /// What the provider wrapped.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Cursor {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.0
    }
}

/// What is done to one of them would be done to either.
pub(crate) fn two_of_one_id() -> Error {
    Error::new(ErrorKind::Protocol, "the vendor shows two people under one id; nothing was done to either")
        .with_reach(Reach::Answered)
}

/// One page of a list. An item that cannot be decoded is an error in its place, so that one
/// strange row does not hide the others.
///
/// serde writes such an item as `{"error": …}`. There is no way back: an error is not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(bound = "T: Serialize")]
#[non_exhaustive]
pub struct Page<T> {
    /// The items in the vendor's order.
    #[serde(serialize_with = "serialize_items")]
    pub items: Vec<Result<T, Error>>,
    /// Where to go on; `None` on the last page.
    pub next: Option<Cursor>,
    /// How many items the vendor says there are on all pages, where it says so.
    pub total: Option<u64>,
    /// By what the first and the last row of the vendor's page are known, where rows were left out.
    #[serde(skip)]
    edges: Option<(String, String)>,
    /// Where the pages behind this one begin if nothing changes, the next one first.
    #[serde(skip)]
    pub(crate) ahead: Vec<Cursor>,
}

impl Page<Invitation> {
    /// Makes invitations to another organization errors in their places.
    pub(crate) fn belonging(mut self, organization: &OrganizationId) -> Self {
        for item in &mut self.items {
            if let Some(error) = item.as_ref().ok().and_then(|row| row.straying(organization)) {
                *item = Err(error);
            }
        }
        self
    }
}

impl<T> Page<T> {
    /// A page with more behind it.
    pub fn new(items: Vec<Result<T, Error>>, next: Option<Cursor>) -> Self {
        Self { items, next, total: None, edges: None, ahead: Vec::new() }
    }

    /// The only page of a list that the vendor returns whole.
    pub fn whole(items: Vec<Result<T, Error>>) -> Self {
        Self::new(items, None)
    }

    /// The items in the vendor's order.
    pub fn iter(&self) -> slice::Iter<'_, Result<T, Error>> {
        self.items.iter()
    }

    /// Takes the one item that is wanted, for vendors that have no call for it.
    ///
    /// # Errors
    ///
    /// `NotFound` in the words of `missing`; `Protocol` if the vendor shows two people where one is
    /// wanted; if no item is the one, the error of an item that could not be decoded and may be the
    /// one: a text in it is wanted, or its texts are not known.
    pub fn pick(
        self,
        is_it: impl Fn(&T) -> bool,
        is_wanted: impl Fn(&str) -> bool,
        missing: &str,
    ) -> Result<T, Error>
    where
        T: Marked,
    {
        let (mut found, mut unreadable) = (None::<T>, None);
        for item in self.items {
            match item {
                Ok(item) if is_it(&item) => match &found {
                    Some(first) if first.mark() != item.mark() => return Err(two_of_one_id()),
                    Some(_) => {}
                    None => found = Some(item),
                },
                Ok(_) => {}
                Err(error) if error.row().is_some_and(|row| !row.mentions(&is_wanted)) => {}
                Err(error) => unreadable = Some(error),
            }
        }
        found.ok_or_else(|| {
            unreadable.unwrap_or_else(|| Error::new(ErrorKind::NotFound, missing).with_reach(Reach::Answered))
        })
    }

    /// Adds to the errors among its items where they happened.
    #[must_use]
    pub fn during(mut self, provider: &str, operation: Operation) -> Self {
        self.items = self
            .items
            .into_iter()
            .map(|item| item.map_err(|error| error.during(provider, operation)))
            .collect();
        self
    }

    /// States by what the first and the last row of the vendor's page are known, where not every row
    /// of the vendor's is an item here.
    #[must_use]
    pub fn with_edges(mut self, first: impl Into<String>, last: impl Into<String>) -> Self {
        self.edges = Some((first.into(), last.into()));
        self
    }

    /// States where the pages behind this one begin if nothing changes, the [next](Self::next) one
    /// first: where pages go by offset and the total is known. Whoever reads the whole list can then
    /// ask for several at once.
    #[must_use]
    pub fn with_ahead(mut self, cursors: impl IntoIterator<Item = Cursor>) -> Self {
        self.ahead = cursors.into_iter().collect();
        self
    }

    /// By what the first and the last row are known.
    pub(crate) fn edges(&self) -> (Option<String>, Option<String>)
    where
        T: Marked,
    {
        if let Some((first, last)) = &self.edges {
            return (Some(first.clone()), Some(last.clone()));
        }
        let mark = |item: &Result<T, Error>| match item {
            Ok(item) => Some(item.mark()),
            Err(error) => error.row().map(|row| row.text().to_owned()),
        };
        (self.items.first().and_then(mark), self.items.last().and_then(mark))
    }

    /// States how many items there are on all pages.
    #[must_use]
    pub fn with_total(mut self, total: u64) -> Self {
        self.total = Some(total);
        self
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = Result<T, Error>;
    type IntoIter = vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Page<T> {
    type Item = &'a Result<T, Error>;
    type IntoIter = slice::Iter<'a, Result<T, Error>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// An item that could not be decoded is an object whose only member is `error`.
fn serialize_items<T, S>(items: &[Result<T, Error>], serializer: S) -> Result<S::Ok, S::Error>
where
    T: Serialize,
    S: Serializer,
{
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Item<'a, T> {
        Decoded(&'a T),
        Failed { error: &'a Error },
    }

    let failed = |error| Item::Failed { error };
    serializer.collect_seq(items.iter().map(|item| item.as_ref().map_or_else(failed, Item::Decoded)))
}
