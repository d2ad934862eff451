//! Errors about what somebody has named by an id.

use orgport::{Error, ErrorKind};

/// An error with the name in it of what is not there, or cannot be.
pub(super) fn naming<'a>(what: &'a str, named: &'a str) -> impl Fn(Error) -> Error + 'a {
    move |error| {
        let is_unknown = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput);
        if !is_unknown || error.message().contains(named) {
            return error;
        }
        let message = match error.message() {
            "" => format!("there is no {what} {named}"),
            message => format!("{message} ({what} {named})"),
        };
        error.with_message(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_named_once() {
        let named =
            |kind, message: &str| naming("member", "bea")(Error::new(kind, message)).message().to_owned();
        assert_eq!(named(ErrorKind::NotFound, ""), "there is no member bea");
        assert_eq!(named(ErrorKind::NotFound, "it is not there"), "it is not there (member bea)");
        assert_eq!(named(ErrorKind::NotFound, "there is no bea"), "there is no bea");
        assert_eq!(named(ErrorKind::Unavailable, "later"), "later");
    }
}
