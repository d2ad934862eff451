//! What only a real connection shows: what stands on the wire, what breaks half way.

use std::io::Write as _;
use std::time::Duration;

use orgport_core::http::{Safety, Transport};
use orgport_core::{Clock, ErrorKind, Reach};

use crate::socket::{Socket, Wire, answer, close, hang, json};
use crate::support::{
    all_of, clock, options_on_network, read, settings, transport_on_network, vendor, write,
};

#[tokio::test]
async fn a_request_arrives_as_described_and_nothing_more() {
    let server = Socket::script([json(200, "[1]")]).await;
    let transport = transport_on_network(&format!("{}/prefix/", server.url), &clock());
    let request = write(Safety::Reconcilable).query("x", "a b").header("organization", "o-1");
    let reply = transport.send(request).await.expect("a success");
    assert_eq!(reply.read::<Vec<u8>>().expect("an array"), [1]);
    let request = server.requests().remove(0);
    let (head, body) = request.split_once("\r\n\r\n").expect("a head");
    let mut lines: Vec<_> = head.lines().filter(|line| !line.starts_with("host: ")).collect();
    lines[1..].sort_unstable();
    let expected = [
        "POST /prefix/orgs/acme/invites?x=a%20b HTTP/1.1",
        "accept-encoding: gzip",
        "accept-version: 7",
        "accept: application/json",
        "authorization: Bearer s3cret-token",
        "content-length: 19",
        "content-type: application/json",
        "organization: o-1",
        concat!("user-agent: orgport/", env!("CARGO_PKG_VERSION")),
    ];
    assert_eq!(lines, expected);
    assert_eq!(body, r#"["ada@example.org"]"#);
}

#[tokio::test]
async fn a_connection_that_the_server_has_dropped_is_not_trusted_to_have_carried_nothing() {
    for safety in [Safety::Read, Safety::Reconcilable] {
        let server = Socket::script([json(200, "{}"), close(), json(200, "{}")]).await;
        let transport = transport_on_network(&server.url, &clock());
        transport.send(read()).await.expect("the first answers");
        let second = transport.send(write(safety)).await;
        if safety == Safety::Read {
            second.expect("read again on another connection");
            assert_eq!((server.count(), server.connections()), (3, 2));
        } else {
            assert_eq!(second.expect_err("may have been done").kind(), ErrorKind::Ambiguous);
            assert_eq!((server.count(), server.connections()), (2, 1), "the connection was reused");
        }
    }
}

#[tokio::test]
async fn what_never_left_is_tried_again_whatever_it_is() {
    let clock = clock();
    let unused = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", unused.local_addr().expect("bound"));
    drop(unused);
    let error =
        transport_on_network(&url, &clock).send(write(Safety::OneShot)).await.expect_err("nobody listens");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::Connection, Reach::NotSent));
    assert!(error.message().contains(&url[7..]) && error.message().contains("refused"), "{error}");
    let waited = clock.elapsed();
    assert!(!waited.is_zero() && waited <= Duration::from_millis(250 + 500 + 1000), "{waited:?}");
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_handshake_that_never_ends_has_sent_nothing() {
    let server = Socket::script([hang()]).await;
    let url = server.url.replace("http://", "https://");
    let error = transport_on_network(&url, &clock()).send(write(Safety::OneShot)).await.expect_err("no TLS");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::Timeout, Reach::NotSent));
    assert_eq!((server.count(), server.connections()), (0, 4));
}

#[tokio::test]
async fn a_success_must_be_whole_json() {
    let cut_off = |body: &str| {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len() + 10);
        Wire::WriteAndClose(head.into_bytes())
    };
    let html = answer(200, "content-type: text/html\r\n", "<html><body>a page from a gateway</body></html>");
    for (broken, kind) in [
        (json(200, r#"{"items":[1,"#), ErrorKind::Protocol),
        (cut_off(r#"{"items":[]}"#), ErrorKind::Protocol),
        (json(200, ""), ErrorKind::Protocol),
        (html, ErrorKind::Protocol),
        (answer(200, "content-encoding: gzip\r\n", "no gzip"), ErrorKind::Protocol),
        (Wire::Write(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n\"\xff\"".to_vec()), ErrorKind::Protocol),
    ] {
        let server = Socket::script([broken.clone()]).await;
        let error = transport_on_network(&server.url, &clock()).send(read()).await.expect_err("no JSON");
        assert_eq!((error.kind(), error.status(), server.count()), (kind, Some(200), 4), "{broken:?}");
        assert!(!all_of(&error).contains("gateway</body>"), "{error}");

        let server = Socket::script([broken.clone()]).await;
        let error = transport_on_network(&server.url, &clock())
            .send(write(Safety::Reconcilable))
            .await
            .expect_err("unknown");
        assert_eq!((error.kind(), server.count()), (ErrorKind::Ambiguous, 1), "{broken:?}");
    }
    let server = Socket::script([json(200, "{"), json(200, "{}")]).await;
    transport_on_network(&server.url, &clock()).send(read()).await.expect("the second is whole");
}

#[tokio::test]
async fn an_endless_body_is_stopped_at_the_cap() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&vec![b' '; 50 << 20]).expect("memory");
    let gzip = gzip.finish().expect("memory");
    let mut bomb =
        format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", gzip.len())
            .into_bytes();
    bomb.extend(gzip);
    let mut chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..100 {
        chunked.extend(format!("{:x}\r\n{}\r\n", 2048, " ".repeat(2048)).into_bytes());
    }
    let long = json(200, &" ".repeat(100_001));
    for reply in [Wire::Write(bomb), Wire::Write(chunked), long] {
        let server = Socket::script([reply]).await;
        let mut settings = settings();
        settings.max_body = 100_000;
        let transport =
            Transport::new(vendor(), options_on_network(&server.url, &clock()).settings(settings))
                .expect("valid");
        let error = transport.send(read()).await.expect_err("too long");
        assert_eq!((error.kind(), server.count()), (ErrorKind::Protocol, 1));
        assert!(error.message().contains("http.max_body"), "{error}");
        let error = transport.send(write(Safety::OneShot)).await.expect_err("too long");
        assert_eq!(error.kind(), ErrorKind::Ambiguous);
    }
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_says_so() {
    for url in ["https://vendor.example", "http://127.0.0.1:9"] {
        let proxy = Socket::script([answer(407, "proxy-authenticate: Basic\r\n", "")]).await;
        let mut settings = settings();
        settings.proxy = Some(proxy.url.as_str().into());
        let options = options_on_network(url, &clock()).settings(settings);
        let transport = Transport::new(vendor(), options).expect("valid");
        let error = transport.send(write(Safety::OneShot)).await.expect_err("no way through");
        assert_eq!((error.kind(), error.reach()), (ErrorKind::Connection, Reach::NotSent), "{error:?}");
        assert!(error.message().contains("the proxy wants a user name and a password"), "{error}");
        assert_eq!(proxy.count(), 1, "another attempt would end the same");
    }
}
