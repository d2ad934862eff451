//! What Losant's refusals mean.
//!
//! A refusal in Losant's own form is `{"type": …, "message": …}`. The messages are not documented,
//! so nothing is read from them.

use orgport_core::ErrorKind;
use orgport_core::http::{Failure, Refusal};
use serde::Deserialize;

#[derive(Deserialize)]
struct Body {
    r#type: String,
    message: String,
}

/// The login's request, whose refusals speak of the account and not of a token.
const LOGIN: &str = "POST /auth/user";

/// Reads one refusal. Of a response in another form only the status counts: it may be a gateway's.
pub(crate) fn explain(failure: &Failure<'_>) -> Refusal {
    let Ok(Body { r#type, message }) = serde_json::from_str(failure.body) else {
        return Refusal::from_status(failure.status);
    };
    let (kind, hint) = meaning(failure, &r#type);
    let refusal = Refusal::new(failure.status).code(r#type).message(message);
    let refusal = kind.into_iter().fold(refusal, Refusal::kind);
    hint.into_iter().fold(refusal, Refusal::hint)
}

/// The kind, where it is not the status's own, and what to do.
fn meaning(failure: &Failure<'_>, code: &str) -> (Option<ErrorKind>, Option<&'static str>) {
    match (failure.status, code) {
        (_, "AccountLocked") => (
            Some(ErrorKind::Unauthenticated),
            Some("the account is locked: unlock it in Losant's web application"),
        ),
        (400, "VersionNotAllowed") => (
            Some(ErrorKind::Protocol),
            Some("this installation does not serve the version of the API that this client speaks"),
        ),
        // Ids have been checked, so the only thing that can be wrong is that it is not there.
        (400, _) if failure.call == "DELETE /orgs/{orgId}/invites" => (Some(ErrorKind::NotFound), None),
        (401, _) if failure.call == LOGIN => (
            None,
            Some("check the e-mail address and the password; an account with a second factor needs its code"),
        ),
        (401, _) => (None, Some("the token is not valid or has expired: configure a new one")),
        // An editor is refused the list of invitations already, before anything is changed.
        (403, _) if failure.call.contains("/orgs/{orgId}") => (
            None,
            Some(
                "the role in the organization or the token's scopes do not allow this, or no token was sent; \
                 people are managed by administrators, with a scope such as all.Organization",
            ),
        ),
        (403, _) => (None, Some("the token's scopes do not allow this, or no token was sent")),
        (404, _) if failure.call.ends_with("/me/invites/{inviteId}") => {
            (None, Some("it was answered or revoked before, or is addressed to somebody else"))
        }
        (404, _) if failure.call == "POST /invites" => {
            (None, Some("no invitation waits for this address and token, or the address has no account yet"))
        }
        (404, _) => (None, Some("it is not there, or this credential may not know of it")),
        (405, _) => (Some(ErrorKind::Protocol), Some("Losant knows no such path or method: check base_url")),
        (410, _) => (None, Some("the invitation has expired: ask for a new one")),
        _ => (None, None),
    }
}
