//! A vendor's own JSON, kept beside the neutral model.

use std::cell::Cell;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind};

/// The JSON of one resource as the vendor sent it. It is a view into the reply, shared by all
/// items of a page, and parsed only on request. serde writes it only [`WithNative`].
#[derive(Clone)]
pub struct Native {
    reply: Arc<Bytes>,
    /// Where it stands in the reply, unless it is the whole; small, since every row of a list has one.
    piece: Option<(u32, NonZeroU32)>,
}

impl Native {
    /// Keeps `text`, which must be a piece of `reply` that was read as JSON.
    ///
    /// # Panics
    ///
    /// If it is a piece of something else.
    pub(crate) fn piece(reply: &Arc<Bytes>, text: &str) -> Self {
        let start = text.as_ptr().addr().checked_sub(reply.as_ptr().addr());
        let start = start.filter(|start| start.saturating_add(text.len()) <= reply.len());
        let start = start.and_then(|start| u32::try_from(start).ok());
        let length = u32::try_from(text.len()).ok().and_then(NonZeroU32::new);
        match start.zip(length) {
            Some(piece) => Self { reply: Arc::clone(reply), piece: Some(piece) },
            None => Self::whole(reply.slice_ref(text.as_bytes())),
        }
    }

    fn whole(text: Bytes) -> Self {
        Self { reply: Arc::new(text), piece: None }
    }

    /// Keeps a JSON value that did not come over the wire.
    pub fn from_value(value: &Value) -> Self {
        Self::whole(Bytes::from(value.to_string()))
    }

    /// Keeps a whole JSON text.
    ///
    /// # Errors
    ///
    /// `Protocol` if `text` is not JSON.
    pub fn from_text(text: Bytes) -> Result<Self, Error> {
        serde_json::from_slice::<&RawValue>(&text).map_err(not_json)?;
        Ok(Self::whole(text))
    }

    /// The text as it came.
    pub fn text(&self) -> &str {
        std::str::from_utf8(self.bytes()).expect("checked when it was made")
    }

    fn bytes(&self) -> &[u8] {
        match self.piece {
            Some((start, length)) => &self.reply[start as usize..][..length.get() as usize],
            None => &self.reply,
        }
    }

    /// Reads it as a type of the caller's, for example `serde_json::Value`.
    ///
    /// # Errors
    ///
    /// `Protocol` if it does not have that form.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(self.text()).map_err(not_json)
    }

    /// Says whether a text or a number in it, at any depth and names of members too, is one that is
    /// looked for: whether a row that could not be decoded may concern somebody. What cannot be read
    /// concerns everybody.
    pub fn mentions(&self, is_it: impl Fn(&str) -> bool) -> bool {
        self.read().ok().is_none_or(|value| mentions(&value, &is_it))
    }
}

fn mentions(value: &Value, is_it: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is_it(text),
        Value::Number(number) => is_it(&number.to_string()),
        Value::Array(items) => items.iter().any(|item| mentions(item, is_it)),
        Value::Object(members) => members.iter().any(|(name, member)| is_it(name) || mentions(member, is_it)),
        Value::Null | Value::Bool(_) => false,
    }
}

fn not_json(source: serde_json::Error) -> Error {
    Error::new(ErrorKind::Protocol, "the vendor's JSON does not have the form that was asked for")
        .with_source(source)
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Native({} bytes)", self.bytes().len())
    }
}

impl PartialEq for Native {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Native {}

/// `null`, unless it is written [`WithNative`].
impl Serialize for Native {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !SHOWN.get() {
            return serializer.serialize_none();
        }
        let raw: &RawValue = serde_json::from_str(self.text()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// Reads any value. Numbers that JSON's readers round are rounded, and keys are sorted.
impl<'de> Deserialize<'de> for Native {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(|value| Self::from_value(&value))
    }
}

thread_local! {
    /// Whether what this thread writes just now shows native JSON.
    static SHOWN: Cell<bool> = const { Cell::new(false) };
}

/// A model, or anything that models are in, to be written with the vendor's own JSON.
///
/// Models are written with `"native": null`, so that nobody passes on by accident what a vendor puts
/// beside: join codes, settings, data of other people. The JSON is written as it came, which only
/// `serde_json` can.
///
/// ```
/// use orgport_core::{Native, Organization, OrganizationId, WithNative};
///
/// let mut acme = Organization::new(OrganizationId::new("1")?, "Acme");
/// acme.native = Some(Native::from_text(r#"{"plan":"free"}"#.into())?);
/// let plain = serde_json::to_string(&acme)?;
/// assert!(plain.ends_with(r#""native":null}"#));
/// let whole = serde_json::to_string(&WithNative(&acme))?;
/// assert!(whole.ends_with(r#""native":{"plan":"free"}}"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "it is a way of looking at the one thing in it")]
pub struct WithNative<'a, T: ?Sized>(pub &'a T);

impl<T: Serialize + ?Sized> Serialize for WithNative<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Puts back what was, also behind a serializer that panics.
        struct Before(bool);

        impl Drop for Before {
            fn drop(&mut self) {
                SHOWN.set(self.0);
            }
        }

        let _before = Before(SHOWN.replace(true));
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_of_a_reply_is_that_text_and_equal_to_the_same_from_elsewhere() {
        let reply = Arc::new(Bytes::from_static(br#"[{"a":1},2]"#));
        let text = std::str::from_utf8(&reply).expect("text");
        for piece in [&text[1..8], &text[9..10], text] {
            let native = Native::piece(&reply, piece);
            assert_eq!(native.text(), piece);
            assert_eq!(native, Native::from_text(Bytes::copy_from_slice(piece.as_bytes())).expect("JSON"));
        }
        assert!(size_of::<Option<Native>>() <= 16, "each row of a list has one");
    }

    #[test]
    #[should_panic = "subset"]
    fn a_piece_of_something_else_is_none_of_the_reply() {
        Native::piece(&Arc::new(Bytes::from_static(b"[1]")), &"[22]".repeat(100));
    }
}
