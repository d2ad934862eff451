//! Bodies that the vendor cannot read.

use reqwest::Method;
use serde_json::json;

use super::LIST;
use crate::support::{Fixture, send};

#[tokio::test]
async fn bodies_that_do_not_decode_are_text() {
    let fixture = Fixture::start().await;
    let bad = |body: &'static str| {
        let request = fixture.request(Method::POST, LIST, None).header("content-type", "application/json");
        async move { send(request.body(body)).await.expect("an answer") }
    };
    let replies =
        [bad("{}").await, bad("{}").await, bad(r#"{"name":1}"#).await, bad("{").await, bad("[]").await];
    for reply in &replies {
        assert_eq!((reply.status, reply.header("content-type")), (400, Some("text/plain; charset=utf-8")));
        assert!(reply.text.starts_with("Invalid value for: body"), "{}", reply.text);
    }
    assert_eq!(replies[0].text, "Invalid value for: body (Missing required field at 'name')");
    assert_eq!(replies[1].text, "Invalid value for: body");
    let path = format!("{LIST}/unknown/members");
    assert_eq!(fixture.post(&path, json!({})).await.status, 400, "decoding comes first");
    assert_eq!(fixture.post(&path, json!({ "email": "zoe@example.com" })).await.status, 404);
}
