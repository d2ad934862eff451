//! The lists of organizations, which the vendor caches and an update does not clear.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::state::Organization;

/// A list is dropped after so long without a read.
const IDLE: SignedDuration = SignedDuration::from_mins(5);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum List {
    Public,
    /// What this user created or joined.
    Own(String),
}

#[derive(Debug)]
struct Cached {
    rows: Vec<Organization>,
    read_at: Timestamp,
}

#[derive(Debug, Default)]
pub(super) struct Lists(HashMap<List, Cached>);

impl Lists {
    /// The cached rows of `list`, or the `fresh` ones, which then become the cached ones.
    pub(super) fn read(&mut self, list: List, fresh: Vec<Organization>, now: Timestamp) -> Vec<Organization> {
        self.0.retain(|_, cached| now.duration_since(cached.read_at) < IDLE);
        let cached = self.0.entry(list).or_insert(Cached { rows: fresh, read_at: now });
        cached.read_at = now;
        cached.rows.clone()
    }

    pub(super) fn forget_all(&mut self) {
        self.0.clear();
    }

    pub(super) fn forget_own(&mut self) {
        self.0.retain(|list, _| *list == List::Public);
    }
}
