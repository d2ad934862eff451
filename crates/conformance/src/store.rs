//! What every [`CoordinationStore`] must do, be it in memory, in files or on a server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use futures_util::future::{join_all, join3};
use orgport_core::{CoordinationStore, HoldError, Key, Lease, Note};

const MINUTE: Duration = Duration::from_mins(1);
/// Longer than any store takes for what nobody hinders.
const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(60);

/// A way into the store under test: each is as another process would have it.
type Store = Arc<dyn CoordinationStore>;

/// Checks a store. `open` gives another way into the same one each time it is called, as another
/// process would have it; the store is fresh or has been used before.
///
/// ```
/// # use std::sync::Arc;
/// # use orgport_core::ProcessStore;
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(async {
/// let store = ProcessStore::default();
/// orgport_conformance::check_store(|| Arc::new(store.clone())).await;
/// # });
/// ```
///
/// # Panics
///
/// If it does not do what it must; the message says what that is.
pub async fn check_store(open: impl Fn() -> Store) {
    let people = People::new(&*open()).await;
    all_make_the_same_keys(&open(), &open()).await;
    whom_one_holds_nobody_else_does(&open(), &open(), &people).await;
    those_who_want_the_same_people_get_them_in_turn(&open, &people).await;
    a_note_outlives_its_maker_until_it_is_settled(&open(), &open(), &people).await;
    a_later_note_takes_the_place_of_an_earlier_one(&open(), &open(), &people).await;
    notes_are_those_of_the_people_held(&open(), &open(), &people).await;
    many_are_noted_and_settled_together(&open(), &open(), &people).await;
    a_cell_is_changed_by_one_at_a_time(&open, &people).await;
}

/// Keys of an account that nobody else has.
struct People {
    account: Key,
    other_account: Key,
    make: Box<dyn Fn(&str) -> Key>,
}

impl People {
    async fn new(store: &dyn CoordinationStore) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let hash_key = store.hash_key().await.expect("the store has a key");
        let run = format!("{:?} {}", UNIX_EPOCH.elapsed(), COUNT.fetch_add(1, Ordering::Relaxed));
        let account = hash_key.key(&["account", &run]);
        let other_account = hash_key.key(&["other account", &run]);
        Self { account, other_account, make: Box::new(move |name| hash_key.key(&[name, &run])) }
    }

    fn person(&self, name: &str) -> Key {
        (self.make)(name)
    }

    async fn hold(&self, store: &Store, people: &[Key]) -> Box<dyn Lease> {
        store.hold(self.account, people, Some(LONG)).await.expect("nobody else holds them for long")
    }
}

fn note(memo: Option<&str>) -> Note {
    Note { lasts: MINUTE, memo: memo.map(str::to_owned) }
}

async fn all_make_the_same_keys(one: &Store, two: &Store) {
    let (one, two) = (one.hash_key().await.expect("a key"), two.hash_key().await.expect("a key"));
    assert!(one == two, "all who use a store make the same keys");
}

/// Two people who can be held by two at once: a store may keep some people together, and not everybody.
async fn told_apart(one: &Store, two: &Store, people: &People) -> [Key; 2] {
    for number in 0..8 {
        let pair = ["ada", "bob"].map(|name| people.person(&format!("{name} {number}")));
        let _lease = people.hold(one, &pair[..1]).await;
        if two.hold(people.account, &pair[1..], Some(SHORT)).await.is_ok() {
            return pair;
        }
    }
    panic!("whoever holds one person holds everybody");
}

async fn whom_one_holds_nobody_else_does(one: &Store, two: &Store, people: &People) {
    let ([ada, bob], eve) = (told_apart(one, two, people).await, people.person("eve"));
    let lease = people.hold(one, &[bob, ada]).await;
    let refused = two.hold(people.account, &[eve, bob], Some(SHORT)).await;
    assert!(matches!(refused, Err(HoldError::Busy)), "bob is held: {refused:?}");
    two.hold(people.other_account, &[ada, bob], Some(LONG))
        .await
        .expect("another account has its own people");
    lease.release(bob, false);
    lease.release(bob, false);
    people.hold(two, &[bob]).await;
    let refused = two.hold(people.account, &[ada], Some(SHORT)).await;
    assert!(matches!(refused, Err(HoldError::Busy)), "ada is held still: {refused:?}");
    assert!(!lease.is_lost());
    drop(lease);
    people.hold(two, &[ada, bob, eve]).await;
}

async fn those_who_want_the_same_people_get_them_in_turn(open: &impl Fn() -> Store, people: &People) {
    let keys: Vec<_> = (0..6).map(|number| people.person(&format!("wanted {number}"))).collect();
    let inside = AtomicUsize::new(0);
    let turns = (0..4).map(|worker| {
        let (store, inside, mut keys) = (open(), &inside, keys.clone());
        async move {
            for _ in 0..12 {
                keys.rotate_left(worker + 1);
                let lease = people.hold(&store, &keys).await;
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "somebody else holds them, too");
                // Lets others try meanwhile.
                let _ = lease.intents().await.expect("read");
                inside.fetch_sub(1, Ordering::SeqCst);
            }
        }
    });
    join_all(turns).await;
}

async fn a_note_outlives_its_maker_until_it_is_settled(one: &Store, two: &Store, people: &People) {
    let [ada, bob] = ["noted ada", "noted bob"].map(|name| people.person(name));
    let lease = people.hold(one, &[ada, bob]).await;
    assert!(lease.intents().await.expect("read").is_empty(), "nothing is noted yet");
    lease.intend(&[ada, bob], &note(None)).await.expect("noted");
    lease.release(bob, true);
    drop(lease);

    let lease = people.hold(two, &[ada, bob]).await;
    let intents = lease.intents().await.expect("read");
    assert_eq!(intents.keys().collect::<Vec<_>>(), [&ada], "what is settled is forgotten");
    let left = intents[&ada].left;
    assert!(left <= MINUTE && left > MINUTE / 2, "{left:?} of a minute is left");
    lease.release(ada, false);
    let lease = people.hold(one, &[ada]).await;
    assert_eq!(lease.intents().await.expect("read").len(), 1, "it was not settled");
    lease.release(ada, true);
    let lease = people.hold(two, &[ada]).await;
    assert!(lease.intents().await.expect("read").is_empty(), "whoever knows of a note can settle it");
}

async fn a_later_note_takes_the_place_of_an_earlier_one(one: &Store, two: &Store, people: &People) {
    let ada = people.person("twice noted");
    let lease = people.hold(one, &[ada]).await;
    let words = "role \"none\"\nscopes: ä, ✓";
    let past = Note { lasts: Duration::ZERO, ..note(Some(words)) };
    lease.intend(&[ada], &past).await.expect("noted");
    let intent =
        lease.intents().await.expect("read").remove(&ada).expect("a memo stays when the time is over");
    assert_eq!((intent.left, intent.memo.as_deref()), (Duration::ZERO, Some(words)));
    lease.intend(&[ada], &note(None)).await.expect("noted");
    drop(lease);
    let lease = people.hold(two, &[ada]).await;
    let intent = lease.intents().await.expect("read").remove(&ada).expect("noted");
    assert!(!intent.left.is_zero(), "the later note counts");
    assert_eq!(intent.memo.as_deref(), Some(words), "a note without a memo keeps the one before");
    lease.intend(&[ada], &note(Some("other"))).await.expect("noted");
    let memo = lease.intents().await.expect("read")[&ada].memo.clone();
    assert_eq!(memo.as_deref(), Some("other"));
    lease.release(ada, true);
    let lease = people.hold(one, &[ada]).await;
    assert!(lease.intents().await.expect("read").is_empty(), "settled with its memo");
}

async fn notes_are_those_of_the_people_held(one: &Store, two: &Store, people: &People) {
    let [ada, bob] = ["my ada", "your bob"].map(|name| people.person(name));
    let lease = people.hold(one, &[ada]).await;
    lease.intend(&[ada], &note(None)).await.expect("noted");
    drop(lease);
    let lease = people.hold(two, &[bob]).await;
    assert!(lease.intents().await.expect("read").is_empty());
    let elsewhere = two.hold(people.other_account, &[ada], Some(LONG)).await.expect("free");
    assert!(elsewhere.intents().await.expect("read").is_empty(), "another account's person");
    drop((lease, elsewhere));
    people.hold(one, &[ada]).await.release(ada, true);
}

async fn many_are_noted_and_settled_together(one: &Store, two: &Store, people: &People) {
    let crowd: Vec<_> = (0..500).map(|number| people.person(&format!("crowd {number}"))).collect();
    let lease = people.hold(one, &crowd).await;
    let minute = note(None);
    let all = join_all(crowd.chunks(10).map(|batch| lease.intend(batch, &minute))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    let (settled, open) = crowd.split_at(250);
    for person in settled {
        lease.release(*person, true);
    }
    drop(lease);
    let lease = people.hold(two, &crowd).await;
    let intents = lease.intents().await.expect("read");
    assert_eq!(intents.len(), open.len());
    assert!(open.iter().all(|person| intents.contains_key(person)));
    for person in open {
        lease.release(*person, true);
    }
    drop(lease);
    let lease = people.hold(one, &crowd).await;
    assert!(lease.intents().await.expect("read").is_empty());
}

async fn a_cell_is_changed_by_one_at_a_time(open: &impl Fn() -> Store, people: &People) {
    let cell = people.person("a cell");
    let one_more = |known: Option<&[u8]>| {
        let known =
            known.map_or(0, |bytes| str::from_utf8(bytes).expect("ours").parse::<u32>().expect("ours"));
        Some((known + 1).to_string().into_bytes())
    };
    let worker = || async {
        let store = open();
        for _ in 0..40 {
            store.swap(cell, &mut |_, known| one_more(known)).await.expect("changed");
        }
    };
    join3(worker(), worker(), worker()).await;
    let mut seen = None;
    let mut time = Duration::ZERO;
    let look = &mut |now, known: Option<&[u8]>| {
        (seen, time) = (known.map(<[u8]>::to_vec), now);
        None
    };
    open().swap(cell, look).await.expect("read");
    assert_eq!(seen.as_deref(), Some(b"120".as_slice()), "no change is lost");
    let real = UNIX_EPOCH.elapsed().expect("after 1970");
    assert!(time.abs_diff(real) < LONG, "the store's time {time:?} is that since 1970, {real:?}");
    // A shorter value leaves nothing of the longer one.
    open().swap(cell, &mut |_, _| Some(b"7".to_vec())).await.expect("changed");
    open()
        .swap(cell, &mut |_, known| {
            assert_eq!(known, Some(b"7".as_slice()));
            None
        })
        .await
        .expect("read");
}
