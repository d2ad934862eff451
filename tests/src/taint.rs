//! Finds secrets where none may be, in any of the forms that software gives a text.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use orgport_sandbox::Identity;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use regex_lite::{Captures, Regex};

const IN_PART: &str = "in part";
const NOT_RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How much of a secret is too much, where texts are cut.
const PART: usize = 16;

/// A secret with so many letters cut off is one still.
const CUT: usize = 4;

/// Secrets to look for, each with the name that a finding is reported under.
#[derive(Debug, Clone, Default)]
pub struct Taint {
    /// By form: of which secret it is, and how.
    forms: BTreeMap<String, String>,
}

impl Taint {
    /// Looks for these, by name and secret.
    pub fn new<'a>(secrets: impl IntoIterator<Item = (String, &'a str)>) -> Self {
        let mut taint = Self::default();
        for (name, secret) in secrets {
            taint.add(&name, secret);
        }
        taint
    }

    /// Looks for everything secret in these credentials.
    pub fn of<'a>(identities: impl IntoIterator<Item = &'a Identity>) -> Self {
        let mut taint = Self::default();
        for identity in identities {
            for (key, secret) in secrets_of(identity) {
                taint.add(&format!("{}'s {key}", identity.vendor), secret);
            }
        }
        taint
    }

    /// Looks for one more.
    ///
    /// # Panics
    ///
    /// If it is too short to tell from any other text.
    pub fn add(&mut self, name: &str, secret: &str) {
        assert!(secret.len() >= 8, "{name} is too short to look for");
        for (form, text) in forms(secret) {
            self.forms.entry(text).or_insert_with(|| format!("{name}, {form}"));
        }
    }

    /// Looks for whole secrets only: tokens of one maker have parts in common.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.forms.retain(|_, what| !what.ends_with(IN_PART));
        self
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// What is in this text: the first finding.
    pub fn find(&self, text: &str) -> Option<&str> {
        let plain = unescaped(text);
        let is_in = |form: &str| text.contains(form) || plain.contains(form);
        self.forms.iter().find(|(form, _)| is_in(form)).map(|(_, what)| what.as_str())
    }

    /// Fails if there is a secret in this text. The text is shown up to it only.
    ///
    /// # Panics
    ///
    /// If there is.
    #[track_caller]
    pub fn assert_clean(&self, place: &str, text: &str) {
        self.assert_clean_as_it_is(place, text);
        self.assert_clean_as_it_is(&format!("{place}, escaped"), &unescaped(text));
    }

    #[track_caller]
    fn assert_clean_as_it_is(&self, place: &str, text: &str) {
        let found =
            self.forms.iter().filter_map(|(form, what)| Some((text.find(form.as_str())?, form.len(), what)));
        let first = found.min_by_key(|(at, length, _)| (*at, usize::MAX - length));
        if let Some((at, _, what)) = first {
            let before: String = text[..at].chars().rev().take(200).collect();
            panic!("{what}, in {place}, behind: {}", before.chars().rev().collect::<String>());
        }
    }
}

/// The secret values of a credential, by their keys; without a code of six digits, which stands in
/// many a text.
pub fn secrets_of(identity: &Identity) -> impl Iterator<Item = (&str, &str)> {
    let table = identity.credential.as_object().into_iter().flatten();
    let public = ["type", "client_id", "token_url", "authorize_url", "redirect_uri", "email"];
    table.filter(move |(key, _)| !public.contains(&key.as_str())).filter_map(|(key, value)| {
        let value = value.as_str().filter(|value| value.len() >= 8)?;
        Some((key.as_str(), value))
    })
}

/// The text without the escapes of JSON, URLs and HTML, one within another. What is no escape, or
/// none of a letter, stays as it is.
pub fn unescaped(text: &str) -> String {
    static ESCAPE: LazyLock<Regex> = LazyLock::new(|| {
        let escape = r"\\u\{?([0-9a-fA-F]{2,4})\}?|\\x([0-9a-fA-F]{2})|%([0-9a-fA-F]{2})|&#x([0-9a-fA-F]{2,4});|\\([/'\x22\\])";
        Regex::new(escape).expect("a pattern")
    });
    let mut text = text.to_owned();
    for _ in 0..3 {
        let plain = ESCAPE.replace_all(&text, |escape: &Captures<'_>| {
            let number = (1..5).find_map(|group| escape.get(group));
            let number = number.and_then(|digits| u32::from_str_radix(digits.as_str(), 16).ok());
            let letter = number.and_then(char::from_u32).filter(char::is_ascii);
            match (letter, escape.get(5)) {
                (Some(letter), _) => letter.to_string(),
                (None, Some(letter)) => letter.as_str().to_owned(),
                (None, None) => escape[0].to_owned(),
            }
        });
        text = plain.into_owned();
    }
    text
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let percent = utf8_percent_encode(secret, NOT_RESERVED).to_string();
    let hex = hex(secret);
    let bytes = format!("{:?}", secret.as_bytes());
    let json = serde_json::Value::from(secret).to_string();
    let debug = format!("{secret:?}");
    let mut forms = vec![
        ("as it is", secret.to_owned()),
        ("in lower case", secret.to_lowercase()),
        ("in upper case", secret.to_uppercase()),
        ("reversed", secret.chars().rev().collect()),
        ("percent-encoded", percent.to_lowercase()),
        ("percent-encoded", percent),
        ("percent-encoded", utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string()),
        ("in hex", hex.to_uppercase()),
        ("in hex", hex),
        ("as bytes", bytes.trim_matches(['[', ']']).to_owned()),
        ("as JSON", json.trim_matches('"').to_owned()),
        ("escaped", debug.trim_matches('"').to_owned()),
    ];
    // Base64 depends on how many bytes stand before; its ends depend on what stands beside.
    for before in 0..3 {
        let bytes = [&b"   "[..before], secret.as_bytes()].concat();
        for encoded in [BASE64_STANDARD_NO_PAD.encode(&bytes), BASE64_URL_SAFE_NO_PAD.encode(&bytes)] {
            let start = if before == 0 { 0 } else { 4 };
            forms.push(("in base64", encoded[start..encoded.len() - 3].to_owned()));
        }
    }
    let characters: Vec<_> = secret.chars().collect();
    for part in characters.windows(PART).step_by(PART / 2) {
        forms.push((IN_PART, part.iter().collect()));
    }
    if characters.len() >= 3 * CUT {
        let pieces = characters.windows(characters.len() - CUT);
        forms.extend(pieces.map(|piece| (IN_PART, piece.iter().collect())));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "tr-7f3a/9c+51e0?deadbeef";

    #[test]
    fn every_form_is_found() {
        let taint = Taint::new([("key".to_owned(), SECRET)]);
        let url = form_urlencoded::byte_serialize(SECRET.as_bytes()).collect::<String>();
        let basic = BASE64_STANDARD_NO_PAD.encode(format!("someone:{SECRET}"));
        let odd = BASE64_URL_SAFE_NO_PAD.encode(format!("u:{SECRET}, and more"));
        let even = BASE64_STANDARD_NO_PAD.encode(SECRET);
        let hex = hex(SECRET).to_uppercase();
        let cut = format!("it begins {:?}…", &SECRET[..16]);
        let json = SECRET.replace('/', r"\/").replace('+', r"\u002b").replace('7', "\\u{37}");
        let html = SECRET.replace('3', "&#x33;");
        let quoted = format!("{:?}", format!("{json:?}"));
        let (front, back) = (&SECRET[CUT..], &SECRET[..SECRET.len() - CUT]);
        let reversed: String = SECRET.chars().rev().collect();
        for leak in [
            SECRET,
            &url,
            &basic,
            &odd,
            &even,
            &hex,
            &cut,
            &reversed,
            &format!("{:?}", SECRET.as_bytes()),
            &json,
            &html,
            &quoted,
            front,
            back,
        ] {
            assert!(taint.find(&format!("so it is: {leak}.")).is_some(), "{leak}");
        }
        for clean in ["tr-…", "Secret(…)", "Bearer ***", "tr-7f3a"] {
            assert_eq!(taint.find(clean), None);
        }
    }

    #[test]
    fn a_client_that_tells_is_caught() {
        #[derive(Debug)]
        #[expect(dead_code, reason = "it is there to be shown")]
        struct Careless {
            token: String,
        }
        let taint = Taint::new([("token".to_owned(), SECRET)]);
        let careless = Careless { token: SECRET.to_owned() };
        let told = std::panic::catch_unwind(|| taint.assert_clean("Debug", &format!("{careless:?}")));
        let told = *told.expect_err("caught").downcast::<String>().expect("a message");
        assert!(told.contains("token, as it is, in Debug"), "{told}");
        assert!(taint.find(&told).is_none(), "the finding does not repeat the secret: {told}");
    }
}
