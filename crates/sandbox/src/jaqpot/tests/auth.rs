//! Credentials, methods, media types and the forms of refusals.

use super::*;

const PROTECTED: &str = "/v1/user/organizations";
const METADATA: &str = r#"resource_metadata="http://api.jaqpot.test/.well-known/oauth-protected-resource""#;

#[tokio::test]
async fn anonymous_calls_are_challenged_everywhere_but_on_two_paths() {
    let bench = Bench::new();
    for (method, path) in [
        ("GET", PROTECTED),
        ("GET", "/v1/nowhere"),
        ("DELETE", "/v1/organizations/open-data"),
        ("GET", "/v1/organizations/open%20data"),
        ("GET", "/v1/organizations/tox-lab"),
    ] {
        let answer = bench.raw(method, path, &[], "").await;
        answer.assert_empty(401);
        assert_eq!(answer.header("www-authenticate"), Some(format!("Bearer {METADATA}").as_str()), "{path}");
    }
    bench.raw("GET", "/v1/organizations/open-data", &[], "").await.assert_ok();
    bench.raw("GET", "/v1/users/eleni", &[], "").await.assert_ok();
    bench.raw("GET", "/v1/organizations/missing", &[], "").await.assert_status(404);
    // Half a key pair is none, and so is another scheme.
    bench.raw("GET", PROTECTED, &[("x-api-key", "jq_x")], "").await.assert_empty(401);
    bench.raw("GET", PROTECTED, &[("authorization", "Basic YTpi")], "").await.assert_empty(401);
}

#[tokio::test]
async fn a_bad_bearer_token_is_refused_even_on_open_paths() {
    let bench = Bench::new();
    for token in ["Bearer nobodys", "bearer nobodys", "Bearer ", "Bearer two words", "BearerX"] {
        let answer = bench.raw("GET", "/v1/organizations/open-data", &[("authorization", token)], "").await;
        answer.assert_empty(401);
        let challenge = answer.header("www-authenticate").expect("a challenge");
        assert!(challenge.starts_with(r#"Bearer error="invalid_token", error_description=""#), "{challenge}");
        assert!(challenge.ends_with(METADATA), "{challenge}");
    }
}

#[tokio::test]
async fn an_access_token_expires_and_a_reset_renews_it() {
    let bench = Bench::new();
    let oauth2 = bench.identity(1);
    bench.by(&oauth2, "GET", PROTECTED, None).await.assert_ok();
    bench.advance(5 * 60);
    bench.by(&oauth2, "GET", PROTECTED, None).await.assert_empty(401);
    bench.reset();
    bench.by(&oauth2, "GET", PROTECTED, None).await.assert_ok();
    assert_eq!(bench.identity(1), oauth2);
}

#[tokio::test]
async fn of_two_credentials_a_bad_token_refuses_and_else_the_pair_decides() {
    let bench = Bench::new();
    let pair = credential_headers(&bench.identity(ADMINISTRATOR));
    let token = credential_headers(&bench.identity(OUTSIDER));
    let both = |token: &str| {
        let mut headers = pair.clone();
        headers.push(("authorization", token.to_owned()));
        headers
    };
    let good = both(&token[0].1);
    let good: Vec<_> = good.iter().map(|(name, value)| (*name, value.as_str())).collect();
    bench.raw("GET", INVITATIONS, &good, "").await.assert_ok();
    let bad = both("Bearer nobodys");
    let bad: Vec<_> = bad.iter().map(|(name, value)| (*name, value.as_str())).collect();
    bench.raw("GET", INVITATIONS, &bad, "").await.assert_empty(401);
}

#[tokio::test]
async fn bad_key_pairs_get_a_body_and_no_challenge() {
    let bench = Bench::on(Line::A);
    let pair = credential_headers(&bench.identity(ADMINISTRATOR));
    let (key, secret) = (pair[0].1.as_str(), pair[1].1.as_str());
    for (key, secret) in [("jq_unknown", secret), (key, "wrong")] {
        let answer = bench.raw("GET", PROTECTED, &[("x-api-key", key), ("x-api-secret", secret)], "").await;
        answer.assert_status(401);
        assert_eq!(answer.header("www-authenticate"), None);
        assert_eq!(answer.json()["message"], "Invalid API key");
    }
    bench.advance(190 * 24 * 3600);
    let answer = bench.send(ADMINISTRATOR, "GET", PROTECTED, None).await;
    assert_eq!(answer.assert_status(500).json()["message"], "API key has expired");
}

#[tokio::test]
async fn line_a_tells_more_in_bodies_and_less_in_challenges() {
    let bench = Bench::new();
    let token = credential_headers(&bench.identity(MEMBER)).remove(0).1;
    let headers = [("authorization", token.as_str()), ("x-sandbox-jaqpot-line", "A")];
    let answer = bench.raw("GET", "/v1/organizations/missing", &headers, "").await;
    assert_eq!(
        answer.assert_status(404).json(),
        json!({
            "timestamp": "2026-05-13T09:30:00.000+00:00",
            "status": 404,
            "error": "Not Found",
            "message": "Organization with name missing not found.",
            "path": "/v1/organizations/missing",
        }),
    );
    let anonymous = bench.raw("GET", PROTECTED, &headers[1..], "").await;
    assert_eq!(anonymous.header("www-authenticate"), Some("Bearer"));
    let asked_back = [("authorization", token.as_str()), ("x-sandbox-jaqpot-line", "B")];
    let answer = Bench::on(Line::A).raw("GET", PROTECTED, &asked_back[1..], "").await;
    assert_eq!(answer.header("www-authenticate"), Some(format!("Bearer {METADATA}").as_str()));
}

#[tokio::test]
async fn forbidden_has_a_challenge_and_no_body() {
    let answer = Bench::new().get(MEMBER, INVITATIONS).await;
    answer.assert_empty(403);
    let challenge = answer.header("www-authenticate").expect("a challenge");
    assert!(challenge.starts_with(r#"Bearer error="insufficient_scope", error_description="The request"#));
    assert!(challenge.ends_with(r#"rfc6750#section-3.1""#), "{challenge}");
}

#[tokio::test]
async fn other_methods_name_those_that_are_allowed() {
    let bench = Bench::new();
    let one = format!("{INVITATIONS}/{A_UUID}");
    let resend = format!("/v1/organizations/41/invitations/{A_UUID}/resend");
    for (method, path, allow) in [
        ("DELETE", one.as_str(), "GET,PUT"),
        ("PUT", INVITATIONS, "GET,POST"),
        ("GET", resend.as_str(), "POST"),
        ("DELETE", "/v1/organizations/tox-lab", "GET"),
        ("GET", "/v1/organizations/41/partial", "PATCH"),
        ("PUT", "/v1/organizations", "GET,POST"),
        ("GET", "/v1/user/api-keys/jq_x", "PATCH,DELETE"),
    ] {
        let answer = bench.send(ADMINISTRATOR, method, path, None).await;
        answer.assert_framework(405, "Method Not Allowed", path);
        assert_eq!(answer.header("allow"), Some(allow), "{path}");
    }
    bench.get(ADMINISTRATOR, "/v1/nowhere").await.assert_framework(404, "Not Found", "/v1/nowhere");
}

#[tokio::test]
async fn media_types_are_judged_before_path_values_and_bodies() {
    let bench = Bench::new();
    let pair = credential_headers(&bench.identity(ADMINISTRATOR));
    let mut headers = vec![("x-api-key", pair[0].1.as_str()), ("x-api-secret", pair[1].1.as_str())];
    let path = "/v1/organizations/forty/partial";
    let no_type = bench.raw("PATCH", path, &headers, "{").await;
    no_type.assert_framework(415, "Unsupported Media Type", path);
    headers.push(("content-type", "application/json;charset=utf-8"));
    bench.raw("PATCH", path, &headers, "{").await.assert_framework(400, "Bad Request", path);

    headers.push(("accept", "text/csv"));
    bench.raw("GET", INVITATIONS, &headers, "").await.assert_empty(406);
    headers.pop();
    headers.push(("accept", "text/html"));
    let page = bench.raw("GET", "/v1/organizations/missing", &headers, "").await;
    assert_eq!(page.assert_status(406).header("content-type"), Some("text/html;charset=UTF-8"));
    headers.pop();
    headers.push(("accept", "text/html,application/*;q=0.9"));
    let page = bench.raw("GET", "/v1/organizations/missing", &headers, "").await;
    assert!(page.assert_status(404).text.contains("status=404"));
}
