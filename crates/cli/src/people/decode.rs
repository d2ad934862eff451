//! From bytes to text whose lines end in `\n`.

use super::Fault;

/// A list as text.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) text: String,
    /// The bytes do not say which letters they are beyond ASCII.
    pub(super) is_guessed: bool,
}

/// What Windows-1252 has at 0x80 to 0x9f, where Latin-1 has control characters.
const WINDOWS: [char; 32] = [
    '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
    '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
];

/// Reads UTF-8, UTF-16 with its byte-order mark, and anything else as Windows-1252.
///
/// # Errors
///
/// Of bytes that are no text in any of these.
pub(super) fn decode(bytes: &[u8]) -> Result<Text, Fault> {
    let (text, is_guessed) = match bytes {
        [0xff, 0xfe, rest @ ..] => (utf16(rest, u16::from_le_bytes)?, false),
        [0xfe, 0xff, rest @ ..] => (utf16(rest, u16::from_be_bytes)?, false),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        _ => utf8(bytes),
    };
    let text = with_line_ends(&text);
    if let Some(at) = text.find('\0') {
        let what = "is not text: it has a byte of value 0; save the list as UTF-8 text";
        return Err(Fault::new(line_at(&text, at), what));
    }
    Ok(Text { text, is_guessed })
}

fn utf8(bytes: &[u8]) -> (String, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (bytes.iter().copied().map(windows).collect(), true),
    }
}

fn windows(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Fault> {
    let (units, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(units.len());
    for unit in char::decode_utf16(units.iter().map(|pair| unit(*pair))) {
        match unit {
            Ok(c) => text.push(c),
            Err(_) => return Err(broken_utf16(&text)),
        }
    }
    if rest.is_empty() { Ok(text) } else { Err(broken_utf16(&text)) }
}

fn broken_utf16(before: &str) -> Fault {
    let text = with_line_ends(before);
    Fault::new(line_at(&text, text.len()), "is broken: it begins like UTF-16, and is not; save it as UTF-8")
}

/// The text with every kind of line end as `\n`.
fn with_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n").replace(['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'], "\n")
}

fn line_at(text: &str, at: usize) -> usize {
    1 + text[..at].matches('\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Result<(String, bool), String> {
        decode(bytes).map(|text| (text.text, text.is_guessed)).map_err(|fault| fault.to_string())
    }

    #[test]
    fn encodings_are_told_apart() {
        let is = |text: &str, is_guessed| Ok((text.to_owned(), is_guessed));
        assert_eq!(text("é\r\nb\rc".as_bytes()), is("é\nb\nc", false));
        assert_eq!(text("\u{feff}é".as_bytes()), is("é", false));
        assert_eq!(text(b"\xff\xfe\xe9\0\r\0\n\0=\xd8\x00\xde"), is("é\n😀", false));
        assert_eq!(text(b"\xfe\xff\0\xe9\0\r\0a"), is("é\na", false));
        assert_eq!(text(b"J\xfcrgen \x80\x81"), is("Jürgen €\u{fffd}", true));
    }

    #[test]
    fn what_is_no_text_is_named_with_its_line() {
        assert!(text(b"a\nb\n\0").is_err_and(|fault| fault.starts_with("line 3: is not text")));
        assert!(text(b"a\0b\0").is_err(), "UTF-16 without its mark");
        assert!(text(b"\xff\xfea\0\n\0\0\xd8").is_err_and(|fault| fault.starts_with("line 2: is broken")));
        assert!(text(b"\xff\xfea\0b").is_err());
    }
}
