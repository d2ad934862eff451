//! The state directory where things go wrong: places that cannot be used, damage, clocks that go back.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, UNIX_EPOCH};

use orgport_core::auth::{StoredToken, Token, TokenStore};
use orgport_core::{
    CoordinationStore, Error, ErrorKind, Intent, Key, Lease, Note, StateDirectory, Timestamp,
};

const LASTS: Duration = Duration::from_secs(46);
const NOTE: Note = Note { lasts: LASTS, memo: None };

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("state")
    }

    /// As another process would open it.
    fn open(&self) -> StateDirectory {
        StateDirectory::new(self.path())
    }

    /// The file of notes of the one account that was used.
    fn journal(&self) -> PathBuf {
        let mut accounts = fs::read_dir(self.path().join("accounts")).expect("there");
        accounts.next().expect("one").expect("it can be read").path().join("intents")
    }
}

async fn keys(state: &StateDirectory, people: usize) -> (Key, Vec<Key>) {
    let hash_key = state.hash_key().await.expect("a key");
    let person = |number: usize| hash_key.key(&["person", &number.to_string()]);
    (hash_key.key(&["account"]), (0..people).map(person).collect())
}

async fn hold(state: &StateDirectory, people: usize) -> (Box<dyn Lease>, Vec<Key>) {
    let (account, people) = keys(state, people).await;
    let lease = state.hold(account, &people, Some(Duration::from_secs(5))).await.expect("free");
    (lease, people)
}

/// Notes one person and is killed.
async fn killed(state: &StateDirectory) {
    let (lease, people) = hold(state, 1).await;
    lease.intend(&people, &NOTE).await.expect("noted");
}

async fn intents(state: &StateDirectory) -> Result<HashMap<Key, Intent>, Error> {
    hold(state, 1).await.0.intents().await
}

fn refusal(state: &StateDirectory, words: &str) -> Error {
    let error = state.open().expect_err(words);
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    assert!(error.message().contains(words), "{words}: {error}");
    assert!(error.message().contains(&*state.path().to_string_lossy()), "it says which: {error}");
    error
}

#[test]
fn a_place_that_is_no_directory_is_refused() {
    let home = Home::new();
    fs::write(home.path(), "mine").expect("written");
    refusal(&home.open(), "not a directory");
    refusal(&StateDirectory::new(home.path().join("below")), "not a directory");
    assert_eq!(fs::read_to_string(home.path()).expect("there"), "mine");
}

#[cfg(unix)]
#[test]
fn a_directory_that_others_can_use_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    home.open().open().expect("made");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&home.path()), mode(&home.path().join("key"))), (0o700, 0o600));
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o750)).expect("changed");
    refusal(&home.open(), "mode 750): run `chmod 700`");
}

#[test]
fn another_version_and_damage_are_refused() {
    let home = Home::new();
    home.open().open().expect("made");
    fs::write(home.path().join("key"), "short").expect("written");
    refusal(&home.open(), "damaged (key)");
    fs::write(home.path().join("version"), "orgport state 2\n").expect("written");
    refusal(&home.open(), "another version of orgport (\"orgport state 2\")");
    for broken in [&b""[..], b"orgport st", b"orgport state 1", b"\xff\xfe", b"something else"] {
        fs::write(home.path().join("version"), broken).expect("written");
        refusal(&home.open(), "damaged (version)");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_file_is_refused_at_once() {
    use std::os::unix::net::UnixListener;
    let pipe = |path: &Path| {
        let _ = fs::remove_file(path);
        let made = std::process::Command::new("mkfifo").arg(path).status().expect("it runs");
        assert!(made.success());
    };
    for name in ["version", "key", "lock"] {
        let home = Home::new();
        home.open().open().expect("made");
        pipe(&home.path().join(name));
        refusal(&home.open(), &format!("{name} is not a file): delete what is in the place"));
    }
    let home = Home::new();
    killed(&home.open()).await;
    pipe(&home.journal());
    let error = intents(&home.open()).await.expect_err("a pipe");
    assert!(error.message().contains("intents is not a file"), "{error}");
    let tokens = home.open().tokens().expect("it keeps tokens");
    for make in [&pipe as &dyn Fn(&Path), &|path| {
        fs::remove_file(path).expect("there");
        drop(UnixListener::bind(path).expect("bound"));
    }] {
        make(&home.open().tokens_file());
        let error = tokens.load("a").await.expect_err("no file");
        assert!(error.to_string().contains("tokens.json is not a file"), "{error}");
    }
}

/// Says whether nothing is hindered by permissions here.
#[cfg(unix)]
fn is_root(home: &Home) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(home.0.path()).expect("there").uid() == 0
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_that_cannot_be_written_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    // Nobody can make a directory there, root included.
    let error = StateDirectory::new("/proc/orgport").open().expect_err("it cannot be made");
    assert!(error.message().contains("/proc/orgport cannot be made"), "{error}");
    let home = Home::new();
    if !is_root(&home) {
        fs::set_permissions(home.0.path(), fs::Permissions::from_mode(0o500)).expect("changed");
        refusal(&home.open(), "make it writable, or name another one");
        fs::set_permissions(home.0.path(), fs::Permissions::from_mode(0o700)).expect("changed");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_lets_nothing_be_sent_and_no_token_be_used_up() {
    let home = Home::new();
    killed(&home.open()).await;
    // Whatever is written there fails as on a full disk.
    let full = |file: PathBuf| {
        let _ = fs::remove_file(&file);
        std::os::unix::fs::symlink("/dev/full", file).expect("linked");
    };
    let tokens = home.open().tokens().expect("it keeps tokens");
    tokens.save("a", &token("one")).await.expect("there is room");
    let key = home.open().hash_key().await.expect("a key").key(&["login", "a"]);
    full(home.path().join(format!("tokens.{key}.new")));
    let error = tokens.make_room("a").await.expect_err("the disk is full");
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    assert!(error.message().contains("was not used up"), "{error}");
    assert!(error.message().contains("make room on its disk"), "{error}");
    assert_eq!(tokens.load("a").await.expect("read"), Some(token("one")), "what was kept is there");
}

#[tokio::test]
async fn a_torn_last_line_was_never_sent_and_damage_elsewhere_is_refused() {
    let home = Home::new();
    killed(&home.open()).await;
    let whole = fs::read(home.journal()).expect("there");
    let last =
        whole.len() - whole.iter().rev().skip(1).position(|byte| *byte == b'\n').expect("a header") - 1;
    for cut in last..whole.len() {
        fs::write(home.journal(), &whole[..cut]).expect("written");
        assert!(intents(&home.open()).await.expect("a killed process").is_empty(), "{cut}");
        // What comes next stands in a line of its own.
        killed(&home.open()).await;
        assert_eq!(intents(&home.open()).await.expect("read").len(), 1, "{cut}");
    }
    let second = [&whole[..], &whole[last..]].concat();
    for place in [3, last + 1, last + 40, whole.len() - 3] {
        let mut damaged = second.clone();
        damaged[place] ^= 1;
        fs::write(home.journal(), damaged).expect("written");
        let error = intents(&home.open()).await.expect_err("damaged");
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        assert!(error.message().contains("/intents): wait for a minute"), "{error}");
    }
    // The file is put in place as a whole, so that a short one has lost what was noted.
    for cut in [0, 10] {
        fs::write(home.journal(), &whole[..cut]).expect("written");
        let error = intents(&home.open()).await.expect_err("cut short");
        assert!(error.message().contains("/intents): wait for a minute"), "{error}");
    }
}

static NOW: AtomicU64 = AtomicU64::new(1_800_000_000);

#[tokio::test]
async fn a_clock_that_goes_back_has_the_whole_time_waited_again() {
    let clock = || UNIX_EPOCH + Duration::from_secs(NOW.load(Ordering::Relaxed));
    let home = Home::new();
    let state = StateDirectory::with_clock(home.path(), clock);
    killed(&state).await;
    for (passed, left) in [(0, 46), (10, 36), (46, 0), (4_000, 0), (-1, 46), (-100_000, 46)] {
        let now = 1_800_000_000_u64.checked_add_signed(passed).expect("after 1970");
        NOW.store(now, Ordering::Relaxed);
        let state = StateDirectory::with_clock(home.path(), clock);
        let intents = intents(&state).await.expect("read");
        let seconds = intents.into_values().next().expect("noted").left.as_secs();
        assert_eq!(seconds, left, "{passed} s later");
    }
}

#[tokio::test]
async fn ten_thousand_people_cost_little_and_are_swept_out() {
    let home = Home::new();
    let state = home.open();
    let begun = Instant::now();
    let (lease, people) = hold(&state, 10_000).await;
    let mut flushing = Duration::ZERO;
    for batch in people.chunks(100) {
        let noting = Instant::now();
        lease.intend(batch, &NOTE).await.expect("noted");
        flushing += noting.elapsed();
        for person in batch {
            lease.release(*person, true);
        }
    }
    drop(lease);
    let spent = begun.elapsed().saturating_sub(flushing);
    assert!(spent < Duration::from_secs(5), "{spent:?} beside {flushing:?} in which disks are flushed");
    let size = || fs::metadata(home.journal()).expect("there").len();
    assert!(size() < 2_000_000, "{} bytes: it is swept while it is used", size());
    assert!(intents(&home.open()).await.expect("read").is_empty());
    assert!(size() < 100, "{} bytes: nothing of anybody stays", size());
}

#[tokio::test]
async fn nothing_in_it_tells_of_a_person() {
    let home = Home::new();
    killed(&home.open()).await;
    let mut places = vec![home.path()];
    while let Some(place) = places.pop() {
        if place.is_dir() {
            places.extend(fs::read_dir(place).expect("there").map(|entry| entry.expect("read").path()));
        } else {
            let text = String::from_utf8_lossy(&fs::read(&place).expect("there")).into_owned();
            assert!(!text.contains("person") && !text.contains("account"), "{}: {text}", place.display());
        }
    }
}

fn token(access: &str) -> StoredToken {
    let expires_at = Timestamp::parse("2030-01-02T03:04:05Z").expect("a time");
    let token = Token::new(access).refresh(Some("next".into())).expires_at(Some(expires_at));
    StoredToken::new(token, Some("first".into()))
}

fn tokens(home: &Home) -> std::sync::Arc<dyn TokenStore> {
    home.open().tokens().expect("it keeps tokens")
}

#[cfg(unix)]
#[tokio::test]
async fn tokens_come_back_from_a_private_file() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let store = tokens(&home);
    assert_eq!(store.load("a").await.expect("no file yet"), None);
    store.make_room("a").await.expect("there is room");
    store.save("a", &token("one")).await.expect("saved");
    store.save("b", &token("two")).await.expect("saved");
    assert_eq!(tokens(&home).load("a").await.expect("loaded"), Some(token("one")));
    let file = home.open().tokens_file();
    assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);

    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("changed");
    for refusal in [store.load("a").await.map(drop), store.save("a", &token("two")).await] {
        let refusal = refusal.expect_err("others can read it");
        assert!(refusal.to_string().contains("chmod 600"), "{refusal}");
    }
}

#[tokio::test]
async fn two_renewals_of_one_token_wait_for_each_other() {
    let home = Home::new();
    let store = tokens(&home);
    let first = store.lock("a").await.expect("free");
    let other = tokens(&home);
    let second = tokio::spawn(async move { other.lock("a").await.map(drop) });
    let third = tokio::time::timeout(Duration::from_secs(5), store.lock("b")).await;
    third.expect("another key").expect("free");
    store.save("a", &token("one")).await.expect("saving needs no second lock");
    assert!(!second.is_finished());
    drop(first);
    second.await.expect("no panic").expect("free now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_over_waits_until_what_it_settled_is_written() {
    let home = Home::new();
    let state = home.open();
    let (lease, people) = hold(&state, 1).await;
    lease.intend(&people, &NOTE).await.expect("noted");
    // Another process is at the file.
    let other = fs::File::open(home.journal().with_extension("lock")).expect("there");
    other.lock().expect("free");
    lease.release(people[0], true);
    let finished = lease.finished();
    tokio::pin!(finished);
    let waits = tokio::time::timeout(Duration::from_millis(100), &mut finished).await;
    assert!(waits.is_err(), "it is not written yet");
    drop(other);
    finished.await;
    assert!(intents(&home.open()).await.expect("read").is_empty(), "another process sees it at once");
}

#[test]
fn whoever_has_no_runtime_waits_for_others_all_the_same() {
    let home = Home::new();
    let held = futures_util::future::FutureExt::now_or_never(hold(&home.open(), 1)).expect("at once");
    let release = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        drop(held);
    });
    let again = futures_util::future::FutureExt::now_or_never(hold(&home.open(), 1)).expect("it blocks");
    release.join().expect("it ends");
    drop(again);
}
