//! What holds for every call: headers, flags, versions, order of checks, tokens and scopes.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{Rig, request};

#[tokio::test]
async fn every_answer_carries_the_vendors_headers() {
    let rig = Rig::new();
    for (path, status) in [("/orgs", 200), ("/orgs/x", 400), ("/nowhere", 405)] {
        let answer = rig.get(path, &rig.admin).await;
        assert_eq!(answer.status, status, "{path}");
        for (name, value) in [
            ("content-type", "application/json"),
            ("server", "Losant API"),
            ("cache-control", "no-cache, no-store, must-revalidate"),
            ("access-control-allow-origin", "*"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(answer.headers[name], value, "{path}");
        }
    }
}

#[tokio::test]
async fn flags_are_on_unless_a_word_other_than_three_is_sent() {
    let rig = Rig::new();
    for (query, actions, links) in [
        ("", true, true),
        ("?_actions=&_links=", true, true),
        ("?_actions=true&_links=yes", true, true),
        ("?_actions=1&_links=false", true, false),
        ("?_actions=True&_links=0", false, false),
        ("?_actions=false&_links=true&_embedded=true", false, true),
    ] {
        let body = rig.org_call("GET", query, None).await.ok();
        assert_eq!(body["_type"], "org");
        assert_eq!(body.get("_actions").is_some(), actions, "{query}");
        assert_eq!(body.get("_links").is_some(), links, "{query}");
        assert!(body.get("_embedded").is_none());
    }
    let links = rig.org_call("GET", "", None).await.ok()["_links"].clone();
    assert_eq!(
        links,
        json!({ "self": { "href": format!("/orgs/{}", rig.org) }, "orgs": { "href": "/orgs" } })
    );
}

#[tokio::test]
async fn own_fields_come_before_the_added_ones() {
    let rig = Rig::new();
    let response = tower::ServiceExt::oneshot(
        rig.router.clone(),
        request("GET", &format!("/orgs/{}", rig.org), &rig.admin, None),
    );
    let body = axum::body::to_bytes(response.await.expect("an answer").into_body(), usize::MAX).await;
    let text = String::from_utf8(body.expect("a body").to_vec()).expect("text");
    let places: Vec<_> = ["\"id\"", "\"members\"", "\"_type\"", "\"_actions\"", "\"_links\""]
        .map(|key| text.find(key))
        .to_vec();
    assert!(places.is_sorted() && places[0].is_some(), "{text}");
}

#[tokio::test]
async fn a_version_that_is_not_served_is_refused_before_anything_else() {
    let rig = Rig::new();
    for (range, status) in [("^1.31.0", 403), ("^1.30.0", 403), ("1.x", 403), ("^2.0.0", 400), ("~1.20", 400)]
    {
        let request = Request::get("/orgs").header("accept-version", range).body(Body::empty());
        let answer = rig.request(request.expect("a request")).await;
        assert_eq!(answer.status, status, "{range}");
    }
    let request = Request::post("/orgs").header("accept-version", "^2").body(Body::empty());
    rig.request(request.expect("a request")).await.refused(
        400,
        "VersionNotAllowed",
        "^2 is not supported by POST /orgs",
    );
}

#[tokio::test]
async fn unknown_paths_and_methods_are_not_told_apart() {
    let rig = Rig::new();
    rig.get("/nowhere", &rig.admin).await.refused(405, "MethodNotAllowed", "GET is not allowed");
    rig.call("PUT", "/orgs", "", None).await.refused(405, "MethodNotAllowed", "PUT is not allowed");
    rig.org_call("POST", "/member", None).await.refused(405, "MethodNotAllowed", "POST is not allowed");
}

#[tokio::test]
async fn validation_tells_the_first_problem_in_the_vendors_words() {
    let rig = Rig::new();
    let long = "x".repeat(256);
    let roles: Vec<Value> = vec![json!({ "resourceId": "5".repeat(24), "role": "view" }); 101];
    for (method, rest, body, message) in [
        ("POST", "/invites", None, "invite is required"),
        ("POST", "/invites", Some(json!({})), "invite.email is required"),
        ("POST", "/invites", Some(json!([])), "invite is the wrong type"),
        ("POST", "/invites", Some(Value::Null), "invite is the wrong type"),
        ("POST", "/invites", Some(json!({ "email": "a", "x": 1 })), "invite.role is required"),
        (
            "POST",
            "/invites",
            Some(json!({ "email": "a", "role": "view", "x": 1 })),
            "invite has additional properties",
        ),
        (
            "POST",
            "/invites",
            Some(json!({ "email": "a", "role": "owner" })),
            "invite.email must be email format",
        ),
        (
            "POST",
            "/invites",
            Some(json!({ "email": "a@b c", "role": "view" })),
            "invite.email must be email format",
        ),
        ("POST", "/invites", Some(json!({ "email": 1, "role": "view" })), "invite.email is the wrong type"),
        (
            "POST",
            "/invites",
            Some(json!({ "email": "a@b", "role": "Admin" })),
            "invite.role must be an enum value",
        ),
        ("POST", "/invites", Some(json!({ "email": "a@b", "role": null })), "invite.role is the wrong type"),
        (
            "POST",
            "/invites",
            Some(json!({ "email": "a@b", "role": "view", "applicationRoles": roles })),
            "invite.applicationRoles has more items than allowed",
        ),
        (
            "POST",
            "/invites",
            Some(json!({ "email": "a@b", "role": "view", "dashboardRoles": [{ "resourceId": "5" }] })),
            "invite.dashboardRoles.0.role is required",
        ),
        (
            "POST",
            "/invites",
            Some(
                json!({ "email": "a@b", "role": "view", "dashboardRoles": [{ "resourceId": "5", "role": "view" }] }),
            ),
            "invite.dashboardRoles.0.resourceId pattern mismatch",
        ),
        ("DELETE", "/invites", None, "inviteId is required"),
        ("DELETE", "/invites?inviteId=", None, "inviteId pattern mismatch"),
        ("DELETE", "/invites?inviteId=1&inviteId=2", None, "inviteId is the wrong type"),
        ("PATCH", "/member", Some(json!({ "role": "view" })), "member.userId is required"),
        ("PATCH", "", Some(json!({ "id": "5" })), "organization has additional properties"),
        ("PATCH", "", Some(json!({ "name": "" })), "organization.name has less length than allowed"),
        ("PATCH", "", Some(json!({ "name": long })), "organization.name has longer length than allowed"),
        ("PATCH", "", Some(json!({ "mfaMode": "always" })), "organization.mfaMode must be an enum value"),
    ] {
        rig.org_call(method, rest, body).await.invalid(message);
    }
    rig.get("/orgs/nope", &rig.admin).await.invalid("orgId pattern mismatch");
    rig.get("/orgs/%ff", &rig.admin).await.invalid("orgId pattern mismatch");
    rig.call("POST", "/orgs/nope/invites", "", None).await.invalid("invite is required");
}

#[tokio::test]
async fn bodies_are_json_and_small() {
    let rig = Rig::new();
    let post = |kind: &str, body: Vec<u8>| {
        let request = Request::post("/orgs").header("authorization", format!("JWT {}", rig.admin));
        request.header("content-type", kind).body(Body::from(body)).expect("a request")
    };
    let answer = rig.request(post("application/json; charset=utf-8", b"{\"name\":\"A\"}".to_vec())).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    rig.request(post("text/plain", b"{\"name\":\"A\"}".to_vec()))
        .await
        .invalid("organization is the wrong type");
    let answer = rig.request(post("application/json", b"{\"name\"".to_vec())).await;
    assert_eq!((answer.status, answer.text("/type").as_str()), (StatusCode::BAD_REQUEST, "Validation"));
    assert_eq!(rig.request(post("application/json", vec![b' '; 2 << 20])).await.status, 413);
}

#[tokio::test]
async fn a_delete_may_carry_an_empty_object() {
    let rig = Rig::new();
    assert_eq!(rig.org_call("DELETE", "", Some(json!({}))).await.ok(), json!({ "success": true }));
}
