//! The way of one request: version, parameters, validation, token, scope, and only then the action.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Query, RawPathParams, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, request::Parts};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Losant;
use super::endpoints::{Endpoint, Place};
use super::error::{Failure, Reply};
use super::schema::check_parameters;
use super::state::{Data, Token};
use super::version;
use crate::vendor::Sabotage;
use crate::world::World;

/// What an endpoint does once a request has passed all checks.
pub(super) type Act = fn(&mut Data, &World, &Call) -> Result<Reply, Failure>;

const BODY_LIMIT: usize = 1 << 20;

/// A checked request.
pub(super) struct Call {
    params: Map<String, Value>,
    caller: Option<Token>,
    pub(super) flags: Flags,
    pub(super) sabotage: Sabotage,
    pub(super) now: Timestamp,
}

/// What the query asks to be added to a resource.
#[derive(Clone, Copy)]
pub(super) struct Flags {
    pub(super) actions: bool,
    pub(super) links: bool,
}

impl Call {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.params.get(name)?.as_str()
    }

    /// A text that the endpoint's parameters declare as required.
    pub(super) fn required_text(&self, name: &str) -> &str {
        self.text(name).unwrap_or_default()
    }

    /// The body, which the vendor names `name`.
    pub(super) fn body<T: DeserializeOwned>(&self, name: &str) -> Result<T, Failure> {
        let body = self.params.get(name).cloned().unwrap_or_default();
        serde_json::from_value(body).map_err(|error| Failure::server(error.to_string()))
    }

    pub(super) fn caller(&self) -> Result<&Token, Failure> {
        self.caller.as_ref().ok_or_else(Failure::forbidden)
    }

    pub(super) fn scopes(&self) -> &[String] {
        self.caller.as_ref().map_or(&[], |token| &token.scopes)
    }
}

pub(super) async fn serve(losant: &Losant, endpoint: &'static Endpoint, request: Request) -> Response {
    answer(losant, endpoint, request).await.map_or_else(Failure::into_response, Reply::into_response)
}

async fn answer(losant: &Losant, endpoint: &'static Endpoint, request: Request) -> Result<Reply, Failure> {
    let (mut parts, body) = request.into_parts();
    check_version(&parts)?;
    let query = read_query(&parts);
    let params = gather(endpoint, &mut parts, &query, body).await?;
    let fields = endpoint.params.iter().map(|param| &param.field);
    check_parameters(fields, &params).map_err(Failure::validation)?;

    let now = losant.now();
    let mut data = losant.data.lock().expect("losant lock");
    let caller = authenticate(&data, find_token(&parts.headers, &query), now)?;
    let sabotage = parts.extensions.get::<Sabotage>().copied().unwrap_or_default();
    let call = Call { params, caller, flags: Flags::read(&query), sabotage, now };
    if !endpoint.admits(call.scopes()) {
        return Err(Failure::forbidden());
    }
    (endpoint.act)(&mut data, &losant.world, &call)
}

fn check_version(parts: &Parts) -> Result<(), Failure> {
    let Some(header) = parts.headers.get("accept-version") else { return Ok(()) };
    let range = header.to_str().unwrap_or("?");
    if version::satisfies(range) {
        Ok(())
    } else {
        Err(Failure::version(range, &parts.method, parts.uri.path()))
    }
}

/// The query, where a name that stands twice becomes a list: no parameter takes one.
fn read_query(parts: &Parts) -> Map<String, Value> {
    let pairs =
        Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|query| query.0).unwrap_or_default();
    let mut values = Map::new();
    for (name, value) in pairs {
        let value = Value::String(value);
        match values.remove(&name) {
            Some(first) => values.insert(name, Value::Array(vec![first, value])),
            None => values.insert(name, value),
        };
    }
    values
}

/// The values of the parameters that the endpoint declares; all others are ignored.
async fn gather(
    endpoint: &Endpoint,
    parts: &mut Parts,
    query: &Map<String, Value>,
    body: Body,
) -> Result<Map<String, Value>, Failure> {
    let path = RawPathParams::from_request_parts(parts, &()).await;
    let in_path = |name: &str| match &path {
        Ok(path) => path.iter().find(|(key, _)| *key == name).map(|(_, value)| Value::from(value)),
        // Not UTF-8, so surely not an id.
        Err(_) => Some(Value::from("")),
    };
    let bytes = to_bytes(body, BODY_LIMIT).await.map_err(|_| Failure::too_large())?;
    let mut values = Map::new();
    for param in endpoint.params {
        let name = param.field.name;
        let value = match param.place {
            Place::Path => in_path(name),
            Place::Query => query.get(name).cloned(),
            Place::Body => read_body(&parts.headers, &bytes)?,
        };
        values.extend(value.map(|value| (name.to_owned(), value)));
    }
    Ok(values)
}

/// The body as JSON, or as a text when its type is another: no endpoint takes one.
fn read_body(headers: &HeaderMap, bytes: &[u8]) -> Result<Option<Value>, Failure> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.trim_start().to_ascii_lowercase().starts_with("application/json") {
        return Ok(Some(Value::from(String::from_utf8_lossy(bytes))));
    }
    serde_json::from_slice(bytes)
        .map(Some)
        .map_err(|error| Failure::validation(format!("Invalid JSON: {error}")))
}

impl Flags {
    /// Absent and empty mean yes, then only three lower-case words do.
    fn read(query: &Map<String, Value>) -> Self {
        let flag = |name: &str| match query.get(name) {
            None => true,
            Some(value) => matches!(value.as_str(), Some("" | "true" | "1" | "yes")),
        };
        Self { actions: flag("_actions"), links: flag("_links") }
    }
}

/// The token as sent: a query parameter wins over the header, whose scheme may also be `JWT`.
fn find_token<'a>(headers: &'a HeaderMap, query: &'a Map<String, Value>) -> Option<&'a str> {
    let mut in_query = ["access_token", "jwt"].into_iter().filter_map(|name| query.get(name)?.as_str());
    let in_header = || {
        let mut words = headers.get(AUTHORIZATION)?.to_str().ok()?.split(' ');
        let scheme = words.next()?;
        let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("jwt");
        words.next().filter(|_| known)
    };
    in_query.find(|token| !token.is_empty()).or_else(in_header).filter(|token| !token.is_empty())
}

/// No token is no error here: the endpoint's access decides.
fn authenticate(data: &Data, token: Option<&str>, now: Timestamp) -> Result<Option<Token>, Failure> {
    let Some(token) = token else { return Ok(None) };
    match data.tokens.get(token) {
        None => Err(Failure::unauthorized("Invalid access token")),
        Some(found) if found.expires_at.is_some_and(|end| end <= now) => {
            Err(Failure::unauthorized("Access token has expired"))
        }
        Some(found) => Ok(Some(found.clone())),
    }
}
