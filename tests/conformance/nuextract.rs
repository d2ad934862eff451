//! The conformance suite over `NuExtract`, with each of what the vendor leaves open: what inviting
//! an existing account does, and which credential is sent.

use std::collections::BTreeMap;
use std::time::Duration;

use orgport_conformance::{Subject, run_all};
use orgport_core::config::AuthConfig;
use orgport_core::http::HttpSettings;
use orgport_core::{Email, Error, ErrorKind, InviteOutcome, NewInvitation};
use orgport_sandbox::{Fault, FaultKind, ReplyTime, Sandbox};
use orgport_tests::world::{Account, NO_EXPIRY, NO_ORGANIZATION_IN_ROWS, NO_OWNER, World};

const VENDOR: &str = "nuextract";

const UNSEEN: [&str; 4] = [NO_EXPIRY[0], NO_EXPIRY[1], NO_OWNER, NO_ORGANIZATION_IN_ROWS];

async fn world() -> World {
    World::start(Account::NuExtract).await
}

#[tokio::test]
async fn with_an_access_token() {
    let report = run_all(|| async { Ok(world().await) }).await;
    report.assert_seen_but(&UNSEEN);
}

#[tokio::test]
async fn where_accounts_are_members_at_once() {
    let adding = || async {
        let sandbox = Sandbox::builder().nuextract_adds_accounts(true);
        Ok(World::on(Account::NuExtract, sandbox, HttpSettings::default()).await)
    };
    let report = run_all(adding).await;
    report.assert_seen_but(&UNSEEN);
}

#[tokio::test]
async fn with_an_api_key() {
    let with_a_key = || async {
        let mut world = world().await;
        world.provider = world.configured(|config| config.auth = Some(AuthConfig::api_key("any-key")));
        Ok(world)
    };
    let report = run_all(with_a_key).await;
    report.assert_seen_but(&[]);
}

fn ada() -> Email {
    Email::verbatim("ada@x.example")
}

/// Invites while this goes wrong once with the create; answers the outcome and the mails.
async fn invite_during(world: &World, fault: FaultKind) -> (Result<InviteOutcome, Error>, Option<usize>) {
    let fault = world.fault(Fault::new(VENDOR, fault).method("POST"));
    let outcome = world.provider.invite(&world.organization, NewInvitation::to(ada())).await;
    assert_eq!(world.sandbox.fired(fault), 1, "{outcome:?}");
    (outcome, world.mails(&ada().into()).await)
}

#[tokio::test]
async fn a_lost_answer_ends_in_one_invitation_and_one_mail() {
    let faults = [
        FaultKind::ResetBefore,
        FaultKind::ResetAfter,
        FaultKind::Html { status: 502, commit: false },
        FaultKind::Html { status: 502, commit: true },
        FaultKind::Html { status: 200, commit: false },
        FaultKind::Html { status: 200, commit: true },
        FaultKind::Status { status: 503, headers: BTreeMap::new(), body: None, commit: false },
        FaultKind::ActAfter { ms: 5000, reply: ReplyTime::Before, status: 502 },
    ];
    for fault in faults {
        let world = world().await;
        let (outcome, mails) = invite_during(&world, fault.clone()).await;
        let outcome = outcome.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!((outcome.as_str(), mails), ("invited", Some(1)), "{fault:?}");
    }
}

#[tokio::test]
async fn an_invitation_that_was_accepted_and_shows_nowhere_is_ambiguous_and_not_sent_again() {
    let world = world().await;
    let (outcome, mails) = invite_during(&world, FaultKind::NothingCreated).await;
    assert_eq!(outcome.expect_err("nothing shows").kind(), ErrorKind::Ambiguous);
    assert_eq!(mails, Some(0));
    let sent = world.sandbox.requests().into_iter().filter(|request| request.method == "POST").count();
    assert_eq!(sent, 1);
}

#[tokio::test]
async fn a_create_that_the_vendor_refuses_is_looked_for_once() {
    let world = world().await;
    let body = Some(serde_json::json!({ "code": "Quota", "message": "no seats left" }));
    let refused =
        |commit| FaultKind::Status { status: 409, headers: BTreeMap::new(), body: body.clone(), commit };
    let error = invite_during(&world, refused(false)).await.0.expect_err("refused");
    assert_eq!((error.kind(), error.vendor_message()), (ErrorKind::Conflict, Some("no seats left")));
    let (outcome, mails) = invite_during(&world, refused(true)).await;
    let error = outcome.expect_err("a refusal behind which the row stands is no plain success");
    assert_eq!((error.kind(), mails), (ErrorKind::Incomplete, Some(1)));
}

#[tokio::test]
async fn a_deletion_answered_by_a_page_is_not_called_done() {
    let world = world().await;
    let page = Fault::new(VENDOR, FaultKind::Html { status: 200, commit: false }).method("DELETE");
    world.fault(page.always());
    let deleted = world.provider.delete_organization(&world.organization).await;
    assert_eq!(deleted.expect_err("nothing was deleted").kind(), ErrorKind::Protocol);
}

#[tokio::test]
async fn a_token_that_ended_is_renewed_once_for_all() {
    let sandbox = Sandbox::builder().access_token_life(Duration::from_mins(5));
    let world = World::on(Account::NuExtract, sandbox, HttpSettings::default()).await;
    world.provider.list_members(&world.organization, None).await.expect("the first token is good");
    world.sandbox.advance(Duration::from_hours(1)).await;
    world.sandbox.clear_requests();
    let read = || world.provider.list_members(&world.organization, None);
    let (one, two, three) = tokio::join!(read(), read(), read());
    for page in [one, two, three] {
        page.expect("renewed");
    }
    let renewals = world.sandbox.requests().into_iter().filter(|request| request.method == "POST").count();
    assert_eq!(renewals, 1);
}
