//! What goes wrong around a create.

use std::time::Duration;

use futures_util::future::join_all;
use orgport_core::{Clock, Duplicates, Email, ErrorKind};
use orgport_sandbox::{FaultKind, ReplyTime};
use orgport_tests::world::{Account, World};

use crate::support::{
    ADA, Doing, SETTLE, email, gateway, invitation, reads_before_create, side_by_side, status, word, world,
};

/// The row is there, and this many mails went out.
async fn there(world: &World, mails: usize, context: &str) {
    let rows = world.invitations().await;
    assert_eq!(
        rows.iter().filter(|row| row.is_for(&email(ADA).into()) && row.is_pending()).count(),
        1,
        "{context}"
    );
    assert_eq!(world.mails_to(&email(ADA)), mails, "{context}");
}

pub(crate) async fn an_answer_lost_behind_the_commit(account: Account) {
    let faults = [
        FaultKind::ResetAfter,
        FaultKind::Hang { commit: true },
        FaultKind::Drip { bytes_per_second: 0 },
        FaultKind::Truncate { bytes: 9 },
        FaultKind::Huge { bytes: 50 << 20, commit: true },
        FaultKind::GzipBomb { commit: true },
        gateway(200, true),
        gateway(502, true),
        gateway(520, true),
    ];
    side_by_side(faults, async |fault| {
        let world = world(account).await;
        let context = format!("{fault:?}");
        let fault = world.fault(world.on_create(fault));
        let outcome = world.invite(ADA).await;
        assert_eq!(word(&outcome), "invited", "{context}: {outcome:?}");
        assert_eq!((world.sandbox.fired(fault), world.count("POST")), (1, 1), "{context}");
        there(&world, 1, &context).await;
    })
    .await;
}

pub(crate) async fn an_answer_lost_before_the_commit(account: Account) {
    let faults =
        [FaultKind::ResetBefore, FaultKind::Hang { commit: false }, gateway(502, false), gateway(408, false)];
    side_by_side(faults, async |fault| {
        let world = world(account).await;
        let context = format!("{fault:?}");
        let (fault, begun) = (world.fault(world.on_create(fault)), world.clock.elapsed());
        let outcome = world.invite(ADA).await;
        assert_eq!(word(&outcome), "invited", "{context}: {outcome:?}");
        assert_eq!((world.sandbox.fired(fault), world.count("POST")), (1, 2), "{context}");
        assert!(world.waited_since(begun) >= SETTLE, "absence is believed only behind the settle time");
        there(&world, 1, &context).await;
    })
    .await;
}

pub(crate) async fn a_commit_behind_the_gateways_answer(account: Account) {
    for seconds in [0, 1, 5, 15] {
        let world = world(account).await;
        let late = FaultKind::ActAfter { ms: seconds * 1000, reply: ReplyTime::Before, status: 502 };
        world.fault(world.on_create(late));
        assert_eq!(word(&world.invite(ADA).await), "invited", "{seconds} s late");
        assert_eq!(world.count("POST"), 1, "{seconds} s late");
        there(&world, 1, "late").await;
    }
}

pub(crate) async fn a_settling_read_that_fails(account: Account) {
    let reads = reads_before_create(account).await;
    for create in [FaultKind::ResetAfter, FaultKind::ResetBefore, gateway(504, true)] {
        for read in [FaultKind::ResetBefore, gateway(502, false), FaultKind::Truncate { bytes: 3 }] {
            let world = world(account).await;
            let context = format!("{create:?}, then {read:?}");
            let is_made = create != FaultKind::ResetBefore;
            world.fault(world.on_create(create.clone()));
            world.fault(world.on_read(read).skip(reads).always());
            assert_eq!(word(&world.invite(ADA).await), "ambiguous", "{context}");
            assert_eq!(world.count("POST"), 1, "{context}");
            world.sandbox.clear_faults();
            let again = world.invite(ADA).await;
            assert_eq!(word(&again), if is_made { "already_invited" } else { "invited" }, "{context}");
            there(&world, 1, &context).await;
        }
    }
}

pub(crate) async fn a_wait_that_is_asked_for(account: Account) {
    let world = world(account).await;
    world.fault(world.on_create(status(429, &[("retry-after", "7")])));
    let begun = world.clock.elapsed();
    assert_eq!(word(&world.invite(ADA).await), "invited");
    assert!(world.waited_since(begun) >= Duration::from_secs(7), "{:?}", world.waited_since(begun));
    there(&world, 1, "429").await;
}

pub(crate) async fn a_server_that_is_away_twice(account: Account) {
    for fault in [status(503, &[]), gateway(503, false)] {
        let world = world(account).await;
        let context = format!("{fault:?}");
        let fault = world.fault(world.on_create(fault).times(2));
        assert_eq!(word(&world.invite_many(&[ADA]).await[0]), "invited", "{context}");
        assert_eq!((world.sandbox.fired(fault), world.count("POST")), (2, 3), "{context}");
        there(&world, 1, &context).await;
    }
}

pub(crate) async fn a_server_that_stays_away(account: Account) {
    let world = world(account).await;
    world.fault(world.on_create(gateway(503, false)).always());
    let outcome = world.invite(ADA).await;
    assert_eq!(word(&outcome), "unavailable", "{outcome:?}");
    assert_eq!((world.count("POST"), world.mails_to(&email(ADA))), (3, 0));
    assert!(world.invitations().await.iter().all(|row| !row.is_for(&email(ADA).into())));
}

/// A vendor that knows that its mail failed says so with a failure behind the row.
pub(crate) async fn a_lost_mail(account: Account) {
    let fault = match account.vendor() {
        "trieve" => FaultKind::MailFails,
        "jaqpot" | "nuextract" => FaultKind::FailAfterRows { rows: 1 },
        // The others mail behind their answer, and never tell.
        _ => return,
    };
    let world = world(account).await;
    world.fault(world.on_create(fault));
    let error = world.invite(ADA).await.expect_err("no mail went out");
    assert_eq!(error.kind(), ErrorKind::Incomplete, "{error}");
    let left = error.left_behind().expect("it says what is there");
    assert_eq!(left.email, Some(email(ADA)));
    there(&world, 0, "lost").await;
}

pub(crate) async fn a_closed_connection(account: Account) {
    let world = world(account).await;
    assert_eq!(word(&world.invite("first@x.example").await), "invited");
    world.sandbox.close_idle_connections().await;
    assert_eq!(word(&world.invite(ADA).await), "invited");
    there(&world, 1, "closed").await;
}

pub(crate) async fn nothing_made(account: Account) {
    if matches!(account.vendor(), "koyeb" | "github") {
        // Their answers hold the invitation, which is taken for their word.
        return;
    }
    let world = world(account).await;
    world.fault(world.on_create(FaultKind::NothingCreated));
    let outcome = world.invite(ADA).await;
    let expected = if account.vendor() == "jaqpot" { "protocol" } else { "ambiguous" };
    assert_eq!(word(&outcome), expected, "{outcome:?}");
    assert_eq!((world.count("POST"), world.mails_to(&email(ADA))), (1, 0), "it is not sent again");
}

pub(crate) async fn spellings(account: Account) {
    let world = world(account).await;
    let list = [
        "A@x.example",
        "a@x.example",
        " a@x.example ",
        "a+b@x.example",
        "a@X.Example",
        "no address",
        "u@bücher.example",
    ];
    let outcomes = world.invite_many(&list).await;
    let words: Vec<_> = outcomes.iter().map(word).collect();
    let expected =
        ["invited", "already_invited", "already_invited", "invited", "already_invited", "invalid_input"];
    assert_eq!(words[..6], expected);
    let international = &outcomes[6];
    assert!(matches!(word(international), "invited" | "invalid_input"), "{international:?}");
    assert_eq!(
        word(&world.invite("u@xn--bcher-kva.example").await) == "already_invited",
        international.is_ok()
    );
    for (address, mails) in
        [("a@x.example", 1), ("a+b@x.example", 1), ("u@bücher.example", usize::from(international.is_ok()))]
    {
        assert_eq!(world.mails_to(&email(address)), mails, "{address}");
    }
}

pub(crate) async fn at_once_in_one_process(account: Account) {
    let world = world(account).await;
    let outcomes = join_all((0..8).map(|_| world.invite(ADA))).await;
    let invited = outcomes.iter().filter(|outcome| word(outcome) == "invited").count();
    let already = outcomes.iter().filter(|outcome| word(outcome) == "already_invited").count();
    assert_eq!((invited, already), (1, 7), "{outcomes:?}");
    there(&world, 1, "eight calls").await;
}

/// Two providers that share nothing both look before either sends.
pub(crate) async fn at_once_in_two_processes(account: Account) {
    let world = world(account).await;
    // Every create is held up, so that both have looked by then.
    let other = world.another();
    world.fault(world.on_read(FaultKind::Latency { ms: 150 }).always());
    let new = || invitation(&*world.provider, ADA);
    let (one, two) = tokio::join!(
        world.provider.invite(&world.organization, new()),
        other.invite(&world.organization, new())
    );
    world.sandbox.clear_faults();
    let words = [word(&one), word(&two)];
    assert_eq!(world.count("POST"), 2, "both sent: {words:?}");
    let mails = world.mails_to(&Email::verbatim(ADA));
    match world.provider.capability().duplicates {
        Duplicates::Refused | Duplicates::RefusedSameCase => assert_eq!(mails, 1, "{words:?}"),
        // Not promised, and said so.
        Duplicates::Accepted => assert_eq!(mails, 2, "{words:?}"),
        _ => assert!((1..=2).contains(&mails), "{words:?}"),
    }
    assert!(words.iter().all(|word| matches!(*word, "invited" | "already_invited")), "{one:?} {two:?}");
}
