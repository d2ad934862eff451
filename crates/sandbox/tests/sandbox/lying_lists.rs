//! Lists that do not tell the truth: pages that slide, totals that are wrong, ids that are shared.

use orgport_sandbox::{FaultKind, PatchOperation};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Fixture;

const LIST: &str = "/api/organizations";

/// What a read responds with while `operations` change it.
async fn patched(fixture: &Fixture, path: &str, operations: Value) -> Value {
    let fault = json!({
        "vendor": "nuextract", "method": "GET", "route": path,
        "fault": { "type": "patch", "operations": operations },
    });
    assert_eq!(fixture.control(Method::POST, "/faults", Some(fault)).await.status, 200);
    let reply = fixture.get(path).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

#[tokio::test]
async fn two_people_come_under_one_id() {
    let fixture = Fixture::start().await;
    let path = fixture.members_path();
    let truth = fixture.get(&path).await.json();
    let copied = json!([
        { "op": "copy", "from": "/0", "path": "/-" },
        { "op": "replace", "path": "/-1/email", "value": "x" },
    ]);
    let refused = json!({ "vendor": "nuextract", "fault": { "type": "patch", "operations": copied } });
    fixture.control(Method::POST, "/faults", Some(refused)).await;
    let reply = fixture.get(&path).await;
    assert_eq!((reply.status, reply.text.contains("/-1/email")), (500, true), "{}", reply.text);

    let behind = truth.as_array().expect("a list").len();
    let shared = json!([
        { "op": "copy", "from": "/0", "path": "/-" },
        { "op": "replace", "path": format!("/{behind}/email"), "value": "twin@example.com" },
    ]);
    let told = patched(&fixture, &path, shared).await;
    assert_eq!(told[behind]["id"], truth[0]["id"]);
    assert_eq!(told[behind]["email"], "twin@example.com");
    assert_eq!(fixture.get(&path).await.json(), truth, "it is the response that lies, and once");
}

#[tokio::test]
async fn a_page_slides_and_one_is_empty() {
    let fixture = Fixture::start().await;
    for email in ["a@example.com", "b@example.com"] {
        fixture.invite(email).await;
    }
    let path = format!("{}/invitations", fixture.members_path());
    let truth = fixture.get(&path).await.json();
    let slid = patched(&fixture, &path, json!([{ "op": "move", "from": "/0", "path": "/-" }])).await;
    assert_eq!(slid, json!([truth[1], truth[0]]));
    let empty = patched(&fixture, &path, json!([{ "op": "replace", "path": "", "value": [] }])).await;
    assert_eq!(empty, json!([]));
}

#[tokio::test]
async fn a_response_that_is_not_json_cannot_be_patched() {
    let fixture = Fixture::start().await;
    let nothing = PatchOperation::Remove { path: "/0".to_owned() };
    fixture.fault(FaultKind::Patch { operations: vec![nothing] });
    assert_eq!(fixture.get("/api/ping").await.status, 500);
    assert_eq!(fixture.get(LIST).await.status, 200);
}
