//! What was done and what is left, a row each.

use orgport::Timestamp;
use orgport::roster::PlaceId;
use orgport::roster::offboard::{Act, Ended, Fault, Left, LeftReason, Outcome, Plan};
use serde::Serialize;

use crate::output::{Column, Record};

/// Something that was done, would be done, or is left.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    person: Option<String>,
    place: String,
    provider: String,
    organization: Option<String>,
    /// What it is about, in words.
    what: String,
    /// `would_do`, how it ended, `left`, or `unknown`.
    outcome: Word,
    /// Why it is left.
    reason: Option<LeftReason>,
    because: Option<String>,
    by_hand: Option<String>,
    until: Option<Timestamp>,
    request_id: Option<String>,
}

/// How it stands with it.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case", untagged)]
enum Word {
    Ended(Ended),
    Other(&'static str),
}

impl Row {
    fn new(place: &PlaceId, what: String, outcome: Word) -> Self {
        Self {
            person: None,
            place: place.to_string(),
            provider: place.provider.clone(),
            organization: Some(place.organization.to_string()),
            what,
            outcome,
            reason: None,
            because: None,
            by_hand: None,
            until: None,
            request_id: None,
        }
    }

    fn step(place: &PlaceId, person: &str, act: &Act, outcome: Word) -> Self {
        Self { person: Some(person.to_owned()), ..Self::new(place, act.to_string(), outcome) }
    }

    fn left(place: &PlaceId, left: &Left) -> Self {
        Self {
            person: Some(left.person.clone()),
            reason: Some(left.reason),
            because: Some(left.because.clone()),
            by_hand: left.by_hand.clone(),
            until: left.until,
            ..Self::new(place, left.what.clone(), Word::Other("left"))
        }
    }

    fn unknown(place: &PlaceId, fault: &Fault) -> Self {
        Self {
            because: Some(fault.message.clone()),
            request_id: fault.request_id.clone(),
            ..Self::new(place, "not read whole".to_owned(), Word::Other("unknown"))
        }
    }

    fn missed(missed: &orgport::roster::Missed) -> Self {
        Self {
            person: None,
            place: missed.to_string(),
            provider: missed.provider.clone(),
            organization: missed.organization.clone(),
            what: "not read".to_owned(),
            outcome: Word::Other("unknown"),
            reason: None,
            because: Some(missed.error.to_string()),
            by_hand: None,
            until: None,
            request_id: missed.error.request_id().map(str::to_owned),
        }
    }
}

/// What would be done, and what would be left.
pub(super) fn of_plan(plan: &Plan) -> Vec<Row> {
    let mut rows = Vec::new();
    for place in &plan.places {
        let id = &place.place;
        let would = Word::Other("would_do");
        rows.extend(place.steps.iter().map(|step| Row::step(id, &step.person, &step.act, would)));
        rows.extend(place.left.iter().map(|left| Row::left(id, left)));
        rows.extend(place.unknown.iter().map(|fault| Row::unknown(id, fault)));
    }
    rows.extend(plan.missed.iter().map(Row::missed));
    rows
}

/// What was done, and what is left.
pub(super) fn of_outcome(outcome: &Outcome) -> Vec<Row> {
    let mut rows = Vec::new();
    for place in &outcome.places {
        let id = &place.place;
        for done in &place.steps {
            let row = Row::step(id, &done.step.person, &done.step.act, Word::Ended(done.ended));
            let request_id = done.requests.iter().rev().find_map(|request| request.request_id.clone());
            let because = done.error.as_ref().map(|error| error.message.clone());
            rows.push(Row { because, request_id, ..row });
        }
        rows.extend(place.left.iter().map(|left| Row::left(id, left)));
        rows.extend(place.unknown.iter().map(|fault| Row::unknown(id, fault)));
    }
    rows.extend(outcome.missed.iter().map(Row::missed));
    rows
}

impl Record for Row {
    const COLUMNS: &'static [Column] = &[
        Column::text("person").unlisted(),
        Column::text("place"),
        Column::text("provider").unlisted(),
        Column::id("organization").unlisted(),
        Column::word("outcome"),
        Column::prose("what"),
        Column::word("reason").unlisted(),
        Column::prose("because"),
        Column::prose("by_hand"),
        Column::time("until"),
        Column::id("request_id").unlisted(),
    ];
}
