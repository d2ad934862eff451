//! A vendor's response, and how its JSON becomes a vendor client's types.

use std::any::type_name;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Uri};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::credential::Credential;
use super::redact::Redactor;
use super::refusal::error_of;
use super::transport::Shared;
use super::verdict::unclear;
use super::{BaseUrl, Refusal, Safety, Vendor, rows};
use crate::error::{Error, ErrorKind, Reach};
use crate::native::Native;
use crate::time::Timestamp;

/// How much of a body an error shows, in characters.
const SHOWN: usize = 120;
/// How much of it is looked through for secrets before.
const READ_TO_SHOW: usize = 4 << 10;

/// A resource in the vendor's own type, with the JSON it was read from, so that nothing the type
/// does not know is lost.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Doc<T> {
    /// What the type knows.
    pub value: T,
    /// All that the vendor sent.
    pub native: Native,
}

/// The items of a list, each an error in its place if it cannot be read or used.
pub type Items<M> = Vec<Result<M, Error>>;

/// The rows of a list, each an error in its place if it cannot be read.
pub type Rows<T> = Items<Doc<T>>;

impl<T: DeserializeOwned> Doc<T> {
    /// Reads a JSON text as the vendor would send it; for fixtures and tests.
    ///
    /// # Errors
    ///
    /// `Protocol` if it is not of the form of `T`.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        let native = Native::from_text(Bytes::copy_from_slice(text.as_bytes()))?;
        Ok(Self { value: decode(text, || Shown::Whole)?, native })
    }
}

impl<T> Deref for Doc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A success of the vendor: the status, the headers and the whole body.
pub struct Response {
    pub(super) shared: Arc<Shared>,
    pub(super) vendor: Arc<Vendor>,
    pub(super) safety: Safety,
    pub(super) base_url: BaseUrl,
    pub(super) uri: Uri,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Arc<Bytes>,
    /// Method and template of the request, for errors.
    pub(crate) call: String,
    /// The vendor's clock when it responded, by its `Date` header; ours where it sent none.
    pub(crate) date: Timestamp,
    /// It may hold a credential: no error shows anything of it.
    pub(crate) holds_secret: bool,
    /// What it was asked with, which no error shows where the vendor repeats it.
    pub(crate) credential: Credential,
    pub(crate) already_done: bool,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("call", &self.call)
            .field("status", &self.status)
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}

impl Response {
    /// The HTTP status, 200 to 299.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The vendor's present moment: its `Date` header, or our clock where it sent none.
    pub fn date(&self) -> Timestamp {
        self.date
    }

    /// A header's value, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Says whether this stands for a deletion that was sent again and then found nothing: the
    /// first one had worked. There is no body to read.
    pub fn was_already_done(&self) -> bool {
        self.already_done
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The vendor's id for the request, for its support.
    pub fn request_id(&self) -> Option<&str> {
        self.vendor.request_id(&self.headers)
    }

    /// The body as it came.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as text.
    ///
    /// # Errors
    ///
    /// `Protocol` if it is not UTF-8.
    pub fn text(&self) -> Result<&str, Error> {
        std::str::from_utf8(&self.body).map_err(|source| {
            self.broken(Error::new(ErrorKind::Protocol, "the vendor's text is not UTF-8").with_source(source))
        })
    }

    /// Reads the body, borrowing from it where `T` does.
    ///
    /// # Errors
    ///
    /// `Protocol` that names the type, the place in the JSON and the start of the body.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        decode(self.text()?, || self.shown()).map_err(|error| self.broken(error))
    }

    /// Reads the whole body as one resource.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Response::read).
    pub fn doc<T: DeserializeOwned>(&self) -> Result<Doc<T>, Error> {
        self.part(self.read::<&RawValue>()?)
    }

    /// Reads a piece of the body, as [`read`](Response::read) borrowed it, as one resource.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Response::read).
    pub fn part<T: DeserializeOwned>(&self, part: &RawValue) -> Result<Doc<T>, Error> {
        let native = Native::piece(&self.body, part.get());
        match decode(part.get(), || self.shown()) {
            Ok(value) => Ok(Doc { value, native }),
            Err(error) => Err(self.broken(error).with_row(native)),
        }
    }

    /// Reads pieces of the body as resources, each an error in its place if it cannot be read.
    pub fn parts<T: DeserializeOwned>(&self, parts: &[&RawValue]) -> Rows<T> {
        parts.iter().map(|part| self.part(part)).collect()
    }

    /// Reads a body that is a bare array of resources.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Response::read), if it is not an array.
    pub fn list<T: DeserializeOwned>(&self) -> Result<Rows<T>, Error> {
        self.list_as(Ok)
    }

    /// The same, with each resource made something else as soon as it is read: a long list does not
    /// stand in memory twice. `convert` may be called for a resource more than once.
    ///
    /// # Errors
    ///
    /// Those of [`list`](Response::list); those of `convert` stand in the places of their resources.
    pub fn list_as<T: DeserializeOwned, M>(
        &self,
        convert: impl Fn(Doc<T>) -> Result<M, Error>,
    ) -> Result<Items<M>, Error> {
        if let Some(items) = rows::read_array(&self.body, &convert) {
            return Ok(items);
        }
        Ok(self.read::<Vec<&RawValue>>()?.into_iter().map(|row| convert(self.part(row)?)).collect())
    }

    /// An error about this response: a success in a form that the vendor does not document, after
    /// which nothing is known of what it did.
    pub fn protocol(&self, message: impl Into<String>) -> Error {
        self.broken(Error::new(ErrorKind::Protocol, message))
    }

    /// An error about this response: a success by its status, and in truth a refusal.
    pub fn refusal(&self, refusal: Refusal) -> Error {
        let is_login = self.safety == Safety::Auth;
        error_of(self.status, refusal, &self.credential.redactor(), is_login)
            .with_call(self.call.clone())
            .with_request_id(self.shown_request_id())
            .with_reach(Reach::Answered)
            .from_provider(&self.shared.name)
    }

    /// A body where the vendor documents none: whatever it says, it confirms nothing.
    pub(super) fn unexpected(&self) -> Error {
        let body = String::from_utf8_lossy(&self.body[..self.body.len().min(READ_TO_SHOW)]);
        let begins = self.shown().of(&body).map(|body| format!("; it begins {:?}", start_of(&body)));
        let what = "the response has a body where the vendor documents none, so that it confirms nothing";
        self.protocol(format!("{what}{}", begins.unwrap_or_default()))
    }

    fn shown(&self) -> Shown {
        if self.holds_secret { Shown::Nothing } else { Shown::Without(self.credential.redactor()) }
    }

    /// The vendor's id for the request, without the credential where it repeats that.
    pub(super) fn shown_request_id(&self) -> Option<String> {
        self.request_id().map(|id| self.credential.redactor().redact(id))
    }

    fn broken(&self, error: Error) -> Error {
        let id = self.shown_request_id();
        let error = error
            .with_call(self.call.clone())
            .with_status(self.status)
            .with_request_id(id)
            .with_reach(Reach::Unanswered)
            .from_provider(&self.shared.name);
        // It says that something was done, and not what.
        match self.safety {
            Safety::OneShot => unclear(error),
            Safety::Idempotent => error.perhaps_done(),
            _ => error,
        }
    }
}

/// What errors show of a body that cannot be read.
enum Shown {
    Whole,
    Without(Redactor),
    Nothing,
}

impl Shown {
    fn of(&self, text: &str) -> Option<String> {
        match self {
            Self::Whole => Some(text.to_owned()),
            Self::Without(redactor) => Some(redactor.redact(text)),
            Self::Nothing => None,
        }
    }
}

/// Reads JSON at once, and once more where that fails, to tell the place.
fn decode<'a, T: Deserialize<'a>>(json: &'a str, shown: impl FnOnce() -> Shown) -> Result<T, Error> {
    serde_json::from_str(json).or_else(|_| decode_with_place(json, &shown()))
}

fn decode_with_place<'a, T: Deserialize<'a>>(json: &'a str, shown: &Shown) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|source| {
        let what = format!("the response is not {}", short_name::<T>());
        let at = match source.path().to_string().as_str() {
            "." => String::new(),
            path => format!(" at {path}"),
        };
        let Some(body) = shown.of(&json[..json.floor_char_boundary(READ_TO_SHOW)]) else {
            return Error::new(ErrorKind::Protocol, what);
        };
        let message = format!("{what}{at}; it begins {:?}", start_of(&body));
        let error = Error::new(ErrorKind::Protocol, shown.of(&message).unwrap_or_default());
        // The parser's own words show the value that it did not expect.
        let source = source.into_inner();
        let words = source.to_string();
        if shown.of(&words).is_some_and(|shown| shown == words) { error.with_source(source) } else { error }
    })?;
    deserializer.end().map_err(|source| {
        Error::new(ErrorKind::Protocol, "the response goes on behind its JSON").with_source(source)
    })?;
    Ok(value)
}

fn short_name<T: ?Sized>() -> &'static str {
    let name = type_name::<T>();
    let end = name.find('<').unwrap_or(name.len());
    name[..end].rsplit("::").next().unwrap_or(name)
}

/// The start of a body, for an error; long ones are cut.
pub(crate) fn start_of(body: &str) -> String {
    let mut start: String = body.chars().take(SHOWN).collect();
    if start.len() < body.len() {
        start.push('…');
    }
    start
}
