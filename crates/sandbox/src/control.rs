//! The control endpoints, the same on both ports.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::configuration;
use crate::faults::Fault;
use crate::shared::{Refused, Shared};

type Sandbox = State<Arc<Shared>>;
type Answer = Result<Json<Value>, Problem>;

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let control = Router::new()
        .route("/identities", get(async |sandbox: Sandbox| Json(sandbox.identities())))
        .route("/users", post(add_user))
        .route("/accept", post(accept))
        .route("/mail", get(async |sandbox: Sandbox| Json(sandbox.world.mail.all())))
        .route(
            "/requests",
            get(async |sandbox: Sandbox| Json(sandbox.requests.all())).delete(async |sandbox: Sandbox| {
                sandbox.requests.clear();
                done()
            }),
        )
        .route(
            "/faults",
            get(async |sandbox: Sandbox| Json(sandbox.faults.all())).post(add_fault).delete(
                async |sandbox: Sandbox| {
                    sandbox.faults.clear();
                    done()
                },
            ),
        )
        .route("/listener", post(listener))
        .route("/clock", get(async |sandbox: Sandbox| now(&sandbox)).post(clock))
        .route("/reset", post(reset))
        .route("/configuration", get(async |sandbox: Sandbox| configuration::toml(&sandbox.identities())))
        .with_state(shared);
    Router::new().nest("/_sandbox", control)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    vendor: String,
    email: String,
}

async fn add_user(State(sandbox): Sandbox, body: Bytes) -> Answer {
    let Person { vendor, email } = decode(&body)?;
    Ok(Json(json!(sandbox.add_user(&vendor, &email)?)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    vendor: String,
    email: String,
    organization: String,
}

async fn accept(State(sandbox): Sandbox, body: Bytes) -> Answer {
    let Acceptance { vendor, email, organization } = decode(&body)?;
    sandbox.accept(&vendor, &email, &organization)?;
    Ok(done())
}

async fn add_fault(State(sandbox): Sandbox, body: Bytes) -> Answer {
    let fault: Fault = decode(&body)?;
    Ok(Json(json!({ "id": sandbox.fault(fault)? })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listener {
    accept: Option<bool>,
    #[serde(default)]
    close_idle: bool,
}

async fn listener(State(sandbox): Sandbox, body: Bytes) -> Answer {
    let Listener { accept, close_idle } = decode(&body)?;
    if let Some(accept) = accept {
        sandbox.accept_connections(accept).await?;
    }
    if close_idle {
        sandbox.close_idle().await;
    }
    Ok(done())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: f64,
}

async fn clock(State(sandbox): Sandbox, body: Bytes) -> Answer {
    let Advance { advance_seconds } = decode(&body)?;
    let by = Duration::try_from_secs_f64(advance_seconds).map_err(|error| Problem::bad(&error))?;
    sandbox.advance(by).await;
    Ok(now(&sandbox))
}

async fn reset(State(sandbox): Sandbox) -> Answer {
    sandbox.reset().await?;
    Ok(done())
}

fn now(sandbox: &Shared) -> Json<Value> {
    Json(json!({ "now": sandbox.world.clock.now() }))
}

fn done() -> Json<Value> {
    Json(json!({ "ok": true }))
}

/// JSON whatever the content type says, for the sake of `curl -d`.
fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::bad(&error))
}

struct Problem(StatusCode, String);

impl Problem {
    fn bad(error: &impl ToString) -> Self {
        Self(StatusCode::BAD_REQUEST, error.to_string())
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let status = match refused {
            Refused::UnknownVendor(_) => StatusCode::NOT_FOUND,
            Refused::Impossible(_) => StatusCode::BAD_REQUEST,
        };
        Self(status, refused.to_string())
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}
