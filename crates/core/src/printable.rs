//! Text from outside, as people may see it.

/// How many characters of a text are shown.
const SHOWN: usize = 2_000;

/// How many of them are its end, where what to do next stands.
const END: usize = 500;

const GAP: &str = " … ";

/// `text` on one line: what a terminal would obey, or what makes text read in another order than it
/// is written, is escaped, and the middle of a long text is left out.
pub fn printable(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if is_obeyed(c) {
            line.extend(c.escape_debug());
        } else {
            line.push(c);
        }
    }
    let length = line.chars().count();
    if length <= SHOWN {
        return line;
    }
    let at = |index| line.char_indices().nth(index).map_or(line.len(), |(at, _)| at);
    let start = at(SHOWN - END - GAP.chars().count());
    format!("{}{GAP}{}", &line[..start], &line[at(length - END)..])
}

fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}')
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_obeyed_is_escaped_and_letters_are_not() {
        assert_eq!(printable("a\r\nb\u{1b}[31m\u{202e}\u{2028}"), r"a\r\nb\u{1b}[31m\u{202e}\u{2028}");
        for text in ["Ada \"the\" \\ é e\u{301} नमस्ते 名前 👩‍💻", ""] {
            assert_eq!(printable(text), text);
        }
    }

    #[test]
    fn a_long_text_keeps_its_beginning_and_its_end() {
        let text = format!("first {} then", "é\u{7}".repeat(60_000));
        let shown = printable(&text);
        assert_eq!(shown.chars().count(), SHOWN);
        assert!(shown.starts_with("first é\\u{7}é") && shown.ends_with(" then"), "{shown}");
        let just_right = "é".repeat(SHOWN);
        assert_eq!(printable(&just_right), just_right);
    }
}
