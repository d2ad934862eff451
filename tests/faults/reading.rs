//! What goes wrong with reads.

use futures_util::StreamExt;
use orgport_core::{Error, ErrorKind, InvitationFilter, InvitationStatus, Role, stream};
use orgport_sandbox::FaultKind;
use orgport_tests::world::{Account, World};
use serde_json::json;

use crate::support::{ADA, Doing, email, gateway, side_by_side, status, word, world};

async fn ids(world: &World) -> Result<Vec<String>, Error> {
    let page = world.provider.list_invitations(&world.organization, &InvitationFilter::all(), None).await?;
    page.items.into_iter().map(|row| row.map(|row| row.id.to_string())).collect()
}

/// A world with one invitation, whose vendor was asked before.
async fn with_one(account: Account) -> World {
    let world = world(account).await;
    assert_eq!(word(&world.invite(ADA).await), "invited");
    world
}

pub(crate) async fn a_broken_read(account: Account) {
    let faults = [
        status(503, &[]),
        gateway(502, false),
        FaultKind::ResetBefore,
        FaultKind::ResetAfter,
        FaultKind::Truncate { bytes: 1 },
        gateway(200, false),
        status(429, &[("retry-after", "1")]),
        status(408, &[]),
        FaultKind::Hang { commit: true },
    ];
    side_by_side(faults, async |fault| {
        let world = with_one(account).await;
        let context = format!("{fault:?}");
        let times = if matches!(fault, FaultKind::Hang { .. }) { 1 } else { 2 };
        let fault = world.fault(world.on_read(fault).times(times));
        assert_eq!(ids(&world).await.expect(&context).len(), 1, "{context}");
        assert_eq!(world.sandbox.fired(fault), times, "{context}");
    })
    .await;
    let world = with_one(account).await;
    world.sandbox.close_idle_connections().await;
    assert_eq!(ids(&world).await.expect("read on another connection").len(), 1);
}

pub(crate) async fn a_read_that_stays_broken(account: Account) {
    let faults = [
        (FaultKind::Truncate { bytes: 1 }, ErrorKind::Protocol),
        (gateway(200, false), ErrorKind::Protocol),
        (gateway(502, false), ErrorKind::Unavailable),
        (FaultKind::ResetBefore, ErrorKind::Connection),
        (FaultKind::Hang { commit: false }, ErrorKind::Timeout),
        (FaultKind::Drip { bytes_per_second: 0 }, ErrorKind::Timeout),
    ];
    side_by_side(faults, async |(fault, kind)| {
        let world = with_one(account).await;
        let context = format!("{fault:?}");
        world.fault(world.on_read(fault).always());
        let error = ids(&world).await.expect_err(&context);
        assert_eq!(error.kind(), kind, "{context}: {error}");
        let text = error.to_string();
        assert!(text.len() < 300 && !text.contains("<html") && !text.contains("<center"), "{text}");
    })
    .await;
}

pub(crate) async fn unknown_words(account: Account) {
    let world = with_one(account).await;
    let (organization, filter) = (&world.organization, InvitationFilter::all());
    let before: Vec<_> =
        stream::members(&*world.provider, organization).map(|row| row.expect("readable")).collect().await;
    world.fault(world.on_read(FaultKind::UnknownEnum).always());
    let after: Vec<_> = stream::members(&*world.provider, organization)
        .map(|row| row.expect("an unknown word is no error"))
        .collect()
        .await;
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        let is_no_guess = after.role == before.role || matches!(after.role, None | Some(Role::Other(_)));
        assert!(is_no_guess, "{:?} became {:?}", before.role, after.role);
    }
    let rows: Vec<_> = stream::invitations(&*world.provider, organization, &filter)
        .map(|row| row.expect("an unknown word is no error"))
        .collect()
        .await;
    assert_eq!(rows.len(), 1);
    let is_known = rows[0].status == InvitationStatus::Pending;
    assert!(is_known || matches!(rows[0].status, InvitationStatus::Unknown(_)), "{:?}", rows[0].status);
    let again = world.invite(ADA).await;
    let expected = if is_known { "already_invited" } else { "ambiguous" };
    assert_eq!(word(&again), expected, "{again:?}");
    assert_eq!(world.mails_to(&email(ADA)), 1);
}

pub(crate) async fn missing_fields(account: Account) {
    let world = with_one(account).await;
    let whole = ids(&world).await.expect("a list");
    world.fault(world.on_read(FaultKind::DropOptional).always());
    assert_eq!(ids(&world).await.expect("nothing that is needed is missing"), whole);
    assert_eq!(word(&world.invite(ADA).await), "already_invited");
    assert_eq!(word(&world.invite("bob@x.example").await), "invited");
    assert_eq!(world.mails_to(&email("bob@x.example")), 1);
}

pub(crate) async fn a_row_without_an_id(account: Account) {
    let rows = json!([{ "email": ADA }]);
    let body = match account.vendor() {
        "koyeb" => json!({ "invitations": rows, "members": rows, "count": 1, "limit": 100, "offset": 0 }),
        _ => rows,
    };
    let world = with_one(account).await;
    let fault = FaultKind::Status { status: 200, headers: [].into(), body: Some(body), commit: false };
    world.fault(world.on_read(fault).always());
    let page = world.provider.list_invitations(&world.organization, &InvitationFilter::all(), None).await;
    let members = world.provider.list_members(&world.organization, None).await;
    let is_listed = page.is_ok() && members.is_ok();
    let error = match page {
        Ok(page) => page.items.into_iter().find_map(Result::err).expect("the row cannot be read"),
        Err(error) => error,
    };
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    let (posts, mails) = (world.count("POST"), world.mails_to(&email(ADA)));
    let refused = world.invite(ADA).await.expect_err("the row is hers");
    assert!(!is_listed || refused.kind() == ErrorKind::Ambiguous && !refused.is_retryable(), "{refused}");
    assert_eq!((world.count("POST"), world.mails_to(&email(ADA))), (posts, mails));
    // Of another person the row says nothing, where it can be told from the list.
    let sent = usize::from(is_listed);
    let _ = world.invite("bob@x.example").await;
    assert_eq!((world.count("POST"), world.mails_to(&email("bob@x.example"))), (posts + sent, sent));
}

pub(crate) async fn bodies_without_end(account: Account) {
    for fault in [FaultKind::Huge { bytes: 50 << 20, commit: false }, FaultKind::GzipBomb { commit: false }] {
        let world = with_one(account).await;
        world.fault(world.on_read(fault).always());
        let error = ids(&world).await.expect_err("longer than is read");
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
        assert!(error.to_string().contains("http.max_body"), "{error}");
    }
    // A bomb is a gigabyte; the tests of all accounts side by side stay far below one.
    assert!(peak_memory() < 600 << 20, "{} bytes", peak_memory());
}

/// The most memory that this process has had.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() << 10
}
