//! Results on standard output, as a table, JSON or CSV.

mod printer;
mod record;
mod records;
mod table;

pub(crate) use self::printer::{List, Printer, print_json};
pub(crate) use self::record::Record;
pub(crate) use self::table::{Cell, print_table};
