//! The vendor's date-times.

use jiff::{Timestamp, Unit};
use serde::{Serialize, Serializer};

/// A point in time that is written as chrono writes a date-time without a zone: a fraction of
/// 0, 3, 6 or 9 digits, as many as are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(Timestamp);

impl Moment {
    /// As it is in memory, with nanoseconds.
    pub(super) fn exact(at: Timestamp) -> Self {
        Self(at)
    }

    /// As the database keeps it, with microseconds.
    pub(super) fn stored(at: Timestamp) -> Self {
        Self(
            at.round(jiff::TimestampRound::new().smallest(Unit::Microsecond).mode(jiff::RoundMode::Floor))
                .expect("rounding down stays in range"),
        )
    }

    /// What the database makes of a moment in memory.
    pub(super) fn to_stored(self) -> Self {
        Self::stored(self.0)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let nanoseconds = self.0.as_nanosecond().rem_euclid(1_000_000_000);
        let digits = match nanoseconds {
            0 => "",
            n if n % 1_000_000 == 0 => "%.3f",
            n if n % 1_000 == 0 => "%.6f",
            _ => "%.9f",
        };
        serializer.collect_str(&self.0.strftime(&format!("%Y-%m-%dT%H:%M:%S{digits}")))
    }
}
