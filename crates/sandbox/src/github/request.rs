//! What a request brings beside its token, and how a list is cut into pages.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, OriginalUri, Query, RawPathParams, Request};
use axum::http::HeaderValue;
use axum::http::header::{HOST, LINK};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::ApiError;
use super::{GitHub, NAME};

const DEFAULT_PAGE: usize = 30;
const MAX_PAGE: usize = 100;

/// The login of the organization that the path names, by login or, as links do, by number.
pub(super) struct Org(pub(super) String);

/// The second name in a path: of a person, or the number of an invitation.
pub(super) struct Name(pub(super) String);

async fn parameter(parts: &mut Parts, wanted: &str) -> Option<String> {
    let parameters = RawPathParams::from_request_parts(parts, &()).await.ok()?;
    parameters.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned())
}

impl FromRequestParts<Arc<GitHub>> for Org {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, github: &Arc<GitHub>) -> Result<Self, ApiError> {
        if let Some(number) = parameter(parts, "number").await {
            let number = number.parse().map_err(|_| ApiError::not_found())?;
            return github.data().login_of(number).map(Self);
        }
        parameter(parts, "org").await.map(Self).ok_or_else(ApiError::not_found)
    }
}

impl FromRequestParts<Arc<GitHub>> for Name {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<GitHub>) -> Result<Self, ApiError> {
        parameter(parts, "name").await.map(Self).ok_or_else(ApiError::not_found)
    }
}

/// The address that absolute URLs begin with.
pub(super) struct Base(pub(super) String);

impl FromRequestParts<Arc<GitHub>> for Base {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<GitHub>) -> Result<Self, ApiError> {
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        host.map(|host| Self(format!("http://{host}/{NAME}"))).ok_or_else(|| ApiError::bad_request("no host"))
    }
}

/// A JSON object; none at all is an empty one.
pub(super) struct Body(pub(super) Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state).await.unwrap_or_default();
        if bytes.is_empty() {
            return Ok(Self(Map::new()));
        }
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(ApiError::bad_request("Body should be a JSON object")),
            Err(_) => Err(ApiError::bad_request("Problems parsing JSON")),
        }
    }
}

impl Body {
    /// A text, where the field is there; null counts as not there.
    pub(super) fn text(&self, field: &str) -> Result<Option<&str>, ApiError> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => {
                Err(ApiError::invalid_request(&format!("For '{field}', {other} is not a string.")))
            }
        }
    }

    /// One of these words.
    pub(super) fn word(&self, field: &str, known: &[&'static str]) -> Result<Option<&'static str>, ApiError> {
        let Some(text) = self.text(field)? else { return Ok(None) };
        known.iter().find(|word| **word == text).copied().map(Some).ok_or_else(|| {
            ApiError::invalid_request(&format!("For '{field}', {text} is not a member of {known:?}."))
        })
    }

    pub(super) fn number(&self, field: &str) -> Result<Option<u64>, ApiError> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value.as_u64().map(Some).ok_or_else(|| {
                ApiError::invalid_request(&format!("For '{field}', {value} is not an integer."))
            }),
        }
    }

    pub(super) fn numbers(&self, field: &str) -> Result<Vec<u64>, ApiError> {
        let wrong = || ApiError::invalid_request(&format!("For '{field}', it is not an array of integers."));
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(|item| item.as_u64().ok_or_else(wrong)).collect(),
            Some(_) => Err(wrong()),
        }
    }
}

/// The query of a list.
#[derive(Default, Deserialize)]
pub(super) struct Params {
    pub(super) role: Option<String>,
    pub(super) state: Option<String>,
    pub(super) filter: Option<String>,
    pub(super) invitation_source: Option<String>,
    per_page: Option<String>,
    page: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let query = Query::from_request_parts(parts, state).await;
        query.map(|Query(params)| params).map_err(|error| ApiError::invalid_request(&error.body_text()))
    }
}

impl Params {
    /// A word of a filter; `all`, or none, lets everything pass.
    pub(super) fn word<'a>(text: Option<&'a String>, known: &[&str]) -> Result<Option<&'a str>, ApiError> {
        match text.map(String::as_str) {
            None | Some("all") => Ok(None),
            Some(word) if known.contains(&word) => Ok(Some(word)),
            Some(word) => Err(ApiError::invalid_request(&format!("{word} is not a member of {known:?}."))),
        }
    }
}

/// Where a list is asked for, and which page of it.
pub(super) struct Listed {
    pub(super) params: Params,
    base: String,
    path: String,
    query: String,
}

impl FromRequestParts<Arc<GitHub>> for Listed {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, github: &Arc<GitHub>) -> Result<Self, ApiError> {
        let Base(base) = Base::from_request_parts(parts, github).await?;
        let params = Params::from_request_parts(parts, github).await?;
        let OriginalUri(uri) = OriginalUri::from_request_parts(parts, github).await.expect("it never fails");
        let path = uri.path().strip_prefix(&format!("/{NAME}")).unwrap_or(uri.path()).to_owned();
        Ok(Self { params, base, path, query: uri.query().unwrap_or_default().to_owned() })
    }
}

impl Listed {
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// The page that was asked for, with links to its neighbours. Those of an organization go by its number.
    pub(super) fn cut(&self, rows: &[Value], organization: Option<u64>) -> Response {
        let number = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
        let size = number(&self.params.per_page).unwrap_or(DEFAULT_PAGE).clamp(1, MAX_PAGE);
        let page = number(&self.params.page).unwrap_or(1).max(1);
        let shown: Vec<_> = rows.iter().skip((page - 1).saturating_mul(size)).take(size).collect();
        let mut response = Json(shown).into_response();
        let last = rows.len().div_ceil(size).max(1);
        if last > 1 {
            let link = self.links(page, last, organization);
            response.headers_mut().insert(LINK, HeaderValue::try_from(link).expect("visible letters"));
        }
        response
    }

    fn links(&self, page: usize, last: usize, organization: Option<u64>) -> String {
        let path =
            match (organization, self.path.strip_prefix("/orgs/").and_then(|path| path.split_once('/'))) {
                (Some(number), Some((_, rest))) => format!("/organizations/{number}/{rest}"),
                _ => self.path.clone(),
            };
        let others: Vec<_> =
            self.query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("page=")).collect();
        let link = |page: usize, relation: &str| {
            let query = [others.join("&"), format!("page={page}")].join("&");
            format!("<{}{path}?{}>; rel=\"{relation}\"", self.base, query.trim_start_matches('&'))
        };
        let mut links = Vec::new();
        if page > 1 {
            links.push(link(page - 1, "prev"));
        }
        if page < last {
            links.push(link(page + 1, "next"));
            links.push(link(last, "last"));
        }
        if page > 1 {
            links.push(link(1, "first"));
        }
        links.join(", ")
    }
}
