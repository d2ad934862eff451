//! What the vendor's errors mean. Nearly all are a 400 with a text and no code.

use orgport_core::http::{Failure, Refusal};
use orgport_core::{Error, ErrorKind, Reach};
use serde::Deserialize;

const ME: &str = "GET /api/auth/me";
const UPDATE_USER: &str = "PUT /api/user";
const UPDATE_ORGANIZATION: &str = "PUT /api/organization";
const DELETE_ORGANIZATION: &str = "DELETE /api/organization/{organization_id}";

/// The vendor drops the cached log-ins of an organization's people, and fails where that fails or where
/// there is nobody whose log-in it could drop.
pub(crate) const CACHE_FAILED: &str = "Failed to delete user from redis";

/// Faults of the vendor's database, which it says with a 400, and with any other status where the
/// step that fails is another one.
const FAULTS: &[&str] = &[
    "Could not get database connection",
    "Could not create organization, try again",
    "Could not delete subscription, try again",
    "Error deleting invitation.",
    "Error getting invitations.",
    "Error inserting invitation.",
    "Error loading user",
    "Error loading user with organizations and roles for get_user_by_id_query",
    "Error loading users",
    "Error removing user from org",
    "Error updating user",
    "Failed to get API keys for user",
    "Failed to get postgres connection",
    "Failed to update organization, try again",
];

const DATABASE_FAILED: (ErrorKind, &str) =
    (ErrorKind::Unavailable, "the vendor's database failed: try again later");

/// Where the deletion of an organization stops half way: its steps are no transaction.
const HALF_DELETED: &[&str] =
    &["Could not delete organization, try again", "Error deleting dataset", "Error loading datasets"];

/// Whether the vendor responded and yet nobody knows what it did: it failed behind the change, or what
/// stands in its response confirms nothing.
pub(crate) fn is_unclear(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Ambiguous => true,
        kind => kind == ErrorKind::Protocol && error.reach() == Reach::Unanswered,
    }
}

/// The text that refuses a second invitation of this address, in the same letters.
pub(crate) fn already_invited(email: &str) -> String {
    format!("User with email {email} has already been invited")
}

/// Says what a refusal means.
pub(crate) fn explain(failure: &Failure<'_>) -> Refusal {
    #[derive(Deserialize)]
    struct ErrorResponseBody {
        message: String,
    }
    let Ok(ErrorResponseBody { message }) = serde_json::from_str(failure.body) else {
        return without_words(failure);
    };
    let meaning = match failure.status {
        400 => of_bad_request(failure.call, &message),
        401 | 404 if FAULTS.contains(&&*message) => Some(DATABASE_FAILED),
        401 => Some((
            ErrorKind::Unauthenticated,
            "the key is unknown or has expired, or its person is in no organization any more, whom the vendor does \
             not know either: configure another one, or have the person invited again",
        )),
        403 => Some((
            ErrorKind::PermissionDenied,
            "the key's role in this organization is too low, its scopes do not cover the call, or it belongs to another organization",
        )),
        408 => Some((ErrorKind::Timeout, "the vendor gave up; the call may still have taken effect")),
        500 => of_server_fault(failure.call, &message),
        _ => None,
    };
    let mut refusal = Refusal::new(failure.status).message(message);
    let Some((kind, hint)) = meaning else { return refusal };
    // The vendor fails here behind work that is done, so its response proves nothing.
    refusal.own_form = kind != ErrorKind::Ambiguous;
    refusal.kind(kind).hint(hint)
}

/// A response that the application itself does not make: its router's, which has no words for an
/// address that it lacks, or somebody else's.
fn without_words(failure: &Failure<'_>) -> Refusal {
    if failure.body.is_empty() && matches!(failure.status, 404 | 405) {
        return Refusal::new(failure.status).hint("there is no such address at the vendor: check base_url");
    }
    Refusal::from_status(failure.status)
}

fn of_bad_request(call: &str, message: &str) -> Option<(ErrorKind, &'static str)> {
    use ErrorKind::{
        AlreadyExists, Ambiguous, Conflict, Incomplete, InvalidInput, NotFound, PermissionDenied,
    };
    let about_a_person = message.starts_with("User with email ");
    let meaning = match message {
        "Can not invite user with higher role than yours"
        | "Can not grant a user a higher role than that of the requesting user's"
        | "You must have an admin or owner role to update other users" => {
            (PermissionDenied, "the key's own role is too low: use a key of an owner")
        }
        "Error loading user by itself for get_user_by_id_query" if call == ME => {
            (PermissionDenied, "an organization's API key stands for no person: use a user's key")
        }
        "Error loading user by itself for get_user_by_id_query" if call == UPDATE_USER => {
            (NotFound, "there is no such account")
        }
        "Error loading user role" => (NotFound, "there is no such member"),
        "Error getting invitation." => (NotFound, "there is no such invitation"),
        "Can not invite yourself" => (AlreadyExists, "the key's own person is a member already"),
        "Cannot delete organization with active subscription" => {
            (Conflict, "cancel the subscription in the dashboard first")
        }
        "Organization name already exists" => (AlreadyExists, "choose another name"),
        "Error sending email." => {
            (Incomplete, "the invitation or the membership exists and its mail was not sent")
        }
        // It loads them to drop their cached log-ins, behind the change.
        "Error loading users" if call == UPDATE_ORGANIZATION => {
            (Ambiguous, "the vendor's database failed behind the change: look at the organization")
        }
        "Invalid email" | "Could not convert Organization to UUID" => (InvalidInput, ""),
        _ if about_a_person && message.ends_with(" is already in the organization") => (AlreadyExists, ""),
        _ if about_a_person && message.ends_with(" has already been invited") => {
            (AlreadyExists, "the invitation may be a used one, which also stands in the way: delete it")
        }
        _ if message.starts_with("The user who you would like to update") => {
            (NotFound, "the person is not a member of this organization")
        }
        _ if message.starts_with("Json Deserialization Error")
            || message.starts_with("Path deserialize error") =>
        {
            (InvalidInput, "")
        }
        _ if call == DELETE_ORGANIZATION && HALF_DELETED.contains(&message) => {
            (Incomplete, "some of its datasets may be deleted already: delete the organization again")
        }
        _ if FAULTS.contains(&message)
            || message.starts_with("Failed to set new API key for organization") =>
        {
            DATABASE_FAILED
        }
        _ => return None,
    };
    Some(meaning)
}

fn of_server_fault(call: &str, message: &str) -> Option<(ErrorKind, &'static str)> {
    match message {
        CACHE_FAILED if call == DELETE_ORGANIZATION => Some((
            ErrorKind::Unavailable,
            "the vendor's cache failed before the deletion, and nothing is deleted; an organization without \
             members always fails so",
        )),
        "Failed to add organization to deleted_organizations" => Some((
            ErrorKind::Ambiguous,
            "the vendor's cache failed behind the deletion: look whether the organization is gone",
        )),
        CACHE_FAILED => Some((
            ErrorKind::Ambiguous,
            "the vendor's cache failed behind the change: look at the organization",
        )),
        "Failed to add user to organization" => Some((
            ErrorKind::Incomplete,
            "an organization without members was made, which no key can reach or delete: ask the vendor to remove \
             it; an organization's key always ends like this, a person's when the vendor's database failed",
        )),
        _ => FAULTS.contains(&message).then_some(DATABASE_FAILED),
    }
}
