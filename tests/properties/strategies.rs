//! Inputs that nobody expects.

use proptest::prelude::*;
use serde_json::{Map, Number, Value};

/// Numbers at the edges of what types hold, written as JSON writes them.
const NUMBERS: [&str; 9] = [
    "0",
    "-0",
    "-1",
    "2.5",
    "1e308",
    "1e-400",
    "9223372036854775807",
    "18446744073709551615",
    "-9223372036854775808",
];

/// Keys and words that vendors use, so that some of what is made looks nearly right.
const WORDS: [&str; 40] = [
    "id",
    "orgId",
    "name",
    "email",
    "role",
    "status",
    "items",
    "invitations",
    "members",
    "organization",
    "organizations",
    "organization_member",
    "created_at",
    "createdAt",
    "expiresAt",
    "userEmail",
    "user",
    "users",
    "user_orgs",
    "orgs",
    "totalCount",
    "count",
    "limit",
    "offset",
    "has_next",
    "token",
    "content",
    "used",
    "ttl",
    "inviteDate",
    "_links",
    "creator",
    "message",
    "error",
    "PENDING",
    "owner",
    "2026-05-13T10:00:00Z",
    "8b1f7a54-6c1d-4b4a-9d0e-2f6a1c3b5d70",
    "ada@x.example",
    "",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(&WORDS[..]).prop_map(str::to_owned), 1 => any::<String>()]
}

/// Any JSON value, biased to the vendors' words.
pub(super) fn json() -> impl Strategy<Value = Value> {
    let number = |text: &str| serde_json::from_str::<Number>(text).ok().map_or(Value::Null, Value::Number);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(&NUMBERS[..]).prop_map(number),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec((word(), inner), 0..10)
                .prop_map(|fields| Value::from(Map::from_iter(fields))),
        ]
    })
}

/// A JSON text with one value somewhere in it exchanged, left out or doubled.
pub(super) fn spoiled(text: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    (any::<prop::sample::Index>(), json(), 0..3_u8).prop_map(move |(place, other, how)| {
        let mut value = value.clone();
        let mut places = count(&value);
        places = place.index(places);
        spoil(&mut value, &mut places, &other, how);
        value.to_string().into_bytes()
    })
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

/// Changes the value that is `place` values on; says whether it was in this one.
fn spoil(value: &mut Value, place: &mut usize, other: &Value, how: u8) -> bool {
    if *place == 0 {
        *value = match how {
            0 => other.clone(),
            1 => Value::Null,
            _ => Value::from(vec![value.clone(), value.clone()]),
        };
        return true;
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| spoil(item, place, other, how)),
        Value::Object(fields) => fields.values_mut().any(|field| spoil(field, place, other, how)),
        _ => false,
    }
}

/// Bodies that are no JSON, or hardly.
pub(super) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        any::<String>().prop_map(String::into_bytes),
        "[\\[\\]{}:,\"\\\\0-9a-z .-]{0,80}".prop_map(String::into_bytes),
        (json(), any::<prop::sample::Index>()).prop_map(|(json, end)| {
            let text = json.to_string().into_bytes();
            text[..end.index(text.len())].to_vec()
        }),
    ]
}
