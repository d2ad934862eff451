//! A planned trouble as a fault of a vendor's simulator.

use std::time::Duration;

use orgport_core::Timestamp;
use orgport_sandbox::{Fault, FaultKind, Outage, PatchOperation, ReplyTime};
use orgport_tests::lists::PeopleList;
use serde_json::{Value, json};

use crate::plan::{Action, Kind, Target, Trouble};

/// A fault for requests of `vendor` during `action`; `now` is the time there.
pub(crate) fn fault(vendor: &str, action: &Action, trouble: &Trouble, now: Timestamp) -> Fault {
    let mut fault = Fault::new(vendor, kind(vendor, trouble, now)).skip(trouble.skip).times(trouble.times);
    fault.method = match trouble.target {
        Target::Any => None,
        Target::Reads => Some("GET".to_owned()),
        // A create that was refused and done all the same can be told; a deletion cannot.
        Target::Write if trouble.kind == Kind::RefusalBehindRow => Some("POST".to_owned()),
        Target::Write => Some(method(vendor, action).to_owned()),
    };
    if trouble.kind.is_of_lists() {
        fault.route = Some(list(vendor, trouble).route.to_owned());
    }
    fault
}

/// The method of the request that does what the action is about.
fn method(vendor: &str, action: &Action) -> &'static str {
    match (action, vendor) {
        (Action::SetRole(_), "losant") => "PATCH",
        (Action::Revoke | Action::Remove, _) => "DELETE",
        (Action::SetRole(_), _) => "PUT",
        (Action::Resend, "nuextract" | "trieve" | "losant") if fastrand::bool() => "DELETE",
        _ => "POST",
    }
}

/// One of what `number` chooses from.
fn of<T: Clone>(number: u64, choices: &[T]) -> T {
    choices[usize::try_from(number).expect("small") % choices.len()].clone()
}

fn status(status: u16, headers: &[(&str, String)], body: Value, commit: bool) -> FaultKind {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    FaultKind::Status { status, headers, body: Some(body), commit }
}

fn kind(vendor: &str, trouble: &Trouble, now: Timestamp) -> FaultKind {
    let Trouble { kind, commit, number, .. } = *trouble;
    let count = usize::try_from(number).expect("small");
    let late = |ms, reply| FaultKind::ActAfter { ms, reply, status: of(number, &[500, 502, 503, 504, 520]) };
    match kind {
        Kind::ResetBefore => FaultKind::ResetBefore,
        Kind::ResetAfter => FaultKind::ResetAfter,
        Kind::LateCommit => late(number * 1000, ReplyTime::Before),
        Kind::ActLate => late(number * 150, ReplyTime::After),
        Kind::Latency => FaultKind::Latency { ms: number },
        Kind::RequestTimeout => status(408, &[], own_form(vendor, 408), commit),
        Kind::RateLimited => {
            status(429, &[("retry-after", (2 * number).to_string())], own_form(vendor, 429), false)
        }
        Kind::RateLimitedUnsaid => status(429, &[], own_form(vendor, 429), false),
        Kind::LimitInOtherWords => limit_in_other_words(vendor, number, now),
        Kind::Refusal | Kind::RefusalBehindRow => refusal(kind, number),
        Kind::ServerError => {
            let code = of(number, &[500, 503, 501]);
            status(code, &[], own_form(vendor, code), false)
        }
        Kind::ErrorPage => FaultKind::Html { status: of(number, &[500, 502, 503, 504, 530]), commit },
        Kind::PageAsSuccess => FaultKind::Html { status: 200, commit },
        Kind::Truncate => FaultKind::Truncate { bytes: count * 7 },
        Kind::Hang => FaultKind::Hang { commit },
        Kind::Stall => FaultKind::Drip { bytes_per_second: 0 },
        Kind::MailFails => FaultKind::MailFails,
        Kind::NothingCreated => FaultKind::NothingCreated,
        Kind::FailAfterRows => FaultKind::FailAfterRows { rows: count % 5 },
        Kind::UnknownEnum => FaultKind::UnknownEnum,
        Kind::DropOptional => FaultKind::DropOptional,
        Kind::StrangeRow | Kind::OddValue | Kind::Twin | Kind::Slide | Kind::LyingTotal => {
            FaultKind::Patch { operations: patch(list(vendor, trouble), kind, number) }
        }
        Kind::Race => FaultKind::Race { ms: number },
        Kind::Outage => FaultKind::Outage {
            of: of(
                number,
                &[
                    Outage::Database,
                    Outage::Credential,
                    Outage::Organization,
                    Outage::Operation,
                    Outage::Behind,
                    Outage::Cache,
                ],
            ),
        },
    }
}

/// How the vendor itself words a failure.
fn own_form(vendor: &str, status: u16) -> Value {
    let message = "a planned fault";
    match vendor {
        "nuextract" => json!({ "code": "internal", "message": message }),
        "jaqpot" => json!({ "timestamp": 0, "status": status, "error": message, "path": "/" }),
        "koyeb" => json!({ "status": status, "code": "internal_error", "message": message }),
        "losant" => json!({ "type": "InternalServer", "message": message }),
        _ => json!({ "message": message }),
    }
}

/// No limit of the vendor's own form: a date, a moment, another header, another status.
fn limit_in_other_words(vendor: &str, number: u64, now: Timestamp) -> FaultKind {
    let until = now.saturating_add(Duration::from_secs(2 * number));
    let date = httpdate::fmt_http_date(until.into());
    let moment = until.unix_seconds();
    let (code, header, value) = of(
        number,
        &[
            (429, "retry-after", date.clone()),
            (429, "retry-after", moment.to_string()),
            (429, "x-ratelimit-reset", moment.to_string()),
            (429, "ratelimit-reset", (2 * number).to_string()),
            (429, "retry-after", "soon".to_owned()),
            (503, "retry-after", (2 * number).to_string()),
            (503, "retry-after", date),
        ],
    );
    status(code, &[(header, value)], own_form(vendor, code), false)
}

/// A finished 4xx as nobody documents it. Of a 401 behind the row nothing is known, since the same
/// words make a client renew its token and send again.
fn refusal(kind: Kind, number: u64) -> FaultKind {
    let behind = kind == Kind::RefusalBehindRow;
    let codes: &[u16] = if behind {
        &[400, 402, 403, 404, 409, 410, 413, 422, 451]
    } else {
        &[400, 401, 402, 403, 404, 409, 410, 413, 422, 451]
    };
    let bodies = [
        json!({ "error": "SEATS", "reason": { "text": "All seats are taken" } }),
        json!([{ "msg": "no" }, 7]),
        json!("<html><title>Blocked</title></html>"),
        json!("no"),
        json!(""),
        json!({ "detail": "such a person exists already" }),
        json!({ "message": null, "code": 4711 }),
    ];
    status(of(number, codes), &[], of(number, &bodies), behind)
}

/// One of the lists that a look reads.
fn list(vendor: &str, trouble: &Trouble) -> PeopleList {
    if trouble.commit { PeopleList::of_invitations(vendor) } else { PeopleList::of_members(vendor) }
}

/// What each kind does to a list. A list that is too short for that is a failure of the vendor's.
fn patch(list: PeopleList, kind: Kind, number: u64) -> Vec<PatchOperation> {
    let row = |place: &str| list.row(place);
    let total = || list.total.expect("only where there is one").to_owned();
    match kind {
        Kind::StrangeRow => {
            let rows = [
                json!({ "email": "stranger@elsewhere.example" }),
                json!({ "who": { "mail": ["stranger@elsewhere.example"] } }),
                json!(7),
                json!({}),
                json!(["stranger@elsewhere.example"]),
            ];
            vec![PatchOperation::Add { path: row("-"), value: of(number, &rows) }]
        }
        // Whatever the vendor calls the person's id, it is no number of that kind.
        Kind::OddValue => vec![PatchOperation::Add { path: list.first_email(), value: json!(["x", 7]) }],
        // Somebody else under the first one's id, or the first one twice.
        Kind::Twin => {
            let twice = PatchOperation::Copy { from: row("0"), path: row("0") };
            let other = PatchOperation::Add { path: list.first_email(), value: json!("ghost@x.example") };
            std::iter::once(twice).chain(number.is_multiple_of(2).then_some(other)).collect()
        }
        Kind::Slide => vec![PatchOperation::Remove { path: row("0") }],
        _ => {
            vec![PatchOperation::Replace { path: total(), value: json!(of(number, &[0, 1, 250, 1_000_000])) }]
        }
    }
}
