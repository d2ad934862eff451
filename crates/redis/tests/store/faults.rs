//! Servers that forget, stop, restart or go away, and keys and passwords that are wrong.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use orgport_core::{CoordinationStore, Error, ErrorKind, HoldError, Key, Lease, Note, Secret};
use orgport_redis::{RedisOptions, RedisStore};

use crate::server::{KEY, PASSWORD, QUIET, Server, store_with};

type Store = Arc<dyn CoordinationStore>;

const LONG: Duration = Duration::from_secs(20);
/// Long enough for a machine that has much else to do.
const LEASE: Duration = Duration::from_secs(3);

fn note() -> Note {
    Note { lasts: QUIET, memo: None }
}

async fn keys(store: &Store) -> (Key, Key) {
    let hash_key = store.hash_key().await.expect("reached");
    (hash_key.key(&["account"]), hash_key.key(&["ada"]))
}

async fn held(store: &Store) -> Box<dyn Lease> {
    let (account, ada) = keys(store).await;
    store.hold(account, &[ada], Some(LONG)).await.expect("held")
}

fn failed(outcome: Result<Box<dyn Lease>, HoldError>) -> Error {
    match outcome {
        Err(HoldError::Failed(error)) => error,
        other => panic!("{other:?}"),
    }
}

/// Whoever had the people sends nothing more, and nobody is held until what may be forgotten shows.
async fn assert_forgetful(server: &Server, before: &Store, lease: &dyn Lease) {
    let (account, ada) = keys(before).await;
    let error = lease.intend(&[ada], &note()).await.expect_err("it is lost");
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    assert!(lease.is_lost());
    let another = server.store();
    let begun = Instant::now();
    let error = failed(another.hold(account, &[ada], Some(Duration::from_millis(20))).await);
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    assert!(error.to_string().contains("may have forgotten what was sent"), "{error}");
    let left = error.retry_after().expect("when it is safe");
    assert!(left <= QUIET && left > Duration::ZERO, "{left:?}");
    let next = another.hold(account, &[ada], Some(LONG)).await.expect("held behind the quiet time");
    assert!(begun.elapsed() >= left, "{:?}", begun.elapsed());
    next.intend(&[ada], &note()).await.expect("noted");
    next.release(ada, true);
    next.finished().await;
}

#[tokio::test]
async fn a_server_that_was_flushed_lets_nobody_be_held_for_the_quiet_time() {
    let server = Server::start().await;
    let store = server.store();
    let lease = held(&store).await;
    server.ask(&["FLUSHALL"]).await.expect("flushed");
    assert_forgetful(&server, &store, &*lease).await;
}

#[tokio::test]
async fn so_does_one_that_was_restarted_without_persistence() {
    let mut server = Server::start().await;
    let store = server.store();
    let lease = held(&store).await;
    server.restart().await;
    assert_forgetful(&server, &store, &*lease).await;
}

#[tokio::test]
async fn what_a_durable_server_keeps_is_there_behind_a_restart_and_the_quiet_time() {
    let mut server = Server::durable().await;
    let store = server.store();
    let (account, ada) = keys(&store).await;
    let lease = held(&store).await;
    let long = Note { lasts: QUIET, memo: Some("role member".to_owned()) };
    lease.intend(&[ada], &long).await.expect("noted");
    server.restart().await;
    lease.intend(&[ada], &note()).await.expect("the lease is kept, too, and the connection is made anew");
    drop(lease);
    let another = server.store();
    let error = failed(another.hold(account, &[ada], Some(Duration::ZERO)).await);
    assert!(error.to_string().contains("was restarted"), "{error}");
    let lease = another.hold(account, &[ada], Some(LONG)).await.expect("held");
    let intents = lease.intents().await.expect("read");
    assert_eq!(intents[&ada].memo.as_deref(), Some("role member"));
}

#[tokio::test]
async fn a_short_pause_is_waited_for_and_a_long_one_loses_the_lease() {
    let server = Server::start().await;
    let store = store_with(&server.options().lease(Duration::from_secs(5)));
    let (_, ada) = keys(&store).await;
    let lease = held(&store).await;
    server.ask(&["CLIENT", "PAUSE", "700"]).await.expect("paused");
    let begun = Instant::now();
    lease.intend(&[ada], &note()).await.expect("noted behind the pause");
    assert!(begun.elapsed() >= Duration::from_millis(500) && !lease.is_lost(), "{:?}", begun.elapsed());

    server.signal("STOP");
    let begun = Instant::now();
    while !lease.is_lost() {
        assert!(begun.elapsed() < LONG, "nobody has confirmed it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let error = lease.intend(&[ada], &note()).await.expect_err("nobody responds");
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    server.signal("CONT");
    let error = lease.intend(&[ada], &note()).await.expect_err("once lost it stays so");
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    drop(lease);
    held(&store).await;
}

#[tokio::test]
async fn a_lease_is_renewed_while_the_work_runs_and_ends_with_its_process() {
    let server = Server::start().await;
    let store = store_with(&server.options().lease(LEASE));
    let (account, ada) = keys(&store).await;
    let lease = held(&store).await;
    tokio::time::sleep(LEASE + LEASE / 2).await;
    lease.intend(&[ada], &note()).await.expect("it was renewed");
    let another = server.store();
    let busy = another.hold(account, &[ada], Some(Duration::from_millis(100))).await;
    assert!(matches!(busy, Err(HoldError::Busy)), "{busy:?}");

    // A process that is stopped: its runtime does nothing, and somebody else gets the person.
    let url = server.options();
    let (holds, is_held) = mpsc::channel();
    let (wakes, has_woken) = mpsc::channel::<()>();
    let other = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let store: Store = Arc::new(RedisStore::new(&url).expect("valid"));
            let lease = held(&store).await;
            assert_eq!(lease.intents().await.expect("read").len(), 1, "the note of the one before");
            holds.send(()).expect("it waits");
            tokio::task::block_in_place(|| has_woken.recv()).expect("it tells");
        });
    });
    is_held.recv_timeout(LONG).expect("it held the person");
    let error = lease.intend(&[ada], &note()).await.expect_err("it wakes behind its lease");
    assert!(error.kind() == ErrorKind::Unavailable && lease.is_lost(), "{error}");
    wakes.send(()).expect("it holds the person still");
    other.join().expect("it ends");
}

#[tokio::test]
async fn whoever_cannot_be_reached_is_named_without_the_password() {
    let mut server = Server::start().await;
    let store = server.store();
    let (account, ada) = keys(&store).await;
    server.kill().await;
    let begun = Instant::now();
    let error = failed(store.hold(account, &[ada], None).await);
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    let told = format!("{error} {error:?} {store:?} {}", store.describe());
    assert!(
        told.contains(&server.place()) && told.contains("cannot be reached: see to it that it runs"),
        "{told}"
    );
    assert!(!told.contains(PASSWORD) && !told.contains(KEY), "{told}");
}

#[tokio::test]
async fn all_who_wait_for_a_server_that_does_not_respond_wait_once() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("redis://{}", silent.local_addr().expect("it has one"));
    let store = store_with(&RedisOptions::new(Secret::from(url), Secret::from(KEY.to_owned())));
    let begun = Instant::now();
    let outcomes = futures_util::future::join_all((0..4).map(|_| store.hash_key())).await;
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
    for outcome in outcomes {
        let error = outcome.expect_err("nobody is there");
        assert!(error.kind() == ErrorKind::Unavailable, "{error}");
    }
}

#[tokio::test]
async fn a_wrong_password_address_or_key_is_an_error_of_the_configuration_that_shows_none() {
    let server = Server::start().await;
    server.store().hash_key().await.expect("the first key is the right one");
    let options = |url: String, key: &str| RedisOptions::new(Secret::from(url), Secret::from(key.to_owned()));
    for (options, words) in [
        (options(server.url("wrong-password"), KEY), "refuses the name or the password"),
        (options(format!("redis://{}/0", server.place()), KEY), "wants a password"),
        (options(server.url(PASSWORD), "another key that nobody has"), "with another coordination.key"),
        (options("http://:wrong-password@127.0.0.1/".to_owned(), KEY), "coordination.url is not"),
        (options(server.url(PASSWORD), "short"), "16 characters"),
        (options(server.url(PASSWORD), KEY).namespace("a b"), "coordination.namespace"),
        (options(server.url(PASSWORD), KEY).token_key(Secret::from("short".to_owned())), "token_key"),
    ] {
        let error = match RedisStore::new(&options) {
            Ok(store) => store.hash_key().await.map(drop).expect_err(words),
            Err(error) => error,
        };
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        let told = format!("{error} {error:?} {options:?}");
        assert!(told.contains(words), "{words}: {told}");
        assert!(
            !told.contains("wrong-password") && !told.contains(PASSWORD) && !told.contains("nobody has"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn a_quiet_time_that_is_too_short_for_what_is_sent_is_refused() {
    let server = Server::start().await;
    let store = server.store();
    let (_, ada) = keys(&store).await;
    let lease = held(&store).await;
    let error = lease.intend(&[ada], &Note { lasts: 2 * QUIET, memo: None }).await.expect_err("too long");
    assert!(error.kind() == ErrorKind::Config && error.to_string().contains("coordination.quiet"), "{error}");
}
