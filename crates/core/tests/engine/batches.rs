//! Batches that were done in part.

use std::time::Duration;

use orgport_core::ErrorKind;

use crate::vendor::{SETTLE, Step, Vendor, email};

const FIVE: [&str; 5] = ["a@x.io", "b@x.io", "c@x.io", "d@x.io", "e@x.io"];

fn cut(stored: usize) -> Step {
    Step::refused(ErrorKind::Unavailable, 500).stored(stored).unmailed()
}

#[tokio::test]
async fn a_batch_that_was_cut_goes_on_behind_the_refused_one() {
    let vendor = Vendor::new(10, [cut(2), Step::accepted()]);
    let outcomes = vendor.outcomes(&FIVE).await;
    assert_eq!(outcomes, ["incomplete", "incomplete", "unavailable", "invited", "invited"]);
    assert_eq!(vendor.mails(), ["d@x.io", "e@x.io"]);
    let log = vendor.log();
    let creates: Vec<_> = log.iter().filter(|what| what.starts_with("create")).collect();
    assert_eq!(creates, ["create a@x.io b@x.io c@x.io d@x.io e@x.io", "create d@x.io e@x.io"]);
    assert_eq!(vendor.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn a_batch_that_is_cut_again_and_again_ends_after_three_sends() {
    let vendor = Vendor::new(10, (0..9).map(|_| cut(0)));
    let outcomes = vendor.outcomes(&FIVE).await;
    assert_eq!(outcomes, ["unavailable"; 5]);
    assert_eq!(vendor.sends().len(), 3);
    assert!(vendor.mails().is_empty());
}

#[tokio::test]
async fn a_batch_of_one_that_the_server_refused_is_not_sent_again() {
    let vendor = Vendor::new(10, [cut(0)]);
    assert_eq!(vendor.outcomes(&["a@x.io"]).await, ["unavailable"]);
    assert_eq!(vendor.sends().len(), 1);
}

#[tokio::test]
async fn an_unanswered_batch_that_stays_partial_was_cut() {
    let vendor = Vendor::new(10, [Step::lost().stored(2).unmailed(), Step::accepted()]);
    let outcomes = vendor.outcomes(&FIVE).await;
    assert_eq!(outcomes, ["incomplete", "incomplete", "invited", "invited", "invited"]);
    assert_eq!(vendor.mails(), ["c@x.io", "d@x.io", "e@x.io"]);
    assert!(vendor.sends()[1] >= SETTLE);
}

#[tokio::test]
async fn an_unanswered_batch_that_is_still_being_made_is_waited_for() {
    let vendor = Vendor::new(10, [Step::lost().stored(2).others_after(5)]);
    assert_eq!(vendor.outcomes(&FIVE).await, ["invited"; 5]);
    assert_eq!((vendor.sends().len(), vendor.mails().len()), (1, 5));
}

#[tokio::test]
async fn batches_of_one_call_end_each_on_its_own() {
    let vendor =
        Vendor::new(2, [Step::accepted(), Step::lost(), Step::refused(ErrorKind::InvalidInput, 400)]);
    let outcomes = vendor.outcomes(&FIVE).await;
    assert_eq!(outcomes, ["invited", "invited", "invited", "invited", "invalid_input"]);
    let mut mails = vendor.mails();
    mails.sort_unstable();
    assert_eq!(mails, FIVE[..4]);
}

#[tokio::test]
async fn an_account_that_the_vendor_adds_at_once_has_joined() {
    let vendor = Vendor::new(1, [Step::accepted().joining()]);
    let outcome = vendor.invite("ada@x.io").await.expect("settled");
    assert_eq!(outcome.as_str(), "joined");
    assert_eq!(outcome.member().and_then(|member| member.email.clone()), Some(email("ada@x.io")));
}
