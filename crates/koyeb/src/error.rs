//! What Koyeb's refusals mean.

use orgport_core::ErrorKind;
use orgport_core::http::{Failure, Refusal};
use serde::Deserialize;
use serde_json::Value;

/// How many rejected fields an error names.
const FIELDS_SHOWN: usize = 5;

/// The calls for which "already" means a name or a person that is there; for others, that they
/// come too late.
const GIVE_NAMES: [&str; 3] =
    ["POST /v1/organizations", "PUT /v1/organizations/{id}/name", "POST /v1/organization_invitations"];

/// Either of the two forms: Koyeb's own, whose code is a word, and that of the gateway before it
/// (`google.rpc.Status`), whose code is a number.
#[derive(Deserialize)]
struct Body {
    code: Value,
    message: String,
    #[serde(default)]
    fields: Option<Vec<Field>>,
}

#[derive(Deserialize)]
struct Field {
    #[serde(default)]
    field: String,
    #[serde(default)]
    description: String,
}

/// Judges a refusal by its status, and by its body where that says more. The codes are for
/// display: the vendor's own documents disagree about them.
pub(crate) fn explain(failure: &Failure<'_>) -> Refusal {
    let Ok(Body { code, message, fields }) = serde_json::from_str(failure.body) else {
        let mut refusal = Refusal::from_status(failure.status);
        refusal.hint = hint(failure, "").map(str::to_owned);
        return refusal;
    };
    let fields = fields.unwrap_or_default();
    let is_gateway = !code.is_string();
    let code = code.as_str().map_or_else(|| code.to_string(), str::to_owned);
    let mut refusal = Refusal::new(failure.status).kind(kind(failure, &code, &message, &fields));
    // The gateway speaks for a server that may have acted before it failed.
    refusal.own_form = !(is_gateway && failure.status >= 500);
    refusal.hint = rejected(&fields).or_else(|| hint(failure, &message).map(str::to_owned));
    refusal.code(code).message(message)
}

fn kind(failure: &Failure<'_>, code: &str, message: &str, fields: &[Field]) -> ErrorKind {
    let general = ErrorKind::from_status(failure.status);
    if !matches!(general, ErrorKind::InvalidInput | ErrorKind::Conflict) {
        return general;
    }
    let says = |word: &str| {
        let mut texts = fields.iter().map(|field| field.description.as_str()).chain([message]);
        texts.any(|text| text.to_lowercase().contains(word))
    };
    // An id that is not a UUID belongs to nothing.
    let is_id = !fields.is_empty() && fields.iter().all(|field| field.field == "id");
    match code {
        "failed_precondition" => ErrorKind::Conflict,
        _ if says("already") && GIVE_NAMES.contains(&failure.call) => ErrorKind::AlreadyExists,
        _ if says("already") => ErrorKind::Conflict,
        _ if is_id && failure.call.contains("{id}") => ErrorKind::NotFound,
        _ => general,
    }
}

/// The fields that the vendor rejects, in its words.
fn rejected(fields: &[Field]) -> Option<String> {
    let rejected: Vec<_> = fields
        .iter()
        .take(FIELDS_SHOWN)
        .map(|Field { field, description }| format!("{field}: {description}"))
        .collect();
    (!rejected.is_empty()).then(|| rejected.join("; "))
}

fn hint(failure: &Failure<'_>, message: &str) -> Option<&'static str> {
    let is_own_account = failure.call.contains("/v1/account/");
    Some(match failure.status {
        401 if message == "Token rejected" => {
            "the token's organization was deactivated: use a token of another organization"
        }
        401 => "the token is not valid, or its organization was deleted: make a new one in the control panel",
        402 => "the organization's plan or payment does not allow it",
        403 if message == "Account is locked" => "Koyeb has locked the account: ask its support",
        403 if is_own_account => {
            "an organization's token has no account, and a user's token loses its own with the membership"
        }
        404 if failure.call.contains("/v1/account/organization_invitations/") => {
            "there is no such invitation, or it is addressed to another account than the token's"
        }
        _ => return None,
    })
}
