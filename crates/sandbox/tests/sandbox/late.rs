//! A vendor that acts late, and slow reads: what a second caller meets meanwhile.

use std::time::{Duration, Instant, SystemTime};

use orgport_sandbox::{FaultKind, ReplyTime, Sandbox};
use reqwest::Method;
use serde_json::json;

use crate::support::{Fixture, START, client, send};

const NEW: &str = "new@example.com";

fn late(reply: ReplyTime, ms: u64) -> FaultKind {
    FaultKind::ActAfter { ms, reply, status: 502 }
}

/// Until somebody was mailed.
async fn mailed(fixture: &Fixture) {
    let mailed = async {
        while fixture.sandbox.mail().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), mailed).await.expect("the vendor acts");
}

#[tokio::test]
async fn a_gateway_responds_before_the_act_which_comes_when_the_clock_has_moved() {
    let fixture = Fixture::start().await;
    fixture.fault(late(ReplyTime::Before, 5000));
    let reply = fixture.invite(NEW).await;
    assert_eq!((reply.status, reply.header("content-type")), (502, Some("text/html; charset=utf-8")));
    fixture.sandbox.advance(Duration::from_secs(4)).await;
    assert_eq!(fixture.invited().await, [""; 0]);
    fixture.sandbox.advance(Duration::from_secs(1)).await;
    assert_eq!(fixture.invited().await, [NEW]);
    let mail = fixture.sandbox.mail();
    assert_eq!(mail[0].at(), SystemTime::UNIX_EPOCH + START + Duration::from_secs(5));
}

#[tokio::test]
async fn a_late_act_comes_by_itself_when_the_clock_runs() {
    let fixture = Fixture::with(Sandbox::builder()).await;
    fixture.fault(late(ReplyTime::Before, 300));
    let begun = Instant::now();
    assert_eq!(fixture.invite(NEW).await.status, 502);
    assert_eq!(fixture.invited().await, [""; 0]);
    mailed(&fixture).await;
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn the_vendor_responds_itself_once_it_has_acted() {
    let fixture = Fixture::start().await;
    fixture.fault(late(ReplyTime::After, 5000));
    let invited = tokio::spawn(send(fixture.request(
        Method::POST,
        &fixture.members_path(),
        Some(&json!({ "email": NEW })),
    )));
    while fixture.sandbox.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(fixture.invited().await, [""; 0]);
    fixture.sandbox.advance(Duration::from_secs(5)).await;
    assert_eq!(invited.await.expect("no panic").expect("a response").status, 200);
    assert_eq!(fixture.invited().await, [NEW]);
}

#[tokio::test]
async fn the_vendor_acts_although_its_caller_is_gone() {
    let fixture = Fixture::with(Sandbox::builder()).await;
    fixture.fault(late(ReplyTime::After, 300));
    let hasty = fixture.request(Method::POST, &fixture.members_path(), Some(&json!({ "email": NEW })));
    let error = send(hasty.timeout(Duration::from_millis(100))).await.expect_err("too late");
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(fixture.invited().await, [""; 0]);
    mailed(&fixture).await;
    assert_eq!(fixture.invited().await, [NEW]);
}

#[tokio::test]
async fn a_reset_of_the_sandbox_ends_the_wait_for_a_late_act() {
    let fixture = Fixture::start().await;
    fixture.fault(late(ReplyTime::After, 5000));
    let invited = tokio::spawn(send(fixture.request(Method::POST, &fixture.members_path(), None)));
    while fixture.sandbox.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    fixture.sandbox.reset().await.expect("reset");
    assert!(invited.await.expect("no panic").is_err());
}

/// The case that a program has to survive: the first caller sends and is gone before the vendor
/// acts, the second looks, finds nobody and sends as well.
#[tokio::test]
async fn callers_of_their_own_meet_one_vendor_and_one_ledger() {
    let fixture = Fixture::with(Sandbox::builder()).await;
    let late = json!({
        "vendor": "nuextract", "method": "POST",
        "fault": { "type": "act_after", "ms": 400, "reply": "after" }, "times": null,
    });
    let slow = json!({
        "vendor": "nuextract", "method": "GET", "fault": { "type": "latency", "ms": 100 }, "times": null,
    });
    for fault in [late, slow] {
        assert_eq!(fixture.control(Method::POST, "/faults", Some(fault)).await.status, 200);
    }
    let first = fixture.request(Method::POST, &fixture.members_path(), Some(&json!({ "email": NEW })));
    send(first.timeout(Duration::from_millis(50))).await.expect_err("gone before the vendor acts");

    let second = Fixture { client: client(), ..fixture };
    let begun = Instant::now();
    assert_eq!(second.invited().await, [""; 0]);
    assert!(begun.elapsed() >= Duration::from_millis(100), "every read is slow");
    assert_eq!(second.invite(NEW).await.status, 200, "the vendor drops a duplicate without a word");
    assert_eq!(second.invited().await, [NEW]);
    let mail = second.control(Method::GET, "/mail", None).await.json();
    assert_eq!(mail.as_array().expect("a ledger").len(), 1);
}
