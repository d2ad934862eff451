//! Instants and durations.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer};

use crate::error::{Error, ErrorKind};
use crate::text::text_conversions;

/// A moment, printed as RFC 3339 in UTC; serde writes and reads it so.
///
/// ```
/// use std::time::SystemTime;
///
/// use orgport_core::Timestamp;
///
/// let moment: Timestamp = "2026-05-13T12:00:00+02:00".parse()?;
/// assert_eq!(moment.to_string(), "2026-05-13T10:00:00Z");
/// assert_eq!(moment.unix_seconds(), 1_778_666_400);
/// assert_eq!(Timestamp::from(SystemTime::from(moment)), moment);
/// # Ok::<(), orgport_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The system's present moment.
    pub fn now() -> Self {
        Self(jiff::Timestamp::now())
    }

    /// Reads a date-time that carries its offset, as RFC 3339 writes it.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if it is not one.
    pub fn parse(text: &str) -> Result<Self, Error> {
        text.trim().parse().map(Self).map_err(|source| invalid(text, source))
    }

    /// Reads a date-time that nothing depends on: `None` where there is none, or none that can be read.
    pub fn lenient(text: Option<&str>) -> Option<Self> {
        Self::parse(text?).ok()
    }

    /// Reads a date-time without an offset, taking it as UTC; one with an offset is read too.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if it is neither.
    pub fn parse_as_utc(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if has_offset(text) {
            return Self::parse(text);
        }
        let civil = text.parse::<jiff::civil::DateTime>();
        let moment = civil.and_then(|civil| jiff::tz::Offset::UTC.to_timestamp(civil));
        moment.map(Self).map_err(|source| invalid(text, source))
    }

    /// The moment `milliseconds` after 1970 began in UTC, if it is one that can be written.
    pub fn from_unix_millis(milliseconds: i64) -> Option<Self> {
        jiff::Timestamp::from_millisecond(milliseconds).ok().map(Self)
    }

    /// Whole seconds since 1970 began in UTC; negative before that.
    pub fn unix_seconds(self) -> i64 {
        self.0.as_second()
    }

    /// Whole milliseconds since 1970 began in UTC; negative before that.
    pub fn unix_millis(self) -> i64 {
        self.0.as_millisecond()
    }

    /// The moment `by` later, or the last moment there is.
    #[must_use]
    pub fn saturating_add(self, by: Duration) -> Self {
        Self(self.0.saturating_add(by).unwrap_or(jiff::Timestamp::MAX))
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub fn saturating_since(self, earlier: Self) -> Duration {
        Duration::try_from(self.0.duration_since(earlier.0)).unwrap_or(Duration::ZERO)
    }
}

/// Says whether a date-time carries an offset, or a zone, behind its time.
fn has_offset(text: &str) -> bool {
    let time = text.split_once(['T', 't', ' ']).map_or("", |(_, time)| time);
    time.contains(['Z', 'z', '+', '-'])
}

fn invalid(text: &str, source: jiff::Error) -> Error {
    Error::new(ErrorKind::InvalidInput, format!("{text:?} is not a date and time")).with_source(source)
}

impl From<SystemTime> for Timestamp {
    /// A time outside the years that can be written becomes the nearest one.
    fn from(time: SystemTime) -> Self {
        let nearest = if time < SystemTime::UNIX_EPOCH { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        Self(jiff::Timestamp::try_from(time).unwrap_or(nearest))
    }
}

impl From<Timestamp> for SystemTime {
    fn from(moment: Timestamp) -> Self {
        moment.0.into()
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({})", self.0)
    }
}

text_conversions!(Timestamp);

/// Reads a duration as people and ISO 8601 write it: `"500ms"`, `"30s"`, `"1m 30s"`, `"PT30S"`. For
/// `#[serde(deserialize_with = "…")]`.
///
/// # Errors
///
/// The deserializer's for anything else: a number without a unit, a negative duration, days and
/// longer units.
pub fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let duration = text.trim().parse::<jiff::SignedDuration>().ok();
    duration.and_then(|duration| Duration::try_from(duration).ok()).ok_or_else(|| {
        let what = format!("{text:?} is not a duration such as \"500ms\", \"30s\", \"1m 30s\" or \"PT2H\"");
        serde::de::Error::custom(what)
    })
}
