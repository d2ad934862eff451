//! Instants.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::{Serialize, Serializer};

use crate::error::{Error, ErrorKind};

/// A moment, printed as RFC 3339 in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

    /// Reads a date-time without an offset, taking it as UTC; one with an offset is read too.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if it is neither.
    pub fn parse_as_utc(text: &str) -> Result<Self, Error> {
        Self::parse(text).or_else(|_| {
            let civil: jiff::civil::DateTime = text.trim().parse().map_err(|source| invalid(text, source))?;
            let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).map_err(|source| invalid(text, source))?;
            Ok(Self(zoned.timestamp()))
        })
    }

    /// The moment `milliseconds` after 1970 began in UTC, if it is one that can be written.
    pub fn from_unix_millis(milliseconds: i64) -> Option<Self> {
        jiff::Timestamp::from_millisecond(milliseconds).ok().map(Self)
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

fn invalid(text: &str, source: jiff::Error) -> Error {
    Error::new(ErrorKind::InvalidInput, format!("{text:?} is not a date and time")).with_source(source)
}

impl From<SystemTime> for Timestamp {
    /// A time outside the years that can be written becomes the nearest one.
    fn from(time: SystemTime) -> Self {
        Self(jiff::Timestamp::try_from(time).unwrap_or(jiff::Timestamp::MAX))
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

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
