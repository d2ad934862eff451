//! What a roster forbids every plan.

use std::collections::BTreeSet;
use std::fmt;

use orgport_document::{Node, Value};

use super::read::Names;
use super::reader::Reader;

const KEYS: &[&str] = &["max_removals", "max_mails", "min_owners", "protect"];

/// What no plan and no run may do, whatever else the roster says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rails {
    /// How many removals there are per place and run; 5 by default. Lowering a role and revoking an
    /// owner's invitation count.
    pub max_removals: MaxRemovals,
    /// How many mails go out per run; 50 by default.
    pub max_mails: usize,
    /// How many owners stay at every place that has owners; 1 by default. People who are only
    /// invited do not count.
    pub min_owners: usize,
    /// The people who are never removed or lowered, by name.
    pub protect: BTreeSet<String>,
}

impl Default for Rails {
    fn default() -> Self {
        Self { max_removals: MaxRemovals::Count(5), max_mails: 50, min_owners: 1, protect: BTreeSet::new() }
    }
}

/// How many removals there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a number and a share are all there is")]
pub enum MaxRemovals {
    /// So many.
    Count(usize),
    /// So many of a hundred members, rounded down, but at least 1 unless it is 0.
    Percent(u8),
}

impl MaxRemovals {
    /// How many that is at a place with so many members.
    pub fn of(self, members: usize) -> usize {
        match self {
            Self::Count(count) => count,
            Self::Percent(0) => 0,
            Self::Percent(percent) => (members * usize::from(percent) / 100).max(1),
        }
    }
}

impl fmt::Display for MaxRemovals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

impl Rails {
    pub(super) fn read(reader: &mut Reader<'_>, node: &Node, names: &Names<'_>) -> Self {
        let mut rails = Self::default();
        let Some(table) = reader.check(node, node.table("rails")) else { return rails };
        reader.check_keys(table, "rails", KEYS);
        if let Some(max) = table.get("max_removals").and_then(|node| max_removals(reader, node)) {
            rails.max_removals = max;
        }
        for (key, value) in [("max_mails", &mut rails.max_mails), ("min_owners", &mut rails.min_owners)] {
            if let Some(count) = table.get(key).and_then(|node| count(reader, node, &format!("rails.{key}")))
            {
                *value = count;
            }
        }
        if let Some(node) = table.get("protect") {
            let people = names.people(reader, node, "rails.protect");
            rails.protect = people.into_iter().map(|listed| listed.person).collect();
        }
        rails
    }
}

fn count(reader: &mut Reader<'_>, node: &Node, path: &str) -> Option<usize> {
    let count = match &node.value {
        Value::Integer(count) => usize::try_from(*count).ok(),
        _ => None,
    };
    if count.is_none() {
        reader.fault(node, path, "must be a number from 0 on");
    }
    count
}

fn max_removals(reader: &mut Reader<'_>, node: &Node) -> Option<MaxRemovals> {
    let max = match &node.value {
        Value::Integer(count) => usize::try_from(*count).ok().map(MaxRemovals::Count),
        Value::Text(text) => {
            let percent = text.strip_suffix('%').and_then(|number| number.parse().ok());
            percent.filter(|percent| *percent <= 100).map(MaxRemovals::Percent)
        }
        _ => None,
    };
    if max.is_none() {
        reader.fault(node, "rails.max_removals", "must be a number from 0 on, or a share such as \"25%\"");
    }
    max
}
