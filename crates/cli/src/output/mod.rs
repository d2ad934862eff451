//! Results on standard output, as a table, JSON or CSV.

mod cell;
mod layout;
mod placed;
mod printer;
mod record;
mod records;
mod table;

pub(crate) use self::cell::{Cell, print_table};
pub(crate) use self::placed::Placed;
pub(crate) use self::printer::{List, Printer};
pub(crate) use self::record::{Column, Record};
pub(crate) use self::records::present_role;
