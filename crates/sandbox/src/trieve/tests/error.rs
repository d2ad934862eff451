//! Bodies and path ids that the vendor refuses, and when it does.

use super::{Ask, Bench, invitation, text};

#[tokio::test]
async fn a_body_that_cannot_be_read_wins_over_the_callers_rights() {
    let bench = Bench::new();
    let usage = format!("/api/organization/usage/{}", bench.organization);
    for (method, path) in
        [("POST", "/api/invitation"), ("PUT", "/api/organization"), ("POST", usage.as_str())]
    {
        let ask = || bench.ask(method, path).raw("not json");
        for ask in [
            ask().here(),
            ask().key("tr-unknown").here(),
            ask().key(&bench.reader).here(),
            ask().key(&bench.key),
        ] {
            let message = text(&ask.send().await.json()["message"]);
            assert!(message.contains("Syntax error in JSON"), "{method} {path}: {message}");
        }
        let blank = ask().send().await;
        let first = if path == usage { 401 } else { 500 };
        assert_eq!(blank.status, first, "{method} {path}: nothing had to be looked up");
    }
    let put = bench.ask("PUT", "/api/user").raw("not json");
    put.send().await.is(401, "Unauthorized");
    let put = bench.ask("PUT", "/api/user").key(&bench.key).raw("not json").send().await;
    assert_eq!(put.status, 400, "ahead of the missing header's 500");
}

#[tokio::test]
async fn keys_of_organizations_are_made_for_the_entitled_before_the_body_is_looked_at() {
    let bench = Bench::new();
    let post = |key: &str, content_type: &str, body: &str| {
        let ask = bench.ask("POST", "/api/organization/api_key").key(key).here();
        ask.header("content-type", content_type).raw(body)
    };
    for (content_type, body) in [("text/plain", "{}"), ("application/json", ""), ("application/json", "nope")]
    {
        post("tr-unknown", content_type, body).send().await.is(401, "Unauthorized");
        post(&bench.reader, content_type, body).send().await.is(403, "Forbidden");
        assert_eq!(post(&bench.key, content_type, body).send().await.status, 400);
    }
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
            "{}",
            "*Type* : Data error in JSON | *Message* : Json deserialize error: missing field `user_role` at line 1 column 2",
        ),
        (
            "7",
            "*Type* : Data error in JSON | *Message* : Json deserialize error: invalid type: integer `7`, expected struct \
             InvitationData at line 1 column 1",
        ),
        (
            r#"["ada@x.org"]"#,
            "*Type* : Data error in JSON | *Message* : Json deserialize error: invalid type: string \"ada@x.org\", \
             expected i32",
        ),
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
        (
            "URN:UUID:1",
            "character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `U` at 1",
        ),
        (
            "%FF",
            "character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `\u{fffd}` at 1",
        ),
        ("a-b", "group count: expected 5, found 2"),
        ("12345678-123-1234-1234-123456789012", "group length in group 1: expected 4, found 3"),
        ("12345678-1234-1234-1234-1234", "group length in group 4: expected 12, found 4"),
    ] {
        let message = format!("Path deserialize error: UUID parsing failed: invalid {problem}");
        bench.own("GET", &format!("/api/invitations/{id}")).send().await.is(400, &message);
    }
}
