//! What the network and the vendor can do to a request, and what becomes of it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_core::http::{Request, Safety, Transport};
use orgport_core::{Clock, ErrorKind, Reach, SystemClock, Timestamp};
use tokio::sync::Notify;

use crate::support::{
    Reply, Server, TOKEN, all_of, answer, clock, json, options, read, settings, transport, vendor, write,
};

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_only_where_twice_is_once() {
    for (safety, attempts, kind) in [
        (Safety::Read, 4, ErrorKind::Connection),
        (Safety::Idempotent, 3, ErrorKind::Connection),
        (Safety::Reconcilable, 1, ErrorKind::Ambiguous),
        (Safety::OneShot, 1, ErrorKind::Ambiguous),
        (Safety::Auth, 1, ErrorKind::Connection),
    ] {
        let server = Server::script([Reply::Close]);
        let error = transport(&server.url, &clock()).send(write(safety)).await.expect_err("no answer");
        assert_eq!((error.kind(), server.count()), (kind, attempts), "{safety:?}");
        assert_eq!(error.reach(), Reach::Unanswered);
    }
    let server = Server::script([Reply::Close, Reply::Close, json(200, "{}")]);
    transport(&server.url, &clock()).send(read()).await.expect("the third answers");
}

#[tokio::test]
async fn a_refusal_says_nothing_of_the_attempt_before_it() {
    for (status, headers, kind) in [
        (429, "retry-after: 3600\r\n", ErrorKind::RateLimited),
        (403, "", ErrorKind::PermissionDenied),
        (401, "", ErrorKind::Unauthenticated),
        (500, "", ErrorKind::Unavailable),
    ] {
        let server = Server::script([Reply::Close, answer(status, headers, "{}")]);
        let error = transport(&server.url, &clock()).send(write(Safety::Idempotent)).await;
        let error = error.expect_err("refused the second time");
        assert_eq!((error.kind(), error.reach()), (kind, Reach::Unanswered), "{status}");
        assert!(error.message().ends_with("it may have been done; doing it again is harmless"), "{error}");
        assert_eq!(error.status(), Some(status));

        let server = Server::script([answer(status, headers, r#"{"message":"no"}"#)]);
        let error = transport(&server.url, &clock()).send(write(Safety::Idempotent)).await;
        let error = error.expect_err("refused");
        assert_ne!(error.reach(), Reach::Unanswered, "{status}");
        assert!(!error.message().contains("harmless"), "nothing was done: {error}");
        let server = Server::script([Reply::Close, answer(status, headers, "{}")]);
        let error = transport(&server.url, &clock()).send(read()).await.expect_err("refused");
        assert!(!error.message().contains("harmless"), "a read does nothing: {error}");
    }
}

#[tokio::test]
async fn a_page_is_no_success_even_where_no_answer_is_read() {
    let page = || answer(200, "content-type: text/html\r\n", "<html><h1>Welcome</h1></html>");
    for (safety, kind) in
        [(Safety::Idempotent, ErrorKind::Protocol), (Safety::Reconcilable, ErrorKind::Ambiguous)]
    {
        let server = Server::script([page()]);
        let error = transport(&server.url, &clock()).send(write(safety).no_reply()).await;
        let error = error.expect_err("somebody else answers");
        assert_eq!((error.kind(), error.reach()), (kind, Reach::Unanswered));
    }
}

#[tokio::test]
async fn a_redirect_is_refused_and_carries_nothing_away() {
    let elsewhere = Server::script([json(200, "{}")]);
    for status in [301, 302, 303, 307, 308] {
        let server = Server::script([answer(status, &format!("location: {}/x\r\n", elsewhere.url), "")]);
        let error = transport(&server.url, &clock()).send(read()).await.expect_err("a redirect");
        assert_eq!((error.kind(), error.status()), (ErrorKind::Protocol, Some(status)));
        assert_eq!(server.count(), 1);
    }
    assert_eq!(elsewhere.count(), 0);
}

#[tokio::test]
async fn bodies_that_nobody_reads_may_be_anything() {
    let server = Server::script([answer(204, "", ""), answer(200, "", "plain")]);
    let transport = transport(&server.url, &clock());
    transport.send(write(Safety::Reconcilable).no_reply()).await.expect("a success");
    let text = transport.send(read().text_reply()).await.expect("a success");
    assert_eq!(text.text().expect("UTF-8"), "plain");
}

#[tokio::test(start_paused = true)]
async fn silence_ends_in_a_timeout() {
    let stalled = Reply::Stall("{".into());
    for (reply, words) in [(Reply::Hang, "no complete response"), (stalled, "stopped for 250ms")] {
        let server = Server::script([reply.clone(), json(200, "{}")]);
        transport(&server.url, &clock()).send(read()).await.expect("the second answers");
        let server = Server::script([reply]);
        let error = transport(&server.url, &clock()).send(write(Safety::Auth)).await.expect_err("silence");
        assert_eq!((error.kind(), server.count()), (ErrorKind::Timeout, 1));
        assert!(error.message().contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_passing_failure_of_the_server_is_tried_again_only_where_twice_is_once() {
    for status in [408, 500, 502, 503, 504] {
        let failing = json(status, r#"{"message":"not now"}"#);
        let server = Server::script([failing.clone(), failing.clone(), json(200, "{}")]);
        let transport = transport(&server.url, &clock());
        transport.send(read()).await.expect("the third answers");
        assert_eq!(server.count(), 3);
        let server = Server::script([failing]);
        let transport = crate::support::transport(&server.url, &clock());
        let error = transport.send(write(Safety::Reconcilable)).await.expect_err("failing");
        // Its own servers' 500 is an answer; the others may come from a gateway before them.
        let expected = if status == 500 { ErrorKind::Unavailable } else { ErrorKind::Ambiguous };
        assert_eq!((error.kind(), error.status(), server.count()), (expected, Some(status), 1));
        assert_eq!(error.vendor_message(), Some("not now"));
    }
    let server = Server::script([json(501, r#"{"message":"never"}"#)]);
    transport(&server.url, &clock()).send(read()).await.expect_err("never");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_gateways_page_leaves_a_write_open_and_is_not_dumped() {
    let page = format!("<html>{}</html>", "gateway ".repeat(10_000));
    let server = Server::script([answer(502, "content-type: text/html\r\n", &page)]);
    let transport = transport(&server.url, &clock());
    let error = transport.send(read()).await.expect_err("a page");
    assert_eq!((error.kind(), server.count()), (ErrorKind::Unavailable, 4));
    assert!(error.to_string().len() < 300 && !all_of(&error).contains("gateway gateway"), "{error}");
    let error = transport.send(write(Safety::OneShot)).await.expect_err("a page");
    assert_eq!((error.kind(), error.status(), server.count()), (ErrorKind::Ambiguous, Some(502), 5));
}

#[tokio::test]
async fn a_wait_that_the_vendor_asks_for_is_kept() {
    let busy = |seconds: u32| answer(429, &format!("retry-after: {seconds}\r\n"), r#"{"message":"slowly"}"#);
    let clock = clock();
    let server = Server::script([busy(7), json(200, "{}")]);
    transport(&server.url, &clock).send(write(Safety::OneShot)).await.expect("after the wait");
    assert_eq!((clock.elapsed(), server.count()), (Duration::from_secs(7), 2));

    let server = Server::script([busy(3600), json(200, "{}")]);
    let transport = transport(&server.url, &clock);
    let error = transport.send(write(Safety::OneShot)).await.expect_err("too long");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::RateLimited, Reach::NotSent));
    assert_eq!(error.retry_after(), Some(Duration::from_hours(1)));

    let server = Server::script([busy(3600), json(200, "{}")]);
    let patient = crate::support::transport(&server.url, &clock).patient();
    patient.send(write(Safety::OneShot)).await.expect("after an hour");
    assert_eq!(clock.elapsed(), Duration::from_secs(3607));
}

#[tokio::test]
async fn a_date_to_wait_for_is_read_by_the_vendors_clock() {
    let headers = "date: Wed, 01 Jan 2020 00:00:00 GMT\r\nretry-after: Wed, 01 Jan 2020 00:00:09 GMT\r\n";
    let server = Server::script([answer(503, headers, ""), answer(200, headers, "{}")]);
    let clock = clock();
    let reply = transport(&server.url, &clock).send(read()).await.expect("after the wait");
    assert_eq!(clock.elapsed(), Duration::from_secs(9));
    assert_eq!(reply.date().to_string(), "2020-01-01T00:00:00Z");
}

#[tokio::test]
async fn a_deletion_that_was_sent_twice_and_finds_nothing_is_done() {
    let gone = json(404, r#"{"message":"no such invite"}"#);
    let delete = || Request::delete("/invites/{id}").segment("7");
    let server = Server::script([Reply::Close, gone.clone()]);
    let reply = transport(&server.url, &clock()).send(delete()).await.expect("it was the first one");
    assert!(reply.was_already_done() && reply.status() == 204);

    let busy = answer(429, "retry-after: 1\r\n", "");
    for replies in [vec![gone.clone()], vec![busy, gone]] {
        let server = Server::script(replies);
        let error = transport(&server.url, &clock()).send(delete()).await.expect_err("nothing was deleted");
        assert_eq!((error.kind(), error.vendor_message()), (ErrorKind::NotFound, Some("no such invite")));
    }
}

#[tokio::test]
async fn read_only_sends_no_write() {
    let server = Server::script([json(200, "{}")]);
    let transport = transport(&server.url, &clock()).read_only();
    for safety in [Safety::Idempotent, Safety::Reconcilable, Safety::OneShot] {
        let error = transport.send(write(safety)).await.expect_err("a write");
        assert_eq!(error.kind(), ErrorKind::ReadOnly);
        assert!(error.message().contains("POST /orgs/{orgId}/invites"), "{error}");
    }
    assert_eq!(server.count(), 0);
    transport.send(read()).await.expect("a read");
}

#[tokio::test]
async fn values_that_would_end_a_header_are_refused_by_name() {
    let server = Server::script([json(200, "{}")]);
    let transport = transport(&server.url, &clock());
    for bad in ["x\r\nadmin: yes", "x\ny", "x\0", "naïve", "tab\there"] {
        let by_header = transport.send(read().header("organization", bad)).await.expect_err(bad);
        let credential =
            transport.with_auth(orgport_core::auth::Auth::api_key("x-key", "", format!("{bad}!")));
        let by_credential = credential.send(read()).await.expect_err(bad);
        for (error, name) in [(by_header, "organization"), (by_credential, "x-key")] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.message().contains(name) && !all_of(&error).contains(bad), "{error:?}");
        }
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn errors_show_no_secret_no_id_and_no_query() {
    let parrot = format!(r#"{{"message":"key {TOKEN} is unknown"}}"#);
    for reply in [json(403, &parrot), answer(500, "", TOKEN), Reply::Close, json(200, TOKEN), Reply::Hang] {
        let server = Server::script([reply.clone()]);
        let transport = transport(&server.url, &clock());
        let request = Request::get("/orgs/{orgId}").segment("secret-org").query("email", "ada@example.org");
        let error = transport.send(request).await.expect_err("no success");
        let text = format!("{} {transport:?}", all_of(&error));
        for hidden in [TOKEN, "secret-org", "ada"] {
            assert!(!text.contains(hidden), "{hidden} shows in {text}");
        }
        assert_eq!(error.call(), Some("GET /orgs/{orgId}"));
    }
}

#[tokio::test]
async fn an_answer_to_a_login_shows_nothing_of_itself() {
    #[derive(Debug, serde::Deserialize)]
    struct Login {
        #[expect(dead_code, reason = "only its type matters")]
        token: u64,
    }
    let server = Server::script([json(200, r#"{"token":"fresh"}"#), json(401, r#"{"message":"fresh"}"#)]);
    let transport = transport(&server.url, &clock());
    let login = || Request::post("/login", Safety::Auth).anonymous().json("password");
    let error = transport.send(login()).await.expect("a success").read::<Login>().expect_err("another type");
    assert!(!all_of(&error).contains("fresh"), "{error:?}");
    let error = transport.send(login()).await.expect_err("refused");
    assert!(!all_of(&error).contains("fresh"), "{error:?}");
    assert!(server.requests().iter().all(|request| !request.contains(TOKEN)));
}

#[tokio::test]
async fn so_many_requests_at_once_and_none_held_while_waiting() {
    let slow = |reply| Reply::Late(Duration::from_millis(40), Box::new(reply));
    let busy = answer(503, "retry-after: 60\r\n", "");
    let server = Server::script([slow(busy), slow(json(200, "{}"))]);
    let mut settings = settings();
    settings.max_concurrency = 1;
    let transport =
        Transport::new(vendor(), options(&server.url, &clock()).settings(settings)).expect("valid");
    let all = futures_util::future::join_all((0..4).map(|_| transport.send(read()))).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!((server.count(), server.most_at_once()), (5, 1), "one after another");
}

#[tokio::test]
async fn a_call_that_waits_lets_others_through() {
    /// Waits end when somebody says so.
    #[derive(Debug, Default)]
    struct Gate(SystemClock, Notify);

    #[async_trait]
    impl Clock for Gate {
        fn now(&self) -> Timestamp {
            self.0.now()
        }

        fn elapsed(&self) -> Duration {
            self.0.elapsed()
        }

        async fn sleep(&self, _: Duration) {
            self.1.notified().await;
        }
    }

    let server = Server::script([answer(503, "", ""), json(200, "{}")]);
    let gate = Arc::new(Gate::default());
    let mut settings = settings();
    settings.max_concurrency = 1;
    let options = options(&server.url, &clock()).settings(settings).clock(Arc::clone(&gate) as _);
    let transport = Transport::new(vendor(), options).expect("valid");
    let second = async {
        transport.send(read()).await.expect("a success");
        gate.1.notify_one();
    };
    let both = async { tokio::join!(transport.send(read()), second).0 };
    let first = tokio::time::timeout(Duration::from_secs(5), both).await;
    first.expect("the second does not wait for the first").expect("a success");
}

#[tokio::test]
async fn what_is_fetched_is_asked_for_again_where_it_is_not_whole_and_told_where_it_is_wrong() {
    let rows = |response: &orgport_core::http::Response| response.read::<Vec<u8>>();
    let server = Server::script([json(200, "[1, 2"), json(200, "[1] 2"), json(200, ""), json(200, "[1, 2]")]);
    assert_eq!(transport(&server.url, &clock()).fetch(read(), rows).await.expect("the fourth"), [1, 2]);
    assert_eq!(server.count(), 4);

    let server = Server::script([json(200, r#"["one"]"#)]);
    let error = transport(&server.url, &clock()).fetch(read(), rows).await.expect_err("another type");
    assert_eq!((error.kind(), error.status(), server.count()), (ErrorKind::Protocol, Some(200), 1));
    assert!(error.message().contains("Vec at [0]"), "{error}");
}
