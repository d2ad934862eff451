//! Blocking calls, outside a runtime and inside one.

#![cfg(feature = "blocking")]

use std::sync::Arc;
use std::time::Duration;

use orgport::blocking::{Provider, find, iter};
use orgport::memory::{Memory, MemoryFault};
use orgport::{
    Answer, Email, Error, ErrorKind, InvitationFilter, InvitationRef, InvitationStatus, NewInvitation,
    NewOrganization, Operation, OrganizationId, OrganizationUpdate, Plan, ProviderConfig, Role,
};
use tokio::runtime::Builder;

fn email(name: &str) -> Email {
    format!("{name}@acme.example").parse().expect("an address")
}

fn invitation(name: &str) -> NewInvitation {
    NewInvitation::to(email(name)).with_role(Role::Editor)
}

/// Ada, who owns Acme.
fn acme() -> (Memory, Provider, OrganizationId) {
    let memory = Memory::new();
    let acme = memory.add_organization("Acme", &email("ada")).expect("a name");
    let mut config = ProviderConfig::new("memory").organization(acme.clone());
    config.settle = Duration::ZERO;
    let provider = memory.provider_with(&email("ada"), config).expect("a configuration");
    (memory, Provider::new(provider).expect("a thread"), acme)
}

#[test]
fn every_operation_does_what_its_namesake_does() -> Result<(), Error> {
    let (memory, ada, acme) = acme();
    assert_eq!((ada.kind(), ada.name(), ada.default_organization()), ("memory", "memory", Some(&acme)));

    let labs = ada.create_organization(NewOrganization::new("Labs"))?.id;
    ada.update_organization(&labs, OrganizationUpdate::new().with_name("Lab"))?;
    assert_eq!(ada.get_organization(&labs)?.name, "Lab");
    assert_eq!(ada.list_organizations(None)?.items.len(), 2);
    assert_eq!(find::organization_id(&ada, "Lab")?, labs);
    assert_eq!(find::organization(&ada, "Lab")?.id, labs);
    ada.delete_organization(&labs)?;
    assert_eq!(
        find::organization(&ada, "Lab").map_err(|error| error.kind()).err(),
        Some(ErrorKind::NotFound)
    );

    assert!(matches!(ada.plan_invites(&acme, vec![invitation("bob")])?[..], [Plan::WouldInvite(_)]));
    ada.invite(&acme, invitation("bob"))?;
    let waiting = find::invitation(&ada, &acme, email("bob"))?.id;
    ada.resend_invitation(&acme, &waiting)?;
    assert_eq!(memory.mails().len(), 2);
    assert_eq!(ada.get_invitation(&acme, &waiting)?.status, InvitationStatus::Pending);
    assert_eq!(ada.list_invitations(&acme, &InvitationFilter::pending(), None)?.items.len(), 1);

    let bob = ada.beside(memory.provider(&email("bob")));
    assert_eq!(bob.my_invitations(None)?.items.len(), 1);
    assert_eq!(iter::my_invitations(&bob).count(), 1);
    bob.respond_to_invitation(&InvitationRef::new(acme.clone(), waiting), Answer::Accept)?;

    let member = find::member_by_id_or_invitee(&ada, &acme, "bob@acme.example")?;
    ada.set_member_role(&acme, &member.id, &Role::Viewer)?;
    assert_eq!(find::member(&ada, &acme, email("bob"))?.role, Some(Role::Viewer));
    ada.remove_member(&acme, &member.id)?;
    assert_eq!(ada.list_members(&acme, None)?.items.len(), 1);

    ada.invite(&acme, invitation("eve"))?;
    let waiting = find::invitation_by_id_or_invitee(&ada, &acme, "eve@acme.example")?;
    ada.revoke_invitation(&acme, &waiting.id)?;
    assert_eq!(iter::invitations(&ada, &acme, &InvitationFilter::pending()).count(), 0);
    Ok(())
}

#[test]
fn lists_go_over_all_pages() -> Result<(), Error> {
    let (memory, ada, acme) = acme();
    for number in 0..250 {
        memory.add_member(&acme, &email(&format!("person{number}")), Role::Member)?;
    }
    let before = memory.requests();
    let members = iter::members(&ada, &acme).collect::<Result<Vec<_>, _>>()?;
    assert_eq!((members.len(), memory.requests() - before), (251, 3));

    let before = memory.requests();
    assert_eq!(iter::members(&ada, &acme).take(3).count(), 3);
    assert_eq!(memory.requests() - before, 1, "pages are fetched as they are read");
    assert_eq!(iter::organizations(&ada).count(), 1);
    Ok(())
}

#[test]
fn many_are_invited_with_one_outcome_each() {
    let (memory, ada, acme) = acme();
    let list = ["bob", "eve", "bob", "ada"].map(invitation).to_vec();
    let mut words: Vec<_> = ada
        .invite_many(&acme, list)
        .map(|(index, outcome)| (index, outcome.expect("invited").as_str()))
        .collect();
    words.sort_unstable();
    assert_eq!(words, [(0, "invited"), (1, "invited"), (2, "already_invited"), (3, "already_member")]);
    assert_eq!(memory.mails().len(), 2);
}

#[test]
fn a_lost_answer_is_waited_for() {
    let (memory, ada, acme) = acme();
    memory.fault(MemoryFault::ReplyLost, Operation::Invite, 1);
    assert_eq!(ada.invite(&acme, invitation("bob")).expect("found").as_str(), "invited");
    assert_eq!(memory.mails().len(), 1);
}

#[test]
fn threads_call_side_by_side() {
    let (memory, ada, acme) = acme();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (ada, acme) = (ada.clone(), &acme);
            scope.spawn(move || ada.invite(acme, invitation(&format!("person{number}"))).expect("invited"));
        }
    });
    assert_eq!(memory.mails().len(), 8);
}

#[test]
fn a_provider_of_ones_own_blocks_too() {
    let mine = Memory::new().provider_with(&email("ada"), ProviderConfig::new("mine"));
    let shared: Arc<dyn orgport::Provider> = Arc::new(mine.expect("a configuration"));
    let provider = Provider::new(shared).expect("a thread");
    assert_eq!(provider.name(), "mine");
    assert_eq!(iter::organizations(&provider).count(), 0);
}

/// What every kind of call says on this thread; none may panic.
fn refusals(ada: &Provider, acme: &OrganizationId) {
    let refused = |error: Error| {
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().contains(".await"), "{error}");
    };
    refused(ada.invite(acme, invitation("bob")).expect_err("a call"));
    refused(find::member(ada, acme, email("ada")).expect_err("finding"));
    let mut members = iter::members(ada, acme);
    refused(members.next().expect("an error").expect_err("an iterator"));
    assert!(members.next().is_none());
    let outcomes: Vec<_> = ada.invite_many(acme, vec![invitation("bob"), invitation("eve")]).collect();
    assert_eq!(outcomes.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 1]);
    for (_, outcome) in outcomes {
        refused(outcome.expect_err("an outcome"));
    }
    // The runtime inside goes with the last clone, and must not panic here either.
    drop(Provider::new(ada.get_ref().clone()).expect("a thread"));
}

#[test]
fn inside_a_runtime_calls_are_refused() {
    let (memory, ada, acme) = acme();
    let before = memory.requests();
    for mut builder in [Builder::new_current_thread(), Builder::new_multi_thread()] {
        let runtime = builder.enable_all().build().expect("a runtime");
        runtime.block_on(async { refusals(&ada, &acme) });
        let (ada, acme) = (ada.clone(), acme.clone());
        runtime.block_on(async move {
            tokio::task::spawn_blocking(move || refusals(&ada, &acme)).await.expect("no panic");
        });
    }
    assert_eq!(memory.requests(), before);
    assert_eq!(ada.invite(&acme, invitation("bob")).expect("outside again").as_str(), "invited");
}

#[test]
fn outcomes_that_are_left_inside_a_runtime_fail_one_by_one() {
    let (_memory, ada, acme) = acme();
    let mut outcomes = ada.invite_many(&acme, ["bob", "eve", "ann"].map(invitation).to_vec());
    let (first, outcome) = outcomes.next().expect("three are left");
    outcome.expect("invited");
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let rest: Vec<_> = runtime.block_on(async { outcomes.collect() });
    let mut indexes: Vec<_> = rest.iter().map(|(index, _)| *index).collect();
    indexes.push(first);
    indexes.sort_unstable();
    assert_eq!(indexes, [0, 1, 2]);
    assert!(rest.iter().all(|(_, outcome)| outcome.is_err()));
}

/// The runtime works between calls: it sees that the vendor has closed a connection. Else the next
/// write would go into the dead one, and nobody could tell whether it arrived.
#[cfg(feature = "nuextract")]
#[test]
fn a_connection_that_is_closed_between_calls_is_not_used_again() -> Result<(), Box<dyn std::error::Error>> {
    let serving = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let sandbox = serving.block_on(orgport_sandbox::Sandbox::start())?;
    let config = orgport::Config::from_toml(&sandbox.configuration_toml())?;
    let provider = Provider::new(config.provider(Some("nuextract"))?)?;
    provider.list_organizations(None)?;
    serving.block_on(async {
        let listener = format!("{}/listener", sandbox.control_url());
        let request = reqwest::Client::new().post(listener).header("content-type", "application/json");
        request.body(r#"{"close_idle":true}"#).send().await?.error_for_status()
    })?;
    // For the closing to come through; nothing here can be asked whether it has.
    std::thread::sleep(Duration::from_millis(200));
    // A request of which it would not be known whether it was carried out is Ambiguous.
    provider.create_organization(NewOrganization::new("Labs"))?;
    Ok(())
}
