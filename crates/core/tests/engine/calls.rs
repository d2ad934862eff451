//! What calls cost, repeat, plan, and leave behind when they are dropped.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use orgport_core::Invitations;
use orgport_core::invite::Plan;
use orgport_core::{
    Error, ErrorKind, InvitationStatus, InviteOutcome, Native, NewInvitation, Operation, OrganizationId,
    Reach, Role, Via,
};

use crate::vendor::{Reading, Revocation, SETTLE, Step, Vendor, email, word};

pub(crate) fn guests(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("guest{n}@x.io")).collect()
}

#[tokio::test]
async fn requests_are_as_few_as_stated() {
    for (batch_size, count, listed, requests) in
        [(1, 1, true, 3), (1, 7, true, 2 + 7), (1, 7, false, 2 + 7 + 1), (10, 25, false, 2 + 3 + 1)]
    {
        let step = || if listed { Step::listed() } else { Step::accepted() };
        let vendor = Vendor::new(batch_size, (0..count).map(|_| step()));
        let addresses = guests(count);
        let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
        let outcomes = vendor.outcomes(&addresses).await;
        assert!(outcomes.iter().all(|outcome| outcome == "invited"), "{outcomes:?}");
        let log = vendor.log();
        assert_eq!(log.len(), requests, "{count} in batches of {batch_size}: {log:?}");
    }
}

#[tokio::test]
async fn a_long_list_loses_no_outcome() {
    let addresses = guests(1000);
    let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
    let vendor = Vendor::new(1000, [Step::accepted()]);
    assert_eq!(vendor.outcomes(&addresses).await, ["invited"; 1000]);
}

#[tokio::test]
async fn the_reply_settles_before_any_look() {
    let vendor = Vendor::new(1, [Step::listed()]).with("old", "ada@x.io", InvitationStatus::Declined);
    let outcome = vendor.invite("ADA@x.io").await.expect("invited");
    assert!(matches!(outcome, InviteOutcome::Invited(_, Via::Reply)), "{outcome:?}");
    assert_eq!(vendor.log(), ["invitations", "members", "create ADA@x.io"]);
}

#[tokio::test]
async fn a_reply_without_the_new_row_settles_nobody() {
    let vendor = Vendor::new(1, [Step::listed().stored(0).others_after(5)]).with(
        "old",
        "ada@x.io",
        InvitationStatus::Declined,
    );
    let outcome = vendor.invite("ada@x.io").await.expect("found later");
    assert!(matches!(&outcome, InviteOutcome::Invited(row, Via::Look) if row.is_pending()), "{outcome:?}");
    assert_eq!(vendor.sends().len(), 1);
}

#[tokio::test]
async fn a_repeated_address_is_one_person_with_one_request() {
    let vendor = Vendor::new(1, [Step::refused(ErrorKind::InvalidInput, 422)])
        .with("1", "there@x.io", InvitationStatus::Pending)
        .with_member("in@x.io");
    let list = ["bad@x.io", " BAD@x.io ", "there@x.io", "There@X.io", "in@x.io", "IN@x.io", "not an address"];
    let outcomes = vendor.outcomes(&list).await;
    let expected = [
        "invalid_input",
        "invalid_input",
        "already_invited",
        "already_invited",
        "already_member",
        "already_member",
        "invalid_input",
    ];
    assert_eq!(outcomes, expected);
    assert_eq!(vendor.sends().len(), 1);

    let vendor = Vendor::new(10, [Step::accepted()]);
    let outcomes = vendor.outcomes(&["ada@x.io", "a+b@x.io", "ADA@X.IO"]).await;
    assert_eq!(outcomes, ["invited", "invited", "already_invited"]);
    assert_eq!(vendor.mails(), ["ada@x.io", "a+b@x.io"]);
}

#[tokio::test]
async fn nobody_to_invite_sends_nothing() {
    let vendor = Vendor::new(1, []);
    assert_eq!(vendor.outcomes(&["not an address"]).await, ["invalid_input"]);
    assert!(vendor.outcomes(&[]).await.is_empty());
    assert!(vendor.log().is_empty());
}

#[tokio::test]
async fn clones_that_invite_at_once_send_once() {
    let vendor = Vendor::new(1, [Step::lost(), Step::accepted()]);
    let clone = vendor.clone();
    let (first, second) = futures_util::join!(vendor.invite("ada@x.io"), clone.invite("Ada@x.io"));
    assert_eq!((word(first), word(second)), ("invited".to_owned(), "already_invited".to_owned()));
    assert_eq!(vendor.mails().len(), 1);
}

#[tokio::test]
async fn lists_in_another_order_do_not_wait_for_each_other_for_ever() {
    let vendor = Vendor::new(1, []);
    let (first, second) = futures_util::join!(
        vendor.outcomes(&["ada@x.io", "bob@x.io"]),
        vendor.outcomes(&["bob@x.io", "ada@x.io"])
    );
    assert_eq!((first.len(), second.len(), vendor.mails().len()), (2, 2, 2));
}

#[tokio::test]
async fn a_composed_resend_that_was_begun_is_finished_whatever_becomes_of_the_caller() {
    let vendor = Vendor::new(1, [Step::listed()]).with("1", "ada@x.io", InvitationStatus::Pending);
    let mut resend = Box::pin(vendor.resend("1"));
    assert!(futures_util::poll!(&mut resend).is_pending());
    drop(resend);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(vendor.log(), ["get", "revoke", "invitations", "members", "create ada@x.io"]);
    assert_eq!(vendor.mails(), ["ada@x.io"]);
}

#[tokio::test]
async fn dropping_the_stream_stops_and_frees_the_people() {
    let vendor = Vendor::new(1, (0..8).map(|_| Step::hanging()));
    let addresses = guests(12);
    let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
    let mut stream = vendor.stream(&addresses);
    for _ in 0..5 {
        assert!(stream.next().now_or_never().is_none(), "nothing settles");
    }
    drop(stream);
    tokio::task::yield_now().await;
    assert_eq!(vendor.sends().len(), 8, "what was in flight, and nothing behind it");
    assert_eq!(word(vendor.invite("guest0@x.io").await), "invited");
    assert_eq!(vendor.sends().len(), 9);
}

#[tokio::test]
async fn a_person_whose_outcome_was_read_can_be_resent_to_within_the_loop() {
    let unmailed = Step::refused(ErrorKind::Incomplete, 400).stored(1).unmailed();
    let vendor = Vendor::new(1, [unmailed, Step::lost()]);
    let addresses = ["ada@x.io", "bob@x.io"];
    let mut stream = vendor.stream(&addresses);
    let (index, outcome) = stream.next().await.expect("one settles");
    assert_eq!((index, word(outcome)), (0, "incomplete".to_owned()));
    // The stream still holds the other one.
    let resent = tokio::time::timeout(Duration::from_secs(5), vendor.resend("new ada@x.io 0")).await;
    let resent = resent.expect("it waits for nobody").expect("resent");
    assert!(resent.is_for(&email("ada@x.io").into()));
    assert_eq!(
        stream.map(|(index, outcome)| (index, word(outcome))).collect::<Vec<_>>().await,
        [(1, "invited".to_owned())]
    );
    assert_eq!(vendor.mails(), ["ada@x.io", "bob@x.io"]);
}

#[tokio::test]
async fn a_composed_resend_carries_the_role_and_says_what_is_gone() {
    let vendor = Vendor::new(1, [Step::listed()]).with("1", "ada@x.io", InvitationStatus::Expired);
    let new = vendor.resend("1").await.expect("resent");
    assert!(new.id.as_str() != "1" && new.is_pending(), "{new:?}");

    let vendor = Vendor::new(1, [Step::refused(ErrorKind::InvalidInput, 422)]).with(
        "1",
        "ada@x.io",
        InvitationStatus::Pending,
    );
    let error = vendor.resend("1").await.expect_err("the create failed");
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Incomplete, Some(Operation::ResendInvitation)));
    let left = error.left_behind().expect("what to invite again with");
    assert_eq!((left.email.clone(), left.role.clone()), (Some(email("ada@x.io")), Some(Role::Editor)));

    let vendor = Vendor::new(1, []).with("1", "ada@x.io", InvitationStatus::Accepted);
    for (id, kind) in [("1", ErrorKind::Conflict), ("2", ErrorKind::NotFound)] {
        let error = vendor.resend(id).await.expect_err("not waiting");
        assert_eq!((error.kind(), error.operation()), (kind, Some(Operation::ResendInvitation)));
        assert_eq!(error.provider(), Some("scripted"));
    }
    assert!(!vendor.log().iter().any(|what| what == "revoke"));
}

#[tokio::test]
async fn a_composed_resend_carries_what_is_kept_beside_the_invitation_or_deletes_nothing() {
    let teams = Native::from_text(r#"{"teams":[7]}"#.into()).expect("it is JSON");
    let waiting = || Vendor::new(1, [Step::listed()]).with("1", "ada@x.io", InvitationStatus::Pending);
    let vendor = waiting().keeping(Ok(teams));
    vendor.resend("1").await.expect("resent");
    assert!(vendor.log().contains(&r#"with {"teams":[7]}"#.to_owned()), "{:?}", vendor.log());

    let vendor = waiting().keeping(Err(Error::new(ErrorKind::Unavailable, "teams cannot be read")));
    let error = vendor.resend("1").await.expect_err("what belongs to it is not known");
    assert_eq!((error.kind(), error.message()), (ErrorKind::Unavailable, "teams cannot be read"));
    assert!(!vendor.log().iter().any(|what| what == "revoke"));
}

#[tokio::test]
async fn a_resend_goes_on_if_the_lost_revocation_has_happened() {
    let there =
        |revocation| Vendor::new(1, []).with("1", "ada@x.io", InvitationStatus::Pending).losing(revocation);
    let vendor = there(Revocation::Done);
    vendor.resend("1").await.expect("the old one is gone, so the new one is made");
    assert_eq!((vendor.mails().len(), vendor.elapsed()), (1, Duration::ZERO));

    let vendor = there(Revocation::DoneAfter(Duration::from_secs(9)));
    vendor.resend("1").await.expect("the old one goes while it is waited for");
    assert_eq!((vendor.mails().len(), vendor.elapsed()), (1, SETTLE));

    let vendor = there(Revocation::Lost);
    let error = vendor.resend("1").await.expect_err("nothing was done");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::Unavailable, Reach::NotSent));
    assert!(vendor.mails().is_empty() && vendor.sends().is_empty());
}

#[tokio::test]
async fn a_plan_reads_once_and_says_what_inviting_would() {
    let organization: OrganizationId = "acme".parse().expect("an id");
    let vendor = Vendor::new(1, [])
        .with("1", "there@x.io", InvitationStatus::Pending)
        .with("2", "late@x.io", InvitationStatus::Expired)
        .with("3", "held@x.io", InvitationStatus::Unknown("held".to_owned()))
        .with_member("in@x.io");
    let list = [
        "there@x.io",
        "late@x.io",
        "in@x.io",
        "new@x.io",
        "not an address",
        "held@x.io",
        "NEW@x.io",
        "There@x.io",
    ];
    let list: Vec<_> = list.iter().map(|address| NewInvitation::to(email(address))).collect();
    let admin = NewInvitation::to(email("new@x.io")).with_role(Role::Admin);
    let list = list.into_iter().chain([admin]).collect();
    let plans = vendor.provider().plan_invites(&organization, list).await.expect("a plan");
    let words: Vec<_> = plans
        .iter()
        .map(|plan| match plan {
            Plan::WouldInvite(_) => "would invite",
            Plan::Repeated(_) => "repeated",
            Plan::AlreadyInvited(..) => "already invited",
            Plan::AlreadyMember(..) => "already member",
            Plan::Refused(error) => error.kind().as_str(),
            _ => "something else",
        })
        .collect();
    let expected = [
        "already invited",
        "would invite",
        "already member",
        "would invite",
        "invalid_input",
        "ambiguous",
        "repeated",
        "already invited",
        "unsupported",
    ];
    assert_eq!(words, expected);
    assert_eq!(vendor.log(), ["invitations", "members"]);

    let vendor = Vendor::new(1, []).reading(&[Reading::Fails]);
    let new = vec![NewInvitation::to(email("new@x.io"))];
    let error =
        vendor.provider().plan_invites(&organization, new).await.expect_err("the list cannot be read");
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Unavailable, Some(Operation::Invite)));
}
