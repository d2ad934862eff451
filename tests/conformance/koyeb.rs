//! The conformance suite over Koyeb, with either kind of token.

use futures_util::StreamExt;
use orgport_conformance::{Subject, run_all};
use orgport_core::{
    Answer, Email, ErrorKind, InvitationRef, InviteOutcome, NewInvitation, NewOrganization, OrganizationId,
    Provider, Role,
};
use orgport_sandbox::{Fault, FaultKind};
use orgport_tests::world::{Account, NO_RENEWAL, NO_WORD_OF_MAILS, World, connect};

async fn passes(account: Account) {
    let report = run_all(|| async { Ok(World::start(account).await) }).await;
    report.assert_seen_but(&[NO_RENEWAL, NO_WORD_OF_MAILS]);
}

#[tokio::test]
async fn with_a_users_token() {
    passes(Account::Koyeb).await;
}

#[tokio::test]
async fn with_an_organizations_token() {
    passes(Account::KoyebOrganization).await;
}

async fn world() -> World {
    World::start(Account::Koyeb).await
}

fn ada() -> Email {
    Email::verbatim("ada@lovelace.example")
}

fn fail(world: &World, method: &str, route: &str, fault: FaultKind) {
    world.fault(Fault::new("koyeb", fault).method(method).route(route));
}

/// Another organization of the administrator's, in which the token does not act.
async fn second_organization(world: &World) -> OrganizationId {
    let made = world.provider.create_organization(NewOrganization::new("second")).await;
    made.expect("the user may").id
}

async fn invite(provider: &dyn Provider, organization: &OrganizationId, email: &Email) -> InviteOutcome {
    let invitation = NewInvitation::to(email.clone()).with_role(Role::Owner);
    provider.invite(organization, invitation).await.expect("invited")
}

#[tokio::test]
async fn a_member_whose_token_acts_elsewhere_acts_here_too() {
    let world = world().await;
    let here = &world.organization;
    invite(&*world.provider, here, &ada()).await;
    assert!(world.accept(here, &ada().into()).await);
    // Joining an organization does not move the token there.
    let identity = world.sandbox.add_user("koyeb", ada().as_str()).expect("an account");
    let ada = connect(world.config_of(&identity), &identity).expect("valid");
    let grace = Email::verbatim("grace@hopper.example");
    let outcome = invite(&*ada, here, &grace).await;
    assert_eq!(outcome.invitation().expect("waiting").organization_id.as_ref(), Some(here));
    assert_eq!(world.mails(&grace.clone().into()).await, Some(1));
    invite(&*ada, here, &Email::verbatim("mary@somerville.example")).await;
    let requests = world.sandbox.requests();
    let minted = requests.iter().filter(|request| request.path.ends_with("/access_token"));
    assert_eq!(minted.count(), 1);
}

#[tokio::test]
async fn a_stranger_gets_no_token_for_an_organization() {
    let world = world().await;
    let stranger = world.person(&ada().into()).await.expect("an account");
    let error = stranger.list_members(&world.organization, None).await.expect_err("no member");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(error.message().contains(world.organization.as_str()), "{error}");
}

#[tokio::test]
async fn a_member_of_one_organization_is_not_removed_from_another() {
    let world = world().await;
    let second = second_organization(&world).await;
    let members = async || {
        let page = world.provider.list_members(&second, None).await.expect("a list");
        page.items.into_iter().map(|member| member.expect("readable").id).collect::<Vec<_>>()
    };
    let there = members().await;
    let error = world.provider.remove_member(&world.organization, &there[0]).await.expect_err("not here");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(members().await, there);
    assert!(world.sandbox.requests().iter().all(|request| request.method != "DELETE"));
}

#[tokio::test]
async fn an_answer_whose_confirmation_is_lost_is_looked_up() {
    let world = world().await;
    let id =
        invite(&*world.provider, &world.organization, &ada()).await.invitation().expect("waiting").id.clone();
    let invited = world.person(&ada().into()).await.expect("an account");
    let route = "/v1/account/organization_invitations/{id}/accept";
    fail(&world, "POST", route, FaultKind::ResetAfter);
    let answered = invited.respond_to_invitation(&InvitationRef::by_id(id), Answer::Accept).await;
    assert_eq!(answered.expect("it was done").organization_id, Some(world.organization.clone()));
    assert!(world.sandbox.faults().iter().all(|fault| fault.fired == 1));
}

#[tokio::test]
async fn a_lost_answer_to_a_deletion_that_ends_the_token_is_ambiguous() {
    let world = world().await;
    fail(&world, "DELETE", "/v1/organizations/{id}", FaultKind::ResetAfter);
    let error = world.provider.delete_organization(&world.organization).await.expect_err("nothing tells");
    assert_eq!((error.kind(), error.status()), (ErrorKind::Ambiguous, Some(401)), "{error}");
}

#[tokio::test]
async fn a_lost_answer_to_a_deletion_of_another_organization_is_settled() {
    let world = world().await;
    let second = second_organization(&world).await;
    fail(&world, "DELETE", "/v1/organizations/{id}", FaultKind::ResetAfter);
    world.provider.delete_organization(&second).await.expect("it is gone");
    assert!(world.sandbox.faults().iter().all(|fault| fault.fired == 1));
    let error = world.provider.get_organization(&second).await.expect_err("gone");
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_planned_job_never_meets_the_limit() {
    let world = world().await;
    for round in 0..3 {
        let emails = (0..150).map(|number| Email::verbatim(format!("p{round}-{number}@crowd.example")));
        let invitations = emails.map(|email| NewInvitation::to(email).with_role(Role::Owner)).collect();
        let outcomes: Vec<_> = world.provider.invite_many(&world.organization, invitations).collect().await;
        let words = outcomes.iter().map(|(_, outcome)| outcome.as_ref().expect("invited").as_str());
        assert!(words.into_iter().all(|word| word == "invited"));
    }
    assert!(world.sandbox.requests().iter().all(|request| request.status != Some(429)));
    assert_eq!(world.sandbox.mail().len(), 450);
}
