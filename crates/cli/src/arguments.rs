//! Words of the command line in the library's types.

use std::time::Duration;

use orgport::roster::PlaceName;
use orgport::{Email, Error, InvitationStatus};

/// Reads an invitation's status.
pub(crate) fn status(text: &str) -> Result<InvitationStatus, String> {
    text.parse().map_err(message)
}

/// Reads an address that can be mailed.
pub(crate) fn email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(message)
}

/// Reads a time that people count in hours, days or weeks.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let seconds = match unit.trim() {
        "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => 0,
    };
    let number: Option<u64> = text[..text.len() - unit.len()].parse().ok();
    let span = number.and_then(|number| number.checked_mul(seconds)).filter(|_| seconds > 0);
    span.map(Duration::from_secs)
        .ok_or_else(|| format!("{text:?} is not a time such as 90min, 12h, 7d or 2w"))
}

/// Reads a place.
pub(crate) fn place(text: &str) -> Result<PlaceName, String> {
    PlaceName::parse(text).map_err(message)
}

#[expect(clippy::needless_pass_by_value, reason = "it is mapped over results")]
fn message(error: Error) -> String {
    error.message().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units_that_people_count_in() {
        let hours = |text| span(text).map(|span| span.as_secs() / 3_600);
        assert_eq!([hours("12h"), hours(" 7d"), hours("2 w"), hours("120min")], [12, 168, 336, 2].map(Ok));
        for wrong in ["", "7", "d", "-1d", "1.5d", "7 days", "99999999999999999999d", "9999999999999999999w"]
        {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}
