//! Ports that close and open.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use orgport_sandbox::{FaultKind, Sandbox};
use reqwest::Method;
use serde_json::json;

use crate::support::{Fixture, send};

const LIST: &str = "/api/organizations";

fn address(fixture: &Fixture) -> String {
    let url = reqwest::Url::parse(&fixture.sandbox.base_url("nuextract")).expect("a URL");
    url.socket_addrs(|| None).expect("an address")[0].to_string()
}

/// A kept-alive connection that has seen one answer.
fn used_connection(fixture: &Fixture) -> TcpStream {
    let mut stream = TcpStream::connect(address(fixture)).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
    stream.write_all(b"GET /nuextract/api/ping HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sent");
    let mut answer = [0; 1024];
    let count = stream.read(&mut answer).expect("an answer");
    assert!(answer[..count].starts_with(b"HTTP/1.1 200 OK"));
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_listener_refuses_and_the_auth_port_still_controls() {
    let fixture = Fixture::start().await;
    let mut kept = used_connection(&fixture);
    let closed = fixture.control(Method::POST, "/listener", Some(json!({ "accept": false }))).await;
    assert_eq!(closed.status, 200);
    let refused = TcpStream::connect(address(&fixture)).expect_err("refused");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    assert_eq!(kept.read(&mut [0; 16]).expect("closed in order"), 0);
    assert!(fixture.try_get(LIST).await.expect_err("refused").is_connect());

    fixture.control(Method::POST, "/listener", Some(json!({ "accept": true }))).await;
    assert_eq!(fixture.get(LIST).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_can_be_closed() {
    let fixture = Fixture::start().await;
    let mut kept = used_connection(&fixture);
    fixture.sandbox.close_idle_connections().await;
    assert_eq!(kept.read(&mut [0; 16]).expect("closed in order"), 0);
    assert_eq!(fixture.get(LIST).await.status, 200);
}

#[tokio::test]
async fn refusing_lets_a_request_in_flight_finish() {
    let fixture = Fixture::start().await;
    fixture.fault(FaultKind::Latency { ms: 100 });
    let slow = tokio::spawn(send(fixture.request(Method::GET, LIST, None)));
    while fixture.sandbox.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    fixture.sandbox.accept_connections(false).await.expect("closed");
    assert_eq!(slow.await.expect("no panic").expect("an answer").status, 200);
}

#[tokio::test]
async fn stopping_frees_the_ports_and_ends_hanging_requests() {
    let fixture = Fixture::start().await;
    fixture.fault(FaultKind::Hang { commit: false });
    let hanging = tokio::spawn(send(fixture.request(Method::GET, LIST, None)));
    while fixture.sandbox.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let port = address(&fixture).rsplit(':').next().expect("a port").parse().expect("a number");
    fixture.sandbox.stop().await;
    assert!(hanging.await.expect("no panic").is_err());
    let next = Sandbox::builder().port(port).start().await.expect("the port is free");
    assert_eq!(next.base_url("koyeb"), format!("http://127.0.0.1:{port}/koyeb"));
}

#[tokio::test]
async fn two_sandboxes_do_not_know_each_other() {
    let (left, right) = (Fixture::start().await, Fixture::start().await);
    assert_eq!(left.identity.credential["access_token"], right.identity.credential["access_token"]);
    left.fault(FaultKind::Html { status: 500, commit: false });
    assert_eq!(right.get(LIST).await.status, 200);
    assert_eq!(left.invite("new@example.com").await.status, 500);
    left.invite("new@example.com").await;
    assert_eq!((left.sandbox.mail().len(), right.sandbox.mail().len()), (1, 0));
}
