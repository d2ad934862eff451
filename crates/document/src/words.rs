//! The words there are, and what a misspelled one was meant to be.

use orgport_core::Error;

use crate::Table;

/// Refuses keys that do not exist.
///
/// # Errors
///
/// `Config` that names the place, the nearest valid key and all of them.
pub fn check_keys<'a>(
    table: &Table,
    path: &str,
    valid: impl IntoIterator<Item = &'a &'a str> + Clone,
) -> Result<(), Error> {
    for (key, node) in table {
        if valid.clone().into_iter().any(|valid| valid == key) {
            continue;
        }
        let place = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        return Err(node.error(&place, format_args!("is not a setting{}", suggestion(key, valid))));
    }
    Ok(())
}

/// `; did you mean "x"? There is x, y, z`, as far as there is something near.
pub fn suggestion<'a>(word: &str, valid: impl IntoIterator<Item = &'a &'a str> + Clone) -> String {
    let nearest = valid
        .clone()
        .into_iter()
        .map(|valid| (strsim::jaro_winkler(word, valid), valid))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    let meant = nearest.map_or_else(String::new, |(_, valid)| format!("; did you mean {valid:?}?"));
    let all: Vec<_> = valid.into_iter().copied().collect();
    format!("{meant} (there is {})", all.join(", "))
}
