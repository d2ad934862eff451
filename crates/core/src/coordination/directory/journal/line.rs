//! One line of the journal.

use std::fmt;
use std::time::Duration;

use hmac_sha256::Hash as Sha256;

use crate::coordination::key::Key;

/// What a line tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Noted(Key, Noted),
    Settled(Key, u64),
}

/// A note as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Noted {
    /// Tells this note from others of the same person.
    pub(super) nonce: u64,
    /// When it was made, since 1970.
    pub(super) at: Duration,
    pub(super) lasts: Duration,
    pub(super) memo: Option<String>,
}

impl Noted {
    /// How long what was sent may still show up. From a note of the future, the clock has gone back
    /// since, and nothing is known.
    pub(super) fn left(&self, now: Duration) -> Duration {
        now.checked_sub(self.at).map_or(self.lasts, |passed| self.lasts.saturating_sub(passed))
    }
}

impl Line {
    /// Reads a line with its end; `None` for one that nobody here has written.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        let line = str::from_utf8(line).ok()?.strip_suffix('\n')?;
        let (text, check) = line.rsplit_once(' ')?;
        if check != self::check(text) {
            return None;
        }
        let mut words = text.splitn(6, ' ');
        let sign = words.next()?;
        let person = Key::parse(words.next()?)?;
        let nonce = u64::from_str_radix(words.next()?, 16).ok()?;
        let mut millis = || words.next()?.parse().ok().map(Duration::from_millis);
        match sign {
            "-" => Some(Self::Settled(person, nonce)),
            "+" => {
                let (at, lasts) = (millis()?, millis()?);
                let memo = serde_json::from_str(words.next()?).ok()?;
                Some(Self::Noted(person, Noted { nonce, at, lasts, memo }))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Settled(person, nonce) => format!("- {person} {nonce:016x}"),
            Self::Noted(person, Noted { nonce, at, lasts, memo }) => {
                let memo = serde_json::to_string(memo).map_err(|_| fmt::Error)?;
                format!("+ {person} {nonce:016x} {} {} {memo}", at.as_millis(), lasts.as_millis())
            }
        };
        writeln!(f, "{text} {}", check(&text))
    }
}

/// By what a line is known to be as it was written.
fn check(text: &str) -> String {
    let digest = Sha256::hash(text.as_bytes());
    digest[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}
