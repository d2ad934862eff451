//! Answers that never came, and what looks say about them.

use std::time::Duration;

use orgport_core::{Error, ErrorKind, InvitationStatus, InviteOutcome, Operation, Reach, Via};

use crate::vendor::{Reading, SETTLE, Step, Vendor, word};

fn is_via_look(outcome: &Result<InviteOutcome, Error>) -> bool {
    matches!(outcome, Ok(InviteOutcome::Invited(_, Via::Look)))
}

#[tokio::test]
async fn a_reset_behind_the_commit_is_found_at_once() {
    let vendor = Vendor::new(1, [Step::lost().stored(1)]);
    let outcome = vendor.invite("ada@x.io").await;
    assert!(is_via_look(&outcome), "{outcome:?}");
    assert_eq!((vendor.sends().len(), vendor.mails().len()), (1, 1));
    assert_eq!(vendor.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn a_reply_that_cannot_be_read_is_a_lost_one() {
    let error = Error::new(ErrorKind::Protocol, "truncated").with_status(200).with_reach(Reach::Unanswered);
    let vendor = Vendor::new(1, [Step::failing(error).stored(1)]);
    let outcome = vendor.invite("ada@x.io").await;
    assert!(is_via_look(&outcome), "{outcome:?}");
    assert_eq!(vendor.mails().len(), 1);
}

#[tokio::test]
async fn a_reset_before_the_commit_is_sent_again_behind_the_settle_time() {
    let vendor = Vendor::new(1, [Step::lost(), Step::accepted()]);
    assert_eq!(word(vendor.invite("ada@x.io").await), "invited");
    let sends = vendor.sends();
    assert_eq!(sends.len(), 2);
    assert!(sends[1] >= sends[0] + SETTLE, "{sends:?}");
    assert_eq!(vendor.mails().len(), 1);
}

#[tokio::test]
async fn a_commit_after_the_answer_is_waited_for() {
    let bad_gateway = Error::new(ErrorKind::Unavailable, "").with_status(502).with_reach(Reach::Unanswered);
    let vendor = Vendor::new(1, [Step::failing(bad_gateway).others_after(5)]);
    let outcome = vendor.invite("ada@x.io").await;
    assert!(is_via_look(&outcome), "{outcome:?}");
    assert_eq!((vendor.sends().len(), vendor.mails().len()), (1, 1));
    assert!(vendor.elapsed() >= SETTLE);
}

#[tokio::test]
async fn a_vendor_that_stays_away_is_tried_three_times() {
    let unavailable =
        || Error::new(ErrorKind::Unavailable, "").with_status(503).with_reach(Reach::Unanswered);
    let vendor = Vendor::new(1, (0..9).map(|_| Step::failing(unavailable())));
    let error = vendor.invite("ada@x.io").await.expect_err("it never works");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::Unavailable, Reach::NotSent));
    assert!(error.is_retryable() && error.to_string().contains("no mail went out"), "{error}");
    let sends = vendor.sends();
    assert_eq!(sends.len(), 3);
    assert!(sends.windows(2).all(|pair| pair[1] >= pair[0] + SETTLE), "{sends:?}");
}

#[tokio::test]
async fn a_503_that_passes_ends_with_one_mail() {
    let unavailable =
        || Error::new(ErrorKind::Unavailable, "").with_status(503).with_reach(Reach::Unanswered);
    let steps = [Step::failing(unavailable()), Step::failing(unavailable()), Step::listed()];
    let vendor = Vendor::new(1, steps);
    assert_eq!(word(vendor.invite("ada@x.io").await), "invited");
    assert_eq!(vendor.mails().len(), 1);
}

#[tokio::test]
async fn when_looking_fails_too_nothing_is_sent_again() {
    use Reading::{Fails, IsGarbled, Shifts, Works};
    for (readings, may_pass) in [
        (&[Works, Fails, Fails][..], true),
        (&[Works, Shifts, Shifts, Shifts, Shifts], true),
        // A row that cannot be read stays so.
        (&[Works, IsGarbled, IsGarbled, IsGarbled, IsGarbled], false),
    ] {
        let vendor = Vendor::new(1, [Step::lost()]).reading(readings);
        let error = vendor.invite("ada@x.io").await.expect_err("nobody knows");
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Ambiguous, Some(Operation::Invite)));
        assert_eq!(error.is_retryable(), may_pass, "inviting again looks first");
        assert_eq!(vendor.sends().len(), 1);
    }
}

#[tokio::test]
async fn one_look_that_fails_is_made_up_for_by_the_last() {
    let vendor = Vendor::new(1, [Step::lost().stored(1)]).reading(&[Reading::Works, Reading::Fails]);
    assert_eq!(word(vendor.invite("ada@x.io").await), "invited");
    assert_eq!((vendor.sends().len(), vendor.mails().len()), (1, 1));
}

#[tokio::test]
async fn nothing_is_sent_unless_the_first_look_is_whole() {
    for (reading, kind) in [
        (Reading::Shifts, ErrorKind::Ambiguous),
        (Reading::IsGarbled, ErrorKind::Ambiguous),
        (Reading::Fails, ErrorKind::Unavailable),
    ] {
        let vendor = Vendor::new(1, []).reading(&[reading, reading]);
        let error = vendor.invite("ada@x.io").await.expect_err("the list cannot be trusted");
        assert_eq!((error.kind(), error.operation()), (kind, Some(Operation::Invite)));
        assert!(vendor.sends().is_empty());
    }
}

#[tokio::test]
async fn a_list_that_changed_once_is_read_again() {
    let vendor = Vendor::new(1, []).reading(&[Reading::Shifts]);
    assert_eq!(word(vendor.invite("ada@x.io").await), "invited");
}

#[tokio::test]
async fn whoever_is_seen_in_a_broken_list_is_there() {
    let vendor = Vendor::new(1, [])
        .with("1", "ada@x.io", InvitationStatus::Pending)
        .with_member("bob@x.io")
        .reading(&[Reading::IsGarbled, Reading::IsGarbled]);
    let outcomes = vendor.outcomes(&["ada@x.io", "bob@x.io", "eve@x.io"]).await;
    assert_eq!(outcomes, ["already_invited", "already_member", "ambiguous"]);
    assert!(vendor.sends().is_empty());
}

#[tokio::test]
async fn an_accepted_create_in_neither_list_is_looked_for_once_more() {
    let vendor = Vendor::new(1, [Step::accepted().stored(0)]);
    assert_eq!(word(vendor.invite("ada@x.io").await), "ambiguous");
    assert_eq!(vendor.sends().len(), 1);
    assert!(vendor.elapsed() >= SETTLE);
    let looks = vendor.log().iter().filter(|what| *what == "invitations").count();
    assert_eq!(looks, 3, "the baseline, one at once, one behind the settle time");

    let vendor = Vendor::new(1, [Step::accepted().stored(0).others_after(5)]);
    assert_eq!(word(vendor.invite("ada@x.io").await), "invited");
}

#[tokio::test]
async fn where_lists_are_exact_an_accepted_create_must_be_there() {
    let mut vendor = Vendor::new(10, [Step::accepted().stored(1)]);
    vendor.lists_at_once = true;
    assert_eq!(vendor.outcomes(&["ada@x.io", "bob@x.io"]).await, ["invited", "protocol"]);
    assert_eq!((vendor.sends().len(), vendor.elapsed()), (1, Duration::ZERO));
}

#[tokio::test]
async fn a_request_that_never_left_needs_no_look() {
    let refused = Error::new(ErrorKind::Connection, "connection refused");
    let vendor = Vendor::new(1, [Step::failing(refused)]);
    assert_eq!(word(vendor.invite("ada@x.io").await), "connection");
    assert_eq!(vendor.log(), ["invitations", "members", "create ada@x.io"]);
}
