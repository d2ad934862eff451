//! What `NuExtract`'s refusals mean.

use orgport_core::http::{Failure, Refusal};

use crate::model::ErrorBody;

/// Judges by the status alone, since the vendor documents no vocabulary of codes.
pub(crate) fn explain(failure: &Failure<'_>) -> Refusal {
    let refusal = match serde_json::from_str(failure.body) {
        Ok(ErrorBody { code, message }) if is_json(failure) => {
            Refusal::new(failure.status).code(code).message(message)
        }
        _ => Refusal::from_status(failure.status),
    };
    // A page of something in between is nothing that the vendor says.
    hint(failure).filter(|_| !is_page(failure)).into_iter().fold(refusal, Refusal::hint)
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
