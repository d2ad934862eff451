//! Keeps credentials out of what is shown of a vendor's texts: servers repeat a key that they do
//! not know.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};

/// Shorter ones are words of any text.
const SHORTEST: usize = 4;
/// So much of a secret may be missing, and it is still found.
const CUT: usize = 4;
/// What is left of a cut secret must be so long, since shorter pieces are words of any text.
const SHORTEST_PIECE: usize = 6;
/// So much of any secret is too much.
const LONGEST_PIECE: usize = 16;
/// How often an escape may be escaped itself.
const LEVELS: usize = 3;

/// Finds secrets in a text: as they are, reversed, in base64 or hex, whole or with a few letters
/// cut off, and behind any escapes of JSON, URLs, HTML or quotations.
pub(super) struct Redactor {
    /// The pieces to look for, by length.
    pieces: BTreeMap<usize, HashSet<Vec<u8>>>,
}

impl Redactor {
    pub(super) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut pieces = BTreeMap::<_, HashSet<_>>::new();
        let secrets = secrets.into_iter().filter(|secret| secret.len() >= SHORTEST);
        for form in secrets.flat_map(forms_of) {
            let length =
                (form.len().saturating_sub(CUT)).clamp(SHORTEST_PIECE, LONGEST_PIECE).min(form.len());
            pieces.entry(length).or_default().extend(form.windows(length).map(<[u8]>::to_vec));
        }
        Self { pieces }
    }

    /// The text with an ellipsis in the place of every secret.
    pub(super) fn redact(&self, text: &str) -> String {
        let mut found = Vec::new();
        let mut view = View::of(text);
        for _ in 0..=LEVELS {
            self.find(&view, &mut found);
            match view.unescaped() {
                Some(unescaped) => view = unescaped,
                None => break,
            }
        }
        without(text, found)
    }

    fn find(&self, view: &View, found: &mut Vec<Range<usize>>) {
        for (&length, pieces) in &self.pieces {
            for (at, window) in view.bytes.windows(length).enumerate() {
                if pieces.contains(window) {
                    found.push(view.places[at].start..view.places[at + length - 1].end);
                }
            }
        }
    }
}

/// A secret in the forms that no escape explains.
fn forms_of(secret: &str) -> Vec<Vec<u8>> {
    let hex = secret.bytes().flat_map(|byte| [byte >> 4, byte & 15]);
    let hex: String = hex.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
    let mut forms = vec![
        secret.as_bytes().to_vec(),
        secret.chars().rev().collect::<String>().into_bytes(),
        secret.replace(' ', "+").into_bytes(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    // Base64 looks otherwise by where the secret begins in what was encoded; what depends on its
    // neighbours is left out.
    for before in 0..3 {
        let bytes = [&[0; 2][..before.min(2)], secret.as_bytes()].concat();
        for engine in [BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&bytes).into_bytes();
            let (start, end) = ([0, 2, 3][before], bytes.len() * 8 / 6);
            forms.extend(
                encoded.get(start..end).filter(|form| form.len() >= SHORTEST_PIECE).map(<[u8]>::to_vec),
            );
        }
    }
    forms
}

/// A text at some level of its escapes, with the place of each byte in the text as it came.
struct View {
    bytes: Vec<u8>,
    places: Vec<Range<usize>>,
}

impl View {
    fn of(text: &str) -> Self {
        let mut view = Self { bytes: Vec::with_capacity(text.len()), places: Vec::with_capacity(text.len()) };
        for (at, char) in text.char_indices() {
            view.push(char, at..at + char.len_utf8());
        }
        view
    }

    fn push(&mut self, char: char, place: Range<usize>) {
        let bytes = char.encode_utf8(&mut [0; 4]).len();
        self.bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        self.places.extend(std::iter::repeat_n(place, bytes));
    }

    /// One level of escapes less, or `None` if there are none.
    fn unescaped(&self) -> Option<Self> {
        if !self.bytes.iter().any(|byte| matches!(byte, b'\\' | b'%' | b'&')) {
            return None;
        }
        let mut plain = Self { bytes: Vec::new(), places: Vec::new() };
        let mut at = 0;
        while at < self.bytes.len() {
            let (meaning, length) = match escape_at(&self.bytes[at..]) {
                Some((meaning, length)) => (meaning, length),
                None => (Meaning::Byte(self.bytes[at]), 1),
            };
            let place = self.places[at].start..self.places[at + length - 1].end;
            match meaning {
                Meaning::Char(char) => plain.push(char, place),
                Meaning::Byte(byte) => {
                    plain.bytes.push(byte);
                    plain.places.push(place);
                }
            }
            at += length;
        }
        (plain.bytes.len() < self.bytes.len()).then_some(plain)
    }
}

/// What an escape stands for.
enum Meaning {
    Char(char),
    Byte(u8),
}

/// The escape that a text begins with, and its length.
fn escape_at(text: &[u8]) -> Option<(Meaning, usize)> {
    let hex = |at: usize, length: usize| {
        let digits = std::str::from_utf8(text.get(at..at + length)?).ok()?;
        digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let one = |number: u32| u8::try_from(number).ok().map(Meaning::Byte);
    let char = |number: u32| char::from_u32(number).map(Meaning::Char);
    match text {
        [b'%', ..] => Some((one(hex(1, 2)?)?, 3)),
        [b'\\', b'x', ..] => Some((one(hex(2, 2)?)?, 4)),
        [b'\\', b'u', b'{', ..] => {
            let digits = text[3..].iter().take(7).position(|byte| *byte == b'}')?;
            Some((char(hex(3, digits)?)?, digits + 4))
        }
        [b'\\', b'u', ..] => Some((char(hex(2, 4)?)?, 6)),
        [b'\\', escaped @ (b'"' | b'\'' | b'\\' | b'/'), ..] => Some((Meaning::Byte(*escaped), 2)),
        [b'&', ..] => {
            let end = text.iter().take(10).position(|byte| *byte == b';')?;
            let meaning = match std::str::from_utf8(&text[1..end]).ok()? {
                "amp" => Meaning::Char('&'),
                "lt" => Meaning::Char('<'),
                "gt" => Meaning::Char('>'),
                "quot" => Meaning::Char('"'),
                "apos" => Meaning::Char('\''),
                other => {
                    let number = other.strip_prefix('#')?;
                    let digits = number.strip_prefix(['x', 'X']);
                    char(digits.map_or_else(
                        || number.parse().ok(),
                        |digits| u32::from_str_radix(digits, 16).ok(),
                    )?)?
                }
            };
            Some((meaning, end + 1))
        }
        _ => None,
    }
}

/// The text without these places, each run of them an ellipsis.
fn without(text: &str, mut places: Vec<Range<usize>>) -> String {
    places.sort_unstable_by_key(|place| place.start);
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for place in places {
        if place.start > end || shown.is_empty() {
            shown.push_str(&text[end..place.start.max(end)]);
            shown.push('…');
        }
        end = end.max(place.end);
    }
    shown + &text[end..]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "tr-51e07/f3+a9c=deadbeef";

    fn redact(text: &str) -> String {
        Redactor::new([SECRET]).redact(text)
    }

    #[test]
    fn a_secret_is_found_in_any_form() {
        let plus = SECRET.replace('+', "%2B");
        let json = SECRET.replace('/', r"\/").replace('=', r"\u003d");
        let reversed: String = SECRET.chars().rev().collect();
        let each = |form: fn(u8) -> String| SECRET.bytes().map(form).collect::<Vec<_>>().concat();
        let hex = each(|byte| format!("{byte:02X}"));
        let all_json = each(|byte| format!("\\u{byte:04x}"));
        let all_url = each(|byte| format!("%{byte:02x}"));
        let html = each(|byte| format!("&#x{byte:x};"));
        let quoted = format!("{:?}", format!("{json:?}"));
        let (front, back) = (&SECRET[4..], &SECRET[..SECRET.len() - 4]);
        for form in [SECRET, &plus, &json, &reversed, &hex, &all_json, &all_url, &html, front, back] {
            assert_eq!(redact(&format!("key «{form}» is unknown")), "key «…» is unknown", "{form}");
        }
        assert!(!redact(&quoted).contains("f3"), "{}", redact(&quoted));
        for before in ["", "a", "ab", "user:"] {
            for engine in [BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD] {
                let encoded = engine.encode(format!("{before}{SECRET}:x"));
                let shown = redact(&encoded);
                assert!(shown.chars().count() < 12 + before.len(), "{before}: {shown} of {encoded}");
            }
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in
            ["", r#"{"a\/b":"100 % of \u00e9 \\ & so on &c;"}"#, "é%zz\\", "tr-51", "\\u12", "%", "&#;"]
        {
            assert_eq!(redact(text), text);
        }
        assert_eq!(Redactor::new(["a", "abc"]).redact("a abc"), "a abc", "too short to be secret");
        assert_eq!(Redactor::new(["abcd"]).redact("abcd abc abcdabcd x"), "… abc … x");
    }
}
