//! The words there are, and what a misspelled one was meant to be.

use orgport_core::Error;

use crate::Table;

/// More words than this are not listed, only the nearest one is named.
const MOST_LISTED: usize = 24;

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

/// `; did you mean "x"? (there is x, y, z)`, as far as there is something near and not too much to
/// list.
pub fn suggestion<'a>(word: &str, valid: impl IntoIterator<Item = &'a &'a str> + Clone) -> String {
    let nearest = valid
        .clone()
        .into_iter()
        .filter_map(|valid| Some((likeness(word, valid)?, valid)))
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    let meant = nearest.map_or_else(String::new, |(_, valid)| format!("; did you mean {valid:?}?"));
    let all: Vec<_> = valid.into_iter().copied().collect();
    if all.is_empty() || all.len() > MOST_LISTED {
        return meant;
    }
    format!("{meant} (there is {})", all.join(", "))
}

/// How alike two words are, if one can be a misspelling of the other: by their beginnings, or by the
/// letters to change, which finds the two swapped ones of a short name.
fn likeness(word: &str, valid: &str) -> Option<f64> {
    let beginning = strsim::jaro_winkler(word, valid);
    let letters = strsim::normalized_damerau_levenshtein(word, valid);
    (beginning > 0.75 || letters > 0.6).then_some(beginning.max(letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_named() {
        let meant = |word: &str, valid: &[&str]| suggestion(word, valid);
        assert_eq!(
            meant("organisation", &["kind", "organization"]),
            "; did you mean \"organization\"? (there is kind, organization)"
        );
        assert_eq!(meant("cme", &["bob", "cem"]), "; did you mean \"cem\"? (there is bob, cem)");
        assert_eq!(meant("zzz", &["bob", "cem"]), " (there is bob, cem)");
        assert_eq!(meant("zzz", &[]), "");
    }

    #[test]
    fn a_long_list_is_not_shown() {
        let names: Vec<_> = (0..5_000).map(|number| format!("person-{number}")).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        assert_eq!(suggestion("persn-4711", &names), "; did you mean \"person-4711\"?");
    }
}
