//! What happens before an attempt leaves, and how long a call may take.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use orgport_core::http::{BeforeSend, Bucket, Request, Safety, Transport};
use orgport_core::{Clock, Error, ErrorKind, Reach};

use crate::support::{Reply, Server, answer, clock, json, options, read, settings, transport, vendor, write};

/// Notes how many requests had come when it was called, and then does as it was told.
#[derive(Debug)]
struct Hook {
    server: Server,
    seen: Mutex<Vec<usize>>,
    then: Then,
}

#[derive(Debug)]
enum Then {
    Pass,
    Fail,
    Hang,
}

impl Hook {
    fn new(server: &Server, then: Then) -> Arc<Self> {
        Arc::new(Self { server: server.clone(), seen: Mutex::default(), then })
    }

    fn seen(&self) -> Vec<usize> {
        self.seen.lock().expect("not poisoned").clone()
    }
}

#[async_trait]
impl BeforeSend for Hook {
    async fn before_send(&self) -> Result<(), Error> {
        self.seen.lock().expect("not poisoned").push(self.server.count());
        match self.then {
            Then::Pass => Ok(()),
            Then::Fail => Err(Error::new(ErrorKind::Unavailable, "the store does not respond")),
            Then::Hang => std::future::pending().await,
        }
    }
}

#[tokio::test]
async fn a_hook_comes_before_each_attempt_and_after_the_limiters_turn() {
    const LIMITS: &[Bucket] = &[Bucket::named("invite", 1, Duration::from_mins(2))];
    #[derive(Debug)]
    struct Noted(Arc<dyn Clock>, Mutex<Vec<Duration>>);
    #[async_trait]
    impl BeforeSend for Noted {
        async fn before_send(&self) -> Result<(), Error> {
            self.1.lock().expect("not poisoned").push(self.0.elapsed());
            Ok(())
        }
    }

    let busy = answer(429, "retry-after: 300\r\n", "");
    let server = Server::script([json(200, "{}"), busy, json(200, "{}")]);
    let clock = clock();
    let noted = Arc::new(Noted(Arc::clone(&clock) as _, Mutex::default()));
    let hook = Hook::new(&server, Then::Pass);
    let transport = Transport::new(vendor().limits(LIMITS), options(&server.url, &clock)).expect("valid");
    let transport = transport.patient().before_send(Arc::clone(&noted) as _);
    for _ in 0..2 {
        let request = write(Safety::Reconcilable).limited_by("invite").before_send(Arc::clone(&hook) as _);
        transport.send(request).await.expect("in its turn");
    }
    assert_eq!(hook.seen(), [0, 1, 2], "before the bytes of each attempt leave");
    let times = noted.1.lock().expect("not poisoned").clone();
    assert_eq!(times, [0, 120, 420].map(Duration::from_secs), "and not before the limit lets it pass");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_where_a_hook_fails_or_takes_too_long() {
    for (then, kind) in [(Then::Fail, ErrorKind::Unavailable), (Then::Hang, ErrorKind::Timeout)] {
        let server = Server::script([json(200, "{}")]);
        let hook = Hook::new(&server, then);
        let request = write(Safety::OneShot).before_send(Arc::clone(&hook) as _);
        let error = transport(&server.url, &clock()).send(request).await.expect_err("stopped");
        assert_eq!((error.kind(), error.reach(), server.count()), (kind, Reach::NotSent, 0), "{error}");
        assert_eq!(hook.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_transports_hook_is_for_what_changes_something() {
    let server = Server::script([json(200, "{}")]);
    let hook = Hook::new(&server, Then::Fail);
    let transport = transport(&server.url, &clock()).before_send(Arc::clone(&hook) as _);
    transport.send(read()).await.expect("a read");
    transport.send(Request::post("/login", Safety::Auth)).await.expect("a login");
    assert_eq!(hook.seen(), [0; 0]);
    for safety in [Safety::Idempotent, Safety::Reconcilable, Safety::OneShot] {
        transport.send(write(safety)).await.expect_err("stopped");
    }
    assert_eq!((hook.seen(), server.count()), (vec![2; 3], 2));
}

fn limited(server: &Server, seconds: u64) -> Transport {
    let mut settings = settings();
    settings.attempt_timeout = Duration::from_mins(1);
    settings.call_timeout = Some(Duration::from_secs(seconds));
    Transport::new(vendor(), options(&server.url, &clock()).settings(settings)).expect("valid")
}

#[tokio::test(start_paused = true)]
async fn a_call_that_takes_too_long_says_what_is_known() {
    for (safety, kind, words) in [
        (Safety::Read, ErrorKind::Timeout, "10s of http.call_timeout"),
        (Safety::Idempotent, ErrorKind::Timeout, "doing it again is harmless"),
        (Safety::Reconcilable, ErrorKind::Ambiguous, "look before doing it again"),
        (Safety::OneShot, ErrorKind::Ambiguous, "look before doing it again"),
    ] {
        let server = Server::script([Reply::Hang]);
        let begun = tokio::time::Instant::now();
        let error = limited(&server, 10).send(write(safety)).await.expect_err("silence");
        assert_eq!((error.kind(), error.reach()), (kind, Reach::Unanswered), "{safety:?}");
        assert!(error.message().contains(words), "{error}");
        assert_eq!((begun.elapsed().as_secs(), server.count()), (10, 1));
    }
    let server = Server::script([Reply::Close, Reply::Hang]);
    let error = limited(&server, 10).send(read()).await.expect_err("silence");
    assert!(error.message().contains("the last attempt ended as connection"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_time_ends_before_it_leaves_has_done_nothing() {
    let server = Server::script([json(200, "{}")]);
    let hook = Hook::new(&server, Then::Hang);
    let request = write(Safety::OneShot).before_send(hook as _);
    let error = limited(&server, 10).send(request).await.expect_err("it waits for ever");
    assert_eq!((error.kind(), error.reach(), server.count()), (ErrorKind::Timeout, Reach::NotSent, 0));
}

#[tokio::test]
async fn a_call_does_not_wait_for_what_comes_too_late() {
    let busy = answer(429, "retry-after: 11\r\n", "");
    let server = Server::script([busy.clone(), json(200, "{}")]);
    let error = limited(&server, 10).send(write(Safety::OneShot)).await.expect_err("too late");
    assert_eq!((error.kind(), error.reach(), server.count()), (ErrorKind::Timeout, Reach::NotSent, 1));
    assert!(error.message().contains("ended as rate limited"), "{error}");
    let server = Server::script([busy, json(200, "{}")]);
    limited(&server, 12).send(write(Safety::OneShot)).await.expect("in time");
}
