//! Reading a response's body within its limits.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use tokio::time::timeout;

use super::service::{Body, ExchangeError};
use super::{HttpSettings, Transport};
use crate::error::ErrorKind;

/// How much of a refusal's body is read, for the vendor's `explain`.
const READ_OF_REFUSALS: usize = 16 << 10;

/// The whole body of a success.
pub(super) async fn read_body(
    transport: &Transport,
    headers: &HeaderMap,
    mut body: Body,
) -> Result<Bytes, ExchangeError> {
    let HttpSettings { max_body: cap, stall_timeout: stall, .. } = transport.shared.settings;
    let too_long = || {
        let what = format!("the response is longer than the {cap} bytes of http.max_body");
        ExchangeError::lost(ErrorKind::Protocol, what).permanent()
    };
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let length: usize = length.unwrap_or(0);
    if length > cap {
        return Err(too_long());
    }
    let mut whole = Bytes::new();
    let mut joined = Vec::new();
    while let Some(piece) = next_piece(&mut body, stall).await? {
        if whole.len() + joined.len() + piece.len() > cap {
            return Err(too_long());
        }
        // Most bodies come in one piece, which then needs no copy.
        if whole.is_empty() && joined.is_empty() {
            whole = piece;
        } else {
            joined.reserve_exact(length.saturating_sub(joined.len()));
            joined.extend_from_slice(&std::mem::take(&mut whole));
            joined.extend_from_slice(&piece);
        }
    }
    joined.shrink_to_fit();
    Ok(if joined.is_empty() { whole } else { joined.into() })
}

async fn next_piece(body: &mut Body, stall: Duration) -> Result<Option<Bytes>, ExchangeError> {
    timeout(stall, body.next()).await.map_or_else(
        |_| {
            Err(ExchangeError::lost(
                ErrorKind::Timeout,
                format!("the response stopped for {stall:?} half way"),
            ))
        },
        Option::transpose,
    )
}

/// What there is of a refusal's body; the status says enough if the rest is lost.
pub(super) async fn read_refusal(mut body: Body, stall: Duration) -> Vec<u8> {
    let mut read = Vec::new();
    while read.len() < READ_OF_REFUSALS
        && let Ok(Some(piece)) = next_piece(&mut body, stall).await
    {
        let room = READ_OF_REFUSALS - read.len();
        read.extend_from_slice(&piece[..piece.len().min(room)]);
    }
    read
}
