//! E-mail addresses: what may be sent, and when two of them are one person's.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use icu_normalizer::ComposingNormalizerBorrowed;
use serde::{Deserialize, Deserializer};

use crate::error::{Error, ErrorKind};
use crate::text::text_conversions;

const MAX_LENGTH: usize = 254;
const MAX_LOCAL_LENGTH: usize = 64;
const MAX_LABEL_LENGTH: usize = 63;
/// Unicode's composed form.
const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();

/// How many characters of what is no address errors show.
const SHOWN: usize = 100;

/// An e-mail address, kept as it was written.
///
/// Two addresses are equal when their [keys](Email::key) are: `Ada@X.io` equals `ada@x.io`.
/// serde writes the address as it is and reads only one that can be mailed.
///
/// ```
/// use orgport_core::Email;
///
/// let email = Email::parse(" Ada.Lovelace+lab@Bücher.example ")?;
/// assert_eq!(email.as_str(), "Ada.Lovelace+lab@Bücher.example");
/// assert_eq!(email.key(), "ada.lovelace+lab@xn--bcher-kva.example");
/// assert!(Email::parse("ada at x.io").is_err());
/// # Ok::<(), orgport_core::Error>(())
/// ```
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Email {
    text: Box<str>,
    /// Where it is another text.
    key: Option<Box<str>>,
}

impl Email {
    /// Trims `text` and checks that it can be mailed: a dot-atom, `@`, and a domain name, at most
    /// 254 characters in all.
    ///
    /// # Errors
    ///
    /// `InvalidInput` that says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let email = Self::verbatim(text);
        email.check()?;
        Ok(email)
    }

    /// Takes an address from a vendor's reply, malformed or not, so that a strange row can be
    /// shown. It is checked before anything is ever sent to it.
    pub fn verbatim(text: impl Into<String>) -> Self {
        let text = text.into();
        let is_trimmed = !text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace);
        let text: Box<str> = if is_trimmed { text.into() } else { text.trim().into() };
        // Most are in lower-case ASCII, and their own key.
        let is_key = !text.bytes().any(|byte| byte.is_ascii_uppercase()) && is_plain(&text);
        let key = (!is_key).then(|| key_of(&text).into());
        Self { text, key }
    }

    /// Says whether an address taken [verbatim](Email::verbatim) can be mailed.
    ///
    /// # Errors
    ///
    /// `InvalidInput` that says which part is wrong.
    pub fn check(&self) -> Result<(), Error> {
        // What compares by a key that is not an address itself could be taken for another person.
        let differs = !self.key().eq_ignore_ascii_case(&self.text);
        let fault = fault(&self.text).or_else(|| fault(self.key()).filter(|_| differs));
        fault.map_or(Ok(()), |fault| {
            let more = if self.text.chars().nth(SHOWN).is_some() { "…" } else { "" };
            let shown: String = self.text.chars().take(SHOWN).collect();
            Err(Error::new(
                ErrorKind::InvalidInput,
                format!("{shown:?}{more} is not an e-mail address: {fault}"),
            ))
        })
    }

    /// The address as it was written, trimmed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What addresses of one person have in common: the domain in lower-case ASCII (IDNA), the
    /// local part in NFC and lower case; a `+tag` stays.
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.text)
    }

    /// Says whether it stands in a text, whatever stands around it.
    pub fn stands_in(&self, text: &str) -> bool {
        addresses(text).any(|key| key == self.key())
    }
}

/// The keys of the addresses in a text, whatever stands around them.
pub(crate) fn addresses(text: &str) -> impl Iterator<Item = String> {
    let is_around = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '"');
    let words = text.split(is_around).filter(|word| word.contains('@'));
    // Quotes, brackets and full stops around an address can also be a part of it.
    let bare = |word: &str| key_of(word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.flat_map(move |word| [key_of(word), bare(word)])
}

/// ASCII that stands for nothing else: IDNA and Unicode only lower its case.
fn is_plain(text: &str) -> bool {
    // What stands for something else begins with `xn--`.
    text.is_ascii() && !text.contains("--")
}

fn key_of(text: &str) -> String {
    if is_plain(text) {
        return text.to_ascii_lowercase();
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return lower(text);
    };
    let domain = ascii_domain(domain).unwrap_or_else(|| lower(domain));
    format!("{}@{domain}", lower(local))
}

/// NFC in lower case.
pub(crate) fn lower(part: &str) -> String {
    if part.is_ascii() {
        return part.to_ascii_lowercase();
    }
    // Lower case can come out of the normal form, so that it is brought into it twice.
    let lower = NFC.normalize(part).to_lowercase();
    NFC.normalize(&lower).into_owned()
}

/// The domain in lower-case ASCII, unless IDNA does not allow it.
fn ascii_domain(domain: &str) -> Option<String> {
    if is_plain(domain) {
        return Some(domain.to_ascii_lowercase());
    }
    idna::domain_to_ascii(domain).ok()
}

/// What is wrong with `text` as an address to send to, if anything.
fn fault(text: &str) -> Option<&'static str> {
    if text.chars().count() > MAX_LENGTH {
        return Some("it is longer than 254 characters");
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return Some("it has no @");
    };
    if local.is_empty() || local.len() > MAX_LOCAL_LENGTH {
        return Some("the part before @ must have 1 to 64 characters");
    }
    if !NFC.normalize(local).split('.').all(is_atom) {
        return Some(
            "the part before @ must be letters, digits and !#$%&'*+-/=?^_`{|}~, joined by single dots",
        );
    }
    let written = domain;
    let Some(domain) = ascii_domain(written) else {
        return Some("the part after @ is not a domain name");
    };
    if has_ignored(written, &domain) {
        return Some("the part after @ has characters that are not seen and mean nothing: write it anew");
    }
    // Mail travels by the ASCII form, which can be much longer than what was written.
    if local.len() + "@".len() + domain.len() > MAX_LENGTH {
        return Some("it is longer than 254 characters, its domain written in ASCII");
    }
    (!domain.split('.').all(is_label)).then_some("the part after @ is not a domain name")
}

/// Whether a domain has characters that IDNA leaves out, such as a soft hyphen or a zero-width space.
/// A vendor that does not would have another person, of an address that looks the same.
fn has_ignored(domain: &str, ascii: &str) -> bool {
    let is_ignored = |(at, c): (usize, char)| {
        let without = [&domain[..at], &domain[at + c.len_utf8()..]].concat();
        ascii_domain(&without).is_some_and(|without| without == ascii)
    };
    domain.char_indices().filter(|(_, c)| !c.is_ascii() && !c.is_alphanumeric()).any(is_ignored)
}

/// RFC 5322 `atext`, with RFC 6531's letters beyond ASCII.
fn is_atom(part: &str) -> bool {
    let allowed = |c: char| {
        if c.is_ascii() {
            c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
        } else {
            c.is_alphanumeric()
        }
    };
    !part.is_empty() && part.chars().all(allowed)
}

fn is_label(label: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=MAX_LABEL_LENGTH).contains(&label.len())
        && label.chars().all(allowed)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Email {}

impl std::hash::Hash for Email {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl Ord for Email {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(other.key())
    }
}

impl PartialOrd for Email {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Email {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

text_conversions!(Email);

impl AsRef<str> for Email {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Email({:?})", self.text)
    }
}

/// Reads the address of a model, which may be one that the vendor shows and nobody can mail.
pub(crate) fn deserialize_verbatim<'de, D>(deserializer: D) -> Result<Option<Email>, D::Error>
where
    D: Deserializer<'de>,
{
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(Email::verbatim))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The key by the whole of Unicode's rules, whatever the text.
    fn key_without_shortcuts(text: &str) -> String {
        let lower = |part: &str| NFC.normalize(&NFC.normalize(part).to_lowercase()).into_owned();
        let Some((local, domain)) = text.rsplit_once('@') else {
            return lower(text);
        };
        let domain = idna::domain_to_ascii(domain).unwrap_or_else(|_| lower(domain));
        format!("{}@{domain}", lower(local))
    }

    proptest! {
        #[test]
        fn a_shortcut_leads_to_the_same_key(
            text in prop_oneof![
                "\\PC{0,40}",
                "[ -~]{0,20}@[ -~]{0,40}",
                "[a-zA-Z.+]{1,8}@([xX][nN]--)?[a-zA-Z0-9-]{0,8}(\\.([xX][nN]--)?[a-zA-Z0-9éß。-]{0,8}){0,3}",
                "[\\x00-\\x7f]{0,8}@[\\x00-\\x7f]{0,20}",
            ]
        ) {
            let email = Email::verbatim(&text);
            prop_assert_eq!(email.key(), key_without_shortcuts(text.trim()));
            prop_assert_eq!(key_of(text.trim()), email.key());
        }
    }

    #[test]
    fn malformed_addresses_are_refused_and_say_why() {
        for text in [
            "",
            "ada",
            "@x.io",
            "ada@",
            "a b@x.io",
            "a..b@x.io",
            ".a@x.io",
            "a.@x.io",
            "a@b..c",
            "a@-",
            "a@x.io.",
            "a@b c",
            "a@[127.0.0.1]",
            "\"a\"@x.io",
            "a@x_y.io",
            "a,b@x.io",
            "a@b@c.io",
            "a\u{0}@x.io",
            "a\r\n@x.io",
            "a@x\u{ad}.io",
            "a@\u{200b}x.io",
            "a@x.io\u{feff}",
            "a@bücher\u{2060}.example",
            "a@x\u{fe0f}.io",
            "a\u{200b}@x.io",
        ] {
            let error = Email::parse(text).expect_err(text);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{text:?}");
            assert!(error.to_string().contains("is not an e-mail address"), "{error}");
        }
        assert!(Email::parse(&format!("{}@x.io", "a".repeat(65))).is_err());
        assert!(Email::parse(&format!("a@{}.io", "b".repeat(260))).is_err());
        let long = Email::parse(&format!("{}@x.io", "a".repeat(60_000))).expect_err("long").to_string();
        assert!(long.len() < 300 && long.contains("is not an e-mail address: "), "{long}");
        let labels = vec!["ꇞ.ꅞ"; 40].join(".");
        assert!(Email::parse(&format!("a@{labels}")).is_err(), "its domain is too long in ASCII");
    }

    #[test]
    fn one_person_has_one_key() {
        let keys = |texts: &[&str]| {
            texts.iter().map(|text| Email::verbatim(*text).key().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(keys(&["A@x.io", "a@x.io", " a@x.io ", "a@X.IO"]), ["a@x.io"; 4]);
        assert_eq!(keys(&["e\u{301}@x.io", "É@x.io"]), ["é@x.io"; 2]);
        for text in
            ["jos\u{e9}@x.io", "jose\u{301}@x.io", "a@bu\u{308}cher.example", "a@x。io", "a@क्ष.example"]
        {
            assert_eq!(Email::parse(text).expect("an address").as_str(), text);
        }
        assert_ne!(Email::verbatim("a+b@x.io"), Email::verbatim("a@x.io"));
    }

    #[test]
    fn an_address_stands_in_whatever_is_written_around_it() {
        let ada = Email::verbatim("ada@x.io");
        for text in
            ["ada@x.io", "to <ADA@x.io>, bea@x.io", "'ada@x.io'", "[ada@x.io]", "ada@x.io.", "{ada@x.io}"]
        {
            assert!(ada.stands_in(text), "{text}");
        }
        for text in ["nada@x.io", "ada@x.io.example", "a.ada@x.io", "ada"] {
            assert!(!ada.stands_in(text), "{text}");
        }
        assert!(Email::verbatim("'ada@x.io").stands_in("'ada@x.io"));
    }
}
