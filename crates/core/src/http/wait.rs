//! Waits as vendors ask for them.

use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;

use crate::time::Timestamp;

/// What is longer is a mistake, and no clock can count it.
const LONGEST: Duration = Duration::from_hours(24 * 365);
/// A number from here on is a moment: as seconds it would be more than thirty years.
const FIRST_MOMENT: f64 = 1e9;
/// A moment from here on is in milliseconds: in seconds it would be far behind the year 5000.
const FIRST_IN_MILLISECONDS: f64 = 1e11;

/// Reads a whole number from a header.
pub fn number_in(headers: &HeaderMap, name: &str) -> Option<u32> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// How long a vendor asks to wait: for some time, or until a moment by its own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wait {
    /// So long from its response on.
    For(Duration),
    /// Until then.
    Until(Timestamp),
}

impl Wait {
    /// Reads seconds, a moment in seconds or milliseconds since 1970, or a date of HTTP or RFC 3339.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use orgport_core::http::Wait;
    ///
    /// assert_eq!(Wait::parse("7"), Some(Wait::For(Duration::from_secs(7))));
    /// let moment = Wait::parse("2026-05-13T10:00:30Z");
    /// assert_eq!(Wait::parse("Wed, 13 May 2026 10:00:30 GMT"), moment);
    /// assert_eq!([Wait::parse("1778666430"), Wait::parse("1778666430000")], [moment, moment]);
    /// assert_eq!(Wait::parse("soon"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let Ok(number) = text.parse::<f64>() else {
            let date = httpdate::parse_http_date(text).map(Timestamp::from);
            return date.or_else(|_| Timestamp::parse(text)).ok().map(Self::Until);
        };
        let seconds = if number < FIRST_IN_MILLISECONDS { number } else { number / 1e3 };
        // What is longer than any clock counts is still a wait.
        let since =
            Duration::try_from_secs_f64(if seconds.is_finite() { seconds.min(1e12) } else { seconds })
                .ok()?;
        if number < FIRST_MOMENT {
            return Some(Self::For(since));
        }
        let moment = i64::try_from(since.as_millis()).ok().and_then(Timestamp::from_unix_millis);
        Some(moment.map_or(Self::For(LONGEST), Self::Until))
    }

    /// What is left of it at `now` by the vendor's clock; a year at most.
    pub(super) fn left(self, now: Timestamp) -> Duration {
        let wait = match self {
            Self::For(wait) => wait,
            Self::Until(moment) => moment.saturating_since(now),
        };
        wait.min(LONGEST)
    }
}

/// The wait in this header, on a response of `date`.
pub(super) fn wait_in(headers: &HeaderMap, name: &str, date: Timestamp) -> Option<Duration> {
    Wait::parse(headers.get(name)?.to_str().ok()?).map(|wait| wait.left(date))
}

/// The wait that `Retry-After` asks for.
pub(super) fn retry_after(headers: &HeaderMap, date: Timestamp) -> Option<Duration> {
    wait_in(headers, RETRY_AFTER.as_str(), date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_or_a_moment_by_the_vendors_clock() {
        let date = Timestamp::parse("2026-05-13T10:00:00Z").expect("valid");
        let read = |value: &str| {
            retry_after(&HeaderMap::from_iter([(RETRY_AFTER, value.parse().expect("valid"))]), date)
        };
        let seconds = |count| Some(Duration::from_secs(count));
        assert_eq!(read("7"), seconds(7));
        assert_eq!(read("0.5"), Some(Duration::from_millis(500)));
        for moment in
            ["Wed, 13 May 2026 10:00:30 GMT", "2026-05-13T12:00:30+02:00", "1778666430", "1778666430000"]
        {
            assert_eq!(read(moment), seconds(30), "{moment}");
        }
        assert_eq!(read("Wed, 13 May 2026 09:00:00 GMT"), seconds(0));
        assert_eq!(read("1000000000"), seconds(0), "a moment long past");
        for far in ["9999999999", "99999999999999999", "1e30", "Fri, 31 Dec 9999 23:59:59 GMT"] {
            assert_eq!(read(far), Some(LONGEST), "{far}");
        }
        assert_eq!(["-1", "soon", "inf", "NaN", "", "7, 8"].map(read), [None; 6]);
    }
}
