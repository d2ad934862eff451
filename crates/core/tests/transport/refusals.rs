//! What a vendor's refusals become, in whatever form they come.

use std::sync::Arc;
use std::time::Duration;

use orgport_core::http::{Failure, Refusal, Request, Safety, Transport, Vendor, Wait};
use orgport_core::{Clock, ErrorKind, ManualClock, Reach};

use crate::support::{
    Reply, Server, TOKEN, all_of, answer, clock, json, options, read, transport, vendor, write,
};

const REFUSALS: [(u16, ErrorKind); 10] = [
    (400, ErrorKind::InvalidInput),
    (401, ErrorKind::Unauthenticated),
    (402, ErrorKind::PermissionDenied),
    (403, ErrorKind::PermissionDenied),
    (404, ErrorKind::NotFound),
    (409, ErrorKind::Conflict),
    (410, ErrorKind::Expired),
    (413, ErrorKind::InvalidInput),
    (422, ErrorKind::InvalidInput),
    (451, ErrorKind::InvalidInput),
];

#[tokio::test]
async fn a_finished_4xx_is_a_refusal_in_any_words() {
    let words = "no seat is left";
    for (status, kind) in REFUSALS {
        for reply in [
            json(status, r#"{"reasons":[{"text":"no seat is left"}]}"#),
            json(status, r#""no seat is left""#),
            json(status, r#"["no seat is left"]"#),
            answer(status, "content-type: text/plain\r\n", words),
            answer(status, "content-type: text/html\r\n", "<html><title>no seat is left</title></html>"),
            json(status, r#"{"message":"no seat is left"}"#),
        ] {
            for safety in [Safety::Read, Safety::Idempotent, Safety::Reconcilable, Safety::OneShot] {
                let server = Server::script([reply.clone()]);
                let error = transport(&server.url, &clock()).send(write(safety)).await.expect_err("refused");
                let told = (error.kind(), error.reach(), error.is_retryable(), server.count());
                assert_eq!(told, (kind, Reach::Answered, false, 1), "{reply:?}");
                assert_eq!(error.vendor_message(), Some(words), "{reply:?}");
            }
        }
        let server = Server::script([answer(status, "", "")]);
        let error = transport(&server.url, &clock()).send(write(Safety::OneShot)).await.expect_err("refused");
        assert_eq!((error.kind(), error.reach(), error.vendor_message()), (kind, Reach::Answered, None));
    }
}

#[tokio::test]
async fn what_was_not_carried_out_or_may_have_been_is_told_apart() {
    for status in [408, 499] {
        let server = Server::script([answer(status, "", "too slow")]);
        let error =
            transport(&server.url, &clock()).send(write(Safety::Reconcilable)).await.expect_err("lost");
        assert_eq!(
            (error.kind(), error.reach(), server.count()),
            (ErrorKind::Ambiguous, Reach::Unanswered, 1)
        );
    }
    let server = Server::script([answer(425, "", ""), json(200, "{}")]);
    transport(&server.url, &clock())
        .send(write(Safety::OneShot))
        .await
        .expect("not carried out the first time");
    let server = Server::script([answer(407, "", "")]);
    let error = transport(&server.url, &clock()).send(write(Safety::OneShot)).await.expect_err("a proxy");
    assert_eq!((error.kind(), error.reach(), server.count()), (ErrorKind::Connection, Reach::NotSent, 1));
    assert!(error.message().contains("http.proxy"), "{error}");
}

/// A vendor that tells limits by 403 and faults of its database by 400.
fn telling(failure: &Failure<'_>) -> Refusal {
    match failure.status {
        403 => Refusal::new(403).limit(failure.header("x-reset-at").and_then(Wait::parse)),
        400 if failure.body.contains("database") => Refusal::new(400).kind(ErrorKind::Unavailable),
        status => Refusal::from_status(status),
    }
}

fn telling_transport(server: &Server, clock: &Arc<ManualClock>) -> Transport {
    Transport::new(Vendor::new("telling", telling), options(&server.url, clock)).expect("valid")
}

#[tokio::test]
async fn a_limit_in_other_words_is_waited_for() {
    let second = clock().now().unix_seconds() + 30;
    for wait in [second.to_string(), "2026-05-13T10:00:30Z".to_owned(), "30".to_owned()] {
        let (clock, limit) = (clock(), answer(403, &format!("x-reset-at: {wait}\r\n"), ""));
        let server = Server::script([limit, json(200, "{}")]);
        telling_transport(&server, &clock).send(write(Safety::OneShot)).await.expect("after the wait");
        assert_eq!(clock.elapsed(), Duration::from_secs(30), "{wait}");
    }
    let server = Server::script([answer(403, "", "")]);
    let error = telling_transport(&server, &clock()).send(write(Safety::OneShot)).await.expect_err("a limit");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::RateLimited, Reach::NotSent));
}

#[tokio::test]
async fn no_job_stands_still_for_longer_than_is_configured() {
    for headers in ["retry-after: 7200\r\n", "retry-after: Wed, 13 May 2026 12:00:00 GMT\r\n"] {
        let (clock, server) = (clock(), Server::script([answer(429, headers, ""), json(200, "{}")]));
        let patient = transport(&server.url, &clock).patient();
        let error = patient.send(write(Safety::Reconcilable)).await.expect_err("two hours");
        assert_eq!((error.kind(), error.reach()), (ErrorKind::RateLimited, Reach::NotSent));
        assert_eq!(error.retry_after(), Some(Duration::from_hours(2)));
        assert!(error.message().contains("7200 s"), "{error}");
        assert_eq!((clock.elapsed(), server.count()), (Duration::ZERO, 1));
    }
}

#[tokio::test]
async fn a_passing_fault_is_told_by_any_status() {
    let fault = json(400, r#"{"text":"no connection to the database"}"#);
    let server = Server::script([fault.clone(), json(200, "{}")]);
    telling_transport(&server, &clock()).send(read()).await.expect("the second succeeds");
    let server = Server::script([fault]);
    let error = telling_transport(&server, &clock()).send(write(Safety::Reconcilable)).await;
    let error = error.expect_err("a fault");
    assert_eq!((error.kind(), error.reach(), server.count()), (ErrorKind::Unavailable, Reach::Answered, 1));
}

#[tokio::test]
async fn no_escape_and_no_encoding_hides_a_credential() {
    let reversed: String = TOKEN.chars().rev().collect();
    let escaped = TOKEN.replace('-', r"\u002d");
    let hex = TOKEN.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let vendor = || vendor().request_id_headers(&["x-request-id"]);
    for shown in [TOKEN, &escaped, &reversed, &hex, "czNjcmV0LXRva2Vu", &TOKEN[4..], &TOKEN[..8]] {
        for reply in [
            json(403, &format!(r#"{{"message":"key {shown} is unknown"}}"#)),
            json(403, &format!(r#"{{"{shown}":{{"{shown}":"{shown}"}}}}"#)),
            answer(500, &format!("x-request-id: {shown}\r\n"), shown),
            json(200, &format!(r#"{{"{shown}":{{"a":"{shown}"}}}}"#)),
        ] {
            let server = Server::script([reply.clone()]);
            let transport = Transport::new(vendor(), options(&server.url, &clock())).expect("valid");
            let error = match transport.send(read()).await {
                Ok(response) => {
                    response.read::<std::collections::BTreeMap<String, u8>>().expect_err("no numbers")
                }
                Err(error) => error,
            };
            let text = all_of(&error);
            for hidden in [shown, TOKEN, &TOKEN[4..], &TOKEN[..8]] {
                assert!(!text.contains(hidden), "{hidden} of {reply:?} shows in {text}");
            }
        }
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_read_leaves_what_cannot_be_repeated_open() {
    #[derive(Debug, serde::Deserialize)]
    struct Created {
        #[expect(dead_code, reason = "only its place matters")]
        id: String,
    }
    for body in ["null", "[]", "{}", r#"{"error":"no"}"#, "7", r#"{"id":7}"#] {
        for (safety, kind) in [(Safety::OneShot, ErrorKind::Ambiguous), (Safety::Read, ErrorKind::Protocol)] {
            let server = Server::script([json(201, body)]);
            let response = transport(&server.url, &clock()).send(write(safety)).await.expect("a success");
            for error in [response.read::<Created>().expect_err(body), response.protocol("odd")] {
                assert_eq!((error.kind(), error.reach()), (kind, Reach::Unanswered), "{body}");
                assert_eq!(
                    (error.provider(), error.call()),
                    (Some("prod"), Some("POST /orgs/{orgId}/invites"))
                );
            }
        }
    }
    let server = Server::script([Reply::Say(200, String::new(), "not JSON".into())]);
    let error = transport(&server.url, &clock()).send(Request::post("/orgs", Safety::OneShot)).await;
    assert_eq!(error.expect_err("unreadable").kind(), ErrorKind::Ambiguous);
}

#[tokio::test]
async fn the_vendors_links_are_followed_at_its_own_origin_and_below_its_path_only() {
    let page =
        |target: &str| answer(200, &format!("link: <{target}>; rel=\"next\", </x>; rel=\"last\"\r\n"), "[]");
    let server = Server::script([page("?page=2&q=a%2Bb"), page("/api/orgs/7/m?page=3"), json(200, "[]")]);
    let transport = transport(&format!("{}/api", server.url), &clock());
    let mut request = Request::get("/orgs/{org}/m").segment("a b");
    while let Some(link) = transport.send(request).await.expect("a page").next_page().expect("a good link") {
        request = Request::page(&link).expect("a path");
    }
    let lines: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.lines().next().unwrap_or_default().to_owned())
        .collect();
    let expected = ["/api/orgs/a%20b/m", "/api/orgs/a%20b/m?page=2&q=a%2Bb", "/api/orgs/7/m?page=3"];
    assert_eq!(lines, expected.map(|path| format!("GET {path} HTTP/1.1")));

    for elsewhere in
        ["https://evil.example/api/x", "//evil.example/api/x", "/other", "/apis", "../../x", "/api/../x"]
    {
        let server = Server::script([page(elsewhere)]);
        let transport = crate::support::transport(&format!("{}/api", server.url), &clock());
        let response = transport.send(read()).await.expect("a page");
        let error = response.next_page().expect_err(elsewhere);
        assert_eq!((error.kind(), error.provider()), (ErrorKind::Protocol, Some("prod")), "{elsewhere}");
    }
    assert!(Request::page("https://evil.example/x").is_err() && Request::page("/a/%2e%2e/x").is_err());
}

#[tokio::test]
async fn a_success_can_be_a_refusal_in_truth() {
    let server = Server::script([json(200, &format!(r#"{{"error":"no seat","key":"{TOKEN}"}}"#))]);
    let response = transport(&server.url, &clock()).send(write(Safety::OneShot)).await.expect("a success");
    let refusal = Refusal::new(409).code(TOKEN).message(response.text().expect("UTF-8"));
    let error = response.refusal(refusal);
    let told = (error.kind(), error.status(), error.reach(), error.vendor_code());
    assert_eq!(told, (ErrorKind::Conflict, Some(200), Reach::Answered, Some("…")));
    assert!(!all_of(&error).contains(TOKEN), "{error:?}");
}
