//! A web service that administers people, with its own tests: handlers take `Arc<dyn Provider>`, so
//! that memory stands in for the vendor. Outcomes stream to the client as they settle, a JSON object
//! a line, since a stream of an `Arc` owns what it needs.
//!
//! Prints:
//!
//! ```text
//! POST /invitations 200 OK
//!   bob@acme.example: invited
//!   eve@acme.example: invited
//! POST /invitations 400 Bad Request
//!   invalid_input
//! GET /members 200 OK
//!   ada@acme.example: owner
//! GET /members 503 Service Unavailable
//!   unavailable
//! ```

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::{StreamExt, TryStreamExt};
use orgport::memory::{Memory, MemoryFault, MemoryProvider};
use orgport::{
    Email, Error, ErrorKind, Member, NewInvitation, Operation, OrganizationId, Provider, Role, stream,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tower::ServiceExt;

/// What the handlers share.
#[derive(Clone)]
struct Team {
    provider: Arc<dyn Provider>,
    organization: OrganizationId,
}

fn service(team: Team) -> Router {
    let routes = Router::new().route("/invitations", post(invite)).route("/members", get(members));
    routes.with_state(team)
}

#[derive(Deserialize)]
struct Newcomers {
    emails: Vec<String>,
}

/// Nobody is invited before the whole list has been read.
async fn invite(State(team): State<Team>, Json(asked): Json<Newcomers>) -> Result<Response, Refusal> {
    let newcomer = |email: &String| Ok(NewInvitation::to(Email::parse(email)?).with_role(Role::Editor));
    let newcomers = asked.emails.iter().map(newcomer).collect::<Result<Vec<_>, Error>>()?;
    let outcomes = stream::invite_many(team.provider, &team.organization, newcomers);
    let lines = outcomes.map(move |(index, outcome)| {
        let outcome = outcome.map_or_else(|error| error.kind().as_str(), |outcome| outcome.as_str());
        Ok::<_, Error>(format!("{}\n", json!({"email": asked.emails[index], "outcome": outcome})))
    });
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response())
}

async fn members(State(team): State<Team>) -> Result<Json<Vec<Member>>, Refusal> {
    Ok(Json(stream::members(team.provider, &team.organization).try_collect().await?))
}

/// An error for the client: what it did wrong is told, and what is ours is not.
struct Refusal(Error);

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self.0.kind() {
            ErrorKind::InvalidInput | ErrorKind::Unsupported => StatusCode::BAD_REQUEST,
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::AlreadyExists | ErrorKind::Conflict | ErrorKind::Expired => StatusCode::CONFLICT,
            ErrorKind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            _ if self.0.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_GATEWAY,
        };
        (status, Json(json!({"error": self.0.kind().as_str()}))).into_response()
    }
}

/// Sends a request as a client would, and shows what comes back.
async fn show(team: &Team, method: &str, path: &str, body: Value) -> Result<(), Box<dyn std::error::Error>> {
    let request =
        Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    let response = service(team.clone()).oneshot(request.body(Body::from(body.to_string()))?).await?;
    println!("{method} {path} {}", response.status());
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await?;
    for value in serde_json::Deserializer::from_slice(&body).into_iter::<Value>() {
        let value = value?;
        for row in value.as_array().unwrap_or(&vec![value.clone()]) {
            let words = ["email", "outcome", "role", "error"].map(|name| row[name].as_str());
            println!("  {}", words.into_iter().flatten().collect::<Vec<_>>().join(": "));
        }
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let memory = Memory::new();
    let ada: MemoryProvider = memory.provider(&"ada@acme.example".parse()?);
    let organization = memory.add_organization("Acme", ada.adapter().email())?;
    let team = Team { provider: Arc::new(ada), organization };

    show(&team, "POST", "/invitations", json!({"emails": ["bob@acme.example", "eve@acme.example"]})).await?;
    show(&team, "POST", "/invitations", json!({"emails": ["cem@acme.example", "nobody"]})).await?;
    assert_eq!(memory.mails().len(), 2, "a list with a mistake invites nobody");
    show(&team, "GET", "/members", Value::Null).await?;
    memory.fault(MemoryFault::Fails(ErrorKind::Unavailable), Operation::ListMembers, 1);
    show(&team, "GET", "/members", Value::Null).await?;
    Ok(())
}
