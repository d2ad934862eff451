//! Pacing by a vendor's known limits.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use orgport_core::http::{Bucket, Request, Safety, Transport};
use orgport_core::{Clock, ErrorKind, ManualClock, Reach, SystemClock};

use crate::support::{self, Reply, Server, answer, clock, json, options, vendor};

const LIMITS: &[Bucket] = &[Bucket::named("invite", 4, Duration::from_mins(2)).penalty(1)];

fn left(headers: &HeaderMap, bucket: Option<&str>) -> Option<u32> {
    bucket?;
    headers.get("x-left")?.to_str().ok()?.parse().ok()
}

fn invite() -> Request {
    Request::post("/invites", Safety::Reconcilable).limited_by("invite")
}

fn limited(url: &str, clock: &Arc<ManualClock>) -> Transport {
    let vendor = vendor().limits(LIMITS).remaining(left).reset_header("x-reset");
    Transport::new(vendor, options(url, clock)).expect("valid")
}

#[tokio::test]
async fn a_patient_job_is_paced_and_a_single_call_is_told_the_time() {
    let server = Server::script([json(200, "{}")]);
    let clock = clock();
    let transport = limited(&server.url, &clock);
    let patient = transport.clone().patient();
    for _ in 0..6 {
        patient.send(invite()).await.expect("in its turn");
    }
    assert_eq!(clock.elapsed(), Duration::from_mins(4));
    let error = transport.send(invite()).await.expect_err("two minutes are too long");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::RateLimited, Reach::NotSent));
    assert_eq!((error.retry_after(), server.count()), (Some(Duration::from_mins(2)), 6));
    transport.send(Request::get("/invites")).await.expect("another limit");
    clock.advance(Duration::from_mins(1));
    transport.send(invite()).await.expect("what is left to wait is bearable");
}

#[tokio::test]
async fn a_refusal_without_a_header_waits_for_the_penalty_too() {
    let server = Server::script([answer(429, "", ""), json(200, "{}")]);
    let clock = clock();
    let transport = limited(&server.url, &clock);
    transport.clone().patient().send(invite()).await.expect("after the wait");
    assert_eq!((clock.elapsed(), server.count()), (Duration::from_mins(4), 2));

    let server = Server::script([answer(429, "", "")]);
    let error = limited(&server.url, &clock).send(invite()).await.expect_err("too long");
    assert_eq!((error.kind(), server.count()), (ErrorKind::RateLimited, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_mins(4)));
}

#[tokio::test]
async fn others_who_use_the_limit_are_noticed() {
    let server = Server::script([
        answer(200, "x-left: 0\r\n", "{}"),
        answer(200, "x-left: 0\r\nx-reset: 50\r\n", "{}"),
    ]);
    let clock = clock();
    let transport = limited(&server.url, &clock).patient();
    transport.send(invite()).await.expect("at once");
    transport.send(invite()).await.expect("after one call has come back");
    assert_eq!(clock.elapsed(), Duration::from_mins(2));
    transport.send(invite()).await.expect("after the reset");
    assert_eq!(clock.elapsed(), Duration::from_secs(170));
}

/// Real time, since a moved clock would move both calls at once.
#[tokio::test]
async fn a_refusal_holds_back_those_who_wait_already() {
    const BUCKETS: &[Bucket] = &[Bucket::named("invite", 1, Duration::from_millis(100)).penalty(3)];
    let refused = Reply::Late(Duration::from_millis(50), Box::new(answer(429, "", "")));
    let server = Server::script([refused, json(200, "{}")]);
    let clock = Arc::new(SystemClock::new());
    let options = options(&server.url, &support::clock()).clock(Arc::clone(&clock) as _);
    let transport = Transport::new(vendor().limits(BUCKETS), options).expect("valid");
    let second = async {
        transport.send(invite()).await.expect("in its turn");
        clock.elapsed()
    };
    let (first, second_done) = tokio::join!(transport.send(invite()), second);
    first.expect("after the penalty");
    assert!(second_done >= Duration::from_millis(400), "{second_done:?}");
}
