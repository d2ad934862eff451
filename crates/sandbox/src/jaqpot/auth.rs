//! Who is calling: a bearer token, an API key pair, or nobody.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::tokens::TokenProblem;

use super::error::{Frame, Refusal};
use super::state::{ApiKey, State as Data};
use super::{Jaqpot, Line, NAME};

/// Names the server line (`A` or `B`) that shall answer this one request.
const LINE_HEADER: &str = "x-sandbox-jaqpot-line";

/// An authenticated user. As an extractor it refuses anonymous requests.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) id: String,
    roles: &'static [&'static str],
}

impl Caller {
    pub(super) fn has_role(&self, role: &str) -> bool {
        self.roles.contains(&role)
    }

    pub(super) fn is_realm_admin(&self) -> bool {
        self.has_role("admin")
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        parts.extensions.get().cloned().ok_or(Refusal::NoCredentials)
    }
}

/// A caller where the vendor also serves anonymous ones.
pub(super) struct Visitor(pub(super) Option<Caller>);

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get().cloned()))
    }
}

/// The layer around every route: tells who is calling and writes out what was refused.
pub(super) async fn guard(State(jaqpot): State<Arc<Jaqpot>>, mut request: Request, next: Next) -> Response {
    let now = jaqpot.world.clock.now();
    let line = match request.headers().get(LINE_HEADER).map(HeaderValue::as_bytes) {
        Some(b"A" | b"a") => Line::A,
        Some(b"B" | b"b") => Line::B,
        _ => jaqpot.line,
    };
    let frame = Frame::of(&request, line, now);
    let response = match identify(&jaqpot, request.headers(), now) {
        Ok(caller) => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    };
    frame.finish(response)
}

/// A bad bearer token is refused even beside a good key pair; of two good ones the pair decides.
fn identify(jaqpot: &Jaqpot, headers: &HeaderMap, now: Timestamp) -> Result<Option<Caller>, Refusal> {
    let mut user_id = match bearer_token(headers)? {
        Some(token) => Some(jaqpot.world.tokens.user(token, NAME, now).map_err(token_refusal)?),
        None => None,
    };
    let data = jaqpot.data();
    if let Some((key, secret)) = key_pair(headers) {
        user_id = Some(owner_of_pair(&data, key, secret, now)?);
    }
    let Some(user_id) = user_id else { return Ok(None) };
    let user = data.user(&user_id).ok_or_else(|| token_refusal(TokenProblem::Unknown))?;
    Ok(Some(Caller { id: user_id, roles: user.roles }))
}

fn token_refusal(problem: TokenProblem) -> Refusal {
    Refusal::BadToken(match problem {
        TokenProblem::Unknown => "An error occurred while attempting to decode the Jwt: Malformed token",
        TokenProblem::Expired => "An error occurred while attempting to decode the Jwt: Jwt expired",
    })
}

/// The bearer token of the request. Another scheme counts as none.
fn bearer_token(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let Some(value) = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()) else {
        return Ok(None);
    };
    let Some((scheme, rest)) = value.split_at_checked("bearer".len()) else { return Ok(None) };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(None);
    }
    let token = rest.strip_prefix(' ').unwrap_or_default();
    let letters = token.trim_end_matches('=');
    let legal = |letter: char| letter.is_ascii_alphanumeric() || "-._~+/".contains(letter);
    if letters.is_empty() || !letters.chars().all(legal) {
        return Err(Refusal::BadToken("Bearer token is malformed"));
    }
    Ok(Some(token))
}

/// Both halves of an API key; one half alone counts as none.
fn key_pair(headers: &HeaderMap) -> Option<(&str, &str)> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    Some((text("x-api-key")?, text("x-api-secret")?))
}

fn owner_of_pair(data: &Data, key: &str, secret: &str, now: Timestamp) -> Result<String, Refusal> {
    let refused = |message: &str| Refusal::Framework(StatusCode::UNAUTHORIZED, message.to_owned());
    let found = data.api_keys.iter().find(|row| row.key == key).ok_or_else(|| refused("Invalid API key"))?;
    let ApiKey { secret: right, user_id, enabled, .. } = found;
    if !enabled {
        return Err(refused("API key is disabled"));
    }
    if found.expired(now) {
        // The vendor's filter does not catch this one exception.
        return Err(Refusal::crash("API key has expired"));
    }
    if secret != right {
        return Err(refused("Invalid API key"));
    }
    Ok(user_id.clone())
}
