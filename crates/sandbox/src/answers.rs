//! The answers that faults give instead of a simulator's, or make of it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::{self, Write};
use std::sync::LazyLock;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use flate2::{Compress, Compression, Crc, FlushCompress};
use futures_util::{StreamExt, stream};
use serde_json::{Map, Value};

use crate::patch::PatchOperation;

const JSON: &str = "application/json";

/// A word that is in no vendor's list.
const UNKNOWN_WORD: &str = "SANDBOX_UNKNOWN";
/// A number that is in no vendor's list.
const UNKNOWN_NUMBER: u64 = 97;

/// The page of a gateway whose server has failed it.
pub(crate) fn gateway_page(status: u16) -> Response {
    let status = code(status);
    let title = status
        .canonical_reason()
        .map_or_else(|| status.as_str().to_owned(), |reason| format!("{} {reason}", status.as_str()));
    let page = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
         <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    (status, Html(page)).into_response()
}

pub(crate) fn scripted(status: u16, headers: &BTreeMap<String, String>, body: Option<Value>) -> Response {
    let (body, content_type) = match body {
        None => (String::new(), None),
        Some(Value::String(text)) if serde_json::from_str::<Value>(&text).is_err() => {
            (text, Some("text/plain; charset=utf-8"))
        }
        Some(Value::String(text)) => (text, Some(JSON)),
        Some(json) => (json.to_string(), Some(JSON)),
    };
    let mut response = (code(status), body).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    if let Some(content_type) = content_type {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    for (name, value) in headers {
        // Checked when the fault was set.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

pub(crate) fn redirect(to: &str) -> Response {
    let headers = BTreeMap::from([("location".to_owned(), to.to_owned())]);
    scripted(StatusCode::TEMPORARY_REDIRECT.as_u16(), &headers, None)
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).expect("checked when the fault was set")
}

/// Promises the whole body and breaks off inside it.
pub(crate) async fn truncated(response: Response, bytes: usize) -> Response {
    let (mut parts, body) = whole(response).await;
    let Some(last) = body.len().checked_sub(1) else { return Response::from_parts(parts, body.into()) };
    parts.headers.insert(header::CONTENT_LENGTH, body.len().into());
    let start = stream::iter([Ok(body.slice(..bytes.min(last)))]);
    let end = stream::once(async {
        // hyper drops what it has not yet written when the body fails.
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(io::Error::other("truncated on purpose"))
    });
    Response::from_parts(parts, Body::from_stream(start.chain(end)))
}

/// Sends the body bit by bit; at 0 bytes per second it never begins.
pub(crate) async fn dripping(response: Response, bytes_per_second: u64) -> Response {
    let (mut parts, body) = whole(response).await;
    parts.headers.insert(header::CONTENT_LENGTH, body.len().into());
    let drops = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        let (size, pause) = pace(bytes_per_second)?;
        tokio::time::sleep(pause).await;
        let drop = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, Infallible>(drop), rest))
    });
    let body = if bytes_per_second == 0 { Body::from_stream(never()) } else { Body::from_stream(drops) };
    Response::from_parts(parts, body)
}

/// How many bytes at once, and the pause before each lot.
fn pace(bytes_per_second: u64) -> Option<(usize, Duration)> {
    const LOTS_PER_SECOND: u64 = 20;
    let lots = bytes_per_second.min(LOTS_PER_SECOND);
    let pause = Duration::from_secs(1).checked_div(u32::try_from(lots).ok()?)?;
    Some((usize::try_from(bytes_per_second / lots).ok()?, pause))
}

fn never() -> stream::Pending<Result<Bytes, Infallible>> {
    stream::pending()
}

/// So many bytes of JSON that never gets beyond its leading white space.
pub(crate) fn huge(bytes: u64) -> Response {
    const LOT: u64 = 64 * 1024;
    static SPACES: [u8; 64 * 1024] = [b' '; 64 * 1024];
    let lots = stream::unfold(bytes, |left| async move {
        let size = left.min(LOT);
        let lot = Bytes::from_static(&SPACES[..usize::try_from(size).unwrap_or_default()]);
        (size > 0).then_some((Ok::<_, Infallible>(lot), left - size))
    });
    ([(header::CONTENT_TYPE, JSON)], Body::from_stream(lots)).into_response()
}

pub(crate) fn gzip_bomb() -> Response {
    static BOMB: LazyLock<Bytes> = LazyLock::new(|| pack_bomb().into());
    let headers = [(header::CONTENT_TYPE, JSON), (header::CONTENT_ENCODING, "gzip")];
    (headers, BOMB.clone()).into_response()
}

/// 1 GiB of spaces as one gzip member. The same compressed MiB is written again and again, which
/// a full flush allows, so that packing takes no time.
fn pack_bomb() -> Vec<u8> {
    const MIB: usize = 1024 * 1024;
    const TIMES: u32 = 1024;
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    const EMPTY_LAST_BLOCK: [u8; 2] = [3, 0];

    let plain = vec![b' '; MIB];
    let mut packed = Vec::with_capacity(64 * 1024);
    let mut deflate = Compress::new(Compression::best(), false);
    deflate.compress_vec(&plain, &mut packed, FlushCompress::Full).expect("the buffer is large enough");
    let mut one = Crc::new();
    one.update(&plain);
    let mut sum = Crc::new();
    let mut bomb = HEADER.to_vec();
    for _ in 0..TIMES {
        bomb.write_all(&packed).expect("a vector takes all");
        sum.combine(&one);
    }
    bomb.extend(EMPTY_LAST_BLOCK);
    bomb.extend(sum.sum().to_le_bytes());
    bomb.extend(sum.amount().to_le_bytes());
    bomb
}

/// Replaces the words and numbers of closed lists by ones that nobody knows.
pub(crate) async fn with_unknown_words(response: Response, fields: &[&str]) -> Response {
    let replace = |object: &mut Map<String, Value>| {
        let closed = object.iter_mut().filter(|(key, _)| fields.contains(&key.as_str()));
        closed.for_each(|(_, value)| make_unknown(value));
    };
    rewritten(response, replace).await
}

fn make_unknown(value: &mut Value) {
    match value {
        Value::String(word) => UNKNOWN_WORD.clone_into(word),
        Value::Number(number) => *number = UNKNOWN_NUMBER.into(),
        Value::Array(items) => items.iter_mut().filter(|item| !item.is_array()).for_each(make_unknown),
        Value::Null | Value::Bool(_) | Value::Object(_) => {}
    }
}

/// Changes the JSON as told.
pub(crate) async fn patched(response: Response, operations: &[PatchOperation]) -> Response {
    let (mut parts, body) = whole(response).await;
    let patched = serde_json::from_slice(&body).map_err(|error| error.to_string()).and_then(|mut json| {
        operations.iter().try_for_each(|operation| operation.apply(&mut json)).map(|()| json)
    });
    match patched {
        Ok(json) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, json.to_string().into())
        }
        Err(problem) => scripted(500, &BTreeMap::new(), Some(Value::String(problem))),
    }
}

/// Leaves fields out.
pub(crate) async fn without_fields(response: Response, fields: &[&str]) -> Response {
    rewritten(response, |object| object.retain(|key, _| !fields.contains(&key.as_str()))).await
}

/// Calls `change` with every object, the outermost first.
fn visit(json: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match json {
        Value::Object(object) => {
            change(object);
            object.values_mut().for_each(|value| visit(value, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, change)),
        _ => {}
    }
}

/// Changes the objects in the JSON of an answer; one that is not JSON passes as it is.
async fn rewritten(response: Response, mut change: impl FnMut(&mut Map<String, Value>)) -> Response {
    let (mut parts, body) = whole(response).await;
    let Ok(mut json) = serde_json::from_slice(&body) else { return Response::from_parts(parts, body.into()) };
    visit(&mut json, &mut change);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, json.to_string().into())
}

async fn whole(response: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("simulators answer from memory");
    (parts, body)
}
