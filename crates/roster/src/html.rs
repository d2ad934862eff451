//! Who has access where, as one page that stands alone.

mod matrix;
mod page;

pub use self::page::page;
