//! Credentials, the organization's header, scopes, routing and headers, in their order.

use super::*;

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

#[tokio::test]
async fn a_key_is_read_from_either_header_with_or_without_its_prefix() {
    let bench = Bench::new();
    let path = format!("/api/invitations/{}", bench.organization);
    for (name, value) in [
        ("authorization", bench.key.clone()),
        ("authorization", format!("Bearer {}", bench.key)),
        ("x-api-key", bench.key.clone()),
        ("x-api-key", format!("Bearer {}", bench.key)),
    ] {
        bench.ask("GET", &path).header(name, &value).here().send().await.ok();
        bench
            .ask("GET", &path)
            .header(name, &value)
            .header("x-organization", &bench.organization)
            .send()
            .await
            .ok();
    }
    let both = bench.ask("GET", &path).key("tr-unknown").header("x-api-key", &bench.key).here().send().await;
    both.is(401, "Unauthorized");
    let lower = bench.ask("GET", &path).key(&format!("bearer {}", bench.key)).here().send().await;
    lower.is(401, "Unauthorized");
}

#[tokio::test]
async fn the_header_is_judged_before_the_caller_and_the_route() {
    let bench = Bench::new();
    for path in ["/api/invitation/x", "/api/nowhere"] {
        let malformed = bench.ask("GET", path).header("tr-organization", "acme").send().await;
        malformed.is(400, "Could not convert Organization to UUID");
        let unknown = bench.ask("GET", path).header("tr-organization", NOBODY).send().await;
        unknown.is(404, "Not Found: Organization not found");
    }
    let elsewhere = bench.other_organization().await;
    let stranger =
        bench.ask("GET", "/api/nowhere").key(&bench.key).header("tr-organization", &elsewhere).send().await;
    stranger.is(403, "Forbidden");
}

#[tokio::test]
async fn unknown_routes_and_methods_answer_without_a_body() {
    let bench = Bench::new();
    bench.own("GET", "/api/nowhere").send().await.is_empty(404);
    bench.own("GET", &format!("/api/invitations/{}/", bench.organization)).send().await.is_empty(404);
    let patch = bench.own("PATCH", "/api/user").send().await;
    patch.is_empty(405);
    assert_eq!(patch.headers[header::ALLOW], "PUT");
    bench.own("GET", &format!("/api/organization/usage/{}", bench.organization)).send().await.is_empty(405);
    bench.ask("GET", "/api/health").send().await.is_empty(200);
}

#[tokio::test]
async fn a_missing_header_is_401_or_500_by_operation() {
    let bench = Bench::new();
    let id = &bench.organization;
    for (method, path) in [
        ("GET", format!("/api/invitations/{id}")),
        ("GET", format!("/api/invitation/{id}")),
        ("DELETE", format!("/api/invitation/{id}")),
        ("GET", format!("/api/organization/{id}")),
        ("DELETE", format!("/api/organization/{id}")),
        ("GET", format!("/api/organization/users/{id}")),
        ("GET", "/api/organization/api_key".to_owned()),
        ("DELETE", format!("/api/organization/api_key/{id}")),
    ] {
        bench.ask(method, &path).key(&bench.key).send().await.is(401, "Unauthorized");
        bench.ask(method, &path).here().send().await.is(401, "Unauthorized");
    }
    for (method, path) in [
        ("POST", "/api/invitation".to_owned()),
        ("PUT", "/api/organization".to_owned()),
        ("DELETE", format!("/api/organization/{id}/user/{id}")),
    ] {
        let body = invitation("ada@x.org", 0);
        let anonymous = bench.ask(method, &path).json(&body).send().await;
        anonymous.is(500, "Could not get dataset from request");
        bench.ask(method, &path).here().json(&body).send().await.is(401, "Unauthorized");
    }
    bench.ask("PUT", "/api/user").raw("{}").send().await.is(401, "Unauthorized");
    let headless = bench.ask("PUT", "/api/user").key(&bench.key).raw("{}").send().await;
    headless.is(500, "Could not get dataset from request");
}

#[tokio::test]
async fn a_role_too_low_is_forbidden_before_path_and_query_are_read() {
    let bench = Bench::new();
    let id = &bench.organization;
    for (method, path) in [
        ("POST", "/api/invitation".to_owned()),
        ("PUT", "/api/organization".to_owned()),
        ("GET", "/api/organization/api_key?limit=x".to_owned()),
        ("GET", "/api/invitations/x".to_owned()),
        ("DELETE", "/api/invitation/x".to_owned()),
        ("DELETE", format!("/api/organization/{id}")),
        ("GET", format!("/api/organization/users/{id}")),
        ("POST", format!("/api/organization/usage/{id}")),
    ] {
        let ask = bench.ask(method, &path).key(&bench.reader).here().json(&invitation("ada@x.org", 0));
        ask.send().await.is(403, "Forbidden");
    }
    for method in ["DELETE", "GET"] {
        let path = if method == "GET" { "/api/organization/x" } else { "/api/organization/x/user/x" };
        let answer = bench.ask(method, path).send().await;
        assert_eq!(answer.status, 400, "the path is judged first");
    }
    bench
        .ask("PUT", "/api/organization")
        .key(&bench.admin)
        .here()
        .raw("{}")
        .send()
        .await
        .is(403, "Forbidden");
}

#[tokio::test]
async fn a_person_in_no_living_organization_is_nobody() {
    let bench = Bench::new();
    let fresh = text(&bench.trieve.add_user("bob@x.org").credential["key"]);
    let owner = bench.owner.clone();
    let status = async |key: &str, method: &str, path: &str| {
        bench.ask(method, path).key(key).json(&json!({"name": "new"})).send().await.status.as_u16()
    };
    let calls = [("GET", "/api/auth/me"), ("POST", "/api/organization"), ("GET", "/api/user/api_key")];
    for (method, path) in calls {
        assert_eq!(status(&fresh, method, path).await, 401, "{method} {path}");
        assert_eq!(status(&owner, method, path).await, 200, "{method} {path}");
    }
    bench.invite("bob@x.org").await.is_empty(204);
    assert_eq!(status(&fresh, "GET", "/api/auth/me").await, 200, "added, and somebody from now on");
    let path = format!("/api/organization/x/user/{}", bench.user_id("bob@x.org").await);
    bench.own("DELETE", &path).send().await.is_empty(204);
    assert_eq!(status(&fresh, "GET", "/api/auth/me").await, 401);
}

#[tokio::test]
async fn a_dataset_would_decide_and_there_is_none() {
    let bench = Bench::new();
    let ask =
        |dataset: &str| bench.ask("GET", "/api/auth/me").key(&bench.owner).header("tr-dataset", dataset);
    ask(NOBODY).send().await.is(404, "Not Found: Could not find dataset");
    ask("mine").here().send().await.is(404, "Not Found: Could not find dataset");
    let headless = ask("mine").send().await;
    headless.is(400, "Using Dataset Tracking IDs requires providing the TR-Organization header");
}

#[tokio::test]
async fn every_response_lets_browsers_of_any_origin_in() {
    let bench = Bench::new();
    let name = |name: &str| header::HeaderName::try_from(name).expect("a header");
    for (path, body) in [("/api/auth/me", true), ("/api/nowhere", false), ("", false)] {
        let response = bench.ask("GET", path).header("origin", "https://app.example").send().await;
        let headers = &response.headers;
        assert_eq!(
            headers[header::VARY],
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
        );
        assert_eq!(headers[name("access-control-allow-credentials")], "true");
        assert_eq!(headers[name("access-control-allow-origin")], "https://app.example");
        assert_eq!(headers.contains_key(name("access-control-expose-headers")), body, "{path}");
    }
    let preflight = bench.ask("OPTIONS", "/api/invitation").header("origin", "https://app.example");
    let preflight = preflight.header("access-control-request-method", "POST").send().await;
    preflight.is_empty(200);
    assert_eq!(preflight.headers[name("access-control-allow-methods")], "POST");
    bench.ask("OPTIONS", "/api/invitation").send().await.is_empty(405);
    bench.own("HEAD", "/api/auth/me").send().await.is_empty(405);
    bench.own("HEAD", "/api/nowhere").send().await.is_empty(404);
    bench.ask("GET", "").send().await.is_empty(200);
}

#[tokio::test]
async fn scopes_replace_the_role_and_an_empty_list_locks_out() {
    let bench = Bench::new();
    let list = format!("/api/invitations/{}", bench.organization);
    let members = format!("/api/organization/users/{}", bench.organization);
    let status =
        async |key: &str, path: &str| bench.ask("GET", path).key(key).here().send().await.status.as_u16();

    let key = bench.scoped_key(0, json!(["GET /api/invitations/{organization_id}"])).await;
    assert_eq!(status(&key, &list).await, 200);
    assert_eq!(status(&key, &format!("{list}?page=2")).await, 200);
    assert_eq!(status(&key, &members).await, 403);
    let unanchored = bench.scoped_key(0, json!(["GET /api/organization"])).await;
    assert_eq!(status(&unanchored, &members).await, 200);
    let pattern = bench.scoped_key(0, json!(["(broken", "^GET /api/(users|invitations)/.*$"])).await;
    assert_eq!((status(&pattern, &list).await, status(&pattern, &members).await), (200, 403));
    let empty = bench.scoped_key(2, json!([])).await;
    assert_eq!((status(&empty, &list).await, status(&empty, "/api/nowhere").await), (403, 403));
}

#[tokio::test]
async fn a_raised_gate_leaves_the_ceiling_at_the_stored_role() {
    let bench = Bench::new();
    let key = bench.scoped_key(0, json!(["POST /api/invitation"])).await;
    let ask =
        |role| bench.ask("POST", "/api/invitation").key(&key).here().json(&invitation("ada@x.org", role));
    ask(1).send().await.is(400, "Can not invite user with higher role than yours");
    ask(0).send().await.is_empty(204);
}

#[tokio::test]
async fn a_user_key_of_role_0_makes_an_ordinary_user_of_an_owner() {
    let bench = Bench::new();
    for key in &mut bench.trieve.state().keys {
        key.role = 0;
    }
    let list = format!("/api/invitations/{}", bench.organization);
    bench.ask("GET", &list).key(&bench.owner).here().send().await.is(403, "Forbidden");
    let me = bench.ask("GET", "/api/auth/me").key(&bench.owner).send().await.ok();
    assert_eq!(me["user_orgs"][0]["role"], 2, "who-am-I shows the stored role");
}
