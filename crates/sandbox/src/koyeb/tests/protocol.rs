//! Authentication, the shapes of errors, paging and the rate limit.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::super::limit::REQUESTS;
use super::{Bench, INVITATIONS, NOBODY, field_error};
use crate::vendor::Vendor;

#[tokio::test]
async fn unknown_paths_and_methods_answer_as_the_gateway() {
    let bench = Bench::new();
    let (status, body) = bench.get("/v1/nowhere", &bench.owner).await;
    assert_eq!((status, body), (404, json!({"code": 5, "message": "Not Found", "details": []})));
    let (status, body) = bench.put(INVITATIONS, &bench.owner, json!({})).await;
    assert_eq!((status, body), (501, json!({"code": 12, "message": "Method Not Allowed", "details": []})));
    let (status, body) = bench.get("/v1/organizations/%ff", &bench.owner).await;
    assert_eq!((status, &body["code"]), (400, &json!(3)));
}

#[tokio::test]
async fn below_a_prefix_the_same_fallbacks_answer() {
    let bench = Bench::new();
    let nested = Router::new().nest("/koyeb", std::sync::Arc::clone(&bench.koyeb).router());
    for (method, path, status) in
        [(Method::GET, "/koyeb/v1/nowhere", 404), (Method::PATCH, "/koyeb/v1/apps", 501)]
    {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
        let response = nested.clone().oneshot(request).await.expect("axum never fails");
        assert_eq!(response.status(), status);
        assert!(response.headers().contains_key("x-ratelimit-remaining"));
    }
}

#[tokio::test]
async fn a_missing_row_is_a_404_in_the_vendors_words() {
    let bench = Bench::new();
    let (status, body) = bench.get(&format!("{INVITATIONS}/{NOBODY}"), &bench.owner).await;
    let expected =
        json!({"status": 404, "code": "unknown_resource", "message": "Organization invitation not found"});
    assert_eq!((status, body), (404, expected));
}

#[tokio::test]
async fn bodies_that_are_no_object_are_refused() {
    let bench = Bench::new();
    for body in ["{", "[\"a@b.example\"]", "null", "7", r#"{"email":7}"#] {
        let (status, _, text) = bench.raw(Method::POST, INVITATIONS, &bench.owner, Body::from(body)).await;
        let error: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!((status, &error["code"]), (400, &json!("invalid_argument")), "{body}: {error}");
    }
    assert!(bench.mails().is_empty());
}

#[tokio::test]
async fn pages_have_a_default_and_bounds() {
    let bench = Bench::new();
    for number in 0..23 {
        bench.invite(&format!("p{number}@x.example")).await;
    }
    let (_, body) = bench.get(INVITATIONS, &bench.owner).await;
    assert_eq!((&body["limit"], &body["offset"], &body["count"]), (&json!(20), &json!(0), &json!(23)));
    assert_eq!(body["invitations"].as_array().map(Vec::len), Some(20));
    let (_, body) = bench.get(&format!("{INVITATIONS}?limit=5&offset=20"), &bench.owner).await;
    assert_eq!(
        super::column(&body["invitations"], "email"),
        ["p20@x.example", "p21@x.example", "p22@x.example"]
    );
    assert!(body.get("has_next").is_none());
    for query in ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=1.5"] {
        let (status, body) = bench.get(&format!("{INVITATIONS}?{query}"), &bench.owner).await;
        assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "limit")), "{query}");
    }
    let (status, body) = bench.get(&format!("{INVITATIONS}?offset=-1"), &bench.owner).await;
    assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "offset")));
}

#[tokio::test]
async fn each_token_has_400_requests_a_minute() {
    let bench = Bench::new();
    let ask = || bench.raw(Method::GET, "/v1/apps", &bench.owner, Body::empty());
    for used in 1..=REQUESTS {
        let (status, headers, _) = ask().await;
        assert_eq!(status, 200);
        assert_eq!(headers["x-ratelimit-limit"], "400, 400;w=60");
        assert_eq!(headers["x-ratelimit-remaining"], (REQUESTS - used).to_string());
    }
    bench.advance(20);
    let (status, headers, text) = ask().await;
    assert_eq!((status, headers["x-ratelimit-reset"].to_str().ok()), (429, Some("40")));
    assert!(!headers.contains_key("retry-after"));
    assert!(serde_json::from_str::<Value>(&text).is_err(), "{text}");
    assert_eq!(bench.get("/v1/apps", &bench.organization_token).await.0, 200);
    bench.advance(40);
    assert_eq!(ask().await.0, 200);
}
