//! What a request brings beside its token: path, query and body.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::error::ApiError;

const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: usize = 100;

/// The `{id}` in a path.
pub(super) struct Id(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id)).map_err(|_| ApiError::bad_path())
    }
}

/// A JSON object. No body at all counts as `{}`, and the content type is not looked at: the
/// generated clients send none.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|error| ApiError::unreadable(&error.body_text()))?;
        read_object(&bytes).map(Self).map_err(|error| ApiError::unreadable(&error.to_string()))
    }
}

fn read_object<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    // By way of a map, since serde would also read a struct from an array.
    let mut object: Map<String, Value> =
        if bytes.is_empty() { Map::new() } else { serde_json::from_slice(bytes)? };
    // In protobuf's JSON null means "not set".
    object.retain(|_, value| !value.is_null());
    serde_json::from_value(Value::Object(object))
}

/// The body of a call that needs no data: an object, whatever is in it.
#[derive(Deserialize)]
pub(super) struct Nothing {}

/// The query. As in protobuf, an empty value is the same as none.
pub(super) struct Params(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let query = Query::from_request_parts(parts, state).await;
        query.map(|Query(pairs)| Self(pairs)).map_err(|_| ApiError::bad_path())
    }
}

impl Params {
    fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, value)| name == key && !value.is_empty()).map(|(_, v)| v.as_str())
    }

    pub(super) fn one<'a>(&'a self, key: &'a str) -> Option<&'a str> {
        self.all(key).next()
    }

    /// Every value of a key that may repeat, each being one of `known`.
    pub(super) fn words(&self, key: &str, known: &[&'static str]) -> Result<Words, ApiError> {
        let word = |value| known.iter().copied().find(|word| *word == value);
        let words = self.all(key).map(|value| word(value).ok_or_else(|| unknown_word(key, value)));
        words.collect::<Result<_, _>>().map(Words)
    }

    pub(super) fn page(&self) -> Result<Page, ApiError> {
        let limit = self.number("limit")?.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(ApiError::invalid("limit", "must be between 1 and 100"));
        }
        Ok(Page { limit, offset: self.number("offset")?.unwrap_or(0) })
    }

    fn number(&self, key: &str) -> Result<Option<usize>, ApiError> {
        let number = |text: &str| text.parse::<u32>().ok().and_then(|number| usize::try_from(number).ok());
        let read = |text| {
            number(text).ok_or_else(|| ApiError::invalid(key, "must be a number that is not negative"))
        };
        self.one(key).map(read).transpose()
    }
}

fn unknown_word(key: &str, value: &str) -> ApiError {
    ApiError::invalid(key, &format!("{value:?} is not a known value"))
}

/// The words that a filter lets pass; none means all.
pub(super) struct Words(Vec<&'static str>);

impl Words {
    pub(super) fn admit(&self, word: &str) -> bool {
        self.0.is_empty() || self.0.contains(&word)
    }
}

/// The part of a list that was asked for.
pub(super) struct Page {
    limit: usize,
    offset: usize,
}

impl Page {
    /// A reply with the total in `count`.
    pub(super) fn counted<T>(&self, key: &str, rows: &[T], show: impl Fn(&T) -> Value) -> Value {
        json!({key: self.cut(rows, show), "limit": self.limit, "offset": self.offset, "count": rows.len()})
    }

    /// A reply that tells only whether there is more.
    pub(super) fn chained<T>(&self, key: &str, rows: &[T], show: impl Fn(&T) -> Value) -> Value {
        let has_next = self.offset + self.limit < rows.len();
        json!({key: self.cut(rows, show), "limit": self.limit, "offset": self.offset, "has_next": has_next})
    }

    /// Rows of lists leave unset messages out, where single replies say null: a client has to
    /// live with both.
    fn cut<T>(&self, rows: &[T], show: impl Fn(&T) -> Value) -> Vec<Value> {
        rows.iter().skip(self.offset).take(self.limit).map(|row| without_nulls(show(row))).collect()
    }
}

fn without_nulls(mut row: Value) -> Value {
    if let Some(fields) = row.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    row
}
