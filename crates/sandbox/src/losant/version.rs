//! Whether the version that is served satisfies the range in an `Accept-Version` header.

/// The API version that this simulator plays.
const SERVED: [u64; 3] = [1, 31, 0];

/// Reads npm's range grammar: `1.31.0`, `1.x`, `^1.2`, `~1.31`, `>=1.2 <2`, `1.0 - 1.40`, `a || b`.
/// What is not a range, and anything with a pre-release tag, is not satisfied.
pub(super) fn satisfies(range: &str) -> bool {
    range.split("||").any(|alternative| match alternative.split_once(" - ") {
        Some((from, to)) => holds(">=", from.trim()) && holds("<=", to.trim()),
        None => all_hold(alternative),
    })
}

fn all_hold(comparators: &str) -> bool {
    // `>= 1.2` may stand with a space: the operator waits for its version.
    let mut waiting = "";
    for token in comparators.split_whitespace() {
        let version = token.trim_start_matches(['<', '>', '=', '~', '^']);
        let operator = &token[..token.len() - version.len()];
        if version.is_empty() {
            waiting = operator;
            continue;
        }
        if !holds(if operator.is_empty() { waiting } else { operator }, version) {
            return false;
        }
        waiting = "";
    }
    waiting.is_empty()
}

fn holds(operator: &str, version: &str) -> bool {
    let Some(known) = known_parts(version) else { return false };
    let mut floor = [0; 3];
    floor[..known.len()].copy_from_slice(&known);
    let below = |parts: usize| first_above(&known, parts).is_none_or(|limit| SERVED < limit);
    match operator {
        "" | "=" => SERVED >= floor && below(known.len()),
        "~" | "~>" => SERVED >= floor && below(known.len().min(2)),
        "^" => {
            let first_not_zero = known.iter().position(|part| *part != 0);
            SERVED >= floor && below(first_not_zero.map_or(known.len(), |index| index + 1))
        }
        ">=" => SERVED >= floor,
        ">" => !below(known.len()),
        "<" => SERVED < floor,
        "<=" => below(known.len()),
        _ => false,
    }
}

/// The leading numbers of a version: `1.x` and `1` are `[1]`, `*` is `[]`.
fn known_parts(version: &str) -> Option<Vec<u64>> {
    let version = version.strip_prefix('v').unwrap_or(version);
    let version = version.split_once('+').map_or(version, |(version, _build)| version);
    let parts: Vec<&str> = version.split('.').collect();
    if parts.len() > 3 {
        return None;
    }
    parts
        .into_iter()
        .take_while(|part| !matches!(*part, "x" | "X" | "*"))
        .map(|part| part.parse().ok())
        .collect()
}

/// The lowest version above all that share the first `parts` of `known`; `None` if none is.
fn first_above(known: &[u64], parts: usize) -> Option<[u64; 3]> {
    let last = parts.checked_sub(1)?;
    let mut above = [0; 3];
    above[..parts].copy_from_slice(&known[..parts]);
    above[last] = above[last].saturating_add(1);
    Some(above)
}

#[cfg(test)]
mod tests {
    use super::satisfies;

    #[test]
    fn ranges_that_hold_the_served_version() {
        for range in [
            "^1.31.0",
            "^1.30.0",
            "^1.0",
            "^1.x",
            "^1",
            "~1.31.0",
            "~1.31",
            "~1",
            "1.31.0",
            "=1.31.0",
            "v1.31.0",
            "1.31.x",
            "1.*",
            "1",
            "*",
            "",
            ">=1.2 <2",
            ">= 1.31.0",
            "<=1.31",
            "1.0.0 - 1.40",
            "^2 || ^1.31.0",
        ] {
            assert!(satisfies(range), "{range:?}");
        }
    }

    #[test]
    fn ranges_that_do_not() {
        for range in [
            "^1.32.0",
            "^1.31.1",
            "^2.0.0",
            "^0.31.0",
            "^0",
            "~1.30.0",
            "~2",
            "1.30.0",
            "1.31.1",
            "1.30.x",
            "2.x",
            ">1.31.0",
            ">1",
            "<1.31.0",
            "<=1.30",
            ">*",
            "1.32 - 2",
            "0.1 || ^2",
            "^1.31.0 ^2",
            ">=",
            "latest",
            "1.2.3.4",
            "1.31.0-beta",
            "=>1.0.0",
        ] {
            assert!(!satisfies(range), "{range:?}");
        }
    }
}
