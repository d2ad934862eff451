//! What can be printed.

use serde::Serialize;

/// Something that is a line of a table, a line of CSV, and an object in JSON.
pub(crate) trait Record: Serialize {
    /// The names of the columns in CSV.
    const COLUMNS: &'static [&'static str];
    /// Those of them that a table shows.
    const SHOWN: &'static [usize];

    /// A value per column; empty for what is not known.
    fn values(&self) -> Vec<String>;
}
