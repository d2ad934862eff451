//! What was sent and not settled is known to whoever calls next, in this process and beyond it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{FutureExt, StreamExt};
use orgport_core::{
    Change, Coordination, CoordinationStore, Error, ErrorKind, HashKey, Held, Intent, InvitationStatus,
    InviteOutcome, Key, Lease, Note, OnFailure, ProcessStore, Reach, Role,
};

use crate::vendor::{SETTLE, Step, Vendor, word};

/// How long a note lasts: `http.attempt_timeout` and the settle time.
const LASTS: Duration = Duration::from_secs(30 + 16);
const PATIENT: Duration = Duration::from_mins(1);

/// Reads of the scripted vendor never wait, so that what hangs is the create.
fn interrupt(call: impl Future<Output = Result<InviteOutcome, Error>>) {
    assert!(call.now_or_never().is_none(), "the create hangs");
}

#[tokio::test]
async fn a_call_after_a_dropped_one_waits_until_what_was_sent_must_show() {
    let vendor = Vendor::new(1, [Step::hanging().others_after(20)]);
    interrupt(vendor.invite("ada@x.io"));
    // A provider made anew, as by a configuration that is read again.
    let reloaded = vendor.again(vendor.coordination(), PATIENT);
    assert_eq!(word(reloaded.invite("Ada@x.io").await), "already_invited");
    assert_eq!((vendor.sends().len(), vendor.mails().len()), (1, 1));
}

#[tokio::test]
async fn a_dropped_call_that_came_to_nothing_is_made_again_once_that_is_proven() {
    let vendor = Vendor::new(1, [Step::hanging()]);
    interrupt(vendor.invite("ada@x.io"));
    let outcomes: Vec<_> = vendor.outcomes(&["ada@x.io", "bob@x.io"]).await;
    assert_eq!(outcomes, ["invited", "invited"]);
    let sends = vendor.sends();
    assert_eq!(sends.len(), 3);
    assert!(sends[1] < Duration::from_secs(1), "others need not wait: {sends:?}");
    assert!(sends[2] + Duration::from_secs(1) >= LASTS, "{sends:?}");
    assert_eq!(vendor.mails(), ["bob@x.io", "ada@x.io"]);
    // What is settled is forgotten.
    let asked = vendor.log().len();
    assert_eq!(word(vendor.invite("ada@x.io").await), "already_invited");
    assert_eq!(vendor.log().len(), asked + 1);
}

#[tokio::test]
async fn a_single_call_that_would_wait_too_long_says_from_when_it_is_safe() {
    let vendor = Vendor::new(1, [Step::hanging()]);
    interrupt(vendor.invite("ada@x.io"));
    let hasty = vendor.again(vendor.coordination(), Duration::from_secs(10));
    let error = hasty.invite("ada@x.io").await.expect_err("it cannot know");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::Ambiguous, Reach::NotSent));
    assert!(error.is_retryable());
    let wait = error.retry_after().expect("it says when");
    assert!(wait > SETTLE && wait <= LASTS, "{wait:?}");
    assert_eq!((vendor.sends().len(), vendor.elapsed()), (1, Duration::ZERO));
    // Bulk waits as long as it must.
    assert_eq!(hasty.outcomes(&["ada@x.io"]).await, ["invited"]);
}

#[tokio::test]
async fn what_ended_for_sure_leaves_nothing_behind() {
    let not_sent = Error::new(ErrorKind::Connection, "refused").with_reach(Reach::NotSent);
    for step in [Step::refused(ErrorKind::InvalidInput, 422), Step::failing(not_sent)] {
        let vendor = Vendor::new(1, [step]);
        vendor.invite("ada@x.io").await.expect_err("it fails");
        assert_eq!(word(vendor.invite("ada@x.io").await), "invited");
        assert_eq!(vendor.elapsed(), Duration::ZERO, "nobody waited");
    }
}

#[tokio::test]
async fn an_unclear_end_is_waited_for_by_the_next_call() {
    let vendor = Vendor::new(1, [Step::accepted().stored(0)]);
    assert_eq!(word(vendor.invite("ada@x.io").await), "ambiguous");
    let waited = vendor.elapsed();
    assert_eq!(word(vendor.invite("ada@x.io").await), "invited");
    assert!(vendor.elapsed() > waited);
}

#[tokio::test]
async fn a_resend_deletes_nothing_before_what_was_sent_must_show() {
    let vendor = Vendor::new(1, [Step::hanging()]).with("old", "ada@x.io", InvitationStatus::Expired);
    interrupt(vendor.invite("ada@x.io"));
    let hasty = vendor.again(vendor.coordination(), Duration::from_secs(10));
    let error = hasty.resend("old").await.expect_err("it cannot know");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::Ambiguous, Reach::NotSent), "{error}");
    assert!(!vendor.log().contains(&"revoke".to_owned()), "{:?}", vendor.log());
    // What the resend had to say of itself is not what was sent before.
    let error = hasty.invite("ada@x.io").await.expect_err("it cannot know either");
    assert_eq!((error.kind(), vendor.sends().len()), (ErrorKind::Ambiguous, 1));
    hasty.again(vendor.coordination(), PATIENT).resend("old").await.expect("it is known by then");
    assert!(vendor.elapsed() + Duration::from_secs(1) >= LASTS, "{:?}", vendor.elapsed());
    assert_eq!(vendor.mails(), ["ada@x.io"]);
}

#[tokio::test]
async fn whoever_waits_for_others_can_be_stopped() {
    let vendor = Vendor::new(1, [Step::hanging()]);
    let mut first = Box::pin(vendor.invite("ada@x.io"));
    assert!((&mut first).now_or_never().is_none());
    let mut waiting = vendor.stream(&["ada@x.io", "bob@x.io"]);
    assert!(waiting.next().now_or_never().is_none(), "ada is held");
    waiting.handle().stop();
    let words: Vec<_> = waiting.map(|(_, outcome)| word(outcome)).collect().await;
    assert_eq!((words, vendor.sends().len()), (vec!["cancelled".to_owned(); 2], 1));
}

/// Resends in a process of its own, which is killed while the create hangs.
fn killed_while_resending(vendor: &Vendor) {
    let vendor = vendor.clone();
    let process = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let resend = async { tokio::time::timeout(Duration::from_millis(50), vendor.resend("old")).await };
        assert!(runtime.block_on(resend).is_err(), "the create hangs");
    });
    process.join().expect("it ends");
}

#[tokio::test]
async fn what_a_cut_off_resend_has_deleted_is_named_once_by_the_next_call() {
    let vendor = Vendor::new(1, [Step::hanging()]).with("old", "ada@x.io", InvitationStatus::Pending);
    killed_while_resending(&vendor);
    let error = vendor.invite_as("ada@x.io", Role::Viewer).await.expect_err("it was an editor's");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::Incomplete, Reach::NotSent), "{error}");
    assert!(error.message().contains("with the role editor"), "{error}");
    let left_behind = error.left_behind().expect("it says what was there");
    assert_eq!(left_behind.role, Some(Role::Editor));
    assert_eq!(vendor.sends().len(), 1, "only the one that was killed");
    assert!(vendor.elapsed() > SETTLE, "what was killed may still come to pass: {:?}", vendor.elapsed());
    vendor.invite_as("ada@x.io", Role::Viewer).await.expect_err("the vendor made an editor's of it");
    assert_eq!(vendor.mails(), ["ada@x.io"]);
}

#[tokio::test]
async fn a_cut_off_resend_is_made_good_by_inviting_the_same() {
    let vendor =
        Vendor::new(1, [Step::hanging().others_after(20)]).with("old", "ada@x.io", InvitationStatus::Pending);
    killed_while_resending(&vendor);
    assert_eq!(word(vendor.invite("ada@x.io").await), "already_invited");
    assert_eq!((vendor.sends().len(), vendor.mails().len()), (1, 1));
    let again = Vendor::new(1, [Step::hanging()]).with("old", "ada@x.io", InvitationStatus::Pending);
    killed_while_resending(&again);
    assert_eq!(word(again.invite("ada@x.io").await), "invited");
    assert_eq!((again.sends().len(), again.mails().len()), (2, 1));
}

/// Two processes with one store between them.
fn processes(store: &Arc<dyn CoordinationStore>) -> [Coordination; 2] {
    [(); 2].map(|()| Coordination::separate().with_store(Arc::clone(store)))
}

#[tokio::test]
async fn processes_with_a_store_send_once() {
    let store: Arc<dyn CoordinationStore> = Arc::new(ProcessStore::default());
    let [one, two] = processes(&store);
    let vendor = Vendor::new(1, [Step::lost().others_after(5)]).again(one.clone(), PATIENT);
    let other = vendor.again(two.clone(), PATIENT);
    let (first, second) = futures_util::join!(vendor.invite("ada@x.io"), other.invite("ada@x.io"));
    assert_eq!((word(first), word(second)), ("invited".to_owned(), "already_invited".to_owned()));
    assert_eq!((vendor.sends().len(), vendor.mails().len()), (1, 1));

    let killed = Vendor::new(1, [Step::hanging().others_after(20)]).again(one, PATIENT);
    interrupt(killed.invite("ada@x.io"));
    assert_eq!(word(killed.again(two, PATIENT).invite("ada@x.io").await), "already_invited");
    assert_eq!((killed.sends().len(), killed.mails().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn whoever_is_held_too_long_by_others_is_told_so() {
    let vendor = Vendor::new(1, [Step::hanging()]);
    let other = vendor.again(vendor.coordination(), Duration::from_secs(10));
    let mut first = Box::pin(vendor.invite("ada@x.io"));
    assert!((&mut first).now_or_never().is_none());
    let error = other.invite("ada@x.io").await.expect_err("it is held");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::Unavailable, Reach::NotSent));
    assert!(error.is_retryable(), "{error}");
    assert_eq!(word(other.invite("bob@x.io").await), "invited");
}

/// A store that fails, or loses its leases, when told to.
#[derive(Debug, Default)]
struct Flaky {
    store: ProcessStore,
    fails_to_hold: AtomicBool,
    fails_to_note: Arc<AtomicBool>,
    is_lost: Arc<AtomicBool>,
}

#[derive(Debug)]
struct FlakyLease {
    lease: Box<dyn Lease>,
    fails: Arc<AtomicBool>,
    is_lost: Arc<AtomicBool>,
}

fn check(fails: &AtomicBool) -> Result<(), Error> {
    let failed = || Error::new(ErrorKind::Unavailable, "the store is gone: start it");
    if fails.load(Ordering::Relaxed) { Err(failed()) } else { Ok(()) }
}

#[async_trait]
impl CoordinationStore for Flaky {
    fn describe(&self) -> String {
        "a flaky store".to_owned()
    }

    async fn hash_key(&self) -> Result<HashKey, Error> {
        self.store.hash_key().await
    }

    async fn hold(&self, account: Key, people: &[Key], patience: Option<Duration>) -> Held {
        check(&self.fails_to_hold)?;
        let lease = self.store.hold(account, people, patience).await?;
        let (fails, is_lost) = (Arc::clone(&self.fails_to_note), Arc::clone(&self.is_lost));
        Ok(Box::new(FlakyLease { lease, fails, is_lost }))
    }

    async fn swap(&self, cell: Key, change: Change<'_>) -> Result<(), Error> {
        self.store.swap(cell, change).await
    }
}

#[async_trait]
impl Lease for FlakyLease {
    fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Relaxed)
    }

    async fn intents(&self) -> Result<HashMap<Key, Intent>, Error> {
        self.lease.intents().await
    }

    async fn intend(&self, people: &[Key], note: &Note) -> Result<(), Error> {
        check(&self.fails)?;
        self.lease.intend(people, note).await
    }

    fn release(&self, person: Key, settled: bool) {
        self.lease.release(person, settled);
    }
}

#[tokio::test]
async fn without_its_store_nothing_is_sent_unless_that_is_wanted() {
    type Break = fn(&Flaky);
    let breaks: [(Break, &str); 3] = [
        (|flaky| flaky.fails_to_hold.store(true, Ordering::Relaxed), "unavailable"),
        (|flaky| flaky.fails_to_note.store(true, Ordering::Relaxed), "unavailable"),
        (|flaky| flaky.is_lost.store(true, Ordering::Relaxed), "cancelled"),
    ];
    for (breaks, kind) in breaks {
        for on_failure in [OnFailure::Refuse, OnFailure::Process] {
            let flaky = Arc::new(Flaky::default());
            let coordination =
                Coordination::separate().with_store(Arc::clone(&flaky) as _).on_failure(on_failure);
            let vendor = Vendor::new(1, []).again(coordination, PATIENT);
            breaks(&flaky);
            let outcomes = vendor.outcomes(&["ada@x.io", "bob@x.io"]).await;
            if on_failure == OnFailure::Process && kind != "cancelled" {
                assert_eq!(outcomes, ["invited", "invited"]);
            } else {
                assert_eq!(outcomes, [kind, kind]);
                assert!(vendor.sends().is_empty());
            }
        }
    }
}

#[tokio::test]
async fn a_long_list_is_released_person_by_person() {
    let vendor = Vendor::new(1, [Step::listed(), Step::hanging()]);
    let mut stream = vendor.stream(&["ada@x.io", "bob@x.io"]);
    let (index, outcome) = stream.next().await.expect("the first is settled");
    assert_eq!((index, word(outcome)), (0, "invited".to_owned()));
    assert_eq!(word(vendor.invite("ada@x.io").await), "already_invited");
}
