//! What Jaqpot's refusals mean.
//!
//! Refusals have four forms. The application writes `status`, `message` and a `code` that is
//! always null, where the documents have `message` and a number as `code`; the framework writes `timestamp`, `status`, `error` and `path`, with a `message`
//! on the older line of servers only; the security layer writes nothing.

use orgport_core::ErrorKind;
use orgport_core::http::{Failure, Refusal};
use serde::Deserialize;

#[derive(Deserialize)]
struct Body {
    status: Option<u16>,
    message: Option<String>,
    code: Option<i64>,
    error: Option<String>,
    path: Option<String>,
}

impl Body {
    /// The body of a failure in one of the vendor's forms.
    fn of(failure: &Failure<'_>) -> Option<Self> {
        let body: Self = serde_json::from_str(failure.body).ok()?;
        let is_framework = body.error.is_some() && body.path.is_some();
        // The application's own form is never sent for a fault of the server.
        let is_application = body.message.is_some() && failure.status < 500;
        let is_its_own = body.status.is_none_or(|status| status == failure.status);
        (is_its_own && (is_framework || is_application)).then_some(body)
    }
}

/// Messages by their start, on both lines of servers, with the kind and what to do about it.
const MESSAGES: &[(&str, ErrorKind, &str)] = &[
    ("This invitation has already status ", ErrorKind::Conflict, "it is answered and stays so"),
    ("This invitation has expired", ErrorKind::Expired, "ask the organization's creator to resend it"),
    (
        "It appears that you are currently logged in",
        ErrorKind::PermissionDenied,
        "only the invited person can answer: configure that person's own credential",
    ),
    (
        "Your email needs to be verified",
        ErrorKind::PermissionDenied,
        "verify the address at Jaqpot; the server can take up to 4 hours to notice",
    ),
    (
        "Organization creator for organization ",
        ErrorKind::NotFound,
        "the organization exists, but its creator's account is gone; a change just sent is stored",
    ),
    ("API key has expired", ErrorKind::Unauthenticated, "make a new API key at Jaqpot and configure it"),
];

/// Says what a refusal means.
pub(crate) fn explain(failure: &Failure<'_>) -> Refusal {
    let status = failure.status;
    if failure.body.trim().is_empty() {
        return if matches!(status, 401 | 403 | 404) {
            by_status(failure, "")
        } else {
            Refusal::from_status(status)
        };
    }
    let Some(Body { message, error, code, .. }) = Body::of(failure) else {
        return Refusal::from_status(status);
    };
    let Some(message) = message else {
        // Newer lines of servers leave no more than the status's name.
        return error.into_iter().fold(by_status(failure, ""), Refusal::message);
    };
    let refusal = match MESSAGES.iter().find(|(start, ..)| message.starts_with(start)) {
        Some((_, kind, hint)) => Refusal::new(status).kind(*kind).hint(*hint),
        None => by_status(failure, &message),
    };
    code.iter().fold(refusal.message(message), |refusal, code| refusal.code(code.to_string()))
}

fn by_status(failure: &Failure<'_>, message: &str) -> Refusal {
    let refusal = Refusal::new(failure.status);
    match failure.status {
        400 if message.starts_with("Organization with name ") && message.ends_with("already exists.") => {
            refusal.kind(ErrorKind::AlreadyExists).hint("names are unique at Jaqpot: choose another")
        }
        401 => refusal.hint("the token or key pair is missing, wrong or expired: renew it"),
        403 => refusal.hint(
            "this is for the organization's creator alone, and a private organization shows itself to its people only",
        ),
        404 if failure.call.contains("/organizations/") => {
            refusal.hint("Jaqpot knows an organization by its exact name, which a configuration must follow when it is renamed, and an \
             invitation within it")
        }
        // Only an update responds with it, to anything that the database refuses.
        409 => refusal
            .kind(ErrorKind::AlreadyExists)
            .hint("the name is taken, or the contact address is longer than 255 characters"),
        500 => refusal.hint(
            "an expired API key shows like this too: if every call fails and an API key is configured, make a new one",
        ),
        _ => refusal,
    }
}
