//! Words of the command line in the library's types.

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

/// Reads a place.
pub(crate) fn place(text: &str) -> Result<PlaceName, String> {
    PlaceName::parse(text).map_err(message)
}

#[expect(clippy::needless_pass_by_value, reason = "it is mapped over results")]
fn message(error: Error) -> String {
    error.message().to_owned()
}
