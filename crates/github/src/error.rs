//! What GitHub's refusals mean.
//!
//! They are told by status, by headers and by code; by words only in loose parts, since GitHub changes
//! its texts.

use std::time::Duration;

use orgport_core::http::{Failure, Refusal, Wait};
use orgport_core::{ErrorKind, Timestamp};
use serde::Deserialize;

/// The header in which single sign-on is told.
pub(crate) const SSO_HEADER: &str = "x-github-sso";

/// How long to keep away where a secondary limit says nothing.
const SECONDARY: Duration = Duration::from_mins(1);

/// How many reasons an error shows.
const REASONS_SHOWN: usize = 5;

#[derive(Deserialize)]
struct Body {
    message: String,
    #[serde(default)]
    errors: Vec<Reason>,
}

/// A reason of a refused change: an object, or a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Reason {
    Text(String),
    Object { code: Option<String>, field: Option<String>, message: Option<String> },
    Other(serde::de::IgnoredAny),
}

impl Reason {
    fn code(&self) -> Option<&str> {
        match self {
            Self::Object { code, .. } => code.as_deref(),
            _ => None,
        }
    }

    fn words(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Object { message: Some(message), .. } => Some(message.clone()),
            Self::Object { code: Some(code), field: Some(field), .. } => Some(format!("{field}: {code}")),
            Self::Object { code: Some(code), .. } => Some(code.clone()),
            _ => None,
        }
    }
}

/// Judges a refusal.
pub(crate) fn explain(failure: &Failure<'_>) -> Refusal {
    let body = serde_json::from_str::<Body>(failure.body).ok();
    let Some(Body { message, errors }) = body else {
        return sharpen(failure, Refusal::from_status(failure.status), &[], "");
    };
    let reasons: Vec<_> = errors.iter().filter_map(Reason::words).take(REASONS_SHOWN).collect();
    let words = [vec![message], reasons].concat().join("; ");
    let refusal = Refusal::new(failure.status).message(&words);
    let refusal = errors.iter().find_map(Reason::code).into_iter().fold(refusal, Refusal::code);
    sharpen(failure, refusal, &errors, &words.to_lowercase())
}

fn sharpen(failure: &Failure<'_>, refusal: Refusal, errors: &[Reason], words: &str) -> Refusal {
    match failure.status {
        403 | 429 => limit_or_denied(failure, refusal, words),
        422 => not_processable(refusal, errors, words),
        // In a few lands certain organizations may not be changed.
        451 => refusal.kind(ErrorKind::PermissionDenied).hint("trade regulations stand against it"),
        401 => refusal.hint(
            "the token is wrong, revoked or has expired, or this computer's clock is wrong: make a new one; \
             after several such refusals GitHub refuses good tokens, too, for a while",
        ),
        404 if failure.call.contains("{org}") => refusal.hint(
            "it is not there, or this token may not know of it: by its scopes (admin:org) or permissions \
             (Members), because its person is no owner, or because the organization was renamed",
        ),
        404 => refusal.hint("it is not there, or this token may not know of it"),
        410 => refusal
            .kind(ErrorKind::Protocol)
            .hint("GitHub no longer serves the version of the API that this client speaks"),
        _ => refusal,
    }
}

/// A 403 is a limit, or one of several ways to be told no. A 429 is always a limit.
fn limit_or_denied(failure: &Failure<'_>, refusal: Refusal, words: &str) -> Refusal {
    if failure.header("x-ratelimit-remaining").map(str::trim) == Some("0") {
        return refusal.limit(failure.header("x-ratelimit-reset").and_then(after));
    }
    let is_secondary = ["secondary rate limit", "abuse detection", "retry your request again later"];
    if failure.status == 429
        || failure.header("retry-after").is_some()
        || is_secondary.iter().any(|part| words.contains(part))
    {
        let wait = failure.header("retry-after").and_then(Wait::parse);
        return refusal.limit(Some(wait.unwrap_or(Wait::For(SECONDARY))));
    }
    denied(failure, words).into_iter().fold(refusal, Refusal::hint)
}

/// One second behind the moment when the limit is fresh again.
fn after(reset: &str) -> Option<Wait> {
    let seconds: i64 = reset.trim().parse().ok()?;
    Timestamp::from_unix_millis(seconds.checked_add(1)?.checked_mul(1000)?).map(Wait::Until)
}

/// What to do about a refusal that is no limit.
fn denied(failure: &Failure<'_>, words: &str) -> Option<String> {
    if let Some(sso) = failure.header(SSO_HEADER) {
        let url = sso.split(';').find_map(|part| part.trim().strip_prefix("url="));
        let open = url.map_or_else(String::new, |url| format!("open {url} within an hour, or "));
        return Some(format!(
            "the organization wants the token to be authorized for its single sign-on: {open}authorize the token \
             in GitHub's settings"
        ));
    }
    if words.contains("two-factor") {
        return Some("switch on a second factor for the account first".to_owned());
    }
    if let Some(accepted) = failure.header("x-accepted-github-permissions") {
        return Some(format!("the token lacks a permission; one of these is needed: {accepted}"));
    }
    let scopes = |name| failure.header(name).unwrap_or_default();
    let (has, accepted) = (scopes("x-oauth-scopes"), scopes("x-accepted-oauth-scopes"));
    let has_one = has.split(',').any(|scope| accepted.split(',').any(|one| one.trim() == scope.trim()));
    if !has_one && !accepted.trim().is_empty() {
        return Some(format!("the token has the scopes {has:?}, and one of these is needed: {accepted}"));
    }
    let is_own = !words.is_empty();
    is_own.then(|| {
        "only owners of the organization may do this, or it does not allow this kind of token".to_owned()
    })
}

fn not_processable(refusal: Refusal, errors: &[Reason], words: &str) -> Refusal {
    let has_code = |wanted: &str| errors.iter().any(|reason| reason.code() == Some(wanted));
    if words.contains("invitation rate limit") {
        return refusal.quota().hint(
            "the organization has sent as many invitations as it may in 24 hours: 50, or 500 where it is older \
             than a month or pays; GitHub does not say when the next one passes",
        );
    }
    if words.contains("already a part") || has_code("already_exists") {
        return refusal.kind(ErrorKind::AlreadyExists);
    }
    if has_code("no_seat") || words.contains("seat") {
        let hint = "the organization's plan has no seat left: buy one, or remove somebody";
        return refusal.kind(ErrorKind::PermissionDenied).hint(hint);
    }
    if words.contains("blocked") {
        let hint = "the organization has blocked this person, or this person the organization";
        return refusal.kind(ErrorKind::Conflict).hint(hint);
    }
    refusal
}
