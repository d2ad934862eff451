//! Texts for people: nothing in them that a terminal would obey, and numbers in words.

use std::time::Duration;

/// A text on one line, with nothing in it that a terminal would obey.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
        .map(|c| if c.is_control() || is_direction(c) { '\u{fffd}' } else { c })
        .collect()
}

/// Marks that make text read in another order than it is written.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// At most so many characters of a text, with `…` where it goes on.
pub(crate) fn bounded(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

/// `90 s`, `12 min`, `3 h`: rounded up, so that waiting that long is enough.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3600)),
    }
}

/// `1 mail`, `2 mails`.
pub(crate) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        assert_eq!(clean("a\u{1b}[31mb\r\nc\u{202e}d"), "a\u{fffd}[31mb  c\u{fffd}d");
    }

    #[test]
    fn long_texts_are_cut_where_a_character_ends() {
        assert_eq!(bounded("éèê", 3), "éèê");
        assert_eq!(bounded("éèêë", 3), "éè…");
    }

    #[test]
    fn waits_are_rounded_up() {
        assert_eq!(duration(Duration::from_millis(1_200)), "2 s");
        assert_eq!(duration(Duration::from_secs(121)), "3 min");
        assert_eq!(duration(Duration::from_secs(7_201)), "3 h");
    }
}
