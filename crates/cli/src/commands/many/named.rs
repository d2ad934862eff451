//! The people of a file.

use std::path::Path;

use crate::console::Console;
use crate::failure::Failure;
use crate::input;
use crate::people::{self, Person, Roles};
use crate::text::bounded;

/// How many faults of a list are worth reading about at once.
const SHOWN: usize = 10;
/// How many characters of one of them are shown.
const FAULT: usize = 240;
/// How many characters of a column's name are shown.
const NAME: usize = 40;

/// The people of a list. One that cannot be read as a whole is refused, with what was not `done`.
///
/// # Errors
///
/// `InvalidInput` that says where and why.
pub(crate) fn listed(
    from: &Path,
    console: Console,
    roles: Roles<'_>,
    done: &str,
) -> Result<Vec<Person>, Failure> {
    let name = input::name(from);
    let list = people::read(&input::read(from)?, roles)
        .map_err(|faults| Failure::usage(format!("{name}: {}", refused(&faults, done))))?;
    if !list.unread.is_empty() {
        let unread: Vec<_> = list.unread.iter().map(|name| bounded(name, NAME)).collect();
        console.note(&format!("{name}: not read: {}", bounded(&unread.join(", "), FAULT)));
    }
    Ok(list.people)
}

/// The first of many faults.
pub(crate) fn refused(faults: &[impl ToString], done: &str) -> String {
    let told: Vec<_> = faults.iter().take(SHOWN).map(|fault| bounded(&fault.to_string(), FAULT)).collect();
    let more = faults.len() - told.len();
    let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{rest}; nobody was {done}", told.join("; "))
}
