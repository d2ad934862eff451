//! Answers that say no.

use std::time::Duration;

use orgport_core::{Error, ErrorKind, InvitationStatus, Operation, Reach, Role};

use crate::vendor::{Reading, SETTLE, Step, Vendor, email, word};

#[tokio::test]
async fn a_refusal_ends_with_the_vendors_error() {
    let vendor = Vendor::new(1, [Step::refused(ErrorKind::InvalidInput, 422)]);
    assert_eq!(word(vendor.invite("ada@x.io").await), "invalid_input");
    assert_eq!((vendor.sends().len(), vendor.elapsed()), (1, Duration::ZERO));

    let vendor = Vendor::new(1, [Step::refused(ErrorKind::AlreadyExists, 409)])
        .reading(&[Reading::Works, Reading::Fails]);
    assert_eq!(word(vendor.invite("ada@x.io").await), "already_exists");
}

#[tokio::test]
async fn whoever_is_there_behind_a_refusal_is_the_outcome() {
    for (step, outcome) in [
        (Step::refused(ErrorKind::AlreadyExists, 409).stored(1), "already_invited"),
        (Step::refused(ErrorKind::PermissionDenied, 403).stored(1), "incomplete"),
        (Step::refused(ErrorKind::InvalidInput, 400).stored(1).joining(), "joined"),
    ] {
        let vendor = Vendor::new(1, [step]);
        assert_eq!(word(vendor.invite("ada@x.io").await), outcome);
        assert_eq!(vendor.sends().len(), 1);
    }
}

#[tokio::test]
async fn a_server_fault_in_the_vendors_own_words_needs_no_wait() {
    let vendor = Vendor::new(1, [Step::refused(ErrorKind::Unavailable, 500), Step::listed()]);
    assert_eq!(word(vendor.invite("ada@x.io").await), "invited");
    assert_eq!((vendor.sends().len(), vendor.mails().len()), (2, 1));
    assert_eq!(vendor.elapsed(), Duration::ZERO);

    let vendor = Vendor::new(1, [Step::refused(ErrorKind::Unavailable, 500)])
        .reading(&[Reading::Works, Reading::Fails]);
    assert_eq!(word(vendor.invite("ada@x.io").await), "ambiguous");
    assert_eq!(vendor.sends().len(), 1);
}

#[tokio::test]
async fn a_row_behind_a_server_fault_is_taken_for_unmailed() {
    let vendor = Vendor::new(1, [Step::refused(ErrorKind::Unavailable, 500).stored(1).unmailed()]);
    let error = vendor.invite("ada@x.io").await.expect_err("it has had no mail");
    assert_eq!(error.kind(), ErrorKind::Incomplete);
    assert!(error.left_behind().is_some() && vendor.sends().len() == 1);
}

#[tokio::test]
async fn an_invitation_in_an_unknown_status_is_not_guessed_to_be_dead() {
    let held = InvitationStatus::Unknown("held".to_owned());
    let vendor = Vendor::new(1, []).with("1", "ada@x.io", held);
    let error = vendor.invite("ada@x.io").await.expect_err("it may be waiting");
    assert_eq!((error.kind(), vendor.sends().len()), (ErrorKind::Ambiguous, 0));
    assert!(error.message().contains("held"), "{error}");
}

#[tokio::test]
async fn what_was_made_is_never_sent_again_whatever_the_vendor_shows_of_it() {
    let readings = [Reading::Works, Reading::IsUnfamiliar, Reading::IsUnfamiliar];
    let lost = Step::lost().stored(1);
    let failed = Step::refused(ErrorKind::Unavailable, 500).stored(1);
    for (step, lists_at_once) in
        [(Step::accepted(), true), (Step::accepted(), false), (lost, false), (failed, false)]
    {
        let mut vendor = Vendor::new(1, [step]).reading(&readings);
        vendor.lists_at_once = lists_at_once;
        assert_eq!(word(vendor.invite("ada@x.io").await), "ambiguous");
        assert_eq!(vendor.sends().len(), 1);
    }
}

#[tokio::test]
async fn a_dead_row_in_the_way_is_cleared_once() {
    let refused = || Step::refused(ErrorKind::AlreadyExists, 409);
    for (steps, clears, outcome, sends) in [
        (vec![refused()], true, "invited", 2),
        (vec![refused(), refused()], true, "already_exists", 2),
        (vec![refused()], false, "already_exists", 1),
    ] {
        let mut vendor = Vendor::new(1, steps).with("1", "ada@x.io", InvitationStatus::Expired).with(
            "2",
            "ada@x.io",
            InvitationStatus::Accepted,
        );
        vendor.clears_dead = clears;
        assert_eq!(word(vendor.invite("ada@x.io").await), outcome);
        assert_eq!(vendor.sends().len(), sends);
        let cleared = vendor.log().iter().filter(|what| *what == "clear").count();
        assert_eq!(cleared, usize::from(clears));
    }
}

#[tokio::test]
async fn an_answered_or_expired_invitation_does_not_stand_for_a_new_one() {
    for status in [InvitationStatus::Accepted, InvitationStatus::Declined, InvitationStatus::Expired] {
        let vendor = Vendor::new(1, [Step::listed()]).with("1", "ada@x.io", status);
        assert_eq!(word(vendor.invite("ada@x.io").await), "invited");
    }
}

/// The vendor's failure to send the mail of a row that it may have stored.
fn mail_failed(reach: Reach) -> Step {
    Step::failing(Error::new(ErrorKind::Incomplete, "error sending email").with_reach(reach)).unmailed()
}

#[tokio::test]
async fn a_row_whose_mail_failed_is_incomplete() {
    for reach in [Reach::Answered, Reach::Unanswered] {
        let vendor = Vendor::new(1, [mail_failed(reach).stored(1)]);
        let error = vendor.invite("ada@x.io").await.expect_err("no mail");
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Incomplete, Some(Operation::Invite)));
        let left = error.left_behind().expect("the row");
        assert_eq!(left.email, Some(email("ada@x.io")));
        assert_eq!(left.role, Some(Role::Editor));
        assert!(left.description.contains("resend"), "{left:?}");
        assert_eq!((vendor.sends().len(), vendor.elapsed()), (1, Duration::ZERO));
    }
}

#[tokio::test]
async fn a_failed_mail_without_a_row_is_sent_again_only_behind_the_settle_time() {
    let vendor = Vendor::new(1, [mail_failed(Reach::Answered)]);
    assert_eq!(word(vendor.invite("ada@x.io").await), "ambiguous");
    assert_eq!(vendor.sends().len(), 1);

    let vendor = Vendor::new(1, [mail_failed(Reach::Unanswered)]);
    assert_eq!(word(vendor.invite("ada@x.io").await), "invited");
    assert!(vendor.sends()[1] >= SETTLE);
    assert_eq!(vendor.mails().len(), 1);

    let vendor = Vendor::new(1, (0..3).map(|_| mail_failed(Reach::Unanswered)));
    assert_eq!(word(vendor.invite("ada@x.io").await), "unavailable", "nothing is left to complete");
}

#[tokio::test]
async fn a_fatal_refusal_cancels_the_rest() {
    let addresses: Vec<_> = (0..20).map(|n| format!("guest{n}@x.io")).collect();
    let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
    for (kind, status) in [(ErrorKind::PermissionDenied, 403), (ErrorKind::Unauthenticated, 401)] {
        let vendor = Vendor::new(1, (0..20).map(|_| Step::refused(kind, status)));
        let outcomes = vendor.outcomes(&addresses).await;
        let sends = vendor.sends().len();
        assert!(sends <= 8, "{sends} requests were in flight when the first failed");
        let refused = outcomes.iter().filter(|outcome| *outcome == kind.as_str()).count();
        let cancelled = outcomes.iter().filter(|outcome| *outcome == "cancelled").count();
        assert_eq!((refused, cancelled), (sends, 20 - sends));
    }
}

#[tokio::test]
async fn a_fatal_refusal_is_kept_across_rounds() {
    let steps = [Step::lost(), Step::refused(ErrorKind::PermissionDenied, 403)];
    let vendor = Vendor::new(1, steps);
    let outcomes = vendor.outcomes(&["ada@x.io", "bob@x.io"]).await;
    assert_eq!(outcomes, ["cancelled", "permission_denied"]);
    assert_eq!(vendor.sends().len(), 2);
}

#[tokio::test]
async fn one_refused_person_does_not_stop_the_others() {
    let vendor =
        Vendor::new(1, [Step::listed(), Step::refused(ErrorKind::InvalidInput, 422), Step::listed()]);
    let outcomes = vendor.outcomes(&["ada@x.io", "bob@x.io", "eve@x.io"]).await;
    assert_eq!(outcomes, ["invited", "invalid_input", "invited"]);
}
