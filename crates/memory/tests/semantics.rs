//! What memory promises beyond the conformance suite: rights, the ledger, and faults.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use orgport_core::config::ProviderConfig;
use orgport_core::{
    Answer, Clock, Email, ErrorKind, InvitationFilter, InvitationRef, Invitations, ManualClock, Member,
    Members, NewInvitation, Operation, OrganizationId, Organizations, Provider, Role, Timestamp, stream,
};
use orgport_memory::{MailKind, Memory, MemoryFault, MemoryProvider, MemorySettings};

fn email(text: &str) -> Email {
    text.parse().expect("an address")
}

/// A service with one organization and its owner.
fn acme() -> (Memory, Arc<ManualClock>, MemoryProvider, OrganizationId) {
    let clock = Arc::new(ManualClock::new(Timestamp::parse("2026-01-01T00:00:00Z").expect("a time")));
    let memory = Memory::with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
    let ada = memory.provider(&email("ada@x.io"));
    let acme = memory.add_organization("Acme", ada.adapter().email()).expect("a name");
    (memory, clock, ada, acme)
}

async fn member(provider: &MemoryProvider, organization: &OrganizationId, address: &str) -> Member {
    let page = provider.list_members(organization, None).await.expect("a list");
    let members = page.items.into_iter().map(|item| item.expect("a member"));
    members.into_iter().find(|member| member.email == Some(email(address))).expect("the member")
}

#[tokio::test]
async fn nobody_acts_above_the_own_role() {
    let (memory, _, _, acme) = acme();
    memory.add_member(&acme, &email("admin@x.io"), Role::Admin).expect("joined");
    memory.add_member(&acme, &email("viewer@x.io"), Role::Viewer).expect("joined");
    let admin = memory.provider(&email("admin@x.io"));
    let owner = member(&admin, &acme, "ada@x.io").await;
    let viewer = member(&admin, &acme, "viewer@x.io").await;

    let denied = [
        admin.set_member_role(&acme, &viewer.id, &Role::Owner).await,
        admin.set_member_role(&acme, &owner.id, &Role::Viewer).await,
        admin.remove_member(&acme, &owner.id).await,
        admin.invite(&acme, NewInvitation::to(email("n@x.io")).with_role(Role::Owner)).await.map(drop),
        memory.provider(&email("viewer@x.io")).remove_member(&acme, &viewer.id).await,
        memory.provider(&email("viewer@x.io")).delete_organization(&acme).await,
    ];
    for result in denied {
        assert_eq!(result.expect_err("denied").kind(), ErrorKind::PermissionDenied);
    }
    admin.set_member_role(&acme, &viewer.id, &Role::Admin).await.expect("the own role can be given");
    let stranger = memory.provider(&email("stranger@x.io")).get_organization(&acme).await;
    assert_eq!(stranger.expect_err("not seen").kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn the_last_owner_stays_until_there_is_another() {
    let (memory, _, ada, acme) = acme();
    let owner = member(&ada, &acme, "ada@x.io").await;
    let removed = ada.remove_member(&acme, &owner.id).await;
    assert_eq!(removed.expect_err("the last one").kind(), ErrorKind::Conflict);
    let demoted = ada.set_member_role(&acme, &owner.id, &Role::Admin).await;
    assert_eq!(demoted.expect_err("the last one").kind(), ErrorKind::Conflict);

    memory.add_member(&acme, &email("bob@x.io"), Role::Owner).expect("joined");
    ada.remove_member(&acme, &owner.id).await.expect("another is there");
    assert_eq!(ada.list_members(&acme, None).await.expect_err("out").kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn the_ledger_has_the_token_that_answers() {
    let (memory, clock, ada, acme) = acme();
    let invited = ada.invite(&acme, NewInvitation::to(email("Bob@x.io"))).await.expect("invited");
    clock.advance(Duration::from_hours(8 * 24));
    let by_token = |address: &str| {
        let mail = memory.mails().pop().expect("a mail");
        InvitationRef::by_token(email(address), mail.token)
    };
    let late = ada.respond_to_invitation(&by_token("bob@x.io"), Answer::Accept).await;
    assert_eq!(late.expect_err("too late").kind(), ErrorKind::Expired);

    let id = &invited.invitation().expect("an invitation").id;
    ada.resend_invitation(&acme, id).await.expect("expired ones can be resent");
    let kinds: Vec<_> = memory.mails().iter().map(|mail| mail.kind).collect();
    assert_eq!(kinds, [MailKind::Invite, MailKind::Resend]);
    let wrong = ada.respond_to_invitation(&by_token("eve@x.io"), Answer::Accept).await;
    assert_eq!(wrong.expect_err("not hers").kind(), ErrorKind::PermissionDenied);
    ada.respond_to_invitation(&by_token("bob@x.io"), Answer::Accept).await.expect("in time");
    assert_eq!(member(&ada, &acme, "bob@x.io").await.role, Some(Role::Member));
}

#[tokio::test]
async fn lost_replies_are_settled_with_one_mail() {
    for (fault, sends) in [
        (MemoryFault::ReplyLost, 1),
        (MemoryFault::NeverArrived, 2),
        (MemoryFault::CommittedLater(Duration::from_secs(5)), 1),
    ] {
        let (memory, clock, ada, acme) = acme();
        memory.fault(fault, Operation::Invite, 1);
        let before = memory.requests();
        let outcome = ada.invite(&acme, NewInvitation::to(email("bob@x.io"))).await.expect("settled");
        assert_eq!((outcome.as_str(), memory.mails().len()), ("invited", 1), "{fault:?}");
        let waited = clock.elapsed();
        assert_eq!(
            waited >= Duration::from_secs(16),
            fault != MemoryFault::ReplyLost,
            "{fault:?}: {waited:?}"
        );
        assert!(memory.requests() - before >= 3 + sends, "{fault:?}");
    }
}

#[tokio::test]
async fn other_writes_with_a_lost_reply_are_ambiguous_and_reads_are_not() {
    let (memory, clock, ada, acme) = acme();
    memory.add_member(&acme, &email("bob@x.io"), Role::Viewer).expect("joined");
    let bob = member(&ada, &acme, "bob@x.io").await;
    memory.fault(MemoryFault::CommittedLater(Duration::from_secs(5)), Operation::RemoveMember, 1);
    memory.fault(MemoryFault::NeverArrived, Operation::GetOrganization, 1);
    memory.fault(MemoryFault::Fails(ErrorKind::Unavailable), Operation::GetOrganization, 1);
    let removed = ada.remove_member(&acme, &bob.id).await.expect_err("lost");
    assert_eq!((removed.kind(), removed.operation()), (ErrorKind::Ambiguous, Some(Operation::RemoveMember)));
    for kind in [ErrorKind::Connection, ErrorKind::Unavailable] {
        assert_eq!(ada.get_organization(&acme).await.expect_err("planned").kind(), kind);
    }
    assert_eq!(member(&ada, &acme, "bob@x.io").await.id, bob.id);
    clock.advance(Duration::from_secs(5));
    assert_eq!(ada.list_members(&acme, None).await.expect("a list").items.len(), 1);
}

#[tokio::test]
async fn two_handles_that_invite_at_once_mail_once() {
    let (memory, _, ada, acme) = acme();
    let other = memory.provider(&email("ada@x.io"));
    let bob = || NewInvitation::to(email("bob@x.io"));
    let (first, second) = futures_util::join!(ada.invite(&acme, bob()), other.invite(&acme, bob()));
    assert!(
        first.expect("settled").invitation().is_some() && second.expect("settled").invitation().is_some()
    );
    assert_eq!(memory.mails().len(), 1);
}

#[tokio::test]
async fn long_lists_come_in_pages() {
    let (_, _, ada, acme) = acme();
    let people: Vec<_> = (0..250).map(|n| NewInvitation::to(email(&format!("person{n}@x.io")))).collect();
    assert_eq!(
        ada.invite_many(&acme, people).filter(|done| std::future::ready(done.1.is_ok())).count().await,
        250
    );
    let filter = InvitationFilter::pending();
    let first = ada.list_invitations(&acme, &filter, None).await.expect("a page");
    assert_eq!((first.items.len(), first.total), (100, Some(250)));
    let listed: Vec<_> = stream::invitations(&ada, &acme, &filter).collect().await;
    assert_eq!(listed.iter().filter(|item| item.is_ok()).count(), 250);
}

#[tokio::test]
async fn a_configuration_names_the_account_and_its_organizations() {
    let settings: MemorySettings = serde_json::from_value(serde_json::json!({
        "account": "grace@x.io",
        "organizations": ["Globex"],
    }))
    .expect("settings");
    let mut config = ProviderConfig::new("play").organization("acme".parse().expect("an id"));
    config.default_role = Some(Role::Viewer);
    let provider = MemoryProvider::new(config.clone(), settings.clone()).expect("a provider");
    let names: Vec<_> = provider
        .list_organizations(None)
        .await
        .expect("a list")
        .items
        .into_iter()
        .map(|item| item.expect("one").name)
        .collect();
    assert_eq!(names, ["acme", "Globex"]);
    let acme = provider.default_organization().expect("configured").clone();
    let outcome = provider.invite(&acme, NewInvitation::to(email("bob@x.io"))).await.expect("invited");
    assert_eq!(outcome.invitation().and_then(|invitation| invitation.role.clone()), Some(Role::Viewer));

    config.read_only = true;
    let reader = MemoryProvider::new(config.clone(), MemorySettings::default()).expect("a provider");
    assert_eq!(reader.adapter().email(), &email("owner@memory.example"));
    let refused = reader.delete_organization(&acme).await.expect_err("reads only");
    assert_eq!((refused.kind(), refused.provider()), (ErrorKind::ReadOnly, Some("play")));
    config.default_role = Some(Role::Other("boss".into()));
    let error = MemoryProvider::new(config.clone(), settings.clone()).expect_err("no such role");
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(serde_json::from_str::<MemorySettings>(r#"{"acount":""}"#).is_err());
}
