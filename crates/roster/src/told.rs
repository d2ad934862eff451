//! How errors are told to programs.

use orgport_core::Error;
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct Told<'a> {
    kind: &'static str,
    provider: Option<&'a str>,
    operation: Option<&'static str>,
    status: Option<u16>,
    code: Option<&'a str>,
    message: String,
    request_id: Option<&'a str>,
    retryable: bool,
}

/// Writes an error, or `null`.
#[expect(clippy::ref_option, reason = "serde calls it with the field")]
pub(crate) fn error<S: Serializer>(error: &Option<Error>, serializer: S) -> Result<S::Ok, S::Error> {
    let told = error.as_ref().map(|error| Told {
        kind: error.kind().as_str(),
        provider: error.provider(),
        operation: error.operation().map(orgport_core::Operation::as_str),
        status: error.status(),
        code: error.vendor_code(),
        message: error.to_string(),
        request_id: error.request_id(),
        retryable: error.is_retryable(),
    });
    told.serialize(serializer)
}
