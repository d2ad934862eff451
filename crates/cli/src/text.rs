//! Texts for people: nothing in them that a terminal would obey, and numbers in words.

use std::time::Duration;

use orgport::Timestamp;

/// A text on one line, with nothing in it that a terminal would obey.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if is_obeyed(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Control characters, separators of lines, and marks that make text read in another order than it is
/// written.
pub(crate) fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{61c}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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

/// `5 min ago`, `in 3 d`: how long a moment is over or ahead, rounded down.
pub(crate) fn age(moment: Timestamp, now: Timestamp) -> String {
    let (over, ahead) = (now.saturating_since(moment), moment.saturating_since(now));
    let seconds = over.max(ahead).as_secs();
    let long = match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    };
    if ahead.is_zero() { format!("{long} ago") } else { format!("in {long}") }
}

/// `1 mail`, `2 mails`.
pub(crate) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// `1 person`, `2 people`.
pub(crate) fn people(number: usize) -> String {
    if number == 1 { "1 person".to_owned() } else { format!("{number} people") }
}

/// `ada, bob and 3 more`: the first ones of so many.
pub(crate) fn and_more(first: &[String], all: usize) -> String {
    let named = first.join(", ");
    match all - first.len() {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// A value, or nothing.
pub(crate) fn present(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        assert_eq!(
            clean("a\u{1b}[31mb\r\nc\u{202e}d\u{9b}\u{2028}"),
            "a\u{fffd}[31mb  c\u{fffd}d\u{fffd}\u{fffd}"
        );
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

    #[test]
    fn ages_are_rounded_down() {
        let now = Timestamp::parse("2026-01-02T03:04:05Z").expect("a time");
        let at = |text: &str| age(Timestamp::parse(text).expect("a time"), now);
        assert_eq!(at("2026-01-02T03:04:05Z"), "0 s ago");
        assert_eq!(at("2026-01-02T03:03:05.5Z"), "59 s ago");
        assert_eq!(at("2026-01-01T03:04:05Z"), "1 d ago");
        assert_eq!(at("2026-01-02T05:03:05Z"), "in 1 h");
        assert_eq!(at("2026-01-09T00:00:00Z"), "in 6 d");
    }
}
