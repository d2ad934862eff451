//! The person behind a token.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use super::{Bench, INVITATIONS, column, field_error, text};

async fn with_header(bench: &Bench, header: Option<&str>) -> (u16, Value) {
    let mut request = Request::builder().uri(INVITATIONS);
    if let Some(header) = header {
        request = request.header("authorization", header);
    }
    let response = bench.send(request.body(Body::empty()).expect("a request")).await;
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    (status, serde_json::from_slice(&bytes).expect("JSON"))
}

#[tokio::test]
async fn a_profile_is_for_users() {
    let bench = Bench::new();
    let (status, body) = bench.get("/v1/account/profile", &bench.owner).await;
    assert_eq!((status, &body["user"]["email"]), (200, &json!("ada@acme.example")));
    assert_eq!(body["user"].as_object().map(serde_json::Map::len), Some(15));
    assert_eq!(bench.get("/v1/account/profile", &bench.organization_token).await.0, 403);
}

#[tokio::test]
async fn the_current_organization_follows_from_the_token() {
    let bench = Bench::new();
    let (status, body) = bench.get("/v1/account/organization", &bench.owner).await;
    assert_eq!((status, text(&body["organization"]["id"])), (200, bench.organization.clone()));
    assert_eq!(body["organization"].as_object().map(serde_json::Map::len), Some(32));
    assert_eq!(bench.get("/v1/account/organization", &bench.organization_token).await.0, 403);
    let (status, body) = bench.get("/v1/account/organization", &bench.outsider).await;
    assert_eq!((status, field_error(&body)), (400, ("failed_precondition", "organization_id")));
}

#[tokio::test]
async fn my_organizations_tell_only_whether_there_is_more() {
    let bench = Bench::new();
    for name in ["beta", "gamma"] {
        assert_eq!(bench.post("/v1/organizations", &bench.owner, json!({"name": name})).await.0, 200);
    }
    let list = async |query: &str| {
        let (status, body) = bench.get(&format!("/v1/account/organizations?{query}"), &bench.owner).await;
        assert_eq!(status, 200, "{body}");
        (column(&body["organizations"], "name"), body)
    };
    let (names, body) = list("limit=2").await;
    assert_eq!((names, &body["has_next"]), (vec!["acme".to_owned(), "beta".to_owned()], &json!(true)));
    assert!(body.get("count").is_none());
    let (names, body) = list("limit=2&offset=1&order=desc").await;
    assert_eq!((names, &body["has_next"]), (vec!["beta".to_owned(), "acme".to_owned()], &json!(false)));
    assert_eq!(list("statuses=ACTIVE&statuses=LOCKED").await.0, ["acme"]);
    assert_eq!(list("search=AMM").await.0, ["gamma"]);
    let (status, body) = bench.get("/v1/account/organizations?order=up", &bench.owner).await;
    assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "order")));
    assert_eq!(bench.get("/v1/account/organizations", &bench.organization_token).await.0, 403);
}

#[tokio::test]
async fn a_token_needs_its_prefix() {
    let bench = Bench::new();
    let error = |message| json!({"status": 401, "code": "authentication_error", "message": message});
    assert_eq!(with_header(&bench, None).await, (401, error("Route needs to be authenticated")));
    let raw = with_header(&bench, Some(&bench.owner)).await;
    assert_eq!(raw, (401, error("Invalid token format")));
    let unknown = with_header(&bench, Some("Bearer unknown")).await;
    assert_eq!(unknown, (401, error("Request unauthenticated with bearer")));
    assert_eq!(with_header(&bench, Some(&format!("Bearer {}", bench.owner))).await.0, 200);
}
