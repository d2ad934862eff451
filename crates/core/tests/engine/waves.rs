//! Long jobs: outcomes flow, looks stay few, and what is under way is known and can be stopped.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use orgport_core::http::HttpSettings;
use orgport_core::{ErrorKind, InvitationStatus, InviteProgress, Reach};

use crate::calls::guests;
use crate::vendor::{SETTLE, Step, Vendor, word};

const TWO_MINUTES: Duration = Duration::from_mins(2);

fn strs(addresses: &[String]) -> Vec<&str> {
    addresses.iter().map(String::as_str).collect()
}

fn figures(
    InviteProgress { total, sent, settled, wait, .. }: InviteProgress,
) -> (usize, usize, usize, Duration) {
    (total, sent, settled, wait)
}

fn count(vendor: &Vendor, what: &str) -> usize {
    vendor.log().iter().filter(|request| request.starts_with(what)).count()
}

#[tokio::test]
async fn outcomes_are_told_before_the_wait_for_a_limit() {
    let vendor = Vendor::new(10, []).paced();
    let addresses = guests(120);
    let addresses = strs(&addresses);
    let mut stream = vendor.stream(&addresses);
    let handle = stream.handle();
    assert_eq!(figures(handle.progress()), (120, 0, 0, Duration::ZERO));
    for settled in 1..=40 {
        let (_, outcome) = stream.next().await.expect("one more");
        assert_eq!((word(outcome), vendor.elapsed()), ("invited".to_owned(), Duration::ZERO), "{settled}");
    }
    assert_eq!(figures(handle.progress()), (120, 40, 40, 8 * TWO_MINUTES));
    assert!(handle.in_doubt().is_empty());
    let rest: Vec<_> = stream.map(|(_, outcome)| (word(outcome), vendor.elapsed())).collect().await;
    for (place, (outcome, at)) in rest.into_iter().enumerate() {
        let wave = u32::try_from(place / 10).expect("few");
        assert_eq!((outcome.as_str(), at), ("invited", (wave + 1) * TWO_MINUTES), "{place}");
    }
    // A look before, one when the four at once have left, and one behind each that had to wait.
    assert_eq!(
        (vendor.sends().len(), count(&vendor, "invitations"), vendor.mails().len()),
        (12, 1 + 1 + 8, 120)
    );
    assert_eq!(figures(handle.progress()), (120, 120, 120, Duration::ZERO));
}

#[tokio::test]
async fn a_limit_that_nobody_knew_of_is_looked_in_too() {
    let refusals = AtomicUsize::new(0);
    let respond = move || {
        let mut response = http::Response::new("{}".into());
        if refusals.fetch_add(1, Ordering::Relaxed) == 3 {
            *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
            response.headers_mut().insert("retry-after", http::HeaderValue::from_static("600"));
        }
        response
    };
    let mut http = HttpSettings::default();
    http.max_concurrency = 1;
    let vendor = Vendor::new(1, []).limited(false, http, respond);
    let addresses = guests(5);
    let addresses = strs(&addresses);
    let mut stream = vendor.stream(&addresses);
    let handle = stream.handle();
    for index in 0..3 {
        let (settled, outcome) = stream.next().await.expect("one more");
        assert_eq!((settled, word(outcome), vendor.elapsed()), (index, "invited".to_owned(), Duration::ZERO));
    }
    assert_eq!(figures(handle.progress()), (5, 3, 3, Duration::from_mins(10)));
    let rest: Vec<_> = stream.map(|(_, outcome)| word(outcome)).collect().await;
    assert_eq!((rest, vendor.elapsed()), (vec!["invited".to_owned(); 2], Duration::from_mins(10)));
}

#[tokio::test]
async fn as_many_requests_are_in_flight_as_the_settings_say() {
    for concurrency in [1, 3, 20] {
        let mut http = HttpSettings::default();
        http.max_concurrency = concurrency;
        let respond = || http::Response::new("{}".into());
        let vendor = Vendor::new(1, (0..50).map(|_| Step::hanging())).limited(false, http, respond);
        let addresses = guests(30);
        let addresses = strs(&addresses);
        let mut stream = vendor.stream(&addresses);
        let handle = stream.handle();
        for _ in 0..100 {
            assert!(stream.next().now_or_never().is_none(), "nothing settles");
            tokio::task::yield_now().await;
        }
        assert_eq!(vendor.sends().len(), concurrency);
        assert_eq!(handle.in_doubt(), (0..concurrency).collect::<Vec<_>>());
        assert_eq!(handle.in_doubt_for(), Duration::from_secs(30) + SETTLE);
    }
}

/// The looks that a job of so many people makes, and the rows that each has to read.
async fn looks(people: usize) -> (usize, usize) {
    let vendor = Vendor::new(1, []);
    let addresses = guests(people);
    assert_eq!(vendor.outcomes(&strs(&addresses)).await, vec!["invited"; people]);
    let (mut there, mut looks, mut rows) = (0, 0, 0);
    for request in vendor.log() {
        if request.starts_with("create") {
            there += 1;
        } else if request == "invitations" {
            (looks, rows) = (looks + 1, rows + there);
        }
    }
    assert_eq!((there, vendor.mails().len()), (people, people));
    (looks, rows)
}

#[tokio::test]
async fn the_work_for_each_person_does_not_grow_with_their_number() {
    assert_eq!(looks(200).await.0, 2, "a short job makes no look more");
    let mut before = 0;
    for people in [500, 2_000, 8_000] {
        let (looks, rows) = looks(people).await;
        assert!(looks > before && looks <= 2 + people / 200, "{people} people: {looks} looks");
        assert!(rows <= 6 * people, "{people} people: {rows} rows were read");
        before = looks;
    }
}

#[tokio::test]
async fn nothing_is_sent_if_nobody_could_look_behind_it() {
    let mut http = HttpSettings::default();
    http.max_body = 1_000;
    let of = |people: usize| {
        let vendor = Vendor::new(1, []).with("1", "there@x.io", InvitationStatus::Pending);
        let vendor = vendor.limited(false, http.clone(), || http::Response::new("{}".into()));
        (vendor, guests(people))
    };
    let (vendor, few) = of(20);
    assert_eq!(vendor.outcomes(&strs(&few)).await, ["invited"; 20]);
    let (vendor, many) = of(40);
    let many = strs(&many);
    let mut outcomes = vendor.stream(&many);
    let (_, outcome) = outcomes.next().await.expect("one");
    let error = outcome.expect_err("refused");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::Config, Reach::NotSent));
    assert!(error.to_string().contains("http.max_body"), "{error}");
    assert!(vendor.sends().is_empty() && outcomes.count().await == 39);
}

#[tokio::test]
async fn a_stopped_call_settles_what_has_left_and_sends_nothing_more() {
    let vendor = Vendor::new(10, []).paced();
    let addresses = guests(120);
    let addresses = strs(&addresses);
    let mut stream = vendor.stream(&addresses);
    let handle = stream.handle();
    let mut outcomes = vec![stream.next().await.expect("one")];
    handle.stop();
    outcomes.extend(stream.collect::<Vec<_>>().await);
    let (invited, cancelled): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|(_, one)| one.is_ok());
    assert_eq!((invited.len(), cancelled.len(), vendor.mails().len()), (40, 80, 40));
    for (index, outcome) in cancelled {
        let error = outcome.expect_err("cancelled");
        assert_eq!((error.kind(), error.reach()), (ErrorKind::Cancelled, Reach::NotSent), "{index}");
    }
    assert_eq!(vendor.elapsed(), Duration::ZERO, "nobody waits for a limit any more");
}

#[tokio::test]
async fn a_call_that_is_stopped_while_a_reply_is_lost_waits_for_what_has_left() {
    let vendor =
        Vendor::new(1, [Step::accepted(), Step::lost().stored(0).others_after(9), Step::lost()]).paced();
    let addresses = guests(9);
    let addresses = strs(&addresses);
    let stream = vendor.stream(&addresses);
    let handle = stream.handle();
    let mut outcomes: Vec<_> = stream
        .map(|(index, outcome)| {
            handle.stop();
            (index, word(outcome))
        })
        .collect()
        .await;
    outcomes.sort_unstable();
    let words: Vec<_> = outcomes.iter().map(|(_, word)| word.as_str()).collect();
    // Whose request is proven to have come to nothing is not sent to again either.
    let (sent, cancelled) = (["invited", "invited", "cancelled", "invited"], ["cancelled"; 5]);
    assert_eq!(words, [&sent[..], &cancelled[..]].concat());
    assert_eq!((vendor.sends().len(), vendor.mails().len(), vendor.elapsed()), (4, 3, SETTLE));
}
