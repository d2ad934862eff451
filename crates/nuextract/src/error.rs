//! What `NuExtract`'s failed answers mean.

use orgport_core::http::{Failure, Refusal};

use crate::model::ErrorBody;

/// How a refusal begins that comes before the vendor's own code: what was sent could not be
/// decoded. A detail may follow, in words that are not documented.
const NOT_DECODED: &str = "Invalid value for: ";

/// Judges by the status alone, since the vendor documents no vocabulary of codes.
pub(crate) fn explain(failure: &Failure<'_>) -> Refusal {
    let refusal = match own_form(failure) {
        Some(refusal) => refusal,
        // A page of something in between says nothing that a person could use.
        None if is_page(failure) => return Refusal::from_status(failure.status),
        None => with_text(Refusal::from_status(failure.status), failure.body),
    };
    match hint(failure) {
        Some(hint) => refusal.hint(hint),
        None => refusal,
    }
}

/// The two forms that the vendor's own servers answer in.
fn own_form(failure: &Failure<'_>) -> Option<Refusal> {
    let refusal = Refusal::new(failure.status);
    if is_json(failure) {
        let ErrorBody { code, message } = serde_json::from_str(failure.body).ok()?;
        return Some(refusal.code(code).message(message));
    }
    let undecoded = failure.status == 400 && failure.body.trim_start().starts_with(NOT_DECODED);
    undecoded.then(|| with_text(refusal, failure.body))
}

fn with_text(refusal: Refusal, text: &str) -> Refusal {
    match text.trim() {
        "" => refusal,
        text => refusal.message(text),
    }
}

fn hint(failure: &Failure<'_>) -> Option<&'static str> {
    match failure.status {
        // Signing in sends no credential that could be at fault.
        400..=403 if failure.call.ends_with("/api/auth/token") => {
            Some("the login's code or the refresh token is not accepted: log in again")
        }
        401 => Some("the access token is missing, wrong or expired: configure a new one, or a refresh token"),
        403 => Some(
            "NuExtract takes no API key here: configure an OAuth access token (auth.type = \"oauth2\" or \
             \"bearer\"); with one, its user has no right to do this",
        ),
        404 if failure.call.ends_with("{invitationId}") => {
            Some("accepted, declined or revoked: this vendor does not say; or the organization is not there")
        }
        404 => Some("it is not there, or not for this account to see"),
        _ => None,
    }
}

fn media_type<'a>(failure: &Failure<'a>) -> &'a str {
    failure.content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim()
}

fn is_json(failure: &Failure<'_>) -> bool {
    let media_type = media_type(failure).to_ascii_lowercase();
    media_type == "application/json" || media_type.ends_with("+json")
}

fn is_page(failure: &Failure<'_>) -> bool {
    media_type(failure).eq_ignore_ascii_case("text/html") || failure.body.trim_start().starts_with('<')
}
