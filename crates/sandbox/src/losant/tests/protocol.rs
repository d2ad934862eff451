//! What holds for every call: headers, flags, versions, order of checks, tokens and scopes.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{Rig, request};
use crate::losant::endpoints::ENDPOINTS;
use crate::vendor::Vendor;

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
async fn actions_are_those_that_the_token_may_do() {
    let rig = Rig::new();
    let all = rig.org_call("GET", "", None).await.ok()["_actions"].clone();
    assert_eq!(
        all["inviteMember"],
        json!({ "href": format!("/orgs/{}/invites", rig.org), "method": "POST" })
    );
    assert_eq!(all.as_object().map(serde_json::Map::len), Some(9));
    let read = rig.get(&format!("/orgs/{}", rig.org), &rig.reader).await.ok();
    let names: Vec<&String> = read["_actions"].as_object().expect("actions").keys().collect();
    assert_eq!(names, ["get", "pendingInvites"]);

    let list = rig.get("/orgs?_links=false", &rig.admin).await.ok();
    assert_eq!(list["_type"], "orgs");
    assert_eq!(list["_actions"]["post"], json!({ "href": "/orgs", "method": "POST" }));
    assert_eq!(list["items"][0]["_type"], "org");
    assert!(list["items"][0].get("_links").is_none());
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
async fn validation_comes_first_then_the_token_then_the_scope() {
    let rig = Rig::new();
    let path = format!("/orgs/{}/invites", rig.org);
    let invite = json!({ "email": "a@x.io", "role": "view" });
    let bad = json!({ "email": "a@x.io" });
    rig.call("POST", &path, "wrong", Some(bad)).await.invalid("invite.role is required");
    let answer = rig.call("POST", &path, "wrong", Some(invite.clone())).await;
    answer.refused(401, "Unauthorized", "Invalid access token");
    for token in ["", &rig.reader, &rig.viewer] {
        let answer = rig.call("POST", &path, token, Some(invite.clone())).await;
        answer.refused(403, "Forbidden", "Access is forbidden");
    }
    let answer = rig.call("POST", &path, &rig.outsider, Some(invite)).await;
    answer.refused(404, "NotFound", "Organization was not found");
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

#[test]
fn scopes_open_what_the_vendor_documents() {
    let names = |scope: &str| -> Vec<String> {
        let scopes = [scope.to_owned()];
        let closed = ENDPOINTS.iter().filter(|endpoint| !endpoint.admits(&[]));
        let open = closed.filter(|endpoint| endpoint.admits(&scopes));
        open.map(|endpoint| format!("{}.{}", endpoint.resource, endpoint.name)).collect()
    };
    assert_eq!(names("all.User").len(), 16);
    assert_eq!(names("all.Organization").len(), 9);
    assert_eq!(names("org.*"), names("only.Organization"));
    assert_eq!(
        names("all.Organization.bounded"),
        ["org.get", "org.patch", "org.delete", "org.pendingInvites"]
    );
    assert_eq!(names("only.Organization.read"), ["org.get", "org.pendingInvites"]);
    assert_eq!(
        names("all.User.read"),
        ["orgs.get", "org.get", "org.pendingInvites", "me.get", "me.invites", "me.invite"]
    );
    assert_eq!(names("only.User.bounded"), ["orgs.get", "orgs.post", "me.get", "me.invites", "me.invite"]);
    assert_eq!(names("org.inviteMember"), ["org.inviteMember"]);
    assert_eq!(names("orgs.*"), ["orgs.get", "orgs.post"]);
    assert!(names("all.User.cli").is_empty() && names("org").is_empty() && names("").is_empty());
}

#[tokio::test]
async fn logins_need_the_password_and_where_set_the_code() {
    let rig = Rig::new();
    let identities = rig.losant.identities();
    let (admin, editor) = (&identities[1].credential, &identities[2].credential);
    let log_in = async |body: Value| rig.call("POST", "/auth/user", "", Some(body)).await;

    let answer = log_in(json!({ "email": admin["email"], "password": admin["password"] })).await;
    let token = answer.text("/token");
    assert_eq!(answer.text("/userId"), rig.user_id(&token).await);
    log_in(json!({ "email": admin["email"], "password": "wrong password" })).await.refused(
        401,
        "Unauthorized",
        "Invalid credentials",
    );
    log_in(json!({ "email": admin["email"], "password": "short" }))
        .await
        .invalid("credentials.password has less length than allowed");

    let mut body = json!({ "email": editor["email"], "password": editor["password"] });
    assert_eq!(log_in(body.clone()).await.status, 401);
    body["twoFactorCode"] = "000000".into();
    assert_eq!(log_in(body.clone()).await.status, 401);
    body["twoFactorCode"] = editor["two_factor_code"].clone();
    body["requestedScopes"] = json!(["orgs.get"]);
    let token = log_in(body).await.text("/token");
    rig.get("/orgs", &token).await.ok();
    assert_eq!(rig.get("/me", &token).await.status, 403);
}

#[tokio::test]
async fn login_tokens_expire_and_can_be_refreshed() {
    let rig = Rig::new();
    let admin = rig.losant.identities()[1].credential.clone();
    let body = |ttl: Value| {
        let mut body = json!({ "email": admin["email"], "password": admin["password"] });
        if !ttl.is_null() {
            body["tokenTTL"] = ttl;
        }
        Some(body)
    };
    let usual = rig.call("POST", "/auth/user", "", body(Value::Null)).await.text("/token");
    let forever = rig.call("POST", "/auth/user", "", body(json!(0))).await.text("/token");
    rig.call("POST", "/auth/user", "", body(json!(-1)))
        .await
        .invalid("credentials.tokenTTL is less than minimum");
    rig.advance_days(1);
    rig.get("/me", &usual).await.refused(401, "Unauthorized", "Access token has expired");
    rig.get("/me", &forever).await.ok();

    let short = rig.call("POST", "/auth/user", "", body(json!(3600))).await.text("/token");
    let fresh = rig.get("/me/refreshToken", &short).await.text("/token");
    rig.losant.world.clock.advance(std::time::Duration::from_hours(1));
    assert_eq!(rig.get("/me", &short).await.status, 401);
    rig.get("/me", &fresh).await.ok();
}

#[tokio::test]
async fn a_reset_brings_the_same_identities_back() {
    let rig = Rig::new();
    let before = rig.losant.identities();
    rig.invite("a@x.io", "view").await.ok();
    rig.sign_up("someone@x.io");
    rig.org_call("DELETE", "", None).await.ok();
    rig.losant.reset();
    assert_eq!(rig.losant.identities(), before);
    assert_eq!(rig.org_call("GET", "/invites", None).await.ok(), json!([]));
}

#[tokio::test]
async fn a_new_user_has_a_token_a_password_and_no_organization() {
    let rig = Rig::new();
    let identity = rig.losant.add_user("New@x.io");
    assert_eq!((identity.email.as_str(), identity.organization.as_ref()), ("New@x.io", None));
    assert_eq!(rig.losant.add_user("new@X.io"), identity);
    assert_eq!(rig.losant.add_user("admin@losant.example"), rig.losant.identities()[0]);
    let token = identity.credential["token"].as_str().expect("a token");
    assert_eq!(rig.get("/orgs", token).await.ok()["totalCount"], 0);
    let login = json!({ "email": "new@x.io", "password": "sandbox-password" });
    rig.call("POST", "/auth/user", "", Some(login)).await.ok();
}
