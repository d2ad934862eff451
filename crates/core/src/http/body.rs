//! Reading an answer's body within its limits.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::timeout;

use super::Transport;
use super::attempt::{Failed, causes};
use super::retry::Again;
use crate::error::ErrorKind;

/// How much of a failed answer is read, for the vendor's `explain`.
const READ_OF_FAILURES: usize = 16 << 10;

pub(super) async fn read_body(transport: &Transport, mut answer: reqwest::Response) -> Result<Bytes, Failed> {
    let cap = transport.shared.settings.max_body;
    let too_long = || Failed {
        again: Again::Never,
        ..Failed::unanswered(
            ErrorKind::Protocol,
            format!("the answer is longer than the {cap} bytes of http.max_body"),
        )
    };
    if answer.content_length().is_some_and(|length| length > cap as u64) {
        return Err(too_long());
    }
    let mut body = Vec::new();
    while let Some(chunk) = next_chunk(&mut answer, transport.shared.settings.stall_timeout).await? {
        if body.len() + chunk.len() > cap {
            return Err(too_long());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.into())
}

async fn next_chunk(answer: &mut reqwest::Response, stall: Duration) -> Result<Option<Bytes>, Failed> {
    match timeout(stall, answer.chunk()).await {
        Ok(chunk) => chunk.map_err(broken_off),
        Err(_) => {
            Err(Failed::unanswered(ErrorKind::Timeout, format!("the answer stopped for {stall:?} half way")))
        }
    }
}

/// A network that fails is one thing, an answer that ends too early or cannot be unpacked another.
fn broken_off(source: reqwest::Error) -> Failed {
    let network = |error: &io::Error| {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
        matches!(error.kind(), ConnectionReset | ConnectionAborted | BrokenPipe)
    };
    let lost = causes(&source).any(|cause| cause.downcast_ref().is_some_and(network));
    let kind = if lost { ErrorKind::Connection } else { ErrorKind::Protocol };
    Failed::unanswered(kind, "the answer broke off").caused_by(source)
}

/// What there is of a failed answer's body; the status says enough if the rest is lost.
pub(super) async fn read_failure(mut answer: reqwest::Response, stall: Duration) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < READ_OF_FAILURES
        && let Ok(Some(chunk)) = next_chunk(&mut answer, stall).await
    {
        let room = READ_OF_FAILURES - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    body
}
