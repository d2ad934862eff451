//! What the body of a success must be.

use serde_json::value::RawValue;

/// What the body of a success must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// JSON: anything else is a broken response.
    Json,
    /// JSON, or nothing at all.
    JsonOrNothing,
    /// Nothing at all, or an object with nothing in it.
    Nothing,
    /// Whatever it is, it is not looked at as JSON.
    Anything,
}

impl Expected {
    /// Whether a success with this body can be the vendor's whole response.
    pub(crate) fn allows(self, body: &[u8]) -> bool {
        match self {
            Self::Anything | Self::Nothing => true,
            Self::JsonOrNothing if body.trim_ascii().is_empty() => true,
            Self::Json | Self::JsonOrNothing => serde_json::from_slice::<&RawValue>(body).is_ok(),
        }
    }
}

/// Whether a body says nothing: it is empty, or an object with nothing in it.
pub(crate) fn is_nothing(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    let inner = body.strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}"));
    body.is_empty() || inner.is_some_and(|inner| inner.trim_ascii().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_is_whole_or_empty_where_it_may_be() {
        let allowed = |expected: Expected| {
            ["{}", "", " \r\n", "{", "<html>"].map(|body| expected.allows(body.as_bytes()))
        };
        assert_eq!(allowed(Expected::Json), [true, false, false, false, false]);
        assert_eq!(allowed(Expected::JsonOrNothing), [true, true, true, false, false]);
        assert_eq!(allowed(Expected::Anything), [true; 5]);
        let says_nothing = |body: &str| is_nothing(body.as_bytes());
        assert_eq!(["", "\r\n", "{}", "{ }\n"].map(says_nothing), [true; 4]);
        assert_eq!(["[]", "null", "{", "{} {}", "<p>", r#"{"success":false}"#].map(says_nothing), [false; 6]);
    }
}
