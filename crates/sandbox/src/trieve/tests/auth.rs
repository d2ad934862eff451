//! Credentials, the organization's header, scopes, routing and bodies, in their order.

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
        let anonymous = bench.ask(method, &path).raw("{}").send().await;
        anonymous.is(500, "Could not get dataset from request");
        bench.ask(method, &path).here().raw("{}").send().await.is(401, "Unauthorized");
    }
    bench.ask("PUT", "/api/user").raw("{}").send().await.is(401, "Unauthorized");
    let headless = bench.ask("PUT", "/api/user").key(&bench.key).raw("{}").send().await;
    headless.is(500, "Could not get dataset from request");
}

#[tokio::test]
async fn a_role_too_low_is_forbidden_before_the_body_is_read() {
    let bench = Bench::new();
    let id = &bench.organization;
    for (method, path) in [
        ("POST", "/api/invitation".to_owned()),
        ("PUT", "/api/organization".to_owned()),
        ("POST", "/api/organization/api_key".to_owned()),
        ("GET", "/api/organization/api_key?limit=x".to_owned()),
        ("GET", "/api/invitations/x".to_owned()),
        ("DELETE", "/api/invitation/x".to_owned()),
        ("DELETE", format!("/api/organization/{id}")),
        ("GET", format!("/api/organization/users/{id}")),
        ("POST", format!("/api/organization/usage/{id}")),
    ] {
        let answer = bench.ask(method, &path).key(&bench.reader).here().raw("not json").send().await;
        answer.is(403, "Forbidden");
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

#[tokio::test]
async fn json_problems_have_the_vendors_words() {
    let bench = Bench::new();
    let post = |body: &str| bench.own("POST", "/api/invitation").raw(body);
    let message = async |ask: Ask<'_>| {
        let answer = ask.send().await;
        assert_eq!(answer.status, 400);
        text(&answer.json()["message"])
    };
    for (body, start) in [
        ("", "*Type* : Unexpected end of JSON input | *Message* : Json deserialize error: EOF"),
        ("{", "*Type* : Unexpected end of JSON input | *Message* : Json deserialize error: EOF"),
        ("nope", "*Type* : Syntax error in JSON | *Message* : Json deserialize error: expected ident"),
        (
            r#"{"user_role":0}"#,
            "*Type* : Data error in JSON | *Message* : Json deserialize error: missing field `email` at line 1 column 15",
        ),
        (
            r#"{"user_role":"1"}"#,
            "*Type* : Data error in JSON | *Message* : Json deserialize error: invalid type: string \"1\", \
             expected i32 at line 1 column 16",
        ),
    ] {
        let message = message(post(body)).await;
        assert!(message.starts_with(&format!("Json Deserialization Error: {start}")), "{message}");
    }
    let message = message(post("{}").header("content-type", "text/plain")).await;
    assert!(
        message.starts_with("Json Deserialization Error: *Type* : Content type header error |"),
        "{message}"
    );
    let early = bench.ask("POST", "/api/invitation").header("content-type", "text/plain").send().await;
    assert_eq!(early.status, 400, "the content type is judged before the header and the caller");
    let typed = post(&invitation("ada@x.org", 0).to_string())
        .header("content-type", "application/json; charset=utf-8");
    typed.send().await.is_empty(204);
}

#[tokio::test]
async fn path_ids_come_in_every_spelling_of_the_uuid_library() {
    let bench = Bench::new();
    let id = &bench.organization;
    for spelling in [id.to_uppercase(), id.replace('-', ""), format!("%7B{id}%7D"), format!("urn:uuid:{id}")]
    {
        let answer = bench.get(&format!("/api/organization/{spelling}")).await;
        assert_eq!(answer["organization"]["id"], id.as_str());
    }
    for (id, problem) in [
        ("abc", "length: expected length 32 for simple format, found 3"),
        (
            "xyz",
            "character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `x` at 1",
        ),
        ("a-b", "group count: expected 5, found 2"),
        ("12345678-123-1234-1234-123456789012", "group length in group 1: expected 4, found 3"),
        ("12345678-1234-1234-1234-1234", "group length in group 4: expected 12, found 4"),
    ] {
        let message = format!("Path deserialize error: UUID parsing failed: invalid {problem}");
        bench.own("GET", &format!("/api/invitations/{id}")).send().await.is(400, &message);
    }
}
