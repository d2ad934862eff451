//! The conformance suite over Trieve, with either kind of API key.

use std::collections::BTreeMap;

use orgport_conformance::{Subject, run_all};
use orgport_core::{
    Email, Error, ErrorKind, InvitationFilter, InvitationId, InviteOutcome, NewInvitation, NewOrganization,
    Organizations, Role,
};
use orgport_sandbox::{Fault, FaultKind};
use orgport_tests::world::{Account, NO_RENEWAL, World};
use orgport_trieve::{Credential, TrieveProvider, TrieveSettings};

async fn passes(account: Account) {
    let report = run_all(|| async { Ok(World::start(account).await) }).await;
    report.assert_seen_but(&[NO_RENEWAL]);
}

#[tokio::test]
async fn with_an_organizations_key() {
    passes(Account::Trieve).await;
}

#[tokio::test]
async fn with_a_users_key() {
    passes(Account::TrieveUser).await;
}

fn invitation(email: &str) -> NewInvitation {
    NewInvitation::to(Email::verbatim(email)).with_role(Role::Member)
}

async fn world() -> World {
    World::start(Account::Trieve).await
}

/// Invites while this goes wrong with the create.
async fn invite_during(world: &World, fault: FaultKind) -> Result<InviteOutcome, Error> {
    let fault = world.fault(Fault::new("trieve", fault).method("POST").route("/api/invitation"));
    let outcome = world.provider.invite(&world.organization, invitation("ada@x.example")).await;
    assert_eq!(world.sandbox.fired(fault), 1);
    outcome
}

async fn ids(world: &World) -> Vec<String> {
    let page = world.provider.list_invitations(&world.organization, &InvitationFilter::all(), None).await;
    let rows = page.expect("a list").items.into_iter();
    rows.map(|row| row.expect("readable").id.to_string()).collect()
}

#[tokio::test]
async fn a_used_invitation_in_the_same_letters_does_not_stand_in_the_way() {
    let world = world().await;
    let invite = async || {
        world.provider.invite(&world.organization, invitation("Ada@x.example")).await.expect("works")
    };
    assert_eq!(invite().await.as_str(), "invited");
    // The account is made in small letters, so that it is not the invitation's for the vendor.
    assert!(world.accept(&world.organization, &Email::verbatim("ada@x.example").into()).await);
    let member = invite().await.member().expect("accepted above").id.clone();
    world.provider.remove_member(&world.organization, &member).await.expect("a member");
    let used = ids(&world).await;
    assert_eq!(invite().await.as_str(), "invited");
    let now = ids(&world).await;
    assert!(now.len() == 1 && now != used, "{used:?} is replaced by {now:?}");
    assert_eq!(world.mails(&Email::verbatim("ada@x.example").into()).await, Some(2));
}

#[tokio::test]
async fn a_row_without_its_mail_is_incomplete_and_can_be_resent() {
    for fault in [FaultKind::MailFails, gave_up(true)] {
        let world = world().await;
        let error = invite_during(&world, fault).await.expect_err("no mail is known of");
        assert_eq!(error.kind(), ErrorKind::Incomplete, "{error}");
        let [row] = &ids(&world).await[..] else { panic!("one row") };
        let row = InvitationId::new(row).expect("not empty");
        let resent = world.provider.resend_invitation(&world.organization, &row).await.expect("resent");
        assert_ne!(resent.id, row);
    }
}

#[tokio::test]
async fn a_create_that_came_to_nothing_is_sent_once_more() {
    let hang_up = FaultKind::ResetBefore;
    let page = FaultKind::Html { status: 502, commit: false };
    for fault in [hang_up, page, gave_up(false)] {
        let world = world().await;
        let outcome = invite_during(&world, fault).await.expect("invited in the end");
        assert_eq!(outcome.as_str(), "invited");
        assert_eq!(world.mails(&Email::verbatim("ada@x.example").into()).await, Some(1));
    }
}

/// The vendor's answer when it took too long.
fn gave_up(commit: bool) -> FaultKind {
    let body = serde_json::json!({ "message": "Trieve is currently under extended load" });
    FaultKind::Status { status: 408, headers: BTreeMap::new(), body: Some(body), commit }
}

#[tokio::test]
async fn an_organizations_key_never_makes_an_organization() {
    let world = world().await;
    let settings = TrieveSettings::default().credential(Credential::User);
    let mistaken = TrieveProvider::new(world.administrator_config(), settings);
    let result = mistaken.expect("valid").create_organization(NewOrganization::new("orphan")).await;
    assert_eq!(result.expect_err("refused").kind(), ErrorKind::Unsupported);
    assert!(world.sandbox.requests().iter().all(|request| request.method == "GET"));
}
