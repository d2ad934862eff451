//! Cells that spreadsheets do not take for formulas.

/// What a formula begins with.
const STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What it begins with in an address that can be mailed, and in an account.
const STARTS_OF_PEOPLE: [char; 4] = ['=', '+', '-', '@'];

/// The cell with an apostrophe before everything that would be computed, as spreadsheets themselves mark
/// text. Also behind `;`, where some of them begin another cell.
pub(crate) fn guarded(cell: &str) -> String {
    let mut safe = String::with_capacity(cell.len() + 1);
    if is_mistaken_for_guarded(cell) {
        safe.push('\'');
    }
    for (index, part) in cell.split(';').enumerate() {
        if index > 0 {
            safe.push(';');
        }
        if part.trim_start().starts_with(STARTS) {
            safe.push('\'');
        }
        safe.push_str(part);
    }
    safe
}

/// The cell without the apostrophe before what is somebody otherwise.
pub(crate) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(bare) if bare.starts_with(STARTS_OF_PEOPLE) || is_mistaken_for_guarded(bare) => bare,
        _ => cell,
    }
}

/// Says whether a cell begins like one with a guard, which is then guarded as well to come back as it was.
fn is_mistaken_for_guarded(cell: &str) -> bool {
    cell.starts_with('\'') && cell.trim_start_matches('\'').starts_with(STARTS_OF_PEOPLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for (cell, safe) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  -1", "'  -1"),
            ("＝1", "'＝1"),
            ("a;=1; b;\t+2", "a;'=1; b;'\t+2"),
            ("Ada = Bea", "Ada = Bea"),
            ("O'Brien", "O'Brien"),
            ("", ""),
        ] {
            assert_eq!(guarded(cell), safe);
        }
    }

    #[test]
    fn people_come_back_as_they_were() {
        for address in [
            "ada@x.io",
            "@octocat",
            "+ada@x.io",
            "'+ada@x.io",
            "''=ada@x.io",
            "'@x.io",
            "'ada@x.io",
            "-@x.io",
        ] {
            assert_eq!(unguarded(&guarded(address)), address);
        }
        assert_eq!(unguarded("'ada@x.io"), "'ada@x.io");
    }
}
