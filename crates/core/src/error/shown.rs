//! How an error is written: as one line, for debugging, and as the object of the command's JSON.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Details, Error};
use crate::operation::Operation;
use crate::printable::printable;

impl fmt::Display for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, message, setting, provider, operation, call, status, vendor_message, .. } = self;
        let step = operation.map(Operation::as_str).or(call.as_deref());
        let place: Vec<_> = provider.as_deref().into_iter().chain(step).collect();
        let what = match status {
            Some(status) => format!("{kind} ({status})"),
            None => kind.to_string(),
        };
        let vendor = vendor_message.as_ref().filter(|words| !words.is_empty());
        let parts = [
            place.join(" "),
            what,
            vendor.map(|words| format!("{words:?}")).unwrap_or_default(),
            setting.unwrap_or_default().to_owned(),
            message.clone(),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        f.write_str(&printable(&parts.join(": ")))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What is known, and nothing of what is not: this is what `main` prints of an error that it returns.
impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn known<T: fmt::Debug>(value: Option<&T>) -> Option<&dyn fmt::Debug> {
            value.map(|value| value as _)
        }
        let mut shown = f.debug_struct("Error");
        shown.field("kind", &self.kind).field("message", &self.message);
        let details = [
            ("setting", known(self.setting.as_ref())),
            ("provider", known(self.provider.as_ref())),
            ("operation", known(self.operation.as_ref())),
            ("call", known(self.call.as_ref())),
            ("status", known(self.status.as_ref())),
            ("vendor_code", known(self.vendor_code.as_ref())),
            ("vendor_message", known(self.vendor_message.as_ref())),
            ("request_id", known(self.request_id.as_ref())),
            ("retry_after", known(self.retry_after.as_ref())),
            ("left_behind", known(self.left_behind.as_ref())),
            ("row", known(self.row.as_ref())),
            ("is_final", self.is_final.then_some(&true as &dyn fmt::Debug)),
            ("may_be_done", self.may_be_done.then_some(&true as &dyn fmt::Debug)),
        ];
        for (name, value) in details {
            if let Some(value) = value {
                shown.field(name, value);
            }
        }
        shown.field("reach", &self.reach);
        if let Some(cause) = &self.source {
            shown.field("source", cause);
        }
        shown.finish()
    }
}

/// The object of the command's JSON; `message` is the whole line of `Display`.
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Details { kind, provider, operation, status, vendor_code, left_behind, .. } = &*self.0;
        let mut object = serializer.serialize_struct("Error", 8)?;
        object.serialize_field("kind", kind)?;
        object.serialize_field("provider", provider)?;
        object.serialize_field("operation", operation)?;
        object.serialize_field("status", status)?;
        object.serialize_field("code", vendor_code)?;
        object.serialize_field("message", &self.to_string())?;
        object.serialize_field("retryable", &self.is_retryable())?;
        object.serialize_field("left_behind", left_behind)?;
        object.end()
    }
}
